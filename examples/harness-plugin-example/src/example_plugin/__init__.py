"""An example of what can be added to the harness from outside."""
