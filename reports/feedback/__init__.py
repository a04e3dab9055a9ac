"""Telling a candidate's build: log, annotations, summary, and files for GitHub and GitLab."""
