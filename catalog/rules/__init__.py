"""Conditions as data: the language (a total subset of JSON-Logic), its values, and the rows it is written in. Pure.

``language`` and ``values`` have a twin in ``static/js/rules.js``; ``tests/vectors/rules.json`` holds both to the same answers.
"""
