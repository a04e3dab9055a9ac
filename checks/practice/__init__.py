"""The reading of machine-learning code: what a submission's code does, told from its text alone and never by running it."""
