"""Conditions and demands that cannot be met, and what leads nowhere."""

from __future__ import annotations

from pathlib import Path

from tests.catalog.packages.mistakes.making import ITEM, MATTER, OTHER_ITEM, Mistake, do, edit


def _group_without_choice(root: Path) -> None:
    """Two ways to be done, of which exactly one is to be chosen, and both only for those who want invoices."""
    item = (root / OTHER_ITEM).read_text(encoding="utf-8").replace("slug: invoicing", "slug: einvoicing")
    (root / "opening/items/einvoicing.yaml").write_text(item, encoding="utf-8")
    matter = (root / MATTER).read_text(encoding="utf-8")
    entry = "  - item: invoicing\n"
    other = '  - {item: einvoicing, group: one, condition: {in: [{var: answers.invoices}, ["yes"]]}}\n'
    matter = matter.replace(entry, f"{other}{entry}    group: one\n")
    (root / MATTER).write_text(matter, encoding="utf-8")


CONDITIONS: list[Mistake] = [
    edit(
        "operator-unknown",
        MATTER,
        '{"==": [{var: answers.invoices}, "yes"]}',
        '{"=": [{var: answers.invoices}, "yes"]}',
        20,
        "bad_rule",
        "条件里不能用“=”，是不是“==”？",
    ),
    edit(
        "not-in-the-language",
        MATTER,
        '{"==": [{var: answers.invoices}, "yes"]}',
        "{map: [{var: answers.invoices}, 1]}",
        20,
        "bad_rule",
        "条件里不能用“map”",
    ),
    edit(
        "operands-missing",
        MATTER,
        '{"==": [{var: answers.invoices}, "yes"]}',
        '{"==": [{var: answers.invoices}]}',
        20,
        "bad_rule",
        "条件里的“==”不能有 1 个参数",
    ),
    edit(
        "two-operators",
        MATTER,
        '{"==": [{var: answers.invoices}, "yes"]}',
        '{"!": true, "!!": true}',
        20,
        "bad_rule",
        "条件的每一层只写一个运算，不能多也不能少",
    ),
    edit(
        "demand-unknown",
        "elements.yaml",
        "constraints: {min: 0}",
        "constraints: {minimum: 0}",
        2,
        "unknown_key",
        "不认识“minimum”，是不是“min”？",
    ),
    edit(
        "demand-of-another-type",
        "elements.yaml",
        "constraints: {min: 0}",
        "constraints: {max_length: 5}",
        2,
        "bad_constraint",
        "“decimal”类型的字段不能有格式要求“max_length”",
    ),
    edit(
        "demand-ill-formed",
        "elements.yaml",
        "constraints: {min: 0}",
        "constraints: {min: 零}",
        2,
        "bad_constraint",
        "格式要求“min”的值不对",
    ),
    edit(
        "pattern-that-looks-ahead",
        "elements.yaml",
        "name: 执照编号, type: text",
        'name: 执照编号, type: text, constraints: {pattern: "(?=a)b"}',
        3,
        "bad_constraint",
        "格式要求“pattern”里有不支持的写法，或者括号没有配对",
    ),
    edit(
        "unit-of-a-text",
        "elements.yaml",
        "name: 执照编号, type: text",
        "name: 执照编号, type: text, unit: 元",
        3,
        "unit_without_number",
        "只有数才有单位",
    ),
    edit(
        "demands-contradict",
        ITEM,
        "label: 注册资本",
        "label: 注册资本, constraints: {min: 10, max: 5}",
        11,
        "contradiction",
        "对“企业的注册资本”的要求互相矛盾（min）：企业设立登记的“注册资本”、数据元“注册资本”",
    ),
    edit(
        "no-options-to-choose-from",
        "elements.yaml",
        "type: text",
        "type: select",
        3,
        "no_options",
        "选择项要有 options",
    ),
]

NOWHERE: list[Mistake] = [
    edit(
        "waits-for-itself",
        MATTER,
        "item: registration, kind",
        "item: invoicing, kind",
        22,
        "waits_for_itself",
        "事项不能等自己",
    ),
    edit(
        "waits-in-a-circle",
        MATTER,
        "- {item: registration}",
        "- {item: registration, after: [{item: invoicing, kind: must_finish_first}]}",
        18,
        "dependency_cycle",
        "几个事项互相等待，谁也办不了：企业设立登记、发票领用",
    ),
    edit(
        "conditions-in-a-circle",
        ITEM,
        "label: 名称, section: basic}\n  - {code: ZB, role: company, element: company.capital, label: 注册资本, section: basic,",
        'label: 名称, section: basic, condition: {"!!": {var: "company:company.capital"}}}\n'
        '  - {code: ZB, role: company, element: company.capital, label: 注册资本, section: basic, condition: {"!!": {var: "company:company.name"}},',
        10,
        "condition_cycle",
        "几个字段的出现条件互相依赖：企业设立登记的“名称”、企业设立登记的“注册资本”",
    ),
    do(
        "a-choice-without-a-choice",
        _group_without_choice,
        MATTER,
        19,
        "group_without_choice",
        "有一组答案在择一组“one”里没有可选的事项：“要领用发票吗”答“不要”：发票领用",
    ),
    edit(
        "parents-in-a-circle",
        "departments.yaml",
        "short_name: 税务,",
        "short_name: 税务, parent: tax,",
        2,
        "parent_cycle",
        "“tax”成了自己的上级",
    ),
    edit(
        "promise-beyond-the-statute",
        ITEM,
        "promised_limit_days: 1",
        "promised_limit_days: 9\nstatutory_limit_days: 5",
        6,
        "promise_beyond_statute",
        "承诺时限 9 天长于法定时限 5 天",
    ),
]
