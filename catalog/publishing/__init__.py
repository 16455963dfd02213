"""From draft to published: proposed by one person, reviewed by another, frozen as an immutable version.

``publishing`` compiles and freezes, ``proposing`` keeps the two persons apart, ``effects`` asks what publishing means for open applications,
``recording`` tells the history who did it.
"""
