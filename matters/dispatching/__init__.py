"""Sub-items whose turn has come, conclusions, notices, and the search for what was forgotten."""
