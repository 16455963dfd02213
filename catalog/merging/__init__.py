"""Merge many departments' items into one form, one list of papers and one graph: the pure heart of the portal.

From a compiled matter (``catalog.compiling``) and guide answers to one plan; from a filled form to each department's own record:
``selection`` chooses the items, ``plan`` joins them, ``reading`` reads a form by the plan, ``figures`` counts. A plan is immutable and shared.

The laws that hold for every plan made from it:

1. No (role, element) is asked twice; what the profile, a certificate, shared data or an earlier decision answers is known.
2. ``Plan.project`` gives each item the record its own form would have given; the merged form is valid exactly when every projection is.
   Therefore an item's conditions read that item's own visible lines only, and constraints bind only while the line that states them is visible.
3. A projection holds no code that the item does not declare.
4. Consents and signatures stay per item; contradicting constraints are refused with both sources named.
5. A paper or a fact that a chosen item decides is not asked for and makes the asker wait; leave that item out and it is asked again.
6. Every combination of answers ends in a defined set of items and papers.
"""
