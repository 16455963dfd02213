"""What a visitor puts together: whole matters or single items, and the one application they become.

``session`` remembers the choice, ``combinations`` freezes the definition that ``catalog.combining`` makes of it, as a matter that no list shows.
"""
