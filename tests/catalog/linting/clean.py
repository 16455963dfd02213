"""A made-up guide in which everything agrees, and the guide of one of its items."""

from __future__ import annotations

import copy
from typing import Any


def _paper(no: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "no": no,
        "name": name,
        "standard_code": None,
        "necessity": "required",
        "exempt": "none",
        "source": "own",
        "form": "paper_or_electronic",
        "original": "original_or_copy",
        "copies": 1,
        "submit": "online_or_counter",
        "used_by": ["all"],
        "internal_no": f"M36PCN0001{no:04}",
        **more,
    }


_GUIDE: dict[str, Any] = {
    "id": "g_clean",
    "theme_code": "36PCN0001",
    "name": "申领游学证“一件事”",
    "region": {"name": "南昌县", "code": "360121"},
    "subject": "自然人",
    "lead": "南昌县公安局",
    "lead_department": "公安部门",
    "cooperating": ["人社部门", "医保部门"],
    "declared": {
        "materials": {"before": 9, "after": 5},
        "days": {"before": 20, "after": 5},
        "trips": {"before": 3, "after": 0},
        "steps": {"before": 5, "after": 1},
        "completed_limit": 5,
        "ahead_trips": 0,
        "online_text": "可全程网办",
        "fee": {"charged": False},
    },
    "flow": "网上申请→游学证签发→补助登记→参保",
    "conditions": ["年满十八周岁、在本地就读的居民"],
    "sub_items": [
        {
            "no": 1,
            "name": "游学证签发",
            "department": "公安部门",
            "promised_days": 3,
            "result": "游学证",
            "item_refs": ["pass"],
        },
        {
            "no": 2,
            "name": "游学补助登记",
            "department": "人社部门",
            "promised_days": 2,
            "result": None,
            "after": {"items": [1]},
        },
        {
            **{"no": 3, "name": "随行参保（一般流程）", "department": "医保部门", "promised_days": 5, "result": None},
            "alternative_group": {"id": "way", "reason": "二选一"},
        },
        {
            **{"no": 4, "name": "随行参保（告知承诺）", "department": "医保部门", "promised_days": 1, "result": None},
            "alternative_group": {"id": "way", "reason": "二选一"},
        },
    ],
    "materials": [
        _paper(1, "申领游学证“一件事”申请表", exempt="generated", standard_code="T1000001"),
        _paper(2, "居民身份证", exempt="certificate", source="government", standard_code="L2000016"),
        _paper(3, "就读情况说明", used_by=[1]),
        _paper(4, "随行人员名单", used_by=[3, 4]),
        _paper(
            5, "监护人意见", necessity="optional", conditional=True, condition_note="未成年人随行时提供", used_by=[3, 4]
        ),
    ],
    "faq_count": 1,
    "faq": [{"q": "多久能领到", "a": "五个工作日"}],
}

_ITEM: dict[str, Any] = {
    "id": "pass",
    "name": "游学证签发",
    "code": "000709111009",
    "business_code": "01",
    "department": "公安部门",
    "item_type": "行政确认",
    "legal_days": 10,
    "promised_days": 3,
    "conditions": ["在本地就读"],
    "result": "游学证",
    "fee": {"charged": False},
    "visits": 0,
    "online": True,
    "materials": [
        {k: v for k, v in _paper(3, "就读情况说明").items() if k not in ("no", "internal_no", "used_by")},
    ],
}


def guide() -> dict[str, Any]:
    """Return a guide of a matter that contradicts itself nowhere."""
    return copy.deepcopy(_GUIDE)


def item() -> dict[str, Any]:
    """Return a guide of a single item that contradicts itself nowhere."""
    return copy.deepcopy(_ITEM)
