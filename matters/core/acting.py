"""Who is who in a form that somebody fills in for another person under a mandate.

The applicant is the principal, whom the application is about; a role that the form keeps for whoever acts (代办人), and a child's parent,
is the agent's. Whose facts are filled in, whose records may be asked and what is locked follow from it.
"""

from __future__ import annotations

from typing import Protocol

from catalog.merging.compiled import Plan

# The answer by which a question (您是、为谁办) says that whom the matter is about applies in person; any other is given by one who acts for them.
SELF = "self"
CHILD = "child"
AUTHORISED, PARENT = "authorised", "parent"  # kinds of mandates (`Mandate.Kind`), which this floor does not know


class OfKind(Protocol):
    """A mandate's row, as much of it as is read here."""

    @property
    def kind(self) -> str: ...


def plan_under(plan: Plan, mandate: OfKind | None) -> Plan:
    """Return the plan whose applicant is the principal alone; ``agents`` of it are the roles that whoever acts plays.

    ``mandate``: none where the applicant acts in person. Nobody is the applicant where the answers do not say which of several persons
    the principal is.
    """
    if mandate is None:
        return plan
    applying = frozenset(role.key for role in plan.roles if role.is_applicant)
    for question in plan.matter.questions:
        in_person = any(option.value == SELF for option in question.options)
        if in_person and plan.answers.get(question.key) not in (None, SELF):
            about = plan.applying_with({question.key: SELF}) - applying
            if about:
                return plan.with_applicants(about, applying)
    if mandate.kind == AUTHORISED:
        return plan
    children = [role for role in plan.roles if role.kin == CHILD and role.kin_of in applying]
    if not children:
        return plan
    about = frozenset(role.key for role in children if len(children) == 1 and role.count == 1)
    # A guardian need not be the mother or father whom a form asks for.
    return plan.with_applicants(about, applying if mandate.kind == PARENT else frozenset())


def in_person_items(plan: Plan) -> list[str]:
    """Return the names of the items that nobody may apply for in the applicant's name: what the law, an agreement or its nature wants done
    in person is not done by an agent (Civil Code art. 161).
    """
    return list(dict.fromkeys(item.name for item in plan.items if item.in_person_only))
