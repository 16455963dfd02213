"""Every code of the applications as a sentence: states, events, refusals and file problems. Pages keep their own labels."""
