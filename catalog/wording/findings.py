"""What a finding about a definition says to the people who write definitions."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.definitions import Finding
from catalog.wording.names import Names

SENTENCES = {
    "duplicate_code": gettext_lazy("代码“%(code)s”用了两次"),
    "unknown_reference": gettext_lazy("没有“%(name)s”（%(kind)s）"),
    "unknown_reference.role": gettext_lazy("这件事里没有角色“%(name)s”：请加这个角色，或者在联办事项里写上“角色改称”"),
    "leads_nowhere.empty": gettext_lazy("还没有一定要办的事项"),
    "bad_value": gettext_lazy("“%(value)s”不在可用的值里（%(kind)s）"),
    "bad_key": gettext_lazy("代码“%(key)s”里有不能用的字符"),
    "bad_rule": gettext_lazy("条件写得不对（%(problem)s）"),
    "bad_constraint": gettext_lazy("格式要求“%(constraint)s”不对（%(problem)s）"),
    "options_missing": gettext_lazy("选择项没有选项"),
    "question_order": gettext_lazy("这一问取决于后面的答案“%(variable)s”，请调整先后"),
    "condition_cycle": gettext_lazy("几个字段的出现条件互相依赖"),
    "dependency_cycle": gettext_lazy("几个事项互相等待，谁也办不了"),
    "contradiction": gettext_lazy("对“%(field)s”的要求互相矛盾（%(constraint)s）"),
    "incompatible_type": gettext_lazy("“%(field)s”应是 %(expected)s，这里写成了 %(type)s"),
    "two_deciders": gettext_lazy("“%(field)s”由两个事项决定"),
    "decides_own_field": gettext_lazy("事项要申请人填写的“%(field)s”，正是它自己决定的"),
    "decides_for_one": gettext_lazy("只办一次的事项，决定了每人各一份的“%(field)s”"),
    "result_of_itself": gettext_lazy("事项要申请人交的材料，正是它自己的结果"),
    "decided_in_condition": gettext_lazy("条件读取的“%(field)s”要到后面才决定，那时还是空的"),
    "field_never_merged": gettext_lazy("同意和签名“%(field)s”不能由别的事项代填"),
    "leads_nowhere": gettext_lazy("有一组答案一个事项也得不到：%(answers)s"),
    "group_without_choice": gettext_lazy("有一组答案在择一组“%(group)s”里没有可选的事项：%(answers)s"),
    "unreachable_item": gettext_lazy("没有哪种情形会办到这个事项"),
    "unreachable_question": gettext_lazy("没有哪种情形会问到这一问"),
    "unreachable_option": gettext_lazy("没有哪种情形会出现选项“%(option)s”"),
    "dead_line": gettext_lazy("没有哪种情形会出现这个字段“%(field)s”"),
    "exclusive_papers": gettext_lazy("互相排斥的材料被同时要求：%(materials)s"),
    "promise_beyond_statute": gettext_lazy("承诺时限 %(promised)s 天长于法定时限 %(statutory)s 天"),
    "limit_missing": gettext_lazy("承诺件没有承诺时限"),
    "department_missing": gettext_lazy("事项没有实施部门"),
    "legal_basis_missing": gettext_lazy("没有设定依据"),
    "unused_section": gettext_lazy("表单部分里没有字段"),
    "group_of_one": gettext_lazy("择一组“%(group)s”里只有一个事项"),
    "material_twice": gettext_lazy("同一种材料用了两个代码：%(name)s"),
    "identity_asked_again": gettext_lazy("已经知道的身份信息又要填一遍：%(field)s"),
    "contradictory_condition": gettext_lazy("这个条件自相矛盾，填什么都不会满足"),
    "always_refused": gettext_lazy("不管填什么，这条核对都不通过，谁也提交不了"),
    "material_never_needed": gettext_lazy("没有哪种情形会要这份材料“%(material)s”"),
    "material_unused": gettext_lazy("没有事项要这份材料“%(material)s”"),
    "asked_twice": gettext_lazy("同一张表单里“%(field)s”问了两遍"),
    "declared_differs": gettext_lazy("%(place)s公布的“%(metric)s”是 %(declared)s，按清单算出来是 %(computed)s"),
    "two_promises": gettext_lazy("%(place)s公布的“%(metric)s”前后不一：%(first)s、%(second)s"),
    "not_all_tried": gettext_lazy("情形太多，没有全试：试了 %(tried)s 种整套答案，其余按每个条件用到的问题核对"),
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A finding in words: which item (empty: the matter) and which part of it, and the sentence."""

    code: str
    severity: str
    item: str
    part: str
    message: str
    about: str = ""  # what kind of thing is missing, where a reference leads to nowhere


def in_words(finding: Finding, names: Names | None = None) -> list[Obstacle]:
    """Return a finding as sentences, one for each distinct place that has part in it. ``names``: what the codes of its definition are called."""
    names = names or Names()
    sentence = SENTENCES.get(f"{finding.code}.{_variant(finding)}") or SENTENCES.get(finding.code)
    text = str(sentence) if sentence else _("定义有误（%(code)s）") % {"code": finding.code}
    try:
        message = text % names.params(finding.params) if sentence else text
    except KeyError:
        message = text
    sources = list(dict.fromkeys(finding.sources))
    if len(sources) > 1:
        others = dict.fromkeys(names.place(source.item, source.code) for source in sources)
        message = _("%(message)s：%(places)s") % {"message": message, "places": "、".join(others)}
    variant = _variant(finding)
    return [
        Obstacle(finding.code, finding.severity, source.item, source.code, message, variant) for source in sources[:1]
    ]


def _variant(finding: Finding) -> str:
    """Return what tells apart findings of one code that are mended in different places."""
    if finding.code == "unknown_reference":
        return str(finding.params.get("kind", ""))
    return "empty" if finding.code == "leads_nowhere" and not finding.params.get("answers") else ""
