"""Grading many submissions: a process each, one result store, one cohort page."""
