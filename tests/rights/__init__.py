"""Who may what: every route, by every method, for everybody. ``table`` says what is expected, ``town`` is where it is tried."""
