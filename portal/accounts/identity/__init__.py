"""Proving who one is without a window: a platform's or a channel's word, by ways that settings name (level 1)."""
