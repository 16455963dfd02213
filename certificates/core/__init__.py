"""Identifiers, faces and verdicts as values. Pure."""
