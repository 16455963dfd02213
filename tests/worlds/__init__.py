"""The towns, casts and catalogs that tests play in."""
