"""What the templates of the catalog look up: texts in the reader's language, and the parts of a composing page."""
