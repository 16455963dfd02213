"""The reviewers' queues: which lists there are, how each may be sorted and narrowed, and what is found in them."""
