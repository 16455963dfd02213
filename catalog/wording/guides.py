"""What a finding about a guide says to the people who write guides."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.definitions import Finding
from catalog.wording import findings
from catalog.wording.findings import FindingText, text_of
from catalog.wording.names import METRICS, value_words

# code, or code.variant → sentence; %(declared)s and %(found)s are always there.
SENTENCES = {
    "after_exceeds_before": _("%(metric)s改后 %(declared)s 多于改前 %(found)s"),
    "materials_count": _(
        "申报改后材料 %(declared)s 项，清单列 %(found)s 项（必要 %(required)s，须交 %(to_hand_in)s，必要且须交 %(both)s）"
    ),
    "materials_count.explained": _(
        "申报改后材料 %(declared)s 项，清单列 %(found)s 项；要写明只计须交的（必要 %(required)s，须交 %(to_hand_in)s，必要且须交 %(both)s）"
    ),
    "proactive_vs_material": _("申报改后 0 个环节，清单却列了材料：%(found)s"),
    "not_transactional": _("没有环节，也没有哪个子事项有办理结果，看不出能申请什么：%(found)s"),
    "steps_zero": _("申报改后 0 个环节，却有子事项：%(found)s"),
    "days_two_values": _("申报改后天数 %(declared)s 与承诺办结 %(found)s 不一致"),
    "days_shorter_than_item": _("申报改后 %(declared)s 天，但子事项承诺最长 %(found)s 天（%(items)s）"),
    "days_shorter_than_item.only_sometimes": _(
        "申报改后 %(declared)s 天，但子事项承诺最长 %(found)s 天（%(items)s）；最简单的情形要 %(least)s 天"
    ),
    "days_longer_than_items": _("申报改后 %(declared)s 天，长于任一子事项承诺（最长 %(found)s 天）"),
    "days_longer_than_items.explained": _(
        "申报改后 %(declared)s 天，长于任一子事项承诺（最长 %(found)s 天）；按先后等待相加是 %(waiting)s 天，请写明"
    ),
    "serial_dependency": _("有的子事项要等别的先办结，先后相加 %(found)s 天，申报改后只有 %(declared)s 天"),
    "statutory_wait_ignored": _("条件里的公示（公告）要 %(found)s 日，申报改后只有 %(declared)s 天"),
    "limit_missing": _("子事项没有承诺时限：%(found)s"),
    "promise_beyond_statute": findings.SENTENCES["promise_beyond_statute"],
    "promise_beyond_statute.sub_item": _("子事项“%(item)s”承诺 %(declared)s 天，长于其单项指南的法定 %(found)s 天"),
    "promise_vs_item": _("子事项“%(item)s”这里承诺 %(declared)s 天，其单项指南承诺 %(found)s 天"),
    "trips_two_values": _("申报改后跑动 %(declared)s 次与基本信息现场次数 %(found)s 不一致"),
    "trips_vs_text": _("跑动 %(declared)s 次，说明却写“%(found)s”"),
    "text_vs_trips": _("跑动 0 次，这里却写“%(found)s”"),
    "offline_without_visit": _("不能网上办，现场次数却是 0"),
    "paper_vs_zero_visit": _("零次现场，必要材料却只收纸质且不免交：%(found)s"),
    "counter_vs_zero_visit": _("零次现场，必要材料却只在窗口收：%(found)s"),
    "lead_in_cooperating": _("牵头部门“%(declared)s”又列在联办部门里"),
    "cooperating_repeated": _("联办部门重复：%(found)s"),
    "department_missing": _("子事项“%(items)s”应由%(found)s办理，联办部门未列"),
    "department_missing.issuer": _("材料“%(items)s”由%(found)s出具，联办部门未列"),
    "department_idle": _("联办部门列了%(declared)s，但没有对应子事项"),
    "department_unknown": _("子事项没有写由哪个部门办：%(found)s"),
    "duplicate_internal_no": _("内部材料编号 %(declared)s 用在几份不同材料：%(found)s"),
    "internal_no_elsewhere": _("材料编号 %(declared)s 不属于 %(found)s"),
    "standard_code_reused": _("标准材料编码 %(declared)s 用在几种不同材料：%(found)s"),
    "standard_code_differs": _("同一种材料有几个标准编码 %(declared)s：%(found)s"),
    "standard_code_malformed": _(
        "标准材料编码 %(declared)s 的写法不对，应是一个大写字母和七位数字，或者一个大写字母、18 位信用代码和三位数字"
    ),
    "material_twice": _("同一份材料列了几次：%(found)s"),
    "duplicate_no": _("序号 %(declared)s 用了几次：%(found)s"),
    "numbering_gap": _("编号缺 %(found)s"),
    "sub_item_twice": _("子事项“%(declared)s”列了几次"),
    "theme_code_malformed": _("主题编码 %(declared)s 的写法不对"),
    "theme_vs_region": _("主题编码 %(declared)s 与区划代码 %(found)s 不在一个省"),
    "theme_vs_subject": _("主题编码 %(declared)s 表示面向%(wanted)s，服务对象却写“%(found)s”"),
    "region_code_malformed": _("区划代码 %(declared)s 的写法不对，应是六位数字，前两位是省份"),
    "region_code_vs_name": _("区划代码 %(declared)s 与“%(found)s”的层级不符"),
    "region_mismatch": _("%(declared)s的指南里写“%(found)s”"),
    "region_mismatch.lead": _("牵头单位“%(declared)s”不是%(found)s的"),
    "link_mismatch": _("网址里的区划段 %(found)s 与本地代码 %(declared)s 不符"),
    "item_code_malformed": _(
        "事项编码 %(declared)s 的写法不对，应是 12 位：层级或省份 2 位、类型 2 位、部门 2 位、主项 3 位、子项 3 位"
    ),
    "item_type_vs_code": _("事项类型写“%(declared)s”，编码 %(code)s 却是%(found)s"),
    "exempt_mismatch.bound": _("已绑定证照类标准编码，免交方式却标“须交”：%(found)s"),
    "exempt_mismatch.certificate": _("说明为电子证照免提交，免交方式却标“须交”：%(found)s"),
    "exempt_mismatch.generated": _("说明为系统自动生成，免交方式却标“须交”：%(found)s"),
    "exempt_mismatch.interface": _("说明为接口核验免交，免交方式却标“须交”：%(found)s"),
    "self_authorised_exempt": _("本人签署的文书，却标电子证照免交：%(found)s"),
    "certificate_without_code": _("标电子证照免交，标准编码却不是证照类：%(found)s"),
    "exempt_but_asked": _("标为免交，说明却要提交原件：%(found)s"),
    "generated_but_signed": _("标系统自动生成，说明却要签字盖章后再交：%(found)s"),
    "nothing_required": _("清单里没有必交材料：%(found)s"),
    "generated_by_others": _("标系统自动生成，来源却是政府部门核发：%(found)s"),
    "verifiable_but_asked": _("说明写可以核验，仍标必要且须交：%(found)s"),
    "exempt_all_none": _("材料全是政府部门核发，却没有一份免交：%(found)s"),
    "asked_but_item_exempt": _("单项指南里免交的，这里要交：%(found)s"),
    "required_but_conditional": _("标为必要，说明却只在某情形下才需要：%(found)s"),
    "required_but_conditional.by_sub_item": _("标为必要，用到它的子事项却只在某情形下才办：%(found)s"),
    "required_but_exclusive": _("互斥情形的材料同标为必要：%(found)s"),
    "group_dependent_required": _("标为必要，却只有选了某一种办法的才用：%(found)s"),
    "group_of_one": _("择一组“%(declared)s”里只有一个：%(found)s"),
    "condition_unsaid": _("只在某情形下才要，却没有写是什么情形：%(found)s"),
    "paper_sent_online": _("只收纸质，却只能网上提交：%(found)s"),
    "electronic_at_counter": _("只收电子件，却只在窗口收：%(found)s"),
    "electronic_original": _("只收电子件，说明却要交验原件：%(found)s"),
    "copies_zero": _("要交纸质，份数却是 0：%(found)s"),
    "result_as_material": _("“%(declared)s”由本次联办的“%(found)s”产生，又要申请人交"),
    "wait_unknown": _("“%(found)s”要等的“%(declared)s”不在子事项里"),
    "wait_exclusive": _("“%(found)s”要等“%(declared)s”先办结，两者却只能办一个"),
    "wait_cycle": _("几个子事项互相等待，谁也办不了：%(found)s"),
    "used_by_unknown": _("“%(found)s”用于子事项 %(declared)s，没有这个序号"),
    "material_unused": _("没有哪个子事项用到这份材料：%(found)s"),
    "fee_two_values": _("写不收费，却列了收费标准：%(found)s"),
    "fee_without_amount": _("写要收费，没有列收费标准"),
    "fee_vs_items": _("写不收费，单项指南却收费：%(found)s"),
    "empty_condition": _("办理条件只有“%(declared)s”，没有实质内容"),
    "condition_without_item": _("办理条件没有对应的子事项：%(declared)s"),
    "order": _("条件写“%(declared)s”，却没有写它要等谁办结：%(found)s"),
    "condition_dead_end": _("既要首次办理，又要已满年限，一并申报走不通：“%(declared)s”"),
    "condition_scope": _("办理条件只适用于“%(declared)s”，没有写另几种的条件：%(found)s"),
    "item_vs_condition": _("子事项“%(declared)s”与办理条件“%(found)s”不能同时成立"),
    "wrong_form": _("表单叫“%(declared)s”，与本事名称“%(found)s”不同"),
    "item_naming": _("子事项直接用证件名，看不出是核验还是办证：%(found)s"),
    "not_a_service": _("部门内部工作，申请人无从申请：%(found)s"),
    "naming": _("变更事里的子事项，名称像首次办理：%(found)s"),
    "subject": _("名为企业，子事项含个体工商户：%(found)s"),
    "subject.person": _("服务对象是%(declared)s，子事项却是单位的：%(found)s"),
    "no_faq": _("没有常见问题"),
    "faq_vs_list": _("常见问题说 %(declared)s 份材料，清单列 %(found)s 份"),
    "faq_vs_material": _("常见问题说必须用%(declared)s，材料又允许%(found)s"),
    "faq_vs_condition": _("常见问题说“%(declared)s”，办理条件写“%(found)s”"),
    "one_child_per_case": _("常见问题说要分几次申请（“%(found)s”），与一次办不合"),
    "material_never_applies": _("“%(declared)s”注明“%(found)s”，而本事的对象都是这样的人"),
    "condition_vs_material": _("办理条件写“%(declared)s”，与材料“%(found)s”的要求相反"),
    "material_vs_condition": _("“%(declared)s”列为须交材料，条件却写“%(found)s”"),
    "flow_vs_items": _("流程说明没有提到：%(found)s"),
    "flow_text": _("流程说明里的“%(found)s”与本事无关"),
    "item_material_missing": _("单项指南（%(items)s）要的材料，本清单没有：%(found)s"),
    "required_but_item_optional": _("这里标必要，单项指南标非必要：%(found)s"),
    "optional_but_item_required": _("这里标非必要，单项指南标必要：%(found)s"),
    "result_vs_item": _("子事项“%(item)s”的结果写“%(declared)s”，单项指南写“%(found)s”"),
    "result_name": _("同一个结果有几种写法：%(found)s"),
    "age_rule": _("常见问题写 %(declared)s 岁，单项指南写 %(found)s 岁"),
}


def in_words(finding: Finding) -> FindingText:
    """Return a finding about a guide as a sentence, in the active language."""
    template = SENTENCES.get(f"{finding.code}.{finding.variant}") or SENTENCES.get(finding.code)
    if template is None:
        return text_of(finding, gettext("指南有误（%(code)s）") % {"code": finding.code})
    params = {name: value_words(value) for name, value in finding.params.items()}
    if finding.code == "numbering_gap":
        params["found"] = spans(finding.params["found"])
    if "metric" in params:
        params["metric"] = str(METRICS.get(params["metric"], params["metric"]))
    return text_of(finding, str(template) % params)


def spans(numbers: Sequence[int]) -> str:
    """Return ascending numbers with neighbours drawn together: 3、6、8—21."""
    drawn: list[list[int]] = []
    for number in numbers:
        if drawn and number == drawn[-1][-1] + 1:
            drawn[-1].append(number)
        else:
            drawn.append([number])
    return value_words([str(each[0]) if len(each) == 1 else f"{each[0]}—{each[-1]}" for each in drawn])
