"""The search index as values: text in one form, lexicon, features, ranking, and what to ask back. Pure."""
