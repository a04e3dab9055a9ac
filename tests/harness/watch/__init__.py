"""Tests of watching candidates' repositories."""
