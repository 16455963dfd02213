"""From definitions to the one immutable content of a published version, refusing contradictions. Pure.

``compile_matter(matter, items, elements, materials)`` returns the content of ``MatterVersion.content``: plain JSON, the same
bytes for the same definitions. ``catalog.merging.compiled.CompiledMatter(content)`` reads it. Its shape (``schema`` 1):

``matter``       slug, name, subject, stage, lead_department, summary, declared, facts, theme, position, is_listed, status
``departments``  {code: {code, name, short_name}}
``roles``        [{key, label, is_applicant, count, maximum}]
``questions``    [{key, text, help, options: [{value, label, note, stops, condition}], condition, multiple, required,
                 minimum, maximum, implied}]: the matter's own, then the implied ones (``items`` for optional items,
                 ``group.<group>`` for exactly-one-of groups)
``sections``     [{key, label, help}] every section that a line uses, in order
``elements``     {code: {code, name, type, options, constraints, unit, sensitive, authority, known_from}} those in use
``materials``    {code: {code, name, standard_code, accept, note}} those in use
``items``        [{definition: the item with the matter's role names, use: {item, condition, optional, group, per, after, …}}]
                 in the matter's order
``labels``, ``placement``, ``translations``  as defined
"""

from __future__ import annotations

from catalog.compiling.compiling import CompileRefused, compile_matter, examine

__all__ = ["CompileRefused", "compile_matter", "examine"]
