"""States, clocks, numbers, drafts and progress as values. Pure.

``states`` is the one table of transitions: buttons, guards, the API and the tests read it. A new state or action begins there.
"""
