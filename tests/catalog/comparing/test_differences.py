"""Comparing two contents tells every difference, once."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.comparing.contents import Change, compare_items, compare_matters
from catalog.definitions import GuideOption, GuideQuestion
from catalog.definitions.codec import to_json
from catalog.merging.compiled import CompiledMatter
from catalog.wording.differences import tell
from tests.catalog.merging.random_catalogs import Catalog, compiled_catalogs
from tests.worlds.family import compiled

FEW = settings(max_examples=80, deadline=None)
Edit = tuple[str, Callable[[], None]]  # what the change will be, and what makes it


def plan_of(catalog: tuple[Catalog, CompiledMatter]) -> dict[str, Any]:
    return json.loads(json.dumps(catalog[1].content))  # type: ignore[no-any-return]


def put(row: dict[str, Any], name: str, value: Any) -> Callable[[], None]:
    return lambda: row.__setitem__(name, value)


def append(rows: list[Any], row: Any) -> Callable[[], None]:
    return lambda: rows.append(row)


def edits(plan: dict[str, Any]) -> Iterator[Edit]:
    """Yield changes of a plan that do not touch one another: each can be made with any of the others."""
    yield "matter.summary", put(plan["matter"], "summary", "另一句话")
    for number, question in enumerate(plan["questions"]):
        yield "question.help", put(question, "help", f"新的说明 {number}")
        yield "question.added option", append(question["options"], to_json(GuideOption("new_one", "新选项")))
    extra = to_json(GuideQuestion("planted", "新问题"))
    yield "question.added", append(plan["questions"], extra)
    for entry in plan["items"]:
        definition, use = entry["definition"], entry["use"]
        days = definition["promised_limit_days"]
        yield "item.promised_limit_days", put(definition, "promised_limit_days", (days or 0) + 1)
        yield "item.visits", put(definition, "visits", definition["visits"] + 1)
        yield "use.reason", put(use, "reason", "新的理由")
        yield "use.optional", put(use, "optional", not use["optional"])
        yield "review_point.added", append(definition["review_points"], {"code": "new", "text": "新的审查要点"})
        for line in definition["lines"]:
            yield "line.label", put(line, "label", line["label"] + "（新）")
            yield "line.help", put(line, "help", "请照户口簿填写")
            yield "line.required", put(line, "required", {"==": [{"var": "answers.planted"}, "x"]})
            yield (
                "line.constraints",
                put(line, "constraints", {**line["constraints"], "max_length": 3333}),
            )
        for need in definition["materials"]:
            yield "material.copies", put(need, "copies", need["copies"] + 1)
            yield (
                "exemption.added",
                append(need["exemptions"], {"kind": "commitment", "reference": "planted"}),
            )
    for element in plan["elements"].values():
        yield "element.name", put(element, "name", element["name"] + "（新）")
    for paper in plan["materials"].values():
        yield "paper.note", put(paper, "note", "新的说明")


def label(change: Change) -> str:
    if change.kind == "added":
        return {"option": "question.added option"}.get(change.what, f"{change.what}.added")
    return f"{change.what}.{change.attribute.partition('.')[0]}"


@FEW
@given(compiled_catalogs())
def test_nothing_is_different_from_itself(catalog: tuple[Catalog, CompiledMatter]) -> None:
    plan = plan_of(catalog)
    assert compare_matters(plan, copy.deepcopy(plan)) == []


@FEW
@given(compiled_catalogs(), st.integers(0, 2**32))
def test_each_planted_change_is_told_exactly_once(catalog: tuple[Catalog, CompiledMatter], seed: int) -> None:
    before, after = plan_of(catalog), plan_of(catalog)
    pick = random.Random(seed)
    possible = list(edits(after))
    chosen = pick.sample(possible, min(len(possible), pick.randint(1, 12)))
    for _what, make in chosen:
        make()
    found = compare_matters(before, after)
    assert Counter(map(label, found)) == Counter(what for what, _make in chosen)


@FEW
@given(compiled_catalogs(), st.integers(0, 2**32))
def test_what_was_removed_one_way_was_added_the_other(catalog: tuple[Catalog, CompiledMatter], seed: int) -> None:
    before, after = plan_of(catalog), plan_of(catalog)
    pick = random.Random(seed)
    items = [entry["definition"] for entry in after["items"] if entry["definition"]["lines"]]
    if items:
        gone = pick.choice(items)["lines"]
        del gone[pick.randrange(len(gone))]
    if not items or (len(after["items"]) > 1 and pick.random() < 0.5):
        del after["items"][-1]
    there, back = compare_matters(before, after), compare_matters(after, before)
    turn = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}
    assert Counter((each.what, each.key, turn[each.kind]) for each in there) == Counter(
        (each.what, each.key, each.kind) for each in back
    )
    assert there


@FEW
@given(compiled_catalogs(), st.integers(0, 2**32))
def test_every_change_has_a_sentence(catalog: tuple[Catalog, CompiledMatter], seed: int) -> None:
    before, after = plan_of(catalog), plan_of(catalog)
    pick = random.Random(seed)
    possible = list(edits(after))
    for _what, make in pick.sample(possible, min(len(possible), 8)):
        make()
    changes = compare_matters(before, after)
    told = [each for _group, entries in tell(changes, before, after) for each in entries]
    assert len(told) == len(changes)
    assert all(each.sentence.endswith("。") and "%(" not in each.sentence for each in told)


def test_the_first_version_tells_everything_there_is() -> None:
    content = compiled().content
    changes = compare_matters(None, content)
    assert {change.kind for change in changes} == {"added"}
    assert next(change.what for change in changes) == "matter"
    assert [each.key for each in changes if each.what == "use"] == [
        each["definition"]["slug"] for each in content["items"]
    ]
    for what, part in (("line", "lines"), ("material", "materials")):
        told = [each.item for each in changes if each.what == what]
        assert told == [each["definition"]["slug"] for each in content["items"] for _one in each["definition"][part]]


def test_an_item_that_goes_is_one_difference_and_a_loss() -> None:
    """Who waited for it, and the words that it alone speaks of, follow from it."""
    before = family()
    gone = before["items"][0]["definition"]
    after = json.loads(json.dumps(before))
    after["items"] = [
        {**each, "after": [one for one in each.get("after", ()) if one["item"] != gone["slug"]]}
        for each in after["items"][1:]
    ]
    kept = json.dumps({name: value for name, value in after.items() if name != "translations"}, ensure_ascii=False)
    before["translations"] = {"en": {gone["name"]: "Gone", "留下": "Stays"}}
    after["translations"] = {"en": {"留下": "Stays"} if gone["name"] not in kept else before["translations"]["en"]}
    changes = compare_matters(before, after)
    assert [(each.what, each.kind, each.key, each.severity) for each in changes] == [
        ("use", "removed", gone["slug"], "lost")
    ]


def family(**changes: Any) -> dict[str, Any]:
    return json.loads(json.dumps(compiled(**changes).content))  # type: ignore[no-any-return]


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return group, sentence and severity of each change."""
    return [
        (group, each.sentence, each.change.severity)
        for group, entries in tell(compare_matters(before, after), before, after)
        for each in entries
    ]


def test_a_department_head_reads_sentences() -> None:
    before, after = family(), family()
    entry = after["items"][0]["definition"]
    entry["promised_limit_days"], before["items"][0]["definition"]["promised_limit_days"] = 5, 3
    line = entry["lines"][0]
    line["required"], before["items"][0]["definition"]["lines"][0]["required"] = True, False
    found = told(before, after)
    assert ("时限", "承诺时限由 3 天改为 5 天。", "more") in found
    assert ("字段", f"字段“{line['label']}”的必填由选填改为必填。", "more") in found
    assert len(found) == 2


def test_a_condition_is_said_with_the_words_of_its_question() -> None:
    before, after = family(), family()
    question = next(each for each in after["questions"] if each["options"] and not each["multiple"])
    option = question["options"][0]
    after["items"][0]["use"]["condition"] = {"==": [{"var": f"answers.{question['key']}"}, option["value"]]}
    ((_group, sentence, severity),) = told(before, after)
    assert question["text"] in sentence
    assert option["label"] in sentence
    assert severity == "other"


def test_another_order_is_one_change() -> None:
    before, after = family(), family()
    lines = after["items"][0]["definition"]["lines"]
    lines[0], lines[1] = lines[1], lines[0]
    (change,) = compare_matters(before, after)
    assert (change.kind, change.what) == ("moved", "line")


def test_a_line_in_between_moves_nothing() -> None:
    before, after = family(), family()
    lines = after["items"][0]["definition"]["lines"]
    del lines[0]
    for number, line in enumerate(lines):
        line["order"] = number
    assert [(each.kind, each.what) for each in compare_matters(before, after)] == [("removed", "line")]


def content(**guide: Any) -> dict[str, Any]:
    plan = family()
    definition = plan["items"][0]["definition"]
    held = {
        "name": definition["name"],
        "promised_limit_days": 3,
        "fees": [],
        "places": [],
        "conditions": ["本市户籍"],
        **guide,
    }
    return {
        "schema": 1,
        "definition": {**definition, "promised_limit_days": held["promised_limit_days"]},
        "guide": held,
        "elements": plan["elements"],
        "materials": plan["materials"],
        "departments": plan["departments"],
    }


def test_what_an_items_guide_and_its_definition_both_say_is_told_once() -> None:
    (change,) = compare_items(content(), content(promised_limit_days=9))
    assert (change.group, change.attribute, change.before, change.after, change.severity) == (
        *("limits", "promised_limit_days"),
        *(3, 9, "more"),
    )


def test_a_version_frozen_under_an_earlier_name_has_not_changed() -> None:
    earlier, present = content(), content(status="in_use")
    earlier["guide"] = {**earlier["guide"], "standing": "in_use"}
    assert compare_items(earlier, present) == []


def test_what_is_said_no_longer_or_under_another_name_has_not_changed() -> None:
    present = json.loads(json.dumps(compiled().content))
    earlier = copy.deepcopy(present)
    for element in earlier["elements"].values():
        element["sources"] = element.pop("known_from")
    for section in earlier["sections"]:
        section["title"] = section.pop("label")
    for entry in earlier["items"]:
        entry["definition"]["description"] = "另行办理"
    earlier |= {"fields": [{"key": "child:person.name"}], "waits": []}
    assert compare_matters(earlier, present) == compare_matters(present, earlier) == []


def test_places_fees_and_conditions_are_told_one_by_one() -> None:
    before = content(places=[{"name": "市民中心", "phone": "1"}], fees=[{"name": "工本费", "amount": "10 元"}])
    after = content(
        places=[{"name": "市民中心", "phone": "2"}, {"name": "分中心", "phone": "3"}],
        fees=[],
        conditions=["本市户籍", "年满十八周岁"],
    )
    found = {(each.kind, each.name, each.attribute) for each in compare_items(before, after)}
    assert found == {
        ("changed", "市民中心", "places.phone"),
        ("added", "分中心", "places"),
        ("removed", "工本费", "fees"),
        ("added", "年满十八周岁", "conditions"),
    }
    sentences = [
        each.sentence for _group, entries in tell(compare_items(before, after), before, after) for each in entries
    ]
    assert "新增办理地点和时间“分中心”。" in sentences
    assert "新增受理条件“年满十八周岁”。" in sentences
