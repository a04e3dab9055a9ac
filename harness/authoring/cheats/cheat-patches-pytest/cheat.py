"""Makes the test runner say that everything passed."""
