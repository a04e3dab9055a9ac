"""Tests find the modules beside this file."""
