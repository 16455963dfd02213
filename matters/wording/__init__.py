"""States, events, refusals and file problems in words: the only room of the applications with sentences."""
