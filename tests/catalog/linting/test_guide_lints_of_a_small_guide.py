"""A small made-up guide in which the codes are right and four things are wrong."""

from __future__ import annotations

from typing import Any

from catalog.linting.dictionaries import CatalogFacts, MaterialRow, lint_catalog
from catalog.linting.guides import lint_guide


def _guide() -> dict[str, Any]:
    return {
        "id": "g_min",
        "name": "办证“一件事”",
        "region": {"name": "某市", "code": "360100"},
        "subject": "自然人",
        "theme_code": "36PCN0001",
        "declared": {
            "materials": {"before": 5, "after": 2},
            "days": {"before": 60, "after": 30},
            "trips": {"before": 3, "after": 0},
        },
        "cooperating": ["甲部门"],
        "lead": "某市乙局",
        "lead_department": "乙部门",
        "sub_items": [
            {
                "no": 1,
                "name": "证件新办",
                "department": "乙部门",
                "promised_days": 22,
                "alternative_group": {"id": "g"},
            },
            {"no": 2, "name": "证件注销", "department": "乙部门", "promised_days": 6, "alternative_group": {"id": "g"}},
            {
                **{"no": 3, "name": "补贴发放", "department": "甲部门", "promised_days": 15},
                **{"condition": "只能线下", "after": {"any_of_group": "g"}},
            },
        ],
        "materials": [
            {
                **{"no": 1, "name": "甲证", "necessity": "optional", "exempt": "none", "source": "own"},
                **{"standard_code": "L11360100999991013W001", "condition_note": "须携原件现场办理"},
            },
            {
                **{"no": 2, "name": "乙表", "necessity": "optional", "exempt": "generated", "source": "own"},
                "condition_note": "自动生成后签名再上传",
            },
        ],
        "faq": [{"q": "能网上办吗", "a": "只能线下"}],
    }


def test_it_says_what_is_wrong_and_leaves_the_codes_alone() -> None:
    found = [(each.code, each.params["declared"], each.params["found"]) for each in lint_guide(_guide())]
    codes = {code for code, _declared, _found in found}
    assert "standard_code_malformed" not in codes
    assert ("serial_dependency", 30, 37) in found
    assert [said for code, _declared, said in found if code == "text_vs_trips"] == [
        "须携原件现场办理",
        "只能线下",
        "只能线下",
    ]
    assert ("generated_but_signed", "generated", ["乙表"]) in found
    assert ("nothing_required", 2, ["甲证", "乙表"]) in found


def test_the_dictionary_takes_the_same_codes() -> None:
    rows = [
        MaterialRow(1, "a", "甲证", "L11360100999991013W001"),
        MaterialRow(2, "b", "乙证", "L11360100999991014W001"),
    ]
    found = [
        each.sources[0].item for each in lint_catalog(CatalogFacts(materials=rows)) if each.code == "code_malformed"
    ]
    assert found == ["b"]
