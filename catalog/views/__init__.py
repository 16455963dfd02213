"""The catalog's public pages."""
