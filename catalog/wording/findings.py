"""What a finding about a definition, or about a row of the catalog, says to the people who write definitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.definitions import Finding
from catalog.wording.names import Names

SENTENCES = {
    "duplicate_code": gettext_lazy("代码“%(code)s”用了两次"),
    "unknown_reference": gettext_lazy("没有“%(name)s”（%(kind)s）"),
    "unknown_reference.face_line": gettext_lazy(
        "证照类型的照面上没有“%(name)s”这一项：请在证照类型里加上，或者从办理结果里去掉"
    ),
    "unknown_reference.role": gettext_lazy("这件事里没有角色“%(name)s”：请加这个角色，或者在联办事项里写上“角色改称”"),
    "leads_nowhere.empty": gettext_lazy("还没有一定要办的事项"),
    "bad_value": gettext_lazy("“%(value)s”不在可用的值里（%(kind)s）"),
    "bad_key": gettext_lazy("代码“%(key)s”里有不能用的字符"),
    "bad_rule": gettext_lazy("条件写得不对（%(problem)s）"),
    "decision_unknown_name": gettext_lazy("决定规则里的“%(name)s”，这个事项没有"),
    "decision_not_declared": gettext_lazy("决定规则要查“%(name)s”，这个事项的表单和材料里没有它"),
    "decision_has_default": gettext_lazy("决定规则里的“%(name)s”不能有缺省值：没有查到，就由人来办"),
    "decision_empty_literal": gettext_lazy("决定规则不能与空值比较：没有查到，就由人来办"),
    "decision_of_persons": gettext_lazy("决定规则里不能用 %(operator)s"),
    "decision_wrong_kind": gettext_lazy("决定规则里 %(operator)s 要的是 %(wanted)s，给的是 %(given)s"),
    "decision_not_a_truth": gettext_lazy("决定规则的每一条只能是“是”或者“否”，这一条是 %(given)s"),
    "decision_output_missing": gettext_lazy("自动办结时“%(output)s”没有人填：请在决定规则的 outputs 里写明从哪里来"),
    "bad_constraint": gettext_lazy("格式要求“%(constraint)s”不对（%(problem)s）"),
    "options_missing": gettext_lazy("选择项没有选项"),
    "question_order": gettext_lazy("这一问取决于后面的答案“%(variable)s”，请调整先后"),
    "condition_cycle": gettext_lazy("几个字段的出现条件互相依赖"),
    "dependency_cycle": gettext_lazy("几个事项互相等待，谁也办不了"),
    "contradiction": gettext_lazy("对“%(field)s”的要求互相矛盾（%(constraint)s）"),
    "incompatible_type": gettext_lazy("“%(field)s”应是 %(expected)s，这里写成了 %(type)s"),
    "two_deciders": gettext_lazy("“%(field)s”由两个事项决定"),
    "output_does_not_fit": gettext_lazy("审批填写的结果不合“%(field)s”的要求（%(constraint)s）"),
    "output_does_not_fit.options": gettext_lazy("审批填写的选项 %(values)s 不在“%(field)s”的选项里"),
    "no_such_value": gettext_lazy("“%(variable)s”没有“%(value)s”这个值"),
    "section_without_name": gettext_lazy("表单部分“%(section)s”没有名称：请在这件事里加上"),
    "label_is_a_code": gettext_lazy("“%(label)s”是代码，不是给人看的名称"),
    "two_units": gettext_lazy("“%(field)s”用了几种单位：%(units)s"),
    "two_elements": gettext_lazy("“%(field)s”用了几个同名的数据元：%(elements)s"),
    "one_person_twice": gettext_lazy("%(roles)s可以是同一个人，“%(field)s”却要填两遍：请写明何时是同一人（same_as）"),
    "too_many_persons": gettext_lazy("“%(role)s”最多 %(declared)s 位，按答案可以有 %(found)s 位"),
    "decides_own_field": gettext_lazy("事项要申请人填写的“%(field)s”，正是它自己决定的"),
    "decides_for_one": gettext_lazy("只办一次的事项，决定了每人各一份的“%(field)s”"),
    "read_of_first": gettext_lazy("“%(field)s”每人各有一份，这里只会读到第一个人的：请写明 any、all、none 或者 count"),
    "asked_of_one": gettext_lazy("这里说的就是这一个人，不用再写 any、all、none 或者 count（%(role)s）"),
    "asked_of_nobody": gettext_lazy("条件问的是“%(role)s”，却没有读这些人的字段"),
    "holder_of_several": gettext_lazy("证照的持有人“%(role)s”不止一人，事项却只办一次"),
    "founds_no_organisation": gettext_lazy("“%(certificate)s”写了设立，持证的却不是组织"),
    "founds_without_name": gettext_lazy("“%(role)s”由这个结果设立，表单里没有它的名称"),
    "founds_without_code": gettext_lazy(
        "“%(role)s”由这个结果设立，批准时却没有给出它的统一社会信用代码（决定内容要供给这一项）"
    ),
    "in_person_unproved": gettext_lazy("只能本人办理的事项，没有要求核验申请人身份：谁都可以说自己是本人"),
    "founds_without_representative": gettext_lazy("“%(role)s”代表设立的单位，表单里要有姓名和证件号码"),
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
    "promise_beyond_statute": gettext_lazy("承诺时限 %(declared)s 天长于法定时限 %(found)s 天"),
    "limit_missing": gettext_lazy("承诺件没有承诺时限，页面上会写“未公布”"),
    "open_but_published": gettext_lazy("“%(attribute)s”的出处标着“待查”，却公布了：没有读到就空着，读到了就写上出处"),
    "procedure_without_days": gettext_lazy("特别程序“%(procedure)s”要办理时启动，时间要写成工作日数，如 20"),
    "procedure_twice": gettext_lazy("特别程序“%(procedure)s”的种类写了两次"),
    "department_missing": gettext_lazy("事项没有实施部门"),
    "legal_basis_missing": gettext_lazy("没有设定依据"),
    "holder_missing": gettext_lazy("“%(certificate)s”没有写持证的是谁，发出来会是申请人的"),
    "holder_unnamed": gettext_lazy("持证的“%(role)s”在这个事项的表单里没有姓名或者名称"),
    "term_not_declared": gettext_lazy("照面“%(face)s”印的是有效期，代码应写成 valid_until，否则核验时不算数"),
    "typed_again": gettext_lazy("部门要再填的内容，申请表上已有“%(field)s”：请写上“与申请一致”"),
    "unused_section": gettext_lazy("表单部分里没有字段"),
    "group_of_one": gettext_lazy("择一组“%(group)s”里只有一个事项"),
    "material_twice": gettext_lazy("同一种材料用了两个代码：%(name)s"),
    "identity_asked_again": gettext_lazy("已经知道的身份信息又要填一遍：%(field)s"),
    "contradictory_condition": gettext_lazy("这个条件自相矛盾，填什么都不会满足"),
    "always_refused": gettext_lazy("不管填什么，这条核对都不通过，谁也提交不了"),
    "material_never_needed": gettext_lazy("没有哪种情形会要这份材料“%(material)s”"),
    "earlier_upload_never_serves": gettext_lazy("写着“以前交过就不用交”，材料“%(material)s”却没有写可再用天数"),
    "material_unused": gettext_lazy("没有哪个事项要“%(declared)s”"),
    "asked_twice": gettext_lazy("同一张表单里“%(field)s”问了两遍"),
    "declared_differs": gettext_lazy("%(place)s公布的“%(metric)s”是 %(declared)s，按清单算出来是 %(computed)s"),
    "two_promises": gettext_lazy("%(place)s公布的“%(metric)s”前后不一：%(first)s、%(second)s"),
    "two_promises.items": gettext_lazy("同一编码的事项承诺时限不同：%(promises)s"),
    "not_all_tried": gettext_lazy("情形太多，没有全试：试了 %(tried)s 种整套答案，其余按每个条件用到的问题核对"),
    # Of the dictionaries, and of what no single matter shows.
    "near_duplicate_elements": gettext_lazy("数据元“%(declared)s”与 %(found)s 意思相同"),
    "element_unused": gettext_lazy("没有哪个事项的表单用到数据元“%(declared)s”"),
    "material_two_codes": gettext_lazy("同一种材料“%(declared)s”有几个代码：%(found)s"),
    "standard_code_reused": gettext_lazy("标准材料编码 %(declared)s 用在几种不同材料：%(found)s"),
    "code_malformed": gettext_lazy("编码 %(declared)s 的结构或校验位不对"),
    "code_repeated": gettext_lazy("编码 %(declared)s 用了几次：%(found)s"),
    "item_type_vs_code": gettext_lazy("事项类型 %(declared)s 与编码里的类型 %(found)s 不符"),
    "task_code_vs_item": gettext_lazy("实施编码 %(declared)s 里没有 %(found)s"),
    "division_vs_parent": gettext_lazy("区划代码 %(declared)s 与上级 %(found)s 或层级不符"),
    "visit_reason_missing": gettext_lazy("要到现场 %(declared)s 次，没有写原因"),
    "source_missing": gettext_lazy("引用的出处“%(declared)s”不在出处表里"),
    "open_facts": gettext_lazy("有 %(declared)s 处待查：%(found)s"),
}


# How grave a finding is, to the catalog's managers.
SEVERITY_NAMES = {
    "error": gettext_lazy("必须改"),
    "warning": gettext_lazy("请核对"),
    "note": pgettext_lazy("finding", "说明"),
}


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding in words, and where its cause is.

    ``kind`` and ``name``: what it is about and how that is called: an item, row or guide by slug, code or key; empty for the matter.
    ``part``: the place within. ``link``: the page that mends it, or ``file:line``.
    """

    code: str
    severity: str
    sentence: str
    kind: str = ""
    name: str = ""
    part: str = ""
    variant: str = ""
    declared: Any = None
    found: Any = None
    file: str = ""
    line: int = 0
    link: str = ""

    @property
    def severity_name(self) -> str:
        return str(SEVERITY_NAMES[self.severity])


def in_words(finding: Finding, names: Names | None = None) -> FindingText:
    """Return a finding about a definition or a row as a sentence. ``names``: what the codes of its definition are called."""
    names = names or Names()
    variant = _variant(finding)
    template = SENTENCES.get(f"{finding.code}.{variant}") or SENTENCES.get(finding.code)
    sentence = (
        str(template) % names.params(finding.params)
        if template is not None
        else _("定义有误（%(code)s）") % {"code": finding.code}
    )
    sources = list(dict.fromkeys(finding.sources))
    if len(sources) > 1:
        others = dict.fromkeys(names.place(source.item, source.code) for source in sources)
        sentence = _("%(message)s：%(places)s") % {"message": sentence, "places": "、".join(others)}
    return replace(text_of(finding, sentence), variant=variant)


def text_of(finding: Finding, sentence: str) -> FindingText:
    """Return a finding with its sentence, at the first place that has part in it."""
    source = finding.sources[0]
    return FindingText(
        code=finding.code,
        severity=finding.severity,
        sentence=sentence,
        kind=source.kind,
        name=source.item,
        part=source.part,
        variant=finding.variant,
        declared=finding.params.get("declared"),
        found=finding.params.get("found"),
    )


def _variant(finding: Finding) -> str:
    """Return what tells apart findings of one code that are mended in different places."""
    if finding.code == "unknown_reference":
        return str(finding.params.get("kind", ""))
    if finding.code == "output_does_not_fit" and finding.params.get("values"):
        return "options"
    if finding.code == "leads_nowhere" and not finding.params.get("answers"):
        return "empty"
    return finding.variant
