"""The support console for applications: look, search, explain (``cases``, ``systems``); and what departments keep
there: policies of benefits (``benefits``), phrases (``phrases``), and who decides (``signing``).

Of applications nothing is written here; activities write. People see what their departments take part in. What is sealed stays sealed:
a form is opened in a case, where the reading leaves a line.
"""

from matters.admin import benefits, cases, phrases, signing, systems

__all__ = ["benefits", "cases", "phrases", "signing", "systems"]
