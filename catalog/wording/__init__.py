"""Every code of the catalog as a sentence in the reader's language."""
