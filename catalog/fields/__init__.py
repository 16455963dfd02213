"""Types of fields, constraints on their values, and validating what people type. Pure.

A new kind of field begins in ``types``, a new demand on a value in ``constraints``; both are read by the merged form, by corrections, by what a
reviewer fills in, and by ``static/js/validators.js``, which tests hold to the same answers.
"""
