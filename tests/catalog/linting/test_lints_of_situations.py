"""No condition is called impossible because it was not tried: combinations of many answers, groups, papers."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.definitions import (
    Finding,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
)
from catalog.linting.matters import lint_matter
from catalog.linting.reaching import Reach, Undecided, exact_choices
from tests.catalog.merging.examples import examples
from tests.catalog.merging.family import ELEMENTS, var


def question(key: str, options: str = "abc", **changes: Any) -> GuideQuestion:
    return GuideQuestion(key, f"{key}?", options=tuple(GuideOption(v, v) for v in options), **changes)


def is_(key: str, value: Any) -> dict[str, Any]:
    return {"==": [var(f"answers.{key}"), value]}


MANY = tuple(question(f"q{n}") for n in range(9))  # 19,683 combinations: more than are tried
RARE = {"and": [is_("q0", "b"), is_("q3", "c"), is_("q5", "b"), is_("q8", "c")]}
PAPERS = {code: MaterialDefinition(code, f"材料{code}") for code in ("x", "y")}


def item(slug: str, **changes: Any) -> ItemDefinition:
    lines = changes.pop("lines", (LineDefinition("name", "applicant", "person.name"),))
    return ItemDefinition(slug, slug, "d", lines, promised_limit_days=1, legal_basis="法", **changes)


def lint(
    *uses: MatterItemDefinition,
    items: Any = (),
    questions: Any = MANY,
    declared: Any = None,
    standing: str = "open",
) -> list[Finding]:
    known = {use.item: item(use.item) for use in uses} | {each.slug: each for each in items}
    materials = {n.material: PAPERS[n.material] for each in known.values() for n in each.materials}
    matter = MatterDefinition(
        "m",
        "m",
        roles=(RoleDefinition("applicant", "a"),),
        questions=questions,
        items=uses,
        declared=declared or {},
        standing=standing,
    )
    return lint_matter(matter, known, ELEMENTS, materials)


def codes(found: list[Finding]) -> list[str]:
    return [finding.code for finding in found]


def test_what_four_answers_together_lead_to_is_not_called_unreachable() -> None:
    rare_line = LineDefinition("rare", "applicant", "person.sex", condition=RARE)
    rare_paper = MaterialNeed("x", condition=RARE)
    found = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("rare", RARE),
        items=[item("always", lines=(*item("x").lines, rare_line), materials=(rare_paper,))],
        questions=(*MANY, question("last", condition=RARE), question("other", condition=None)),
    )
    assert codes(found) == ["not_all_tried"]


def test_it_still_finds_among_many_answers_what_none_of_them_leads_to() -> None:
    never = {"and": [RARE, is_("q3", "a")]}
    never_line = LineDefinition("never", "applicant", "person.sex", condition=never)
    found = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("never", never),
        items=[item("always", lines=(*item("x").lines, never_line), materials=(MaterialNeed("x", condition=never),))],
        questions=(
            *MANY,
            question("last", condition=never),
            replace(question("more"), options=(GuideOption("a", "a"), GuideOption("b", "b", condition=never))),
        ),
    )
    assert [(each.code, each.sources[0].item, each.sources[0].code) for each in found] == [
        ("unreachable_item", "never", "condition"),
        ("unreachable_question", "", "question:last"),
        ("unreachable_option", "", "question:more"),
        ("dead_line", "always", "never"),
        ("material_never_needed", "always", "material:x"),
        ("not_all_tried", "", "questions"),
    ]
    assert found[3].params == {"field": "applicant:person.sex"}
    assert found[4].params == {"material": "x"}


def test_a_line_needs_its_item_to_be_reached_as_well() -> None:
    line = LineDefinition("line", "applicant", "person.sex", condition=is_("q1", "b"))
    use = MatterItemDefinition("often", is_("q1", "a"))
    found = lint(MatterItemDefinition("always"), use, items=[item("often", lines=(line,))])
    assert codes(found) == ["dead_line", "not_all_tried"]


def test_it_finds_the_one_combination_of_many_that_leads_nowhere() -> None:
    (found, note) = lint(MatterItemDefinition("nearly", {"!": [RARE]}))
    assert (found.code, note.code) == ("leads_nowhere", "not_all_tried")
    assert {key: found.params["answers"][key] for key in ("q0", "q3", "q5", "q8")} == {
        "q0": "b",
        "q3": "c",
        "q5": "b",
        "q8": "c",
    }


def test_a_combination_that_leads_nowhere_but_stops_the_applicant_is_told_already() -> None:
    stopping = replace(MANY[8], options=(*MANY[8].options[:2], replace(MANY[8].options[2], stops="请到窗口办理")))
    assert codes(lint(MatterItemDefinition("nearly", {"!": [RARE]}), questions=(*MANY[:8], stopping))) == [
        "not_all_tried"
    ]


def test_numbers_and_choices_of_several_are_tried_where_a_condition_names_them() -> None:
    number = GuideQuestion("number", "?", minimum=0, maximum=9)
    large = GuideQuestion("large", "?", minimum=0, maximum=10_000)
    several = question("several", "abcd", multiple=True)
    both = {"and": [{"in": ["b", var("answers.several")]}, {"in": ["c", var("answers.several")]}]}
    only_two = {"and": [both, {"!": [{"in": ["a", var("answers.several")]}]}]}
    found = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("four", is_("number", 4)),
        MatterItemDefinition(
            "hundred", {"and": [{">": [var("answers.large"), 99]}, {"<": [var("answers.large"), 101]}]}
        ),
        MatterItemDefinition("two", only_two),
        questions=(number, large, several),
    )
    assert codes(found) == []


def test_nothing_is_claimed_where_too_much_would_have_to_be_tried() -> None:
    wide = tuple(question(f"w{n}", "abcdef") for n in range(8))
    never = {"and": [*(is_(f"w{n}", "a") for n in range(8)), is_("w0", "b")]}
    found = lint(MatterItemDefinition("always"), MatterItemDefinition("never", never), questions=wide)
    assert codes(found) == ["not_all_tried"]
    several = question("several", "abcdefghijk", multiple=True)
    unknown = {"and": [{"in": ["a", var("answers.several")]}, {"in": ["b", var("answers.several")]}, is_("w0", "f")]}
    found = lint(MatterItemDefinition("always"), MatterItemDefinition("some", unknown), questions=(wide[0], several))
    assert codes(found) in ([], ["not_all_tried"])


def test_each_gap_and_each_thing_never_reached_is_told_with_its_place() -> None:
    never, other = {"and": [is_("q0", "a"), is_("q0", "b")]}, {"and": [is_("q1", "a"), is_("q1", "b")]}
    part = {"==": [var("answers.q0"), "b"]}
    options = (GuideOption("a", "a"), GuideOption("b", "b", condition=part), GuideOption("c", "c", condition=never))
    found = lint(
        MatterItemDefinition("one", {"!=": [var("answers.q0"), "c"]}),
        MatterItemDefinition("gone", never),
        MatterItemDefinition("lost", other),
        MatterItemDefinition("x", is_("q0", "a"), group="first"),
        MatterItemDefinition("y", is_("q0", "b"), group="second"),
        MatterItemDefinition("z", is_("q0", "b"), group="second"),
        MatterItemDefinition("w", is_("q1", "b"), group="first"),
        questions=(
            *MANY[:2],
            question("nine", condition=never),
            question("ten", condition=other),
            replace(question("more", condition=is_("q0", "a")), options=options),
        ),
    )
    assert [(each.code, [(s.item, s.code) for s in each.sources]) for each in found] == [
        ("group_without_choice", [("x", "group"), ("w", "group")]),
        ("leads_nowhere", [("", "questions")]),
        ("unreachable_item", [("gone", "condition")]),
        ("unreachable_item", [("lost", "condition")]),
        ("unreachable_question", [("", "question:nine")]),
        ("unreachable_question", [("", "question:ten")]),
        ("unreachable_option", [("", "question:more")]),
        ("unreachable_option", [("", "question:more")]),
    ]
    assert [each.params.get("option") for each in found[-2:]] == ["b", "c"]
    assert set(found[1].params) == {"answers"}


def test_a_matter_that_is_only_announced_need_not_lead_anywhere() -> None:
    rare = MatterItemDefinition("rare", is_("q0", "a"))
    assert codes(lint(rare, questions=MANY[:1], standing="guide")) == ["leads_nowhere"]
    assert codes(lint(rare, questions=MANY[:1], standing="coming")) == []
    assert codes(lint(questions=(), standing="coming")) == []


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


@examples(60)
@given(st.data())
def test_reach_decides_as_trying_everything_would(data: st.DataObject) -> None:
    questions = [question("a", "xy"), question("b", "xyz"), GuideQuestion("n", "?", minimum=1, maximum=4)]
    atoms = [is_("a", "x"), is_("b", "z"), is_("n", 3), {"<": [var("answers.n"), 2]}, {"!=": [var("answers.b"), "y"]}]
    if data.draw(st.booleans()):
        questions[1] = replace(questions[1], condition=data.draw(st.sampled_from(atoms[:1])))
    rules = data.draw(
        st.lists(
            st.sampled_from(atoms)
            | st.tuples(st.sampled_from(atoms), st.sampled_from(atoms)).map(lambda pair: {"or": list(pair)})
            | st.sampled_from(atoms).map(lambda one: {"!": [one]}),
            min_size=1,
            max_size=4,
        )
    )
    from catalog.merging.selection import flat
    from catalog.rules.language import holds

    everything = []
    for a, b, n in itertools.product("xy", "xyz", range(1, 5)):
        answers: dict[str, Any] = {"a": a, "b": b, "n": n}
        if questions[1].condition is not None and a != "x":
            del answers["b"]
        everything.append(flat(answers))
    possible = any(all(holds(rule, known) for rule in rules) for known in everything)
    found = Reach(questions).first(rules)
    assert (found is not None) == possible
    if found is not None:
        complete = Reach(questions).complete(found)
        assert all(holds(rule, flat(complete)) for rule in rules)
        assert flat(complete) in everything


def test_reach_gives_up_rather_than_guess() -> None:
    with pytest.raises(Undecided):
        Reach([question("a", "xyz"), question("b", "xyz")], limit=8).first([is_("a", "no"), is_("b", "no")])
    assert Reach([question("a", "xyz"), question("b", "xyz")], limit=9).first([is_("a", "no"), is_("b", "no")]) is None
    with pytest.raises(Undecided):
        exact_choices(question("many", "abcdefghi", multiple=True))
    assert len(exact_choices(question("many", "abcdefgh", multiple=True))) == 255
    assert exact_choices(question("wish", "ab", multiple=True, required=False)) == [None, ["a"], ["b"], ["a", "b"]]
    assert exact_choices(question("wish", "ab", required=False)) == [None, "a", "b"]
    assert exact_choices(GuideQuestion("n", "?", minimum=2, maximum=26)) == list(range(2, 27))
    assert exact_choices(GuideQuestion("n", "?", minimum=2, maximum=27), [10, 99]) == [2, 9, 10, 11, 27]
    assert exact_choices(GuideQuestion("n", "?", minimum=2)) == [2]


def test_reach_completes_with_the_first_answers_that_stop_nobody() -> None:
    stopping = GuideQuestion(
        "s",
        "?",
        options=(GuideOption("no", "no", stops="请到窗口"), GuideOption("yes", "yes"), GuideOption("so", "so")),
    )
    only = GuideQuestion("only", "?", options=(GuideOption("no", "no", stops="请到窗口"),))
    reach = Reach(
        [
            stopping,
            only,
            question("must", "abc", multiple=True),
            question("may", "abc", multiple=True, required=False),
            question("b"),
            GuideQuestion("n", "?", minimum=3, maximum=5),
        ]
    )
    assert reach.complete({"b": "c"}) == {"s": "yes", "only": "no", "must": ["a"], "b": "c", "n": 3}
    assert reach.complete({"s": "no", "n": 5})["s"] == "no"
