"""What is wrong with definitions that compile: matters, dictionaries, and the guides of other places. Pure.

Every lint yields a ``Finding`` with a code and no words; its sentence is in ``catalog.wording.findings`` or ``catalog.wording.guides``. A new
lint is one function beside those that look at the same thing, listed in ``matters`` (or in ``guides``), and one sentence.
"""
