"""What differs between two contents, or between the copies of one definition, and how much it matters to those who apply. Pure.

``contents`` compares, ``kinds`` says what a content is made of, ``weights`` how grave a change is; ``catalog.wording.differences`` says it.
"""
