"""How the environments of sandboxes are built: from a hashed lock to a wheelhouse, and from there to an image or a venv."""
