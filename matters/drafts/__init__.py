"""Drafts: opened, saved, moved to a newer version, with their uploads."""
