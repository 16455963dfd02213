"""A guide's facts as tables for people, with what the lints find beside its cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import ItemMaterial
from catalog.wording.findings import FindingText
from catalog.wording.names import METRICS, value_words

_NAMES = {
    "theme_code": gettext_lazy("主题编码"),
    "code": gettext_lazy("事项编码"),
    "business_code": gettext_lazy("业务办理项"),
    "region": gettext_lazy("区划"),
    "subject": gettext_lazy("服务对象"),
    "lead": gettext_lazy("牵头单位"),
    "lead_department": gettext_lazy("牵头部门"),
    "cooperating": gettext_lazy("联办部门"),
    "department": gettext_lazy("部门"),
    "organization": gettext_lazy("实施单位"),
    "item_type": gettext_lazy("事项类型"),
    "level": gettext_lazy("层级"),
    "scope": gettext_lazy("通办范围"),
    "legal_days": gettext_lazy("法定时限"),
    "promised_days": gettext_lazy("承诺时限"),
    "limit_note": gettext_lazy("时限说明"),
    "visits": gettext_lazy("现场次数"),
    "online": gettext_lazy("可网上办"),
    "result": gettext_lazy("办理结果"),
    "flow": gettext_lazy("流程"),
    "result_delivery": gettext_lazy("结果送达"),
    "conditions": gettext_lazy("办理条件"),
}
_EXEMPT = {
    "generated": gettext_lazy("系统自动生成"),
    "certificate": gettext_lazy("电子证照免交"),
    "interface": gettext_lazy("接口核验免交"),
    "personal_store": gettext_lazy("个人中心已存"),
    "none": gettext_lazy("须交"),
}


@dataclass
class Line:
    """One line of a table: its cells, its place on the page, and what is wrong with it."""

    anchor: str
    cells: list[str]
    findings: list[FindingText] = field(default_factory=list)


@dataclass
class Table:
    title: str
    heads: list[str]
    lines: list[Line]


def tables_of(facts: Mapping[str, Any], findings: Iterable[FindingText]) -> list[Table]:
    """Return a guide's tables in reading order; every finding stands at the line whose anchor its link ends in, or at the first."""
    tables = [*_elements(facts), *_figures(facts), *_sub_items(facts), *_papers(facts), *_faq(facts)]
    by_anchor = {line.anchor: line for table in tables for line in table.lines}
    first = next((line for table in tables for line in table.lines), None)
    for finding in findings:
        anchor = finding.link.rpartition("#")[2]
        line = by_anchor.get(anchor) or by_anchor.get(f"{anchor}-0") or by_anchor.get(anchor.split("-")[0]) or first
        if line is not None:
            line.findings.append(finding)
    return [table for table in tables if table.lines]


def _elements(facts: Mapping[str, Any]) -> Iterable[Table]:
    lines = []
    for key, name in _NAMES.items():
        value = facts.get(key)
        if value in (None, "", []) and key not in facts:
            continue
        if isinstance(value, Mapping):
            value = " ".join(str(each) for each in value.values())
        lines.append(Line(key, [str(name), "；".join(map(str, value)) if isinstance(value, list) else _text(value)]))
    yield Table(_("整体"), [_("要素"), _("所载")], lines)


def _figures(facts: Mapping[str, Any]) -> Iterable[Table]:
    declared = facts.get("declared")
    if not isinstance(declared, Mapping):
        return
    lines = []
    for metric, name in METRICS.items():
        pair = declared.get(metric)
        if isinstance(pair, Mapping):
            lines.append(Line(f"declared-{metric}", [str(name), _text(pair.get("before")), _text(pair.get("after"))]))
    for key, label in (
        ("completed_limit", _("承诺办结")),
        ("ahead_trips", _("现场次数")),
        ("online_text", _("网办说明")),
    ):
        if key in declared:
            lines.append(Line(f"declared-{key}", [label, "", _text(declared[key])]))
    yield Table(_("申报数"), [_("指标"), _("改前"), _("改后")], lines)


def _rows(facts: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    rows = facts.get(key)
    return [
        (place, row) for place, row in enumerate(rows if isinstance(rows, list) else []) if isinstance(row, Mapping)
    ]


def _sub_items(facts: Mapping[str, Any]) -> Iterable[Table]:
    lines = []
    for place, row in _rows(facts, "sub_items"):
        after = row.get("after")
        waits = after.get("items") if isinstance(after, Mapping) else None
        title = (
            f"{row.get('name') or ''}（{row['business_item']}）" if row.get("business_item") else _text(row.get("name"))
        )
        cells = [_text(row.get("no")), title, _text(row.get("department")), _text(row.get("promised_days"))]
        cells += [_text(row.get("result")), value_words(waits) if waits else "", _text(row.get("condition"))]
        lines.append(Line(f"sub_items-{place}", cells))
    heads = [_("序号"), _("子事项"), _("部门"), _("承诺天数"), _("结果"), _("要等"), _("条件")]
    yield Table(_("子事项"), heads, lines)


def _papers(facts: Mapping[str, Any]) -> Iterable[Table]:
    necessity = dict(ItemMaterial.Necessity.choices)
    form = dict(ItemMaterial.Form.choices)
    lines = []
    for place, row in _rows(facts, "materials"):
        used = row.get("used_by")
        cells = [_text(row.get("no")), _text(row.get("name")), _text(row.get("standard_code"))]
        cells += [
            str(necessity.get(str(row.get("necessity")), "")),
            str(_EXEMPT.get(str(row.get("exempt")), "")),
            str(form.get(str(row.get("form")), "")),
        ]
        cells += [_users(used), _text(row.get("condition_note") or row.get("note"))]
        lines.append(Line(f"materials-{place}", cells))
    heads = [_("序号"), _("材料"), _("标准编码"), _("必要性"), _("免交方式"), _("形式"), _("用于"), _("说明")]
    yield Table(_("材料"), heads, lines)


def _faq(facts: Mapping[str, Any]) -> Iterable[Table]:
    lines = [Line(f"faq-{place}", [_text(row.get("q")), _text(row.get("a"))]) for place, row in _rows(facts, "faq")]
    yield Table(_("常见问题"), [_("问"), _("答")], lines)


def _users(used: Any) -> str:
    if not isinstance(used, list):
        return ""
    return _("全部") if "all" in used else value_words(used)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "" if value is None else str(value)
