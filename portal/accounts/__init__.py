"""Who people are: accounts, persons and organisations; logging in, and keeping what was typed meanwhile.

`organisations` holds for whom somebody acts, `own_file` what a person reads about themselves, `identity` how they prove who they are.
"""
