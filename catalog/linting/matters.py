"""Look for what is wrong with a matter before it is published. Pure.

``lint_matter`` returns what compiling refuses (``catalog.compiling.checking``) and, where the matter compiles, what only shows when every situation
is tried, or when the definitions are read as a lawyer would:

=========================  ========  ==========================================================================
code                       severity  what is wrong (params)
=========================  ========  ==========================================================================
leads_nowhere              error     a combination of answers without any item (answers); not told of a matter
                                     that is only announced
group_without_choice       error     a combination in which an exactly-one-of group applies and nothing of it qualifies (group,
                                     answers). It applies where what the conditions of all its members share holds
unreachable_item           error     no combination leads to this item
unreachable_question       error     no combination asks this question
unreachable_option         error     no combination offers this option (question, option)
contradictory_condition    error     a condition on form values that no values meet
always_refused             error     a rule over several fields that all values violate: nobody could submit
dead_line                  warning   a line whose condition no combination of answers satisfies (field)
material_never_needed      warning   a paper whose condition no combination of answers satisfies (material)
exclusive_papers           error     papers that exclude each other and are both required (materials, answers)
promise_beyond_statute     error     a promised limit longer than the statutory one (declared, found)
limit_missing              error     a promised item without a promised limit (a warning where the matter is only described)
department_missing         error     an item without a department
legal_basis_missing        warning   an item without legal basis
unused_section             warning   a section that no line is in
group_of_one               warning   an exactly-one-of group with a single item
material_twice             warning   two material codes with one name or one standard code (name)
identity_asked_again       warning   identity data that is known and asked all the same (field)
asked_twice                warning   one form that asks for the same fact in two lines (field)
declared_differs           warning   a declared figure that no situation comes to (place, metric, declared, computed)
two_promises               warning   one place declares a figure twice, and differently (place, metric, first, second)
not_all_tried              note      there are too many combinations to try them all (tried)
=========================  ========  ==========================================================================

How combinations are bounded: up to ``coverage.LIMIT`` whole situations are looked at; where there are more, every pair of answers is, the other
questions answered with their first option. Whatever those do not show is decided for each condition by itself, from all answers
to the questions that matter to it (``reaching``, up to ``reaching.LIMIT``); where even these are too many nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.compiling.compiling import by_code, by_slug, compile_matter, examine, with_matter_roles
from catalog.definitions import (
    COMING,
    OPEN,
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
from catalog.linting.items import own_facts
from catalog.linting.situations import Situations, exclusive_papers
from catalog.linting.tidiness import declared, identity, tidiness
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
    found += [
        *(finding for item in used for finding in own_facts(item, matter.status == OPEN)),
        *tidiness(matter, used, by_code(materials)),
        *identity(used, known),
    ]
    return gravest_first(found)


def situations(compiled: CompiledMatter, coverage: Coverage) -> list[Finding]:
    """Return what trying the situations shows (law 6)."""
    seen = Situations(compiled, coverage)
    found = [*seen.findings(), *exclusive_papers(compiled, seen), *declared(compiled, seen.samples())]
    if not seen.complete or seen.undecided:
        found.append(Finding("not_all_tried", (Source("", "questions"),), "note", {"tried": seen.tried}))
    return found
