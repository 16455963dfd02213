"""Merge many departments' items into one form, one list of papers and one graph: the pure heart of the portal.

``compile_matter(matter, items, elements, materials)`` returns the content of ``MatterVersion.plan``: plain JSON, the same
bytes for the same definitions. ``catalog.merging.compiled.CompiledMatter(plan)`` reads it. Its shape (``schema`` 1):

``matter``       slug, name, subject, stage, lead_department, summary, declared, facts
``departments``  {code: {code, name, short_name}}
``roles``        [{key, label, is_applicant, count, maximum}]
``questions``    [{key, text, help, options: [{value, label, note, stops, condition}], condition, multiple, required,
                 minimum, maximum, implied}]: the matter's own, then the implied ones (``items`` for optional items,
                 ``group.<group>`` for exactly-one-of groups)
``sections``     [{key, title, help}] every section that a line uses, in order
``elements``     {code: {code, name, type, options, constraints, sensitive, authority, sources}} those in use
``materials``    {code: {code, name, standard_code, accept, note}} those in use
``items``        [{definition: the item with the matter's role names, use: {item, condition, optional, group, per, after, …}}]
                 in the matter's order
``fields``       the whole merged form over all situations: [{key, role, element, label, section, type, asked_by: [{item, code,
                 label, department}], supplied_by: [{item, output}]}]: the field × department matrix
``waits``        [{item, after, kind, what, cause}] cause: ``declared``, ``field:<key>`` or ``material:<code>``
``labels``, ``placement``, ``translations``  as defined

The laws that hold for every plan made from it:

1. No (role, element) is asked twice; what the profile, a certificate, shared data or an earlier decision answers is known.
2. ``Plan.project`` gives each item the record its own form would have given; the merged form is valid exactly when every projection is.
   Therefore an item's conditions read that item's own visible lines only, and constraints bind only while the line that states them is visible.
3. A projection holds no code that the item does not declare.
4. Consents and signatures stay per item; contradicting constraints are refused with both sources named.
5. A paper or a fact that a chosen item decides is not asked for and makes the asker wait; leave that item out and it is asked again.
6. Every combination of answers ends in a defined set of items and papers.
"""

from __future__ import annotations

from catalog.compiling.compiling import CompileRefused, compile_matter, examine

__all__ = ["CompileRefused", "compile_matter", "examine"]
