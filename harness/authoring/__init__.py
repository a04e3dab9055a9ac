"""The author's tools: what proves a pack fair before anybody is graded with it."""
