"""Believable values for every file in ``templates/components``, as the page of components shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from catalog.guides.papers import ShownMaterial
from catalog.guides.questions import AnswerChoice
from matters.apply_pages.steps import STEPS
from matters.form_page.pieces import FieldView, GroupView, OptionGroup, OptionView, Recipient, SectionView
from portal.accounts.forms import PhoneForm
from portal.lib.qr import code_of


@dataclass(frozen=True)
class Example:
    """A component with what it is given. ``within``: the list it stands in, as (tag, class)."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    within: tuple[str, str] = ("div", "")


def _paper(**more: Any) -> ShownMaterial:
    values: dict[str, Any] = {
        "name": "出生医学证明",
        "owner": "新生儿",
        "note": "四角拍全",
        "form": "纸质拍照或电子",
        "copies": 1,
        "is_required": True,
        "deferred_days": None,
        "is_conditional": False,
        "how": "",
        "why": "用于户口登记（登记出生）、参保；因为您选择了“本市”（户口在哪里）",
    }
    return ShownMaterial(**{**values, **more})


def _field(**more: Any) -> FieldView:
    slots: dict[str, str] = defaultdict(str, optional_hidden=" hidden", msg_hidden=" hidden")
    recipient = Recipient("户口登记", "公安", "登记出生")
    values: dict[str, Any] = {
        "key": "child:person.name",
        "id": "f-child-name",
        "label": "孩子姓名",
        "control": "line",
        "kind": "text",
        "hint": "和出生医学证明一致",
        "unit": "",
        "is_known": False,
        "supplied": "",
        "attributes": {"autocomplete": "off"},
        "groups": [],
        "parts": [],
        "recipients": [recipient],
        "departments": "公安",
        "slots": slots,
    }
    return FieldView(**{**values, **more})


def examples() -> list[Example]:
    """Return at least one example of every component, in the order of their names."""
    choice = AnswerChoice("mother", "母亲", "由母亲申请，不用父亲到场", "", is_chosen=True)
    version = SimpleNamespace(number=3, published_at=datetime(2026, 11, 29, 12, tzinfo=UTC))
    known = defaultdict(str, said="王芳", source="人口登记 · 2026-11-30")
    told = {"source": "人口登记 · 2026-11-30", "value": "西湖区一号", "take": "home:address/1"}
    sexes = [OptionGroup("", [OptionView("1", "男", "f-sex-1", ""), OptionView("2", "女", "f-sex-2", "")])]
    sections = [SectionView("s-child", "孩子", "出生医学证明上有。", [GroupView("", [_field()])])]
    return [
        Example("before_after.html", {"before": 17, "after": 2, "words": "分开办要"}),
        Example("bracketed.html", {"text": "综合窗口"}),
        Example(
            "breadcrumb.html", {"home": True, "address": "/matters/", "label": "一件事", "here": "新生儿出生一件事"}
        ),
        Example("choice.html", {"type": "radio", "name": "relation", "choice": choice}),
        Example("code.html", {"code": code_of("https://example.gov.cn/matters/newborn/"), "label": "用手机打开"}),
        Example("edition.html", {"version": version}),
        Example("form/bound_field.html", {"field": PhoneForm({"phone": "138"})["phone"]}),
        Example("form/error_summary.html", {"errors": [{"id": "f-child-name", "sentence": "请填写孩子姓名。"}]}),
        Example("form/errors.html", {"form": PhoneForm({"phone": "138"})}),
        Example("form/fact.html", {"field": _field(label="母亲姓名", is_known=True, slots=known)}),
        Example("form/field.html", {"field": _field()}),
        Example("form/field.html", {"field": _field(id="f-sex", label="性别", control="radios", groups=sexes)}),
        Example("form/field.html", {"field": _field(id="f-weight", label="出生体重", hint="", unit="克")}),
        Example("form/field.html", {"field": _field(id="f-number", label="证件号码", supplied="户口登记")}),
        Example("form/remove.html", {"group": {"removes": "child-2", "whose": "第 2 个孩子"}}),
        Example("form/sections.html", {"sections": sections}),
        Example("form/told.html", {"why": "几处查到的不一样，没有替您填。", "lines": [told]}),
        Example("hotline.html"),
        Example("keys.html", {"keys": [("A", "受理"), ("?", "显示快捷键")]}),
        Example("move_buttons.html", {"id": "1", "name": "户口簿.jpg", "place": {"counter": 2}}),
        Example("notice.html", {"sentences": ["这个事项目前暂停办理。"], "tone": "warn", "role": "status"}),
        Example("paper.html", {"paper": _paper(), "tag": True, "look": "why"}, ("ul", "papers")),
        Example(
            "paper.html",
            {"paper": _paper(how="经您同意查询，查到就不用交 · 卫健"), "tag": True},
            ("ul", "papers spared"),
        ),
        Example("search_box.html", {"value": "孩子上户口"}),
        Example("steps.html", {"steps": STEPS, "current": 2}),
    ]
