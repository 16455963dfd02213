"""Proposing, reviewing and publishing a definition."""
