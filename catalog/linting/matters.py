"""Look for what is wrong with a matter before it is published. Pure.

``lint_matter`` returns what compiling refuses (``catalog.compiling.checking``) and, where the matter compiles, what only shows when every situation
is tried, or when the definitions are read as a lawyer would. What each code says is in ``catalog.wording.findings``.

How combinations are bounded: up to ``coverage.LIMIT`` whole situations are looked at; where there are more, every pair of answers is, the other
questions answered with their first option. Whatever those do not show is decided for each condition by itself, from all answers
to the questions that matter to it (``reaching``, up to ``reaching.LIMIT``); where even these are too many nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.compiling.compiling import by_code, by_slug, compile_matter, examine, with_matter_roles
from catalog.definitions import (
    COMING,
    ElementDefinition,
    Finding,
    ItemDefinition,
    MaterialDefinition,
    MatterDefinition,
    Source,
)
from catalog.definitions.finding import gravest_first
from catalog.linting.conditions import contradictions
from catalog.linting.coverage import LIMIT, Coverage, cover
from catalog.linting.items import granted, own_facts
from catalog.linting.literals import strange_values
from catalog.linting.names import codes_for_names, two_elements, two_units
from catalog.linting.persons import one_person_twice, too_many_persons
from catalog.linting.situations import Situations, exclusive_papers
from catalog.linting.tidiness import declared, earlier_uploads, identity, tidiness
from catalog.merging.compiled import CompiledMatter


def lint_matter(
    matter: MatterDefinition,
    items: Mapping[str, ItemDefinition] | Sequence[ItemDefinition],
    elements: Mapping[str, ElementDefinition] | Sequence[ElementDefinition],
    materials: Mapping[str, MaterialDefinition] | Sequence[MaterialDefinition],
    limit: int = LIMIT,
) -> list[Finding]:
    """Return all findings: errors, then warnings, then notes."""
    own = with_matter_roles(matter, by_slug(items))
    used = [own[use.item] for use in matter.items if use.item in own]
    known = by_code(elements)
    found = examine(matter, items, elements, materials)
    if not any(finding.severity == "error" for finding in found):
        compiled = CompiledMatter(compile_matter(matter, items, elements, materials))
        found += situations(compiled, cover(compiled.questions, limit))
        if matter.status == COMING:  # nothing is to be had there yet
            found = [finding for finding in found if finding.code != "leads_nowhere"]
        found += contradictions(matter, used, known)
        said = {finding.sources[0] for finding in found if finding.severity == "error"}
        found += [
            *(finding for finding in strange_values(matter, used, known) if finding.sources[0] not in said),
            *too_many_persons(matter),
            *one_person_twice(matter, used, known),
        ]
    found += [
        *(finding for item in used for finding in own_facts(item)),
        *(finding for item in used for finding in granted(item, known)),
        *tidiness(matter, used, by_code(materials)),
        *earlier_uploads(used, by_code(materials)),
        *identity(used, known),
        *codes_for_names(matter, used),
        *two_units(used, known),
        *two_elements(used, known),
    ]
    return gravest_first(found)


def situations(compiled: CompiledMatter, coverage: Coverage) -> list[Finding]:
    """Return what trying the situations shows (law 6)."""
    seen = Situations(compiled, coverage)
    found = [*seen.findings(), *exclusive_papers(compiled, seen), *declared(compiled, seen.samples())]
    if not seen.complete or seen.undecided:
        found.append(Finding("not_all_tried", (Source("", "questions"),), "note", {"tried": seen.tried}))
    return found
