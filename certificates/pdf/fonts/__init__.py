"""Glyphs for certificates: which characters the fonts cover, their outlines, and one small font per certificate."""
