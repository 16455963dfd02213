"""What a line demands of a value, as rows: 最少字数 2, 不能晚于今天 … What rows may hold follows from the type of the fact."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.fields.constraints import BINDS, COUNTRY, check_constraints
from portal.identifiers import normalising as identifiers
from portal.lib.whole_numbers import whole_number

NAMES = {
    "min_length": gettext_lazy("最少字数"),
    "max_length": gettext_lazy("最多字数"),
    "pattern": gettext_lazy("格式（正则）"),
    "identifier": gettext_lazy("号码的种类"),
    "min": gettext_lazy("最小"),
    "max": gettext_lazy("最大"),
    "scale": gettext_lazy("小数位数最多"),
    "options": gettext_lazy("只接受这些选项"),
    "min_items": gettext_lazy("最少选几项"),
    "max_items": gettext_lazy("最多选几项"),
    "not_future": gettext_lazy("不能晚于今天"),
    "not_past": gettext_lazy("不能早于今天"),
    "not_before": gettext_lazy("不能早于"),
    "not_after": gettext_lazy("不能晚于"),
    "min_age_years": gettext_lazy("至少满几周岁"),
    "max_age_years": gettext_lazy("至多几周岁"),
    "scope": gettext_lazy("区划的范围"),
    "kind": gettext_lazy("证件类型看哪个数据元"),
}
# A word of the language and what it is called here.
SCOPES = {COUNTRY: gettext_lazy("全国")}
FLAGS = frozenset({"not_future", "not_past"})
COUNTS = frozenset({"min_length", "max_length", "scale", "min_items", "max_items", "min_age_years", "max_age_years"})
PROBLEMS = {
    "unknown_constraint": gettext_lazy("没有“%(name)s”这种要求。"),
    "constraint_on_wrong_type": gettext_lazy("“%(name)s”不能用于这一类型。"),
    "bad_constraint": gettext_lazy("“%(name)s”的值写得不对。"),
    "option_unknown": gettext_lazy("“%(name)s”里有数据元没有的选项。"),
    "pattern_too_long": gettext_lazy("“%(name)s”太长，最多 200 个字符。"),
    "pattern_syntax": gettext_lazy(
        "“%(name)s”里有不支持的写法，或者括号没有配对。只能用普通字符、\\d、[…]、(…)、| 和 ? * + {…}。"
    ),
    "pattern_too_costly": gettext_lazy("“%(name)s”的重复次数太多，请写短一些。"),
}


def choices(type: str = "") -> list[tuple[str, str]]:
    """Return (constraint, name) of those that may bind a type; all without one."""
    return [(name, str(NAMES[name])) for name, types in BINDS.items() if not type or type in types]


def written(name: str, demand: Any) -> str:
    """Return a demand as it is typed in its row."""
    if isinstance(demand, bool):
        return _("是") if demand else _("否")
    if name == "options" and isinstance(demand, list):
        return "、".join(str(each) for each in demand)
    if name == "scope" and demand in SCOPES:
        return str(SCOPES[demand])
    return demand if isinstance(demand, str) else json.dumps(demand, ensure_ascii=False)


def read(name: str, text: str) -> Any:
    """Return the demand that was typed. Raises ValidationError."""
    text = text.strip()
    if name in FLAGS:
        if text in ("", _("是"), "是", "true"):
            return True
        if text in (_("否"), "否", "false"):
            return False
        raise ValidationError(_("请填“是”或“否”。"), code="not_yes_or_no")
    if not text:
        raise ValidationError(_("请填写。"), code="required")
    if name in COUNTS:
        number = whole_number(text, 6)
        if number is None:
            raise ValidationError(_("请填一个整数，如 3。"), code="not_an_integer")
        return number
    if name in ("min", "max") and (number := whole_number(text.removeprefix("-"), 15)) is not None:
        return -number if text.startswith("-") else number
    if name == "options":
        return [each for each in text.replace("，", "、").replace(",", "、").split("、") if each.strip()]
    if name == "scope":
        found = next((word for word, called in SCOPES.items() if text in (word, str(called), "全国")), "")
        if not found:
            known = "、".join(map(str, SCOPES.values()))
            raise ValidationError(_("没有这种范围。可以用：%(known)s。") % {"known": known}, code="unknown_scope")
        return found
    if name == "identifier" and text not in identifiers.KINDS:
        known = "、".join(sorted(identifiers.KINDS))
        raise ValidationError(_("没有这种号码。可以用：%(known)s。") % {"known": known}, code="unknown_identifier")
    return text


def problems(type: str, constraints: dict[str, Any], options: list[str]) -> list[str]:
    """Return what is wrong with demands on a type, in words."""
    return [
        str(PROBLEMS[code]) % {"name": str(NAMES.get(name, name))}
        for code, name in check_constraints(type, constraints, options)
    ]
