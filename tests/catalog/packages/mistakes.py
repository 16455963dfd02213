"""Invalid packages: the small catalog of ``tests/catalog/conftest.py`` with one mistake each, and what must be said about it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MATTER = "opening/matter.yaml"
ITEM = "opening/items/registration.yaml"
OTHER_ITEM = "opening/items/invoicing.yaml"


@dataclass(frozen=True)
class Mistake:
    """``make(root)`` makes the mistake. ``line`` 0: the file as a whole; ``sentence``: what is said about it, whole."""

    name: str
    make: Callable[[Path], None]
    file: str
    line: int
    code: str
    sentence: str
    follows: str = ""  # code of what cannot but follow from it


def edit(
    name: str, file: str, old: str, new: str, line: int, code: str, sentence: str, at: str = "", follows: str = ""
) -> Mistake:
    """Return a mistake that replaces ``old`` (which must be there) by ``new``; ``at``: the file that is blamed, if another."""

    def make(root: Path) -> None:
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return Mistake(name, make, at or file, line, code, sentence, follows)


def write(name: str, file: str, content: str | bytes, line: int, code: str, sentence: str, at: str = "") -> Mistake:
    """Return a mistake that is a whole file."""

    def make(root: Path) -> None:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return Mistake(name, make, at or file, line, code, sentence)


def do(name: str, make: Callable[[Path], object], file: str, line: int, code: str, sentence: str) -> Mistake:
    """Return a mistake that is made with the file system."""
    return Mistake(name, lambda root: (make(root), None)[1], file, line, code, sentence)


def _sparse(root: Path) -> None:
    with (root / ITEM).open("wb") as file:
        file.truncate(200 * 1024 * 1024)


def _link_outside(root: Path) -> None:
    (root / ITEM).unlink()
    (root / ITEM).symlink_to("/etc/hostname")


def _loop(root: Path) -> None:
    (root / "opening/again").symlink_to(root, target_is_directory=True)


def _folder_for_a_file(root: Path) -> None:
    (root / ITEM).unlink()
    (root / ITEM).mkdir()


def _pipe(root: Path) -> None:
    (root / ITEM).unlink()
    os.mkfifo(root / ITEM)


def _group_without_choice(root: Path) -> None:
    """Two ways to be done, of which exactly one is to be chosen, and both only for those who want invoices."""
    item = (root / OTHER_ITEM).read_text(encoding="utf-8").replace("slug: invoicing", "slug: einvoicing")
    (root / "opening/items/einvoicing.yaml").write_text(item, encoding="utf-8")
    matter = (root / MATTER).read_text(encoding="utf-8")
    entry = "  - item: invoicing\n"
    other = '  - {item: einvoicing, group: one, condition: {in: [{var: answers.invoices}, ["yes"]]}}\n'
    matter = matter.replace(entry, f"{other}{entry}    group: one\n")
    (root / MATTER).write_text(matter, encoding="utf-8")


TASK_CODE = "11360100999991056A" + "3" + "360131003000"
SAME_NAME = "“%s”在 opening/items/invoicing.yaml:4 已有"

MISTAKES = [
    # Files that cannot be read at all
    write(
        "gbk",
        "materials.yaml",
        "- {code: charter, name: 公司章程}\n".encode("gbk"),
        1,
        "not_utf8",
        "不是 UTF-8 编码，请另存为 UTF-8",
    ),
    write(
        "utf16",
        "materials.yaml",
        "- {code: charter, name: 公司章程}\n".encode("utf-16"),
        1,
        "not_utf8",
        "不是 UTF-8 编码，请另存为 UTF-8",
    ),
    write(
        "nul",
        "materials.yaml",
        b"- {code: charter, name: a\x00b}\n",
        1,
        "bad_yaml",
        "不是合格的 YAML：control characters are not allowed",
    ),
    edit(
        "escaped-control",
        ITEM,
        "name: 企业设立登记",
        'name: "企业\\0设立登记"',
        2,
        "control_character",
        "这里有看不见的控制字符，请删去",
    ),
    do("two-hundred-megabytes", _sparse, ITEM, 0, "file_too_large", "文件超过 2 MB，请拆分"),
    write("deep-flow", OTHER_ITEM, "a: " + "[" * 10_000, 1, "too_deep", "套得太深，最多 40 层"),
    write("deep-block", OTHER_ITEM, "- " * 10_000, 1, "too_deep", "套得太深，最多 40 层"),
    write("deep-maps", OTHER_ITEM, "{a: " * 10_000, 1, "too_deep", "套得太深，最多 40 层"),
    write(
        "billion-laughs",
        OTHER_ITEM,
        "a: &a [x, x]\nb: &b [*a, *a]\n",
        1,
        "no_anchors",
        "不能用锚点和引用（& 和 *），请照写一遍",
    ),
    edit(
        "tag", ITEM, "visits: 1", "visits: !!python/object/apply:os.system [ls]", 7, "no_tags", "不能用类型标记（!…）"
    ),
    edit(
        "two-documents", ITEM, "visits: 1\n", "visits: 1\n---\n", 1, "several_documents", "每个文件应有且只有一份内容"
    ),
    write("empty-file", "materials.yaml", "", 1, "empty_file", "每个文件应有且只有一份内容"),
    write("only-a-comment", "materials.yaml", "# 还没写\n", 1, "empty_file", "每个文件应有且只有一份内容"),
    edit(
        "tab",
        ITEM,
        "visits: 1\n",
        "visits: 1\n\tsteps: 1\n",
        8,
        "bad_yaml",
        "不是合格的 YAML：found a tab character that violates indentation",
    ),
    edit(
        "unclosed",
        ITEM,
        "visits: 1\n",
        "visits: [1\n",
        8,
        "bad_yaml",
        "不是合格的 YAML：did not find expected ',' or ']'",
    ),
    edit("key-twice", ITEM, "visits: 1\n", "visits: 1\nvisits: 2\n", 8, "repeated_key", "“visits”写了两遍"),
    do("link-outside", _link_outside, ITEM, 0, "symbolic_link", "不能用符号链接，请放文件本身"),
    do("link-loop", _loop, "opening/again", 0, "symbolic_link", "不能用符号链接，请放文件本身"),
    do("folder-for-a-file", _folder_for_a_file, ITEM, 0, "not_a_file", "这里应是一个文件"),
    do("pipe", _pipe, ITEM, 0, "not_a_file", "这里应是一个文件"),
    write("yml", "opening/items/closing.yml", "slug: closing\n", 0, "unknown_file", "文件名应以 .yaml 结尾"),
    do(
        "unknown-folder",
        lambda root: (root / "opening/item").mkdir(),
        "opening/item/",
        0,
        "unknown_folder",
        "不认识这个文件夹，是不是“items”？",
    ),
    do(
        "folder-without-matter",
        lambda root: (root / "closing").mkdir(),
        "closing/",
        0,
        "no_matter",
        "文件夹里没有 matter.yaml",
    ),
    write(
        "unknown-file", "opening/element.yaml", "- {}\n", 0, "unknown_file", "不认识这个文件，是不是“elements.yaml”？"
    ),
    # Values that the schema does not know
    edit("schema-of-tomorrow", MATTER, "schema: 1", "schema: 2", 1, "not_a_number", "这里应是 1 到 1 之间的整数"),
    edit("unknown-key", MATTER, "faqs:", "faq:", 23, "unknown_key", "不认识“faq”，是不是“faqs”？"),
    edit("missing-key", ITEM, "name: 企业设立登记\n", "", 1, "missing_key", "缺少“name”"),
    edit("null-for-a-name", ITEM, "name: 企业设立登记", "name:", 2, "missing_key", "缺少“name”"),
    edit("list-for-text", MATTER, "label: 基本信息", "label: [基本信息]", 10, "not_text", "这里应是一段文字"),
    edit(
        "text-for-a-list",
        ITEM,
        "materials:\n  - {material: charter, reason: 登记}",
        "materials: charter",
        12,
        "not_a_list",
        "这里应是一个列表（每项以“- ”开头）",
    ),
    edit(
        "text-for-a-map",
        ITEM,
        'face: {name: "field:company:company.name"}',
        "face: name",
        17,
        "not_a_map",
        "这里应是“名称: 值”的形式",
    ),
    edit(
        "number-in-words",
        ITEM,
        "promised_limit_days: 1",
        "promised_limit_days: 一天",
        6,
        "not_a_number",
        "这里应是 0 到 999 之间的整数",
    ),
    edit(
        "flag-in-words",
        ITEM,
        "label: 名称, section: basic}",
        "label: 名称, section: basic, required: 是}",
        10,
        "not_a_flag",
        "这里应是 true 或 false",
    ),
    edit(
        "not-among-the-choices",
        ITEM,
        "handling: promised",
        "handling: fast",
        5,
        "not_allowed",
        "“fast”不在可用的值里：immediate、promised",
    ),
    edit("too-long", ITEM, "name: 企业设立登记", f"name: {'长' * 121}", 2, "too_long", "最多 120 个字，现有 121 个"),
    edit("empty-text", ITEM, "name: 企业设立登记", 'name: "  "', 2, "empty_text", "这里不能空着"),
    edit(
        "element-without-dot",
        "elements.yaml",
        "- {code: company.name",
        "- {code: companyname, name: 名称, type: text}\n- {code: company.name",
        1,
        "bad_format",
        "“companyname”的写法不对",
    ),
    # What is said twice
    edit(
        "slug-is-not-the-file-name",
        ITEM,
        "slug: registration",
        "slug: registratoin",
        1,
        "slug_differs",
        "代码“registratoin”应与文件（夹）名“registration”一致",
        follows="unused_item",
    ),
    edit(
        "slug-is-not-the-folder",
        MATTER,
        "slug: opening",
        "slug: closing",
        2,
        "slug_differs",
        "代码“closing”应与文件（夹）名“opening”一致",
    ),
    edit("field-code-twice", ITEM, "code: ZB", "code: MC", 11, "repeated", "“MC”重复，第 10 行已有"),
    edit(
        "fact-twice",
        ITEM,
        "element: company.capital, label",
        "element: company.name, label",
        11,
        "repeated",
        "“company:company.name”重复，第 10 行已有",
    ),
    edit("option-twice", MATTER, 'value: "no"', 'value: "yes"', 16, "repeated", "“yes”重复，第 15 行已有"),
    write(
        "element-in-two-files",
        "opening/elements.yaml",
        "- {code: company.name, name: 名称, type: text}\n",
        1,
        "repeated",
        "“company.name”在 elements.yaml:1 已有",
    ),
    write(
        "certificate-code-in-two-folders",
        "opening/certificate_types.yaml",
        "- slug: licence\n  code: 11360100999991056A001\n  name: 执照\n  department: market\n  face: []\n",
        2,
        "repeated",
        "“11360100999991056A001”在 certificate_types.yaml:2 已有",
    ),
    write(
        "source-in-two-folders", "opening/sources.yaml", "S1: 另一份指南\n", 1, "repeated", "“S1”在 sources.yaml:1 已有"
    ),
    write(
        "item-in-two-folders",
        "items/registration.yaml",
        "slug: registration\nname: 登记\ndepartment: market\n",
        1,
        "repeated",
        "“registration”在 items/registration.yaml:1 已有",
        ITEM,
    ),
    edit(
        "figure-twice",
        MATTER,
        "faqs:\n",
        "declared_figures:\n  - {place: 甲, metric: days, before: 一天, after: 半天}\n  - {place: 甲, metric: days, before: 两天, after: 半天}\nfaqs:\n",
        25,
        "repeated",
        "“甲 days”重复，第 24 行已有",
    ),
    edit(
        "question-twice",
        MATTER,
        "  - {question: 要多久, answer: 一天}\n",
        "  - {question: 要多久, answer: 一天}\n  - {question: 要多久, answer: 两天}\n",
        25,
        "repeated",
        "“要多久”重复，第 24 行已有",
    ),
    edit(
        "exemption-twice",
        OTHER_ITEM,
        "[{kind: result, reference: registration}]",
        "[{kind: generated}, {kind: generated}]",
        12,
        "repeated",
        "“generated”重复，第 12 行已有",
    ),
    # References to nowhere
    edit(
        "no-department",
        MATTER,
        "lead_department: market",
        "lead_department: markt",
        6,
        "refers_to_nowhere",
        "部门里没有“markt”，是不是“market”？",
    ),
    edit(
        "no-division",
        "departments.yaml",
        'division: "360000"',
        'division: "990000"',
        1,
        "refers_to_nowhere",
        "行政区划里没有“990000”",
    ),
    edit(
        "no-element",
        ITEM,
        "element: company.capital",
        "element: company.nothing",
        11,
        "refers_to_nowhere",
        "数据元里没有“company.nothing”",
    ),
    edit("no-material", ITEM, "material: charter", "material: statute", 13, "refers_to_nowhere", "材料里没有“statute”"),
    edit(
        "no-certificate-type",
        ITEM,
        "certificate_type: business_licence",
        "certificate_type: nothing",
        17,
        "refers_to_nowhere",
        "证照类型里没有“nothing”",
    ),
    edit(
        "no-item",
        MATTER,
        "- {item: registration}",
        "- {item: registration}\n  - {item: nothing}",
        19,
        "refers_to_nowhere",
        "事项里没有“nothing”",
    ),
    edit(
        "no-item-to-wait-for",
        MATTER,
        "item: registration, kind",
        "item: nothing, kind",
        22,
        "refers_to_nowhere",
        "“nothing”不是这件事的联办事项",
    ),
    edit("no-source", ITEM, "sources: [S1]", "sources: [S9]", 11, "refers_to_nowhere", "出处里没有“S9”"),
    edit(
        "no-role",
        ITEM,
        "role: company, element: company.capital",
        "role: owner, element: company.capital",
        11,
        "refers_to_nowhere",
        "没有角色“owner”",
    ),
    edit(
        "no-section",
        ITEM,
        "注册资本（元）, section: basic",
        "注册资本（元）, section: money",
        11,
        "refers_to_nowhere",
        "没有表单部分“money”",
    ),
    edit(
        "no-output-on-the-face",
        ITEM,
        '"field:company:company.name"',
        '"output:nothing"',
        17,
        "refers_to_nowhere",
        "照面“name”取自不存在的“output:nothing”",
    ),
    edit(
        "no-department-that-shares",
        OTHER_ITEM,
        "kind: result, reference: registration",
        "kind: shared_data, reference: nobody",
        12,
        "refers_to_nowhere",
        "部门里没有“nobody”",
    ),
    edit(
        "no-parent-department",
        "departments.yaml",
        "short_name: 税务,",
        "short_name: 税务, parent: nobody,",
        2,
        "refers_to_nowhere",
        "部门里没有“nobody”",
    ),
    edit(
        "no-answer-by-that-name",
        MATTER,
        "{var: answers.invoices}",
        "{var: answers.invoice}",
        20,
        "unknown_reference",
        "没有“answers.invoice”（条件里的问题或字段）",
    ),
    edit(
        "an-item-nobody-lists",
        MATTER,
        '  - item: invoicing\n    condition: {"==": [{var: answers.invoices}, "yes"]}\n    after:\n      - {item: registration, kind: result_feeds, what: 先有执照}\n',
        "",
        1,
        "unused_item",
        "“invoicing”没有列入 matter.yaml 的 items",
        OTHER_ITEM,
    ),
    # Conditions and demands
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
        "demands-contradict",
        ITEM,
        "label: 注册资本（元）",
        "label: 注册资本（元）, constraints: {min: 10, max: 5}",
        11,
        "contradiction",
        "对“企业的注册资本（元）”的要求互相矛盾（min）：企业设立登记的“注册资本（元）”、数据元“注册资本”",
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
    # What leads nowhere
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
        "label: 名称, section: basic}\n  - {code: ZB, role: company, element: company.capital, label: 注册资本（元）, section: basic,",
        'label: 名称, section: basic, condition: {"!!": {var: "company:company.capital"}}}\n'
        '  - {code: ZB, role: company, element: company.capital, label: 注册资本（元）, section: basic, condition: {"!!": {var: "company:company.name"}},',
        10,
        "condition_cycle",
        "几个字段的出现条件互相依赖：企业设立登记的“名称”、企业设立登记的“注册资本（元）”",
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
    # Codes
    edit(
        "credit-code-check-digit",
        "departments.yaml",
        "11360100999991056A",
        "11360100999991056B",
        2,
        "bad_credit_code",
        "“11360100999991056B”的校验位不对",
    ),
    edit(
        "catalog-code-short",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "00013100300"',
        5,
        "bad_format",
        "“00013100300”的写法不对",
    ),
    edit(
        "catalog-code-of-no-province",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "990131003000"',
        5,
        "bad_item_code",
        "“990131003000”的前两位应是 00（国家）或者省级代码",
    ),
    edit(
        "catalog-code-of-another-type",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "000731003000"',
        5,
        "bad_item_code",
        "“000731003000”的第 3、4 位与事项类型 01 不一致",
    ),
    edit(
        "catalog-code-of-no-type",
        ITEM,
        'item_type: "01"',
        'item_type: "01"\ncatalog_code: "001531003000"',
        5,
        "bad_item_code",
        "“001531003000”的第 3、4 位不是事项类型",
    ),
    edit(
        "task-code-check-digit",
        ITEM,
        'item_type: "01"',
        f'item_type: "01"\ntask_code: {TASK_CODE.replace("056A", "056B")}',
        5,
        "bad_item_code",
        f"“{TASK_CODE.replace('056A', '056B')}”的前 18 位不是有效的统一社会信用代码",
    ),
    edit(
        "task-code-of-no-level",
        ITEM,
        'item_type: "01"',
        f'item_type: "01"\ntask_code: {TASK_CODE.replace("056A3", "056A9")}',
        5,
        "bad_item_code",
        f"“{TASK_CODE.replace('056A3', '056A9')}”的第 19 位不是行使层级",
    ),
    edit(
        "task-code-of-another-item",
        ITEM,
        'item_type: "01"',
        f'item_type: "01"\ncatalog_code: "000131003000"\ntask_code: {TASK_CODE}',
        6,
        "bad_item_code",
        f"“{TASK_CODE}”的后 12 位与基本编码 000131003000 不一致",
    ),
]
