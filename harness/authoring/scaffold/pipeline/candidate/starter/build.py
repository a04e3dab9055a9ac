"""Build features.csv and quarantine.csv. The starter raises: the build is yours to write."""

raise SystemExit("build.py: not written yet")
