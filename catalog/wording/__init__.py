"""Every code of the catalog as a sentence in the reader's language. Labels and hints of forms and pages stand beside them."""
