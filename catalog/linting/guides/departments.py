"""Who leads, who takes part, and who has something to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.definitions import Finding
from catalog.linting.grouping import grouped
from catalog.linting.guides.counts import HANDED_IN
from catalog.linting.guides.facts import GuideFacts
from catalog.linting.guides.finding import finding
from catalog.linting.guides.names import department_family

# Families of names that stand for more than one body: 应急 and 消防, 人社 and 社保, 住建 and 公积金 …
_SEVERAL_BODIES = frozenset({"应急", "人社", "住建", "公安", "自规", "银行", "数据"})
# Papers that one department alone issues.
_ISSUERS = {
    r"网签|房屋买卖合同备案|商品房": "住建部门",
    r"完税|清税": "税务部门",
}


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the departments contradict."""
    cooperating = guide.cooperating
    lead = department_family(guide.lead_department) if guide.lead_department else ""
    if cooperating is None:
        return
    families = {department_family(each): each for each in cooperating}
    if lead and lead in families:
        declared = guide.lead_department
        if declared == guide.lead:  # only the body's own name is known: say it as the list does
            declared = families[lead]
        yield finding("lead_in_cooperating", "warning", ("cooperating",), declared)
    if repeated := _repeated(cooperating):
        yield finding("cooperating_repeated", "warning", ("cooperating",), list(cooperating), repeated)
    subs = [each for each in guide.sub_items or () if each.department]
    yield from _missing(guide, {*families, lead})
    if guide.sub_items and len(subs) == len(guide.sub_items):
        busy = {department_family(each.department) for each in subs}
        idle = [each for each in cooperating if department_family(each) not in busy]
        if idle:
            yield finding("department_idle", "warning", ("cooperating",), idle)
    elif subs:
        for each in guide.sub_items or ():
            if not each.department:
                path = (*each.path, "department")
                yield finding("department_unknown", "warning", path, None, [each.title])


def _repeated(cooperating: tuple[str, ...]) -> list[str]:
    """Return departments that are listed again, also by another name; not those of families that hold several bodies."""
    seen: set[str] = set()
    found = []
    for each in cooperating:
        family = department_family(each)
        key = each if family in _SEVERAL_BODIES else family
        if key in seen:
            found.append(each)
        seen.add(key)
    return found


def _missing(guide: GuideFacts, listed: set[str]) -> Iterator[Finding]:
    absent = [each for each in guide.sub_items or () if department_family(each.department) not in listed]
    missing = grouped(absent, lambda each: each.department)
    for department, subs in missing.items():
        params = {"items": [each.title for each in subs]}
        yield finding("department_missing", "error", (*subs[0].path, "department"), None, department, params=params)
    for paper in guide.papers or ():
        if paper.source != "government" or paper.exempt != HANDED_IN or paper.users is not None:
            continue
        for pattern, issuer in _ISSUERS.items():
            if re.search(pattern, paper.name) and department_family(issuer) not in {
                *listed,
                *(department_family(each) for each in missing),
            }:
                params = {"items": [paper.name]}
                yield finding("department_missing", "note", paper.path, None, issuer, "issuer", params)
                break
