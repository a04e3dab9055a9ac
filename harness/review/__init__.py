"""The human part: raters look at the evidence first, rate, and only then see what the checks add up to."""
