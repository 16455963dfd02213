"""Say in a sentence what is different between two contents, for a department head who reviews a proposal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.comparing.contents import GROUPS, Change
from catalog.models import CertificateType, ItemMaterial, MaterialExemption, Matter, MatterDependency, ServiceItem
from catalog.models.item_parts import FormLine
from catalog.wording.conditions import Subject, Vocabulary, say_condition, say_count
from catalog.wording.names import column_words

GROUP_NAMES: dict[str, str | Promise] = {
    "items": gettext_lazy("事项"),
    "fields": gettext_lazy("字段"),
    "materials": gettext_lazy("材料"),
    "questions": gettext_lazy("问题"),
    "order": gettext_lazy("先后"),
    "limits": gettext_lazy("时限"),
    "results": gettext_lazy("证照和结果"),
    "rules": gettext_lazy("同意、规则和审查要点"),
    "texts": gettext_lazy("文字"),
    "notes": gettext_lazy("出处和其他"),
}
SEVERITY_NAMES: dict[str, str | Promise] = {
    "lost": gettext_lazy("申请人在这里办不到了"),
    "more": gettext_lazy("申请人要多做或多等"),
    "less": gettext_lazy("申请人可少做或少等"),
    "other": gettext_lazy("申请人会觉察"),
    "text": gettext_lazy("只是说法"),
    "none": gettext_lazy("申请人无感"),
}
_THINGS: dict[str, str | Promise] = {
    "matter": gettext_lazy("一件事"),
    "item": gettext_lazy("事项"),
    "use": gettext_lazy("事项"),
    "line": gettext_lazy("字段"),
    "element": gettext_lazy("数据元"),
    "choice": gettext_lazy("选项"),
    "material": gettext_lazy("材料"),
    "paper": gettext_lazy("材料"),
    "exemption": gettext_lazy("免交方式"),
    "output": gettext_lazy("决定内容"),
    "result": gettext_lazy("办理结果"),
    "face_line": gettext_lazy("照面内容"),
    "consent": gettext_lazy("同意事项"),
    "cross_rule": gettext_lazy("跨字段规则"),
    "review_point": gettext_lazy("审查要点"),
    "question": gettext_lazy("引导问题"),
    "option": gettext_lazy("选项"),
    "role": gettext_lazy("角色"),
    "section": gettext_lazy("表单部分"),
    "dependency": gettext_lazy("先后关系"),
    "department": gettext_lazy("部门"),
    "figure": gettext_lazy("申报数"),
    "translation": gettext_lazy("译文"),
    "labels": gettext_lazy("字段改称"),
    "placement": gettext_lazy("字段归位"),
    "guide": gettext_lazy("指南"),
}
_ATTRIBUTES: dict[str, str | Promise] = {
    "label": gettext_lazy("名称"),
    "text": gettext_lazy("文字"),
    "help": gettext_lazy("填写说明"),
    "reason": gettext_lazy("用途"),
    "note": gettext_lazy("说明"),
    "summary": gettext_lazy("一句话说明"),
    "message": gettext_lazy("提示"),
    "what": gettext_lazy("等什么"),
    "stops": gettext_lazy("不能网办的说明"),
    "required": gettext_lazy("必填"),
    "condition": gettext_lazy("出现条件"),
    "section": gettext_lazy("所在部分"),
    "reuse": gettext_lazy("沿用方式"),
    "role": gettext_lazy("谁的"),
    "element": gettext_lazy("数据元"),
    "type": gettext_lazy("类型"),
    "necessity": gettext_lazy("必要性"),
    "form": gettext_lazy("材料形式"),
    "copies": gettext_lazy("份数"),
    "deferred_days": gettext_lazy("后补期限"),
    "result_waits": gettext_lazy("补齐后才出结果"),
    "excludes": gettext_lazy("不能与何者同时要求"),
    "accept": gettext_lazy("可收格式"),
    "standard_code": gettext_lazy("标准材料编码"),
    "unit": gettext_lazy("单位"),
    "sensitive": gettext_lazy("敏感信息"),
    "authority": gettext_lazy("权威来源"),
    "known_from": gettext_lazy("可从何处得知"),
    "fixed": gettext_lazy("查到的不能改"),
    "valid_days": gettext_lazy("可再用天数"),
    "feeds": gettext_lazy("供给"),
    "holder": gettext_lazy("持证的是谁"),
    "co_holders": gettext_lazy("共同持证的"),
    "holder_name": gettext_lazy("持证主体名称取自"),
    "founds": gettext_lazy("设立后由谁代表"),
    "in_person_only": gettext_lazy("只能本人办理"),
    "repeats": gettext_lazy("与申请一致"),
    "series": gettext_lazy("编号序列"),
    "certificate_type": gettext_lazy("证照类型"),
    "violated": gettext_lazy("何时有误"),
    "fields": gettext_lazy("涉及字段"),
    "optional": gettext_lazy("可选"),
    "group": gettext_lazy("择一组"),
    "per": gettext_lazy("按谁各办一次"),
    "kind": gettext_lazy("关系"),
    "multiple": gettext_lazy("可多选"),
    "minimum": gettext_lazy("最少"),
    "maximum": gettext_lazy("最多"),
    "is_applicant": gettext_lazy("何时即申请人"),
    "same_as": gettext_lazy("何时与他人同为一人"),
    "kin": gettext_lazy("是谁的什么人"),
    "kin_of": gettext_lazy("从哪一角色的记录查到"),
    "count": gettext_lazy("人数"),
    "lead_department": gettext_lazy("牵头部门"),
    "subject": gettext_lazy("服务对象"),
    "stage": gettext_lazy("阶段"),
    "position": gettext_lazy("顺序"),
    "is_listed": gettext_lazy("列入专区"),
    "issued_by": gettext_lazy("来源渠道"),
    "code": gettext_lazy("事项编码"),
    "phone": gettext_lazy("咨询电话"),
    "division": gettext_lazy("区划"),
    "faqs": gettext_lazy("常见问题"),
    "constraints": gettext_lazy("格式要求"),
    "face": gettext_lazy("照面取值"),
    "roles": gettext_lazy("角色改称"),
    "declared": gettext_lazy("申报数"),
    "en": gettext_lazy("英文"),
}
_OF_TYPES: dict[str, str | Promise] = {
    "issued_as.code": gettext_lazy("证照类型代码"),
    "issued_as.subject": gettext_lazy("持证主体类型"),
    "issued_as.valid_years": gettext_lazy("有效年限"),
}
_CHOICES: dict[str, dict[str, str | Promise]] = {
    "reuse": dict(FormLine.Reuse.choices),
    "necessity": dict(ItemMaterial.Necessity.choices),
    "form": dict(ItemMaterial.Form.choices),
    "kind": {**dict(MaterialExemption.Kind.choices), **dict(MatterDependency.Kind.choices)},
    "handling": dict(ServiceItem.Handling.choices),
    "limit_unit": dict(ServiceItem.LimitUnit.choices),
    "item_type": dict(ServiceItem.Type.choices),
    "identity_level": {str(value): label for value, label in ServiceItem.IdentityLevel.choices},
    "exercise_level": dict(ServiceItem.ExerciseLevel.choices),
    "status": {**dict(ServiceItem.Status.choices), **dict(Matter.Status.choices)},
}
_RULES = frozenset({"condition", "violated", "is_applicant", "same_as", "kin_of"})
_DAYS = frozenset({"promised_limit_days", "statutory_limit_days"})
_PROMISED = _DAYS | {"visits", "visits_together", "fees"}  # empty: not published
LONGEST = 120  # characters of a value that a sentence shows


@dataclass(frozen=True, slots=True)
class Told:
    """A change as the review page shows it. ``sentence`` says it whole; ``where`` is the item it belongs to, if any."""

    change: Change
    sentence: str
    where: str

    @property
    def severity_name(self) -> str:
        return str(SEVERITY_NAMES[self.change.severity])


def tell(
    changes: Sequence[Change], before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> list[tuple[str, list[Told]]]:
    """Return the changes in sentences, by group and in the groups' order; groups without changes are left out."""
    names = _Names(before or {}, after)
    told = [Told(change, _sentence(change, names), names.item(change.item)) for change in changes]
    grouped = [(str(GROUP_NAMES[group]), [each for each in told if each.change.group == group]) for group in GROUPS]
    return [(name, entries) for name, entries in grouped if entries]


class _Names:
    """What the things that two contents speak of are called."""

    def __init__(self, *contents: Mapping[str, Any]) -> None:
        self.items: dict[str, str] = {}
        self.departments: dict[str, str] = {}
        self.papers: dict[str, str] = {}
        self.elements: dict[str, Mapping[str, Any]] = {}
        self.roles: dict[str, str] = {}
        self.questions: dict[str, Mapping[str, Any]] = {}
        for content in contents:
            definitions = [each["definition"] for each in content.get("items", ())]
            definitions += [content["definition"]] if "definition" in content else []
            self.items |= {each["slug"]: each["name"] for each in definitions}
            self.departments |= {code: each["name"] for code, each in content.get("departments", {}).items()}
            self.papers |= {code: each["name"] for code, each in content.get("materials", {}).items()}
            self.elements |= content.get("elements", {})
            self.roles |= {each["key"]: each["label"] for each in content.get("roles", ())}
            self.questions |= {each["key"]: each for each in content.get("questions", ())}
        self.vocabulary = Vocabulary({each.name: each for each in self._subjects(contents)})

    def item(self, slug: str) -> str:
        return self.items.get(slug, slug)

    def field(self, key: str) -> str:
        """Return what ``role:element`` is called."""
        role, _sign, element = key.partition(":")
        name = str(self.elements.get(element, {}).get("name", element))
        return f"{self.roles.get(role, role)} · {name}" if element else role

    def _subjects(self, contents: Sequence[Mapping[str, Any]]) -> list[Subject]:
        subjects = [Subject("today", _("今天"), "date")]
        for key, question in self.questions.items():
            options = tuple((each["value"], each["label"]) for each in question["options"])
            subjects.append(Subject(f"answers.{key}", question["text"], options=options))
        for content in contents:
            definitions = [each["definition"] for each in content.get("items", ())]
            definitions += [content["definition"]] if "definition" in content else []
            for line in (line for definition in definitions for line in definition["lines"]):
                element = self.elements.get(line["element"], {})
                options = tuple((each["value"], each["label"]) for each in element.get("options", ()))
                key = f"{line['role']}:{line['element']}"
                subjects.append(Subject(key, self.field(key), options=options))
        return subjects


def _sentence(change: Change, names: _Names) -> str:
    thing = str(_THINGS.get(change.what, _("内容")))
    attribute = change.attribute.partition(".")[0]
    if change.what in ("item", "guide", "other") and attribute and change.kind != "changed":
        thing = _attribute(change.attribute)
    words = {
        "thing": thing,
        "name": _name(change, names),
        "attribute": _attribute(change.attribute),
        "before": _value(change, change.before, names),
        "after": _value(change, change.after, names),
    }
    if change.kind == "added":
        return (_added(change, names) or _("新增%(thing)s“%(name)s”。")) % words
    if change.kind == "removed":
        return _("去掉%(thing)s“%(name)s”。") % words
    if change.kind == "moved":
        return _("%(thing)s的顺序调整为：%(after)s。") % words
    if change.what == "translation":
        return _("“%(name)s”的译文由%(before)s改为%(after)s。") % words
    if change.what in ("labels", "placement"):
        return _("%(thing)s：“%(name)s”由%(before)s改为%(after)s。") % words
    if not change.name or change.what == "item":
        return _("%(attribute)s由%(before)s改为%(after)s。") % words
    return _("%(thing)s“%(name)s”的%(attribute)s由%(before)s改为%(after)s。") % words


def _added(change: Change, names: _Names) -> str:
    """Return a fuller sentence where what is new tells something that matters."""
    thing = change.after if isinstance(change.after, Mapping) else {}
    if change.what == "line":
        how = _required(thing.get("required"), names)
        return _("新增%(thing)s“%(name)s”") + _("（%(how)s）。") % {"how": how.replace("%", "%%")}
    if change.what == "material":
        how = str(_CHOICES["necessity"].get(str(thing.get("necessity")), ""))
        return _("新增%(thing)s“%(name)s”") + _("（%(how)s）。") % {"how": how}
    return ""


def _name(change: Change, names: _Names) -> str:
    if change.what in ("material",):
        code, _sign, role = change.key.partition(" ")
        name = names.papers.get(code, change.name)
        return f"{names.roles.get(role, role)} · {name}" if role else name
    if change.what == "dependency":
        return pgettext("between names", "、").join(f"{names.item(each)}" for each in change.name.split(" · "))
    if change.what == "exemption":
        kind = str(change.key.partition(" ")[0])
        return " · ".join([*_papers(change, names), str(_CHOICES["kind"].get(kind, kind)), *change.key.split(" ")[1:]])
    if change.what == "department":
        return names.departments.get(change.key, change.key)
    if change.what in ("labels", "placement"):
        return names.field(change.key)
    return change.name


def _papers(change: Change, names: _Names) -> list[str]:
    owner = change.name.partition(" · ")[0]
    return [names.papers.get(owner, owner)] if " · " in change.name else []


def _attribute(path: str) -> str:
    if path in _OF_TYPES:
        return str(_OF_TYPES[path])
    name, _sign, inner = path.partition(".")
    label = str(_ATTRIBUTES[name]) if name in _ATTRIBUTES else column_words(name)
    if not inner:
        return label
    return f"{label}（{_attribute(inner) if name not in ('constraints', 'face', 'roles') else inner}）"


def _value(change: Change, value: Any, names: _Names) -> str:
    """Return a value in words, short enough for a sentence."""
    attribute = change.attribute.rpartition(".")[2] if change.attribute.partition(".")[0] not in ("face",) else "face"
    if change.kind == "moved":
        return pgettext("between names", "、").join(names.item(str(each)) for each in value or [])
    if change.attribute == "issued_as.subject" and value:
        return f"“{CertificateType.Subject(value).label}”"
    if attribute in _RULES and not (attribute == "is_applicant" and value is False):
        return f"「{say_condition(value, names.vocabulary)}」"
    if attribute == "count":
        return f"「{say_count(value, names.vocabulary)}」"
    if attribute == "required":
        return _required(value, names)
    if attribute in _PROMISED and value is None:
        return _("未公布")
    if attribute == "fees" and value == []:
        return _("不收费")
    if value is None or value == "" or value == [] or value == {}:
        return _("空")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if attribute in _DAYS:
        return _(" %(days)d 天") % {"days": value}
    if isinstance(value, int):
        return f" {value} "
    say: dict[str, Callable[[Any], str]] = {
        "department": lambda each: names.departments.get(each, each),
        "lead_department": lambda each: names.departments.get(each, each),
        "feeds": names.field,
        "role": lambda each: names.roles.get(each, each),
        "per": lambda each: names.roles.get(each, each),
        "holder": lambda each: names.roles.get(each, each),
        "founds": lambda each: names.roles.get(each, each),
        "element": lambda each: str(names.elements.get(each, {}).get("name", each)),
    }
    text = value if isinstance(value, str) else _listed(value)
    if attribute in say and isinstance(value, str):
        text = say[attribute](value)
    elif attribute in _CHOICES and isinstance(value, str):
        text = str(_CHOICES[attribute].get(value, value))
    return f"“{text if len(text) <= LONGEST else text[:LONGEST] + '…'}”"


def _listed(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return pgettext("between names", "、").join(value)
    return json.dumps(value, ensure_ascii=False)


def _required(value: Any, names: _Names) -> str:
    if value is True:
        return _("必填")
    if value is False:
        return _("选填")
    return _("%(condition)s时必填") % {"condition": f"「{say_condition(value, names.vocabulary)}」"}
