"""Every code of the catalog as a sentence in the reader's language: the only room of the catalog with sentences."""
