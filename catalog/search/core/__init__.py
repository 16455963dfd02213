"""The search index as values: text, lexicon, features, ranking. Pure."""
