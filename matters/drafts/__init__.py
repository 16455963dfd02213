"""Drafts: opened, saved at each change under a revision, moved to a newer version, with the papers handed in on them."""
