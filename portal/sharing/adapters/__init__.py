"""How sources are asked: over HTTP with JSON, or in files that a department puts into a folder. Whatever they do is a `Reply`."""
