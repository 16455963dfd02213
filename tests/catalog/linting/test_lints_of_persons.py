"""One person in two roles: found where the same is asked of both, and mended by saying so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog.definitions import GuideOption, GuideQuestion, MatterDefinition, MatterItemDefinition, RoleDefinition
from catalog.linting.matters import lint_matter
from tests.catalog.linting.test_what_people_read import ELEMENTS, MATTER, item, line

WHO = GuideQuestion("who", "您是", options=(GuideOption("legal", "法人"), GuideOption("agent", "经办人")))
IS_LEGAL = {"==": [{"var": "answers.who"}, "legal"]}
ROLES = (RoleDefinition("legal", "法人", IS_LEGAL), RoleDefinition("agent", "经办人", True))
TWO = replace(MATTER, questions=(WHO,), roles=ROLES)


def found(matter: MatterDefinition, agent: Any = None) -> list[tuple[str, list[str]]]:
    lines = [replace(line("code"), role="legal", code="L"), replace(line("code"), role="agent", code="A")]
    asking = item("za", lines[0], replace(lines[1], condition=agent))
    matter = replace(matter, items=(MatterItemDefinition("za"),))
    told = lint_matter(matter, [asking], ELEMENTS, {})
    return [
        (each.severity, [source.code for source in each.sources]) for each in told if each.code == "one_person_twice"
    ]


def test_two_roles_of_the_applicant_that_are_asked_the_same_are_found() -> None:
    assert found(TWO) == [("warning", ["L", "A"])]
    # The agent's line is hidden where the agent is the legal representative.
    assert found(TWO, {"!": [IS_LEGAL]}) == []
    # Never both at once.
    assert found(replace(TWO, roles=(ROLES[0], replace(ROLES[1], is_applicant={"!": [IS_LEGAL]})))) == []
    assert found(replace(TWO, roles=(ROLES[0], replace(ROLES[1], is_applicant=False)))) == []


def test_saying_that_they_are_one_person_mends_it() -> None:
    same = {"if": [IS_LEGAL, "legal"]}
    assert found(replace(TWO, roles=(ROLES[0], replace(ROLES[1], same_as=same)))) == []
    wrong = {"if": [{"!": [IS_LEGAL]}, "legal"]}
    assert found(replace(TWO, roles=(ROLES[0], replace(ROLES[1], same_as=wrong)))) == [("warning", ["L", "A"])]
