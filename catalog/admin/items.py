"""Service items in the admin: the elements, the form, the papers, the outcome and the checks of one item on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from catalog.admin.packages import export_items
from catalog.admin.parts import ComposingAdmin, cards
from catalog.composing.form_context import FormContext
from catalog.composing.item_forms import (
    ConsentForm,
    CrossRuleForm,
    ItemForm,
    LineForm,
    LineFormSet,
    NeedForm,
    OutputForm,
    PointForm,
    ResultForm,
)
from catalog.composing.part_forms import FaqForm
from catalog.composing.sidebar import item_side
from catalog.models import (
    CrossRule,
    FormLine,
    FrequentQuestion,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    ReviewPoint,
    ServiceItem,
)


@admin.register(ServiceItem)
class ServiceItemAdmin(ComposingAdmin):
    form = ItemForm
    change_form_template = "admin/catalog/compose/item.html"
    list_display = (
        *("name", "slug", "department", "item_type", "handling", "promised_limit_days", "statutory_limit_days"),
        "status",
    )
    list_select_related = ("department",)
    list_filter = ("status", "item_type", "handling", "theme", "department")
    actions = (export_items,)
    search_fields = ("slug", "name", "short_name", "catalog_code", "task_code", "local_code")
    fieldsets = (
        (
            gettext_lazy("事项"),
            {
                "fields": (
                    *(("name", "short_name", "slug"), ("department", "theme", "status")),
                    *(("item_type", "exercise_level"), ("catalog_code", "task_code", "local_code"), "subjects"),
                    ("identity_level", "in_person_only"),
                )
            },
        ),
        (
            gettext_lazy("时限和跑动"),
            {
                "fields": (
                    ("handling", "promised_limit_days", "statutory_limit_days", "limit_unit"),
                    "limit_note",
                    *(("visits", "visits_together", "steps"), "visit_reason", ("cross_region",), "online_depth"),
                    "special_procedures",
                )
            },
        ),
        (gettext_lazy("依据、条件、流程、收费"), {"fields": ("legal_basis", "conditions", "flow", "fees", "is_free")}),
        (
            gettext_lazy("地点和联系"),
            {"fields": ("places", ("consulting", "complaints"), "result_note", "remark"), "classes": ("collapse",)},
        ),
        (gettext_lazy("自动办结规则"), {"fields": ("decision_rule",), "classes": ("collapse",)}),
        (gettext_lazy("地方实施时锁定"), {"fields": ("locked",), "classes": ("collapse",)}),
        (gettext_lazy("各要素的出处"), {"fields": ("facts",), "classes": ("collapse",)}),
    )
    inlines = (
        cards(
            FormLine,
            LineForm,
            LineFormSet,
            explained=gettext_lazy("本部门自己的表：合并后申请人只看到一张，各部门仍得到自己的这一张。"),
            add_label=gettext_lazy("加一个字段"),
        ),
        cards(
            ItemMaterial,
            NeedForm,
            add_label=gettext_lazy("加一份材料"),
        ),
        cards(
            ItemOutput,
            OutputForm,
            explained=gettext_lazy("准予时由审查人员填写。"),
            add_label=gettext_lazy("加一项"),
        ),
        cards(
            ItemResult,
            ResultForm,
            explained=gettext_lazy("准予后发什么证照，照面上的每一项从哪里来。"),
            add_label=gettext_lazy("加一种证照"),
        ),
        cards(ItemConsent, ConsentForm, add_label=gettext_lazy("加一项同意")),
        cards(CrossRule, CrossRuleForm, add_label=gettext_lazy("加一条规则")),
        cards(ReviewPoint, PointForm, add_label=gettext_lazy("加一个要点")),
        cards(FrequentQuestion, FaqForm, add_label=gettext_lazy("加一问")),
    )

    def form_context_of(self, obj: ServiceItem | None) -> FormContext:
        return FormContext(item=obj)

    def side(self, request: HttpRequest, obj: ServiceItem) -> dict[str, Any]:
        return item_side(obj)
