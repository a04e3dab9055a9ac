"""One file a command: from options to a call of the pipeline, and from its answer to words."""
