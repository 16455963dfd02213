"""Why a division may not do something in its own way, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.definitions.overrides import OverrideProblem, Standard, check_overrides
from catalog.models import Material, ServiceItem
from catalog.versions.defining import value_of
from catalog.wording.names import column_words

SENTENCES = {
    "locked": gettext_lazy("“%(element)s”由标准锁定，地方不能改动。"),
    "not_open": gettext_lazy("“%(element)s”属于标准要素，地方不能改动。"),
    "bad_value": gettext_lazy("“%(element)s”的写法不对。"),
    "longer_than_standard": gettext_lazy("承诺时限不能长于标准承诺的 %(bound)s 天。"),
    "longer_than_statute": gettext_lazy("承诺时限不能长于法定的 %(bound)s 天。"),
    "more_than_standard": gettext_lazy("到现场次数不能多于标准的 %(bound)s 次。"),
    "not_immediate": gettext_lazy("办件类型只能由承诺件改为即办件。"),
    "fee_of_its_own": gettext_lazy("标准里没有“%(name)s”这项收费，地方不能增设收费。"),
    "repeated": gettext_lazy("“%(name)s”写了两遍。"),
    "material_of_the_standard": gettext_lazy("标准里已经有材料“%(name)s”。"),
    "unknown_material": gettext_lazy("没有代码为“%(name)s”的材料。"),
    "reason_missing": gettext_lazy("增加材料“%(name)s”要写明为什么要。"),
    "basis_missing": gettext_lazy("增加材料“%(name)s”要写明依据。"),
}


def problems_of(
    item: ServiceItem, overrides: Mapping[str, Any], materials: Collection[str] | None = None
) -> list[OverrideProblem]:
    """Return what a division may not do with an item. ``materials``: known codes, read from the catalog where not given."""
    codes = set(Material.objects.values_list("code", flat=True)) if materials is None else materials
    return check_overrides(standard_of(item), overrides, codes)


def standard_of(item: ServiceItem) -> Standard:
    """Return what bounds the implementations of an item. Cost: one query, none where ``needs`` is prefetched."""
    return value_of(
        Standard,
        item,
        fees=[fee.get("name", "") for fee in item.fees or ()],
        materials={need.material.code for need in item.materials.select_related("material")},
    )


def element_name(element: str) -> str:
    """Return what people call an element: as the item's own form does."""
    return _("增加的材料") if element == "extra_materials" else column_words(element)


def sentence(problem: OverrideProblem) -> str:
    """Return why something cannot be, in the active language."""
    return str(SENTENCES[problem.code]) % {**problem.params, "element": element_name(problem.element)}
