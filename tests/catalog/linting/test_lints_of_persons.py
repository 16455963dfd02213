"""One person in two roles: found where the same is asked of both, and mended by saying so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.definitions import (
    ElementDefinition,
    Finding,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
)
from catalog.linting.matters import lint_matter
from catalog.linting.persons import MOST_PAIRS, one_person_twice
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
    # Whichever of the two says it.
    agent = {"if": [IS_LEGAL, "agent"]}
    assert found(replace(TWO, roles=(replace(ROLES[0], same_as=agent), ROLES[1]))) == []


IS_AGENT = {"==": [{"var": "answers.who"}, "agent"]}
NEVER = {"and": [IS_LEGAL, IS_AGENT]}
OWNER = RoleDefinition("owner", "业主", True)


def asking(role: str, *elements: str, slug: str = "za", **more: Any) -> ItemDefinition:
    return item(slug, *(replace(line(each), role=role, code=f"{role}.{each}", **more) for each in elements))


def together(
    *items: ItemDefinition, roles: tuple[RoleDefinition, ...] = ROLES, uses: Any = (), **more: Any
) -> list[Finding]:
    return list(one_person_twice(replace(TWO, roles=roles, items=uses, **more), items, ELEMENTS))


def pairs(found: list[Finding]) -> list[list[str]]:
    return [[source.code for source in each.sources] for each in found]


def test_each_two_roles_are_told_once_with_the_field_of_the_first() -> None:
    shared = asking("legal", "code", "number"), asking("agent", "number", "code", "flag")
    [told] = together(*shared)
    assert told.params == {"roles": ["法人", "经办人"], "field": "legal:zz.code"}
    found = together(*shared, asking("owner", "flag", "code"), roles=(*ROLES, OWNER))
    assert pairs(found) == [
        ["legal.code", "agent.code"],
        ["legal.code", "owner.code"],
        ["agent.code", "owner.code"],
    ]


def test_only_roles_of_the_applicant_that_are_asked_the_same_count() -> None:
    shared = asking("legal", "code"), asking("agent", "code")
    assert together(asking("legal", "code"), asking("agent", "flag")) == []
    assert together(*shared, roles=(ROLES[0], replace(ROLES[1], is_applicant=None))) == []
    # One of whom nothing is asked, and two that are never both the applicant, keep nothing from being found.
    found = together(*shared, roles=(RoleDefinition("idle", "无关", True), *ROLES))
    assert [each.params["roles"] for each in found] == [["法人", "经办人"]]
    apart = (ROLES[0], RoleDefinition("other", "他人", IS_AGENT), ROLES[1])
    found = together(*shared, asking("other", "code"), roles=apart)
    assert [each.params["roles"] for each in found] == [["法人", "经办人"], ["他人", "经办人"]]


def test_facts_that_are_never_shared_are_asked_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ELEMENTS, "zz.sign", ElementDefinition("zz.sign", "签名", "signature"))
    for element in ("sign", "unheard_of"):
        assert together(asking("legal", element), asking("agent", element)) == []


def test_roles_that_depend_on_too_many_answers_are_not_decided() -> None:
    wide = GuideQuestion("wide", "?", options=tuple(GuideOption(v, v) for v in "abcdefghi"), multiple=True)
    legal = replace(ROLES[0], is_applicant={"in": ["a", {"var": "answers.wide"}]})
    shared = asking("legal", "code"), asking("agent", "code")
    assert together(*shared, roles=(legal, ROLES[1]), questions=(WHO, wide)) == []


def test_lines_of_items_that_are_never_chosen_together_are_no_pair() -> None:
    items = asking("legal", "code", slug="za"), asking("agent", "code", slug="zb")
    never = MatterItemDefinition("za", condition=IS_LEGAL), MatterItemDefinition("zb", condition={"!": [IS_LEGAL]})
    assert together(*items, uses=never) == []
    shown = items[0], asking("agent", "code", slug="zb", condition=IS_LEGAL)
    assert together(*shown, uses=never) == []
    assert len(together(*items, uses=(never[0], MatterItemDefinition("zb", condition=IS_LEGAL)))) == 1


def test_a_condition_on_the_form_may_hold() -> None:
    shown = {"==": [{"var": "agent:zz.flag"}, True]}
    assert len(together(asking("legal", "code"), asking("agent", "code", condition=shown))) == 1


def test_pairs_are_tried_until_one_shows_or_there_are_too_many() -> None:
    def tries(number: int) -> int:
        hidden = [
            asking("agent", "code", condition={"and": [NEVER, {"==": [{"var": "answers.who"}, str(each)]}]})
            for each in range(number)
        ]
        # Those that show under conditions that were tried are not counted.
        return len(together(asking("legal", "code"), *hidden, *hidden, asking("agent", "code")))

    assert tries(0) == tries(1) == tries(MOST_PAIRS - 1) == 1
    assert tries(MOST_PAIRS) == 0


def test_a_number_that_only_a_role_names_is_tried() -> None:
    many = GuideQuestion("many", "多少", minimum=0, maximum=1000)
    legal = replace(ROLES[0], is_applicant={"==": [{"var": "answers.many"}, 500]})
    shared = asking("legal", "code"), asking("agent", "code")
    assert len(together(*shared, roles=(legal, ROLES[1]), questions=(WHO, many))) == 1
