"""Identifiers, faces, verdicts and the strict shape of a file, as values. Pure."""
