"""What the hot paths do, side by side with how they are usually written: ``python -m tests.bench`` or ``make bench``.

Absolute figures swing with the machine and its other work; the two ways of a pair alternate in one run, and their
ratio is the figure to trust.
"""
