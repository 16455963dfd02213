"""From rows to definitions, and the frozen versions of matters and items, read once and kept.

``defining`` turns rows into the values that publishing compiles; ``matters`` and ``items`` say which version is current; ``regional`` lays a
division's implementation over the standard.
"""
