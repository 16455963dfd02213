"""What the columns of a guide's list of papers say against each other, paper by paper, and what they may well say."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.linting.guides.facts import read_guide
from catalog.linting.guides.papers import lint

NECESSARY = {"name": "乙表", "necessity": "required"}


def told(*papers: dict[str, Any], sub_items: tuple[dict[str, Any], ...] = ()) -> list[tuple[Any, ...]]:
    """Return of each finding its code and variant, and what the guide says there and what that is said of."""
    guide = read_guide({"materials": list(papers), "sub_items": list(sub_items)})
    return [(each.code, each.variant, each.params["declared"], each.params["found"]) for each in lint(guide)]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"standard_code": "L2000016"}, ("exempt_mismatch", "bound", "none", ["甲证"])),
        ({"note_claims": "certificate interface"}, ("exempt_mismatch", "certificate", "none", ["甲证"])),
        ({"note": "学信网可查"}, ("verifiable_but_asked", "", "none", ["甲证"])),
        ({"exempt": "generated", "note": "签名后上传"}, ("generated_but_signed", "", "generated", ["甲证"])),
        ({"form": "paper", "submit": "online"}, ("paper_sent_online", "", "online", ["甲证"])),
        ({"form": "electronic", "submit": "counter"}, ("electronic_at_counter", "", "counter", ["甲证"])),
        (
            {"form": "electronic", "original": "original", "note": "交验原件"},
            ("electronic_original", "", "original", ["甲证"]),
        ),
        ({"form": "paper", "copies": 0}, ("copies_zero", "", 0, ["甲证"])),
        ({"exclusive_group": "who:child"}, ("group_of_one", "materials", "who", ["甲证"])),
        ({"conditional": True}, ("required_but_conditional", "", "required", ["甲证"])),
    ],
)
def test_it_tells_what_one_paper_contradicts(columns: dict[str, Any], found: tuple[Any, ...]) -> None:
    assert found in told({"name": "甲证", "necessity": "required", "exempt": "none", **columns})


@pytest.mark.parametrize(
    "columns",
    [
        {"note": "签名后上传"},  # nobody says that the system makes it
        *({"copies": 0, "form": "paper", "exempt": way} for way in ("generated", "certificate", "interface")),
        {"copies": 0, "form": "electronic"},
        {"copies": 0, "form": "paper_or_electronic"},
        {"copies": 1, "form": "paper", "submit": "online_or_counter"},
        {"form": "electronic", "original": "copy", "note": "交验原件"},
        {"note": "学信网可查", "necessity": "optional"},
        {"standard_code": "L2000016", "exempt": "certificate"},
        {"exclusive_group": "who"},
    ],
)
def test_it_keeps_quiet_about_what_one_paper_may_say(columns: dict[str, Any]) -> None:
    assert told({"name": "甲证", "necessity": "required", "exempt": "none", **columns}, NECESSARY) == []


def test_papers_that_an_office_issues_are_told_where_none_of_two_is_spared() -> None:
    issued = {"necessity": "required", "exempt": "none", "source": "government"}
    assert told({"name": "甲证", **issued}) == []
    assert told({"name": "甲证", **issued}, {"name": "乙证", **issued, "source": "own"}) == []
    assert told({"name": "甲证", **issued}, {"name": "乙证", **issued, "exempt": "certificate"}) == []
    assert told({"name": "甲证", **issued}, {"name": "乙证", **issued}) == [
        ("exempt_all_none", "", "none", ["甲证", "乙证"])
    ]


ALWAYS = {"no": 1, "name": "登记"}
SOMETIMES = {"no": 2, "name": "变更", "condition": "有变化时"}
ONE_WAY = {"no": 3, "name": "快办", "alternative_group": "way"}
OTHER_WAY = {"no": 4, "name": "慢办", "alternative_group": "way"}
DEPENDS = ("required_but_conditional", "by_sub_item", "required")
CHOSEN = ("group_dependent_required", "", "required")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"used_by": [1]}, None),
        ({"used_by": [1, 2]}, None),
        ({"used_by": [2]}, DEPENDS),
        ({"used_by": [3]}, CHOSEN),
        ({"used_by": [2, 3]}, CHOSEN),
        ({"used_by": [3, 4]}, None),  # whichever is chosen uses it
        ({"used_by": [9]}, None),
        ({"used_by": ["all", 2]}, None),
        ({"used_by": [2], "necessity": "optional"}, None),
    ],
)
def test_a_paper_is_always_needed_where_some_sub_item_that_always_is_needs_it(
    columns: dict[str, Any], found: tuple[Any, ...] | None
) -> None:
    subs = (ALWAYS, SOMETIMES, ONE_WAY, OTHER_WAY)
    wanted = [] if found is None else [(*found, ["甲证"])]
    assert told({**NECESSARY, "name": "甲证", **columns}, NECESSARY, sub_items=subs) == wanted


def test_each_paper_is_looked_at_whatever_those_before_it_are() -> None:
    subs = (ALWAYS, SOMETIMES, ONE_WAY, OTHER_WAY)
    before: list[dict[str, Any]] = [{"used_by": [3, 4]}, {"used_by": ["all"]}, {"used_by": [1]}, {"used_by": [9]}]
    papers = [{**NECESSARY, **each} for each in (*before, {"used_by": [2], "name": "甲证"})]
    assert told(*papers, sub_items=subs) == [(*DEPENDS, ["甲证"])]


CLOSING = {"no": 1, "name": "税务注销登记", "department": "税务部门"}
TRAINING = {"no": 2, "name": "驾驶培训记录", "department": "公安部门"}
HOUSING = {"no": 3, "name": "租房补贴发放", "department": "住建部门", "result": "补贴发放通知单"}


@pytest.mark.parametrize(
    ("paper", "item"),
    [
        ({"name": "补贴发放通知单"}, "租房补贴发放"),  # its very result
        ({"name": "《补贴发放通知单》原件"}, "租房补贴发放"),
        ({"name": "税务部门出具的清税证明"}, "税务注销登记"),
        ({"name": "税务局核发的清税材料"}, "税务注销登记"),
        ({"name": "公安机关出具的驾驶培训证明"}, "驾驶培训记录"),
        ({"name": "公安机关出具的培训记录证明"}, "驾驶培训记录"),
        ({"name": "驾驶培训证明", "note": "公安机关出具"}, "驾驶培训记录"),
        ({"name": "公安机关出具的驾驶培材料"}, "驾驶培训记录"),  # three characters in common
        ({"name": "公安机关出具的驾驶登记培训材料"}, "驾驶培训记录"),  # “登记” says nothing of what it is about
    ],
)
def test_what_a_sub_item_makes_is_not_asked_of_the_applicant(paper: dict[str, Any], item: str) -> None:
    asked = {"exempt": "none", "necessity": "required", **paper}
    assert told(asked, sub_items=(CLOSING, TRAINING, HOUSING)) == [("result_as_material", "", paper["name"], item)]


@pytest.mark.parametrize(
    "paper",
    [
        {"name": "税务部门出具的完税证明"},  # another thing than a closing
        {"name": "公安机关出具的驾驶证明"},  # two characters in common
        {"name": "民政部门出具的驾驶培训证明"},
        {"name": "驾驶培训情况说明"},  # nobody is said to issue it
        {"name": "补贴发放通知单", "exempt": "generated"},
        {"name": "补贴发放通知单", "used_by": [3]},  # an old one, for the sub-item that renews it
    ],
)
def test_what_no_sub_item_makes_may_be_asked(paper: dict[str, Any]) -> None:
    asked = {"exempt": "none", "necessity": "required", **paper}
    assert told(asked, sub_items=(CLOSING, TRAINING, HOUSING)) == []


def test_what_an_office_clears_is_made_where_something_is_closed() -> None:
    cleared = {"name": "税务部门出具的清税证明", "exempt": "none", "necessity": "required"}
    assert told(cleared, sub_items=({**CLOSING, "name": "清税证明打印"},)) == []
    assert told(cleared, sub_items=({"no": 1, "name": "税务注销登记"},)) == []  # nobody knows whose it is


def test_it_is_said_which_result_of_which_sub_item_a_paper_is() -> None:
    guide = read_guide({"materials": [{"name": "租房补贴", "exempt": "none"}], "sub_items": [HOUSING]})
    [of_result] = lint(read_guide({**guide.raw, "materials": [{"name": "补贴发放通知单", "exempt": "none"}]}))
    assert (of_result.params["result"], of_result.params["item"]) == ("补贴发放通知单", "租房补贴发放")
    named = {"no": 1, "name": "租房补贴申领", "business_item": "首次"}
    [of_name] = lint(read_guide({**guide.raw, "sub_items": [named]}))
    assert (of_name.params["result"], of_name.params["item"]) == ("租房补贴申领（首次）", "租房补贴申领（首次）")


def test_one_way_of_a_group_may_ask_for_what_the_other_way_makes_and_no_one_else() -> None:
    fast = {"no": 1, "name": "快办", "alternative_group": "way"}
    slow = {"no": 2, "name": "慢办", "alternative_group": "way", "result": "补贴发放通知单"}
    else_ = {"no": 3, "name": "领取", "alternative_group": "how", "result": "补贴发放通知单"}
    paper = {"name": "补贴发放通知单", "exempt": "none", "used_by": [1]}
    made = ("result_as_material", "", "补贴发放通知单")
    assert told(paper, sub_items=(fast, slow)) == []
    assert told(paper, sub_items=(fast, slow, else_)) == [(*made, "领取")]
    assert told({**paper, "used_by": [3]}, sub_items=(fast, slow, else_)) == [(*made, "慢办")]
    assert told(paper, paper, sub_items=(fast, slow, else_)) == [(*made, "领取")] * 2
