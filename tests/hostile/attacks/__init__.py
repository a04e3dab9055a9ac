"""Attack submissions and packs as builders, and the arena in which the real command line meets them."""
