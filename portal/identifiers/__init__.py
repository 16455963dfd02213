"""Identity numbers, credit codes, telephone numbers, names and administrative divisions: validated and masked. Pure.

``normalising`` is the one door. ``static/js/identifiers.js`` is its twin; ``tests/vectors/identifiers.json`` holds both to the same answers.
"""
