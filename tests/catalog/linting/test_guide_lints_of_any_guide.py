"""Whatever a guide looks like: no shape of data stops its lints, and they count as one would by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.linting.guides import lint_guide
from catalog.wording.guides import in_words
from tests.catalog.linting import clean


def test_every_missing_fact_is_simply_not_known() -> None:
    """Taking any one fact away may hide a contradiction; it never makes one."""
    allowed = {"limit_missing", "department_unknown", "numbering_gap", "condition_unsaid"}
    places = [(key,) for key in clean.guide()]
    places += [("declared", key) for key in clean.guide()["declared"]]
    for kind in ("sub_items", "materials"):
        places += [(kind, 2, key) for key in clean.guide()[kind][2]]
    for place in places:
        for value in (None, ...):
            guide = clean.guide()
            held: Any = guide
            for step in place[:-1]:
                held = held[step]
            if value is None:
                held[place[-1]] = None
            else:
                del held[place[-1]]
            codes = {each.code for each in lint_guide(guide, {"pass": clean.item()})}
            if place in (("sub_items", 2, "alternative_group"), ("sub_items", 2, "no")):
                continue  # another way of saying something else: the group then has one member, the number is gone
            assert codes <= allowed, place


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99) | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_no_shape_of_data_stops_it(data: st.DataObject) -> None:
    guide = clean.guide()
    for _round in range(data.draw(st.integers(1, 4))):
        held: Any = guide
        while isinstance(held, dict | list) and held:
            keys = sorted(held) if isinstance(held, dict) else list(range(len(held)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(held[key], dict | list) or data.draw(st.booleans()):
                held[key] = data.draw(json_values)
                break
            held = held[key]
    for found in lint_guide(guide, {"pass": clean.item()}):
        assert in_words(found).sentence


DEPARTMENTS = ("公安部门", "人社部门", "医保部门", "税务部门", "民政部门")


@st.composite
def random_guides(draw: st.DrawFn) -> dict[str, Any]:
    """Return a guide whose figures, departments and papers are drawn independently of each other."""
    count = st.integers(0, 6)
    subs = draw(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(DEPARTMENTS)), min_size=1, max_size=5))
    papers = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["required", "optional"]), st.booleans(), st.integers(1, 4), st.sampled_from("abc")
            ),
            max_size=5,
        )
    )
    return {
        "id": "g_random",
        "name": "某某一件事",
        "lead_department": draw(st.sampled_from(DEPARTMENTS)),
        "cooperating": draw(st.lists(st.sampled_from(DEPARTMENTS), unique=True)),
        "declared": {
            **{"materials": {"after": draw(count)}, "days": {"after": draw(count)}, "trips": {"after": draw(count)}},
            **{"completed_limit": draw(st.none() | count), "ahead_trips": draw(st.none() | count)},
        },
        "sub_items": [
            {"no": no, "name": f"第{no}件某事登记", "department": department, "promised_days": days}
            for no, (days, department) in enumerate(subs, start=1)
        ],
        "materials": [
            {
                **{
                    "no": no,
                    "name": f"{'甲乙丙丁戊'[no - 1]}种报告",
                    "necessity": necessity,
                    "conditional": conditional,
                },
                **{"condition_note": "某情形", "internal_no": f"M{code}", "exclusive_group": f"group:{branch}"},
            }
            for no, (necessity, conditional, code, branch) in enumerate(papers, start=1)
        ],
    }


@given(random_guides())
def test_it_counts_as_one_would_by_hand(guide: dict[str, Any]) -> None:
    declared, subs, papers = guide["declared"], guide["sub_items"], guide["materials"]
    days, trips = declared["days"]["after"], declared["trips"]["after"]
    longest = max(each["promised_days"] for each in subs)
    wanted: list[tuple[str, Any, Any]] = []
    if declared["materials"]["after"] != len(papers):
        wanted.append(("materials_count", declared["materials"]["after"], len(papers)))
    if days < longest:
        wanted.append(("days_shorter_than_item", days, longest))
    if days > longest:
        wanted.append(("days_longer_than_items", days, longest))
    if declared["completed_limit"] not in (None, days):
        wanted.append(("days_two_values", days, declared["completed_limit"]))
    if declared["ahead_trips"] not in (None, trips):
        wanted.append(("trips_two_values", trips, declared["ahead_trips"]))
    lead, cooperating = guide["lead_department"], guide["cooperating"]
    if lead in cooperating:
        wanted.append(("lead_in_cooperating", lead, None))
    busy = [each["department"] for each in subs]
    for department in dict.fromkeys(busy):
        if department not in cooperating and department != lead:
            wanted.append(("department_missing", None, department))
    if idle := [each for each in cooperating if each not in busy]:
        wanted.append(("department_idle", idle, None))
    for code in sorted({each["internal_no"] for each in papers}):
        if len(same := [each["name"] for each in papers if each["internal_no"] == code]) > 1:
            wanted.append(("duplicate_internal_no", code, same))
    required = [each for each in papers if each["necessity"] == "required"]
    if sometimes := [each["name"] for each in required if each["conditional"]]:
        wanted.append(("required_but_conditional", "required", sometimes))
    if papers and not required:
        wanted.append(("nothing_required", declared["materials"]["after"], [each["name"] for each in papers]))
    branches: dict[str, list[str]] = {}
    for each in required:
        branches.setdefault(each["exclusive_group"].partition(":")[2], []).append(each["name"])
    if len(branches) > 1:
        wanted.append(("required_but_exclusive", "required", branches))
    codes = {code for code, _declared, _found in wanted} | {"group_of_one"}
    found = [(each.code, each.params["declared"], each.params["found"]) for each in lint_guide(guide)]
    assert sorted([each for each in found if each[0] != "group_of_one"], key=repr) == sorted(wanted, key=repr)
    assert {code for code, _declared, _found in found} <= codes
