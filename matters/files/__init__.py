"""Proving what an uploaded file is."""
