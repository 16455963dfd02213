"""The sheets of a workbook of items: their names, headers and order, and how rows hang together.

Every key of an item's schema has a column here (a test makes sure), so that a workbook says no less than the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.models import Confidence, FormLine, ItemMaterial, MaterialExemption, ServiceItem
from catalog.packages.format.specs import Table
from catalog.packages.schema import ITEM

GUIDE: Final = "填写说明"
CODES: Final = "代码表"
ITEMS: Final = "事项"
PACKAGE: Final = "package"
NO_FEE: Final = "不收费"  # the one row of an item that is known to cost nothing


@dataclass(frozen=True)
class Column:
    """One column: the schema's key, its header, how to fill it in. ``labels``: what coded values mean; ``codes``: the dictionary they are
    taken from; ``joined``: several codes in one cell."""

    key: str
    header: str
    hint: str = ""
    width: int = 16
    labels: Mapping[str, Any] = field(default_factory=dict)
    codes: str = ""
    joined: bool = False


_ITEM: Final = Column("slug", "事项代码", "是哪个事项的，照抄“事项”表里的代码", 18)
_SOURCED: Final = (
    Column("sources", "出处", "出处代号，多个用顿号隔开", 18, joined=True),
    Column("confidence", "把握", "有没有出处", 12, labels=dict(Confidence.choices)),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: a row for each record of the list that ``path`` leads to from an item. ``parents``: the columns before the record's own,
    which say whose row it is."""

    title: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    about: str = ""
    parents: tuple[Column, ...] = (_ITEM,)

    @property
    def table(self) -> Table:
        """Return what the schema says of a record."""
        table: Any = ITEM
        for key in self.path:
            table = table.fields[key].spec.spec
        return table  # type: ignore[no-any-return]


SHEETS: Final = (
    Sheet(
        ITEMS,
        (),
        (
            Column("slug", "事项代码", "小写字母、数字和下划线，字母开头，全目录不重复", 18),
            Column("name", "事项名称", width=30),
            Column("short_name", "简称"),
            Column("department", "实施部门", "从代码表里选", 18, codes="departments"),
            Column("catalog_code", "基本编码", "12 位数字", 16),
            Column("task_code", "实施编码", "31 位", 36),
            Column("local_code", "地方编码", width=18),
            Column("item_type", "事项类型", width=18, labels=dict(ServiceItem.Type.choices)),
            Column("exercise_level", "行使层级", labels=dict(ServiceItem.ExerciseLevel.choices)),
            Column("status", "事项状态", labels=dict(ServiceItem.Status.choices)),
            Column("theme", "主题"),
            Column("subjects", "服务对象", "一行一个", 14),
            Column("handling", "办件类型", width=18, labels=dict(ServiceItem.Handling.choices)),
            Column("statutory_limit_days", "法定时限", "天数；不知道就空着", 10),
            Column("promised_limit_days", "承诺时限", "天数，不能长于法定时限；不知道就空着", 10),
            Column("limit_unit", "时限单位", width=20, labels=dict(ServiceItem.LimitUnit.choices)),
            Column("limit_note", "时限说明", width=24),
            Column("conditions", "受理条件", "一行一条", 40),
            Column("flow", "办理流程", "一行一步", 20),
            Column("visits", "到现场次数（单独办理）", "不用到现场写 0；不知道就空着", 10),
            Column("visits_together", "到现场次数（联办）", "不用到现场写 0；不知道就空着", 10),
            Column("steps", "办理环节（单独办理）", width=10),
            Column("identity_level", "申请人身份", "0 本人填写，1 实名，2 窗口当面核验过", 10),
            Column("in_person_only", "只能本人办理", "是或空着；不接受代办", 10),
            Column("visit_reason", "到现场原因", width=24),
            Column("online_depth", "网上办理深度", "一行一个", 14),
            Column("cross_region", "通办范围"),
            Column("consulting", "咨询方式", width=24),
            Column("complaints", "监督投诉方式", width=24),
            Column("locked", "另外锁定的要素", "地方不得改动的要素，用顿号隔开", joined=True),
            Column("decision_rule", "自动办结规则", "一段 JSON；由人办的空着", 40),
            Column("result_note", "结果说明", width=24),
            Column("remark", "说明", width=30),
        ),
        "一行一个事项",
        (Column(PACKAGE, "所在事项包", "属于哪件事的文件夹；单独的事项空着", 14),),
    ),
    Sheet(
        "要素出处",
        ("facts",),
        (*_SOURCED, Column("note", "说明", width=40)),
        "事项自己的要素从哪里读到",
        (_ITEM, Column("key", "要素", "事项的哪一项，写英文名，如 promised_limit_days", 24)),
    ),
    Sheet(
        "设定依据",
        ("legal_basis",),
        (Column("law", "法律法规", width=40), Column("article", "条款"), Column("text", "条文", width=60)),
    ),
    Sheet(
        "收费",
        ("fees",),
        (Column("name", "收费项目", width=24), Column("amount", "标准", width=24), Column("basis", "依据", width=40)),
        "不收费的事项写一行，收费项目填“不收费”；一行也没有的，页面上写“未公布”",
    ),
    Sheet(
        "特别程序",
        ("special_procedures",),
        (
            Column("name", "程序", width=24),
            Column("kind", "种类", "hearing、inspection、expert_review、test、appraisal；空着只写进指南", 16),
            Column("days", "时间", "有种类的写工作日数", 16),
            Column("counted", "计入时限", "是或者否；空着是“否”", 10),
            Column("basis", "依据", width=40),
        ),
        "听证、现场勘验、专家评审等程序",
    ),
    Sheet(
        "办理地点",
        ("places",),
        (
            Column("name", "地点", width=24),
            Column("address", "地址", width=40),
            Column("hours", "时间", width=30),
            Column("phone", "电话"),
        ),
    ),
    Sheet(
        "表单字段",
        ("lines",),
        (
            Column("code", "字段代码", "本部门表单里的代码，事项内不重复", 14),
            Column("label", "表单上的名称", width=24),
            Column("role", "谁的", "角色代码，如 child"),
            Column("element", "数据元", "从代码表里选", 24, codes="elements"),
            Column("required", "必填", "是或者否；空着是“是”", 8),
            Column("required_when", "必填的条件", "写了它，就不看“必填”", 40),
            Column("condition", "出现条件", "空着是总出现", 40),
            Column("section", "所在部分", "一件事里的表单部分"),
            Column("reuse", "沿用方式", width=18, labels=dict(FormLine.Reuse.choices)),
            Column("constraints", "格式要求", "一行一个，如 max_length: 20", 24),
            Column("help", "填写说明", width=30),
            Column("reason", "用途", width=24),
            *_SOURCED,
        ),
        "部门自己的表单，一行一个字段",
    ),
    Sheet(
        "材料",
        ("materials",),
        (
            Column("material", "材料代码", "从代码表里选", 24, codes="materials"),
            Column("role", "谁的", "谁的材料；不分人就空着"),
            Column("necessity", "必要性", width=18, labels=dict(ItemMaterial.Necessity.choices)),
            Column("condition", "需要的条件", "空着是总需要", 40),
            Column("form", "材料形式", width=28, labels=dict(ItemMaterial.Form.choices)),
            Column("deferred_days", "后补期限", "受理后几个工作日内补交；只用于可容缺后补的", 10),
            Column("result_waits", "补齐后才出结果", "是或否；只用于可容缺后补的", 10),
            Column("copies", "份数", width=8),
            Column("excludes", "不能与何者同时要求", "材料代码，用顿号隔开", 20, joined=True),
            Column("reason", "为什么要", width=24),
            *_SOURCED,
        ),
    ),
    Sheet(
        "免交方式",
        ("materials", "exemptions"),
        (
            Column("kind", "方式", width=22, labels=dict(MaterialExemption.Kind.choices)),
            Column("reference", "所指", "证照类型、部门或者事项的代码", 24),
            *_SOURCED,
        ),
        "材料可以怎样免交，按先后",
        (
            _ITEM,
            Column("material", "材料代码", "照抄“材料”表", 24, codes="materials"),
            Column("role", "谁的", "照抄“材料”表"),
        ),
    ),
    Sheet(
        "决定内容",
        ("outputs",),
        (
            Column("code", "代码", width=18),
            Column("label", "名称", width=24),
            Column("type", "类型"),
            Column("options", "可选值", "一行一个，如 1: 男", 24),
            Column("constraints", "格式要求", "一行一个，如 max_length: 20", 24),
            Column("required", "必填", "是或者否；空着是“是”", 8),
            Column("feeds", "供给", "供给后面事项的哪个字段，如 child:person.id_number", 28),
            Column(
                "repeats", "与申请一致", "申请表上已经填过的字段，如 child:card.bank，多个用顿号隔开", 28, joined=True
            ),
            Column("series", "编号序列", "同一序列里的编号只给出一次，如 identity_number", 20),
            *_SOURCED,
        ),
        "批准时部门填的内容",
    ),
    Sheet(
        "办理结果",
        ("results",),
        (
            Column("certificate_type", "证照类型", "从代码表里选", 24, codes="certificate_types"),
            Column("holder", "持证人", "角色代码；空着是申请人"),
            Column("co_holders", "共同持证人", "角色代码，多个用顿号隔开", joined=True),
            Column("holder_name", "持证主体名称取自", "名称随准予而变时才填，如 output:licence_name", 24),
            Column("founds", "设立后由谁代表", "准予后才有这个单位时填：法定代表人的角色代码"),
            Column("face", "照面", "一行一个，如 name: field:child:person.name", 44),
            *_SOURCED,
        ),
    ),
    Sheet(
        "同意事项",
        ("consents",),
        (
            Column("code", "代码", width=18),
            Column("text", "同意内容", width=60),
            Column("required", "必须同意", "是或者否；空着是“是”", 10),
            *_SOURCED,
        ),
    ),
    Sheet(
        "校验规则",
        ("cross_rules",),
        (
            Column("code", "代码", width=18),
            Column("violated", "何时有误", "条件：填错时为真", 50),
            Column("message", "提示", "告诉申请人怎么改", 40),
            Column("fields", "涉及字段", "如 child:person.name，多个用顿号隔开", 30, joined=True),
            *_SOURCED,
        ),
    ),
    Sheet(
        "审查要点",
        ("review_points",),
        (
            Column("code", "代码", width=18),
            Column("text", "审查要点", width=60),
            Column("message", "提示", "不通过时告诉申请人哪里不对、怎样改", 40),
            Column("fields", "涉及字段", "如 child:person.name，多个用顿号隔开", 30, joined=True),
            Column("materials", "涉及材料", "材料代码，多个用顿号隔开", 30, joined=True),
            *_SOURCED,
        ),
    ),
    Sheet(
        "常见问题",
        ("faqs",),
        (Column("question", "问", width=40), Column("answer", "答", width=60), *_SOURCED),
    ),
)
