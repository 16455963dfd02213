"""From a compiled matter and guide answers to one plan: one form, one list of papers, one graph. Pure."""
