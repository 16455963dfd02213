"""What the lines of a comparison are called, and their values, for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import ItemMaterial, ServiceItem
from catalog.wording.names import column_words, value_words

_ELEMENTS = {
    "materials_before": gettext_lazy("材料（改前）"),
    "materials_after": gettext_lazy("材料（改后）"),
    "days_before": gettext_lazy("天数（改前）"),
    "days_after": gettext_lazy("天数（改后）"),
    "trips_before": gettext_lazy("跑动（改前）"),
    "trips_after": gettext_lazy("跑动（改后）"),
    "steps_before": gettext_lazy("环节（改前）"),
    "steps_after": gettext_lazy("环节（改后）"),
    "completed_limit": gettext_lazy("承诺办结"),
    "department": gettext_lazy("部门"),
    "departments": gettext_lazy("联办部门"),
    "office": gettext_lazy("实施部门"),
    "item_count": gettext_lazy("事项数"),
    "paper_count": gettext_lazy("材料数"),
    "listed": gettext_lazy("列入"),
    "necessity": gettext_lazy("必要性"),
    "exempt": gettext_lazy("可以免交"),
    "form": gettext_lazy("材料形式"),
    "result": gettext_lazy("办理结果"),
    "places": gettext_lazy("办理地点"),
}
PARTS = {
    "elements": gettext_lazy("整体"),
    "items": gettext_lazy("事项"),
    "papers": gettext_lazy("材料"),
}
KINDS = {
    "standard": gettext_lazy("标准"),
    "implementation": gettext_lazy("地方实施"),
    "guide": gettext_lazy("各地办事指南"),
}


def element_in_words(element: str) -> str:
    """Return what an element is called: as the item's own form does, where it is one of its columns."""
    return str(_ELEMENTS[element]) if element in _ELEMENTS else column_words(element)


def value_in_words(element: str, value: Any) -> str:
    """Return a value as people read it; an empty text where nothing is said."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    choices = {
        "necessity": dict(ItemMaterial.Necessity.choices),
        "form": dict(ItemMaterial.Form.choices),
        "handling": dict(ServiceItem.Handling.choices),
    }.get(element, {})
    return str(choices.get(value, "")) if isinstance(value, str) and value in choices else value_words(value)
