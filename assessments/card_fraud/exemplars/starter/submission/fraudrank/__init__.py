"""Rank card transactions by how likely they are to be charged back."""
