"""Finding what can be applied for by the words people use.

``core`` is the index as values; ``engine`` keeps one in this process in step with the database; ``content`` loads the words; ``misses``
remembers what was not found, without remembering who looked.
"""
