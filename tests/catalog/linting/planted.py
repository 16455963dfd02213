"""Contradictions planted in the clean guide: the code, how it is planted, and what is told: how grave, where, in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Change = Callable[[dict[str, Any]], Any]


def put(*place: Any) -> Change:
    """Return a change: the last of ``place`` put where the others lead."""
    *path, last, value = place

    def change(guide: dict[str, Any]) -> None:
        held: Any = guide
        for step in path:
            held = held[step]
        held[last] = value

    return change


def each_of(*changes: Change) -> Change:
    def change(guide: dict[str, Any]) -> None:
        for each in changes:
            each(guide)

    return change


def paper(place: int, **values: Any) -> Change:
    return lambda guide: guide["materials"][place].update(values)


def sub_item(place: int, **values: Any) -> Change:
    return lambda guide: guide["sub_items"][place].update(values)


def another_paper(**values: Any) -> Change:
    """Return a change: one more paper, declared as well."""

    def change(guide: dict[str, Any]) -> None:
        guide["materials"].append({**guide["materials"][3], "no": 6, "internal_no": "M36PCN00010006", **values})
        guide["declared"]["materials"]["after"] = 6

    return change


PLANTED: list[tuple[str, Change, str]] = [
    ("after_exceeds_before", put("declared", "trips", "before", -1),
     "error declared.trips: 跑动改后 0 多于改前 -1"),
    ("after_exceeds_before", put("declared", "days", "before", 4),
     "error declared.days: 办理时间改后 5 多于改前 4"),
    ("materials_count", put("declared", "materials", "after", 2),
     "note declared.materials: 申报改后材料 2 项，清单列 5 项；要写明只计须交的（必要 4，须交 3，必要且须交 2）"),
    ("materials_count", put("declared", "materials", "after", "6 份"),
     "error declared.materials: 申报改后材料 6 项，清单列 5 项（必要 4，须交 3，必要且须交 2）"),
    ("proactive_vs_material", put("declared", "steps", "after", 0),
     "warning declared.steps: 申报改后 0 个环节，清单却列了材料：申领游学证“一件事”申请表、居民身份证、就读情况说明、随行人员名单、监护人意见"),
    ("days_two_values", put("declared", "completed_limit", 7),
     "error declared.days: 申报改后天数 5 与承诺办结 7 不一致"),
    ("days_shorter_than_item", each_of(sub_item(2, promised_days=30), sub_item(3, promised_days=20)),
     "error declared.days: 申报改后 5 天，但子事项承诺最长 30 天（随行参保（一般流程））"),
    ("days_longer_than_items", each_of(put("declared", "days", "after", 9), put("declared", "completed_limit", 9)),
     "warning declared.days: 申报改后 9 天，长于任一子事项承诺（最长 5 天）"),
    ("serial_dependency", sub_item(1, promised_days=4),
     "warning declared.days: 有的子事项要等别的先办结，先后相加 7 天，申报改后只有 5 天"),
    ("limit_missing", sub_item(3, promised_days=None),
     "warning sub_items[3].promised_days: 子事项没有承诺时限：随行参保（告知承诺）"),
    ("trips_two_values", each_of(put("declared", "ahead_trips", 1), put("declared", "online_text", None)),
     "error declared.trips: 申报改后跑动 0 次与基本信息现场次数 1 不一致"),
    *[
        ("trips_vs_text", each_of(put("declared", "trips", "after", 1), put("declared", "ahead_trips", 1), put("declared", "online_text", said)),
     f"error declared.trips: 跑动 1 次，说明却写“{said}”")
        for said in (
            *("全程网办", "本事项不见面审批", "零跑动", "无需到现场", "不需要到线下跑动，线上可直接办理", "全流程网上办理，全程网上办"),
            *("群众足不出户即可办理", "无须前往大厅现场办理", "跑动 0 次"),
        )
    ],
    *[
        ("text_vs_trips", put("declared", "online_text", said),
     f"warning declared.online_text: 跑动 0 次，这里却写“{said}”")
        for said in ("须本人到银行现场激活", "申请人应携带原件前往政务大厅窗口", "必须当面核验", "需到派出所采集指纹")
    ],
    ("paper_vs_zero_visit", paper(2, form="paper"),
     "error declared.trips: 零次现场，必要材料却只收纸质且不免交：就读情况说明"),
    ("counter_vs_zero_visit", paper(2, submit="counter"),
     "error declared.trips: 零次现场，必要材料却只在窗口收：就读情况说明"),
    ("lead_in_cooperating", lambda g: g["cooperating"].append("公安部门"),
     "warning cooperating: 牵头部门“公安部门”又列在联办部门里"),
    ("lead_in_cooperating", lambda g: g["cooperating"].append("县公安局"),
     "warning cooperating: 牵头部门“公安部门”又列在联办部门里"),
    ("department_missing", lambda g: g["cooperating"].remove("医保部门"),
     "error sub_items[2].department: 子事项“随行参保（一般流程）、随行参保（告知承诺）”应由医保部门办理，联办部门未列"),
    ("department_missing", sub_item(3, department="民政部门"),
     "error sub_items[3].department: 子事项“随行参保（告知承诺）”应由民政部门办理，联办部门未列"),
    ("department_idle", lambda g: g["cooperating"].append("税务部门"),
     "warning cooperating: 联办部门列了税务部门，但没有对应子事项"),
    ("department_unknown", lambda g: g["sub_items"][0].update(department=None),
     "warning sub_items[0].department: 子事项没有写由哪个部门办：游学证签发"),
    ("cooperating_repeated", lambda g: g["cooperating"].append("南昌县医疗保障局"),
     "warning cooperating: 联办部门重复：南昌县医疗保障局"),
    ("duplicate_internal_no", paper(2, internal_no="M36PCN00010004"),
     "error materials[3].internal_no: 内部材料编号 M36PCN00010004 用在几份不同材料：就读情况说明、随行人员名单"),
    ("internal_no_elsewhere", paper(2, internal_no="M43TCN00080003"),
     "warning materials[2]: 材料编号 M43TCN00080003 不属于 36PCN0001"),
    ("standard_code_reused", each_of(paper(2, standard_code="T1000001")),
     "warning materials[2].standard_code: 标准材料编码 T1000001 用在几种不同材料：申领游学证“一件事”申请表、就读情况说明"),
    ("standard_code_malformed", paper(2, standard_code="T10-27"),
     "error materials[2].standard_code: 标准材料编码 T10-27 的写法不对，应是一个大写字母和七位数字，或者一个大写字母、18 位信用代码和三位数字"),
    ("material_twice", another_paper(name="《随行人员名单》原件"),
     "warning materials[5]: 同一份材料列了几次：随行人员名单、《随行人员名单》原件"),
    ("duplicate_no", paper(4, no=4),
     "error materials[4]: 序号 4 用了几次：随行人员名单、监护人意见"),
    ("numbering_gap", each_of(paper(4, no=8)),
     "note materials: 编号缺 5—7"),
    ("sub_item_twice", sub_item(3, name="随行参保（一般流程）"),
     "error sub_items[3]: 子事项“随行参保（一般流程）”列了几次"),
    ("theme_code_malformed", each_of(put("theme_code", "36-PCN"), lambda g: [m.pop("internal_no") for m in g["materials"]]),
     "warning theme_code: 主题编码 36-PCN 的写法不对"),
    ("theme_vs_region", put("region", {"name": "南昌县", "code": "430529"}),
     "error theme_code: 主题编码 36PCN0001 与区划代码 430529 不在一个省"),
    ("theme_vs_subject", put("subject", "法人"),
     "warning theme_code: 主题编码 36PCN0001 表示面向自然人，服务对象却写“法人”"),
    ("region_code_malformed", put("region", "code", "36012"),
     "error region: 区划代码 36012 的写法不对，应是六位数字，前两位是省份"),
    ("region_code_malformed", put("region", "code", "990121"),
     "error region: 区划代码 990121 的写法不对，应是六位数字，前两位是省份"),
    ("region_code_vs_name", put("region", "code", "360100"),
     "error region: 区划代码 360100 与“南昌县”的层级不符"),
    ("region_mismatch", put("lead", "进贤县公安局"),
     "warning lead: 牵头单位“进贤县公安局”不是南昌县的"),
    ("region_mismatch", paper(4, condition_note="市城区范围内的未成年人随行时提供"),
     "warning materials[4]: 南昌县的指南里写“市城区”"),
    ("link_mismatch", put("url", "https://zwfw.example.cn/item?area=360124"),
     "warning url: 网址里的区划段 360124 与本地代码 360121 不符"),
    ("exempt_mismatch", paper(1, exempt="none"),
     "error materials[1].exempt: 已绑定证照类标准编码，免交方式却标“须交”：居民身份证"),
    ("exempt_mismatch", paper(2, note_claims="generated"),
     "error materials[2].exempt: 说明为系统自动生成，免交方式却标“须交”：就读情况说明"),
    ("exempt_mismatch", paper(2, condition_note="由系统自动生成，确认即可"),
     "error materials[2].exempt: 说明为系统自动生成，免交方式却标“须交”：就读情况说明"),
    ("exempt_mismatch", paper(2, condition_note="电子证照免提交"),
     "error materials[2].exempt: 说明为电子证照免提交，免交方式却标“须交”：就读情况说明"),
    ("exempt_mismatch", paper(2, condition_note="通过接口核验，免提交"),
     "error materials[2].exempt: 说明为接口核验免交，免交方式却标“须交”：就读情况说明"),
    ("self_authorised_exempt", another_paper(name="授权委托书", exempt="certificate", standard_code="L2000099"),
     "warning materials[5].exempt: 本人签署的文书，却标电子证照免交：授权委托书"),
    ("certificate_without_code", paper(1, standard_code="T2000016"),
     "warning materials[1].exempt: 标电子证照免交，标准编码却不是证照类：居民身份证"),
    ("generated_by_others", paper(0, source="government"),
     "warning materials[0].exempt: 标系统自动生成，来源却是政府部门核发：申领游学证“一件事”申请表"),
    ("generated_but_signed", paper(0, condition_note="自动生成后签名再上传"),
     "warning materials[0].exempt: 标系统自动生成，说明却要签字盖章后再交：申领游学证“一件事”申请表"),
    ("generated_but_signed", paper(0, condition_note="系统生成后打印盖章提交"),
     "warning materials[0].exempt: 标系统自动生成，说明却要签字盖章后再交：申领游学证“一件事”申请表"),
    ("standard_code_malformed", paper(2, standard_code="T11360100999991014W001"),
     "error materials[2].standard_code: 标准材料编码 T11360100999991014W001 的写法不对，应是一个大写字母和七位数字，或者一个大写字母、18 位信用代码和三位数字"),
    ("standard_code_malformed", paper(2, standard_code="T11360100999991013W01"),
     "error materials[2].standard_code: 标准材料编码 T11360100999991013W01 的写法不对，应是一个大写字母和七位数字，或者一个大写字母、18 位信用代码和三位数字"),
    ("text_vs_trips", paper(4, condition_note="须携原件现场办理"),
     "warning materials[4]: 跑动 0 次，这里却写“须携原件现场办理”"),
    ("text_vs_trips", put("faq", 0, "a", "只能线下办"),
     "warning faq[0]: 跑动 0 次，这里却写“只能线下办”"),
    ("verifiable_but_asked", paper(2, condition_note="学信网可查"),
     "note materials[2]: 说明写可以核验，仍标必要且须交：就读情况说明"),
    ("required_but_conditional", paper(4, necessity="required"),
     "warning materials[4].necessity: 标为必要，说明却只在某情形下才需要：监护人意见"),
    ("required_but_conditional", sub_item(0, condition="有学籍的才办"),
     "warning materials[2].necessity: 标为必要，用到它的子事项却只在某情形下才办：就读情况说明"),
    (
        "required_but_exclusive",
        each_of(paper(2, exclusive_group="how:one"), another_paper(name="休学证明书", exclusive_group="how:two")),
     "error materials[2].necessity: 互斥情形的材料同标为必要：就读情况说明 / 休学证明书",
    ),
    ("group_dependent_required", paper(3, used_by=[3]),
     "warning materials[3].necessity: 标为必要，却只有选了某一种办法的才用：随行人员名单"),
    ("condition_unsaid", paper(4, condition_note=None),
     "note materials[4]: 只在某情形下才要，却没有写是什么情形：监护人意见"),
    ("paper_sent_online", each_of(paper(4, form="paper", submit="online")),
     "error materials[4].submit: 只收纸质，却只能网上提交：监护人意见"),
    ("electronic_at_counter", each_of(paper(4, form="electronic", submit="counter")),
     "warning materials[4].submit: 只收电子件，却只在窗口收：监护人意见"),
    ("electronic_original", paper(2, form="electronic", original="original", condition_note="现场提交原件核对"),
     "note materials[2].original: 只收电子件，说明却要交验原件：就读情况说明"),
    ("copies_zero", paper(2, copies=0, form="paper_and_electronic"),
     "error materials[2].copies: 要交纸质，份数却是 0：就读情况说明"),
    ("result_as_material", another_paper(name="《游学证》", used_by=[2]),
     "warning materials[5]: “《游学证》”由本次联办的“游学证签发”产生，又要申请人交"),
    ("wait_unknown", sub_item(1, after={"items": [9]}),
     "error sub_items[1].after: “游学补助登记”要等的“9”不在子事项里"),
    ("wait_unknown", sub_item(1, after={"any_of_group": "nowhere"}),
     "error sub_items[1].after: “游学补助登记”要等的“nowhere”不在子事项里"),
    ("wait_exclusive", each_of(sub_item(2, after={"items": [4]}), sub_item(3, promised_days=0)),
     "error sub_items[2].after: “随行参保（一般流程）”要等“随行参保（告知承诺）”先办结，两者却只能办一个"),
    ("wait_cycle", sub_item(0, after={"items": [2]}),
     "error sub_items[0].after: 几个子事项互相等待，谁也办不了：游学证签发、游学补助登记"),
    ("wait_cycle", sub_item(0, after={"items": [1]}),
     "error sub_items[0].after: 几个子事项互相等待，谁也办不了：游学证签发、游学补助登记"),
    ("used_by_unknown", paper(2, used_by=[1, 7]),
     "error materials[2].used_by: “就读情况说明”用于子事项 7，没有这个序号"),
    ("material_unused", paper(2, used_by=[]),
     "warning materials[2].used_by: 没有哪个子事项用到这份材料：就读情况说明"),
    ("group_of_one", paper(4, exclusive_group="who:child"),
     "note materials[4]: 择一组“who”里只有一个：监护人意见"),
    ("fee_two_values", put("declared", "fee", {"charged": False, "items": [{"name": "工本费", "amount": "20 元"}]}),
     "error declared.fee: 写不收费，却列了收费标准：20 元"),
    ("fee_without_amount", put("declared", "fee", {"charged": True, "items": []}),
     "note declared.fee: 写要收费，没有列收费标准"),
    ("empty_condition", put("conditions", ["符合申请要求"]),
     "warning conditions: 办理条件只有“符合申请要求”，没有实质内容"),
    ("empty_condition", put("conditions", ["须符合法律法规规定的条件。"]),
     "warning conditions: 办理条件只有“须符合法律法规规定的条件。”，没有实质内容"),
    ("statutory_wait_ignored", put("conditions", ["公示不少于 20 日无异议"]),
     "warning declared.days: 条件里的公示（公告）要 20 日，申报改后只有 5 天"),
    ("wrong_form", paper(0, name="个人创业一件事申请表"),
     "warning materials[0]: 表单叫“个人创业一件事申请表”，与本事名称“申领游学证“一件事””不同"),
    ("item_naming", sub_item(1, name="游学补助证"),
     "note sub_items[1]: 子事项直接用证件名，看不出是核验还是办证：游学补助证"),
    ("not_a_service", each_of(sub_item(1, name="统筹建立参保补助指引")),
     "note sub_items[1]: 部门内部工作，申请人无从申请：统筹建立参保补助指引"),
    ("no_faq", put("faq", []),
     "note faq: 没有常见问题"),
    ("faq_vs_list", put("faq", [{"q": "要什么材料", "a": "申请表、身份证、说明三份"}]),
     "warning faq[0]: 常见问题说 3 份材料，清单列 5 份"),
    ("one_child_per_case", put("faq", [{"q": "几个人一起办", "a": "要逐个申请"}]),
     "note faq[0]: 常见问题说要分几次申请（“逐个申请”），与一次办不合"),
    ("condition_dead_end", put("conditions", ["初次申领且持证满 1 年"]),
     "warning conditions[0]: 既要首次办理，又要已满年限，一并申报走不通：“初次申领且持证满 1 年”"),
]  # fmt: skip
