"""The little of ours that runs within a sandbox. Standard library only, and nothing else of ours is imported here."""
