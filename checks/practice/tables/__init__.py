"""What well-known names mean. Adding a symbol is adding it to one line of a table."""
