"""How often each static detector hits a planted defect, and how often it raises an alarm at clean work.

Clean programs of several styles, one-defect mutants of them, evidence hidden in code that never runs, the same work said
in another way, and corrected twins of leaks: all generated, the same for the same seed. `python -m bench.detectors`
tries them and writes the table that reports quote beside each finding.
"""
