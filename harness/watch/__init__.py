"""Grading pushes on the employer's side: looking at repositories, keeping what came in time, grading what counts."""
