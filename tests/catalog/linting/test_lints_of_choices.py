"""Groups to choose from and papers: what leads nowhere in them is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog.definitions import (
    Finding,
    MaterialNeed,
    MatterItemDefinition,
)
from tests.catalog.linting.many_questions import MANY, RARE, codes, is_, item, lint, question
from tests.worlds.family import var


def test_two_groups_without_anybody_are_told_both() -> None:
    found = lint(
        MatterItemDefinition("always"),
        *(MatterItemDefinition(f"i{n}", is_("q0", letter), group=f"g{n % 2}") for n, letter in enumerate("aabb")),
        questions=MANY[:1],
    )
    assert [(each.code, each.params["group"]) for each in found] == [
        ("group_without_choice", "g0"),
        ("group_without_choice", "g1"),
    ]


def test_one_of_several_choices_may_stop_the_applicant() -> None:
    several = question("several", "ab", multiple=True)
    stopping = replace(several, options=(several.options[0], replace(several.options[1], stops="请到窗口")))
    only_a = {"!": [{"in": ["b", var("answers.several")]}]}
    assert codes(lint(MatterItemDefinition("one", only_a), questions=(stopping,))) == []
    assert codes(lint(MatterItemDefinition("one", only_a), questions=(several,))) == ["leads_nowhere"]


class TestGroups:
    """A group applies where what its members' conditions have in common holds."""

    def test_a_group_that_does_not_apply_has_nobody_and_misses_nobody(self) -> None:
        wanted = is_("q0", "a")
        members = [MatterItemDefinition(slug, wanted, group="way") for slug in ("one", "two")]
        assert codes(lint(MatterItemDefinition("always"), *members, questions=MANY[:2])) == []

    def test_what_its_members_share_says_when_it_applies_and_the_rest_tells_them_apart(self) -> None:
        wanted = is_("q0", "a")
        members = [
            MatterItemDefinition(slug, {"and": [wanted, is_("q1", letter)]}, group="way")
            for slug, letter in (("one", "a"), ("two", "b"))
        ]
        (found,) = lint(MatterItemDefinition("always"), *members, questions=MANY[:2])
        assert (found.code, found.params["group"]) == ("group_without_choice", "way")
        assert found.params["answers"] == {"q0": "a", "q1": "c"}
        covered = replace(members[1], condition={"and": [wanted, {"!=": [var("answers.q1"), "a"]}]})
        assert codes(lint(MatterItemDefinition("always"), members[0], covered, questions=MANY[:2])) == []

    def test_a_group_with_a_member_for_everybody_always_applies(self) -> None:
        members = [
            MatterItemDefinition("one", is_("q0", "a"), group="way"),
            MatterItemDefinition("two", is_("q0", "b"), group="way"),
        ]
        (found,) = lint(MatterItemDefinition("always"), *members, questions=MANY[:1])
        assert (found.code, found.params["answers"]) == ("group_without_choice", {"q0": "c"})
        free = replace(members[1], condition=None)
        assert codes(lint(MatterItemDefinition("always"), members[0], free, questions=MANY[:1])) == []

    def test_a_gap_in_a_group_is_found_among_many_answers(self) -> None:
        members = [
            MatterItemDefinition("one", {"!": [RARE]}, group="way"),
            MatterItemDefinition("two", {"and": [RARE, is_("q1", "a")]}, group="way"),
        ]
        found = lint(MatterItemDefinition("always"), *members)
        assert codes(found) == ["group_without_choice", "not_all_tried"]
        assert found[0].params["answers"]["q1"] == "b"


class TestPapers:
    """Papers that exclude each other."""

    def exclusive(self, **second: Any) -> list[Finding]:
        needs = (MaterialNeed("x", condition=RARE, excludes=("y",)), MaterialNeed("y", **second))
        return lint(MatterItemDefinition("always"), items=[item("always", materials=needs)])

    def test_they_are_found_where_only_many_answers_together_ask_for_both(self) -> None:
        found = self.exclusive(condition=is_("q1", "c"))
        assert codes(found) == ["exclusive_papers", "not_all_tried"]
        assert found[0].params["materials"] == ["x", "y"]
        assert found[0].params["answers"]["q1"] == "c"

    def test_they_may_be_asked_in_different_situations(self) -> None:
        assert codes(self.exclusive(condition=is_("q3", "a"))) == ["not_all_tried"]
        assert codes(self.exclusive(condition=is_("q1", "c"), necessity="optional")) == ["not_all_tried"]

    def test_they_are_found_where_choices_and_many_answers_come_together(self) -> None:
        found = lint(
            MatterItemDefinition("always"),
            MatterItemDefinition("one", group="way"),
            MatterItemDefinition("two", group="way"),
            MatterItemDefinition("wish", optional=True),
            MatterItemDefinition("other", optional=True),
            items=[
                item("two", materials=(MaterialNeed("x", condition=RARE, excludes=("y",)),)),
                item("wish", materials=(MaterialNeed("y", condition=is_("q1", "c")),)),
            ],
        )
        assert [(each.code, [(s.item, s.code) for s in each.sources]) for each in found] == [
            ("exclusive_papers", [("two", "material:x"), ("wish", "material:y")]),
            ("not_all_tried", [("", "questions")]),
        ]
        assert found[0].params["answers"]["items"] == ["wish"]

    def test_they_are_found_between_items_that_have_to_be_chosen(self) -> None:
        found = lint(
            MatterItemDefinition("always"),
            MatterItemDefinition("one", group="way"),
            MatterItemDefinition("two", group="way"),
            MatterItemDefinition("wish", optional=True),
            items=[
                item("two", materials=(MaterialNeed("x", excludes=("y",)),)),
                item("wish", materials=(MaterialNeed("y"),)),
            ],
            questions=MANY[:1],
        )
        assert codes(found) == ["exclusive_papers"]
        assert found[0].params["answers"]["group.way"] == "two"
        assert found[0].params["answers"]["items"] == ["wish"]


def test_declared_figures_are_held_against_those_that_are_computed() -> None:
    rows = [
        {"place": "甲", "metric": "days", "before": "20", "after": "1 个工作日"},
        {"place": "乙", "metric": "days", "before": "", "after": "5 个工作日"},
        {"place": "丙", "metric": "materials", "before": "", "after": "若干"},
        {"place": "乙", "metric": "days", "before": "", "after": "7 个工作日"},
        {"place": "丁", "metric": "smiles", "before": "", "after": "3"},
    ]
    found = lint(MatterItemDefinition("always"), questions=(), declared={"figures": rows})
    assert [[(s.item, s.code) for s in each.sources] for each in found] == [[("", "declared:days")]] * 3
    assert [(each.code, each.severity, dict(each.params)) for each in found] == [
        ("declared_differs", "warning", {"place": "乙", "metric": "days", "declared": "5 个工作日", "computed": "1"}),
        (
            "two_promises",
            "warning",
            {"place": "乙", "metric": "days", "first": "5 个工作日", "second": "7 个工作日"},
        ),
        ("declared_differs", "warning", {"place": "乙", "metric": "days", "declared": "7 个工作日", "computed": "1"}),
    ]
    ranged = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("more", is_("q0", "a")),
        items=[item("more", visits_together=3)],
        questions=MANY[:1],
        declared={"figures": [{"place": "甲", "metric": "visits", "before": "", "after": after} for after in "24"]},
    )
    assert [(each.code, each.params.get("computed")) for each in ranged] == [
        ("two_promises", None),
        ("declared_differs", "0–3"),
    ]
