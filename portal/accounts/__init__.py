"""Who people are: accounts, persons and organisations; logging in, and keeping what was typed meanwhile."""
