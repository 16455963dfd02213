"""Look for what is wrong across the whole catalog: dictionaries, codes, and what no single matter shows. Pure.

``lint_catalog(facts)`` returns findings; what is wrong within one matter is found by ``catalog.linting.matters``. What each code says
is in ``catalog.wording.findings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from catalog.definitions import Finding, Source
from catalog.definitions.finding import gravest_first
from catalog.linting.grouping import grouped
from catalog.linting.guides.codes import ITEM_TYPES, PROVINCES, bad_credit_code, is_standard_code
from catalog.linting.guides.names import paper_core
from catalog.linting.items import ItemRow, own_facts

_SYNONYMS = (
    (re.compile(r"手机号码?|移动电话|联系电话|联系方式|电话号码?|手机|电话"), "电话"),
    (re.compile(r"身份证件?号码?|公民身份号码|证件号码?"), "证件号"),
    (re.compile(r"证件类型|证件种类|证件类别"), "证件类型"),
    (re.compile(r"户籍地址|户籍所在地|户口所在地"), "户籍地址"),
    (re.compile(r"现居住地址?|现住址|居住地址|家庭住址|常住地址|居住地"), "住址"),
    (re.compile(r"出生年月日?|出生日期|出生时间"), "出生日期"),
    (re.compile(r"统一社会信用代码|社会信用代码|信用代码"), "信用代码"),
    (re.compile(r"(?:企业|公司|单位|经营主体|市场主体)名称"), "单位名称"),
    (re.compile(r"邮政编码|邮编"), "邮编"),
    (re.compile(r"电子邮箱|电子邮件|邮箱|E-?mail", re.IGNORECASE), "邮箱"),
    (re.compile(r"银行账号|银行卡号|账户号|银行账户|开户账号"), "银行账号"),
    (re.compile(r"[（(][^（）()]*[）)]|[的\s]"), ""),
)
_DIVISION_ENDINGS = {"province": "0000", "prefecture": "00"}


@dataclass(frozen=True, slots=True)
class ElementRow:
    pk: Any
    code: str
    name: str
    type: str
    is_used: bool = True


@dataclass(frozen=True, slots=True)
class MaterialRow:
    pk: Any
    code: str
    name: str
    standard_code: str = ""
    is_used: bool = True


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A department, certificate type or division with its code (``credit``: the 18 characters of a credit code within it)."""

    pk: Any
    slug: str
    name: str
    code: str = ""
    parent: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """Everything the lints read. ``cited``: source key → where it is cited; ``sources``: the keys there are."""

    elements: Sequence[ElementRow] = ()
    materials: Sequence[MaterialRow] = ()
    items: Sequence[ItemRow] = ()
    departments: Sequence[CodeRow] = ()
    certificate_types: Sequence[CodeRow] = ()
    divisions: Sequence[CodeRow] = ()
    cited: Mapping[str, str] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()


def lint_catalog(facts: CatalogFacts) -> list[Finding]:
    """Return everything found, errors first."""
    found = [
        *_elements(facts.elements),
        *_materials(facts.materials),
        *_items(facts.items),
        *_codes(facts),
        *_sources(facts),
    ]
    return gravest_first(sorted(found, key=lambda each: (each.sources[0].kind, each.sources[0].item)))


def _finding(
    code: str, severity: str, kind: str, row: Any, part: str = "", declared: Any = None, found: Any = None, **more: Any
) -> Finding:
    """Return a finding about a row: an element, material, item, department …"""
    name = row.slug if hasattr(row, "slug") else row.code
    params = {"declared": declared, "found": found, **more}
    return Finding(code, (Source(name, part, kind, row.pk),), severity, params)


def meaning(name: str) -> str:
    """Return what an element's name means, with everyday synonyms made one."""
    for pattern, word in _SYNONYMS:
        name = pattern.sub(word, name)
    return name


def near(one: str, other: str) -> bool:
    """Tell whether two names mean the same, or differ by one character in six or more."""
    first, second = meaning(one), meaning(other)
    if first == second:
        return True
    return min(len(first), len(second)) >= 6 and _one_edit(first, second)


def _one_edit(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    place = next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[place + (len(one) == len(other)) :] == other[place + 1 :]


def _elements(rows: Sequence[ElementRow]) -> Iterator[Finding]:
    for row in rows:
        if not row.is_used:
            yield _finding("element_unused", "note", "element", row, declared=row.name)
    for same in grouped(rows, lambda row: (row.type, row.code.split(".")[0])).values():
        for one, other in combinations(same, 2):
            if near(one.name, other.name):
                found = [other.code, other.name]
                yield _finding("near_duplicate_elements", "warning", "element", one, "name", one.name, found)


def _materials(rows: Sequence[MaterialRow]) -> Iterator[Finding]:
    for row in rows:
        if not row.is_used:
            yield _finding("material_unused", "warning", "material", row, declared=row.name)
        plain = re.fullmatch(r"[A-Z][0-9A-Z]{4,19}", row.standard_code)
        if row.standard_code and not plain and not is_standard_code(row.standard_code):
            yield _finding("code_malformed", "error", "material", row, "standard_code", row.standard_code)
    for core, same in grouped(rows, lambda row: paper_core(row.name)).items():
        if len(same) > 1 and core:
            codes = [row.code for row in same]
            yield _finding("material_two_codes", "warning", "material", same[0], "name", same[0].name, codes)
    for code, same in grouped(rows, lambda row: row.standard_code).items():
        names = {paper_core(row.name): row.name for row in same}
        if len(names) > 1:
            found = list(names.values())
            yield _finding("standard_code_reused", "error", "material", same[0], "standard_code", code, found)


def _items(rows: Sequence[ItemRow]) -> Iterator[Finding]:
    for row in rows:
        yield from _item(row)
        yield from _item_codes(row)
    for code, same in grouped(rows, lambda row: row.task_code).items():
        if len(same) > 1:
            slugs = [row.slug for row in same]
            yield _finding("code_repeated", "error", "item", same[0], "task_code", code, slugs)
    for _code, same in grouped(rows, lambda row: (row.local_code or row.catalog_code, paper_core(row.name))).items():
        promises = {row.slug: row.promised_limit_days for row in same if row.promised_limit_days is not None}
        if len(set(promises.values())) > 1 and same[0].local_code + same[0].catalog_code:
            declared, told = same[0].promised_limit_days, sorted(f"{slug} {days}" for slug, days in promises.items())
            found = _finding("two_promises", "warning", "item", same[0], "promised_limit_days", declared, promises)
            yield replace(found, variant="items", params={**found.params, "promises": told})


def _item(row: ItemRow) -> Iterator[Finding]:
    if row.visits and not row.visit_reason:
        yield _finding("visit_reason_missing", "note", "item", row, "visit_reason", row.visits)
    for name in row.published_as_open:
        yield _finding("open_but_published", "error", "item", row, name, attribute=name)
    if row.open_facts:
        yield _finding("open_facts", "note", "item", row, "facts", len(row.open_facts), list(row.open_facts))
    if not row.in_matter:
        for finding in own_facts(row):
            yield replace(finding, sources=(replace(finding.sources[0], kind="item", pk=row.pk),))


def _item_codes(row: ItemRow) -> Iterator[Finding]:
    def finding(code: str, part: str, declared: str, found: Any = None) -> Finding:
        return _finding(code, "error", "item", row, part, declared, found)

    if row.catalog_code:
        if not re.fullmatch("[0-9]{12}", row.catalog_code) or row.catalog_code[2:4] not in ITEM_TYPES:
            yield finding("code_malformed", "catalog_code", row.catalog_code, "structure")
        elif row.catalog_code[:2] not in {"00", *PROVINCES}:
            yield finding("code_malformed", "catalog_code", row.catalog_code, "province")
        elif row.item_type and row.item_type != row.catalog_code[2:4]:
            yield finding("item_type_vs_code", "item_type", row.item_type, row.catalog_code[2:4])
    if row.task_code:
        body, level, rest = row.task_code[:18], row.task_code[18:19], row.task_code[19:31]
        if len(row.task_code) not in (31, 33) or level not in "123456":
            yield finding("code_malformed", "task_code", row.task_code, "structure")
            return
        if why := bad_credit_code(body):
            yield finding("code_malformed", "task_code", row.task_code, why)
        for held, stated in ((body, row.credit_code), (level, row.exercise_level), (rest, row.catalog_code)):
            if stated and held != stated:
                yield finding("task_code_vs_item", "task_code", row.task_code, stated)


def _codes(facts: CatalogFacts) -> Iterator[Finding]:
    for kind, rows, pattern in (
        ("department", facts.departments, ".{18}"),
        ("certificate_type", facts.certificate_types, ".{18}[0-9]{3}"),
    ):
        for row in rows:
            if row.code and not re.fullmatch(pattern, row.code):
                yield _finding("code_malformed", "error", kind, row, "code", row.code, "structure")
            elif row.code and (why := bad_credit_code(row.code[:18])):
                yield _finding("code_malformed", "error", kind, row, "code", row.code, why)
        for code, same in grouped(rows, lambda row: row.code).items():
            if len(same) > 1:
                slugs = [row.slug for row in same]
                yield _finding("code_repeated", "error", kind, same[0], "code", code, slugs)
    for row in facts.divisions:
        if not re.fullmatch("[0-9]{6}", row.code) or row.code[:2] not in PROVINCES:
            yield _finding("code_malformed", "error", "division", row, "code", row.code, "structure")
            continue
        ending = _DIVISION_ENDINGS.get(row.level, "")
        fits_level = row.code.endswith(ending) and (row.level != "county" or not row.code.endswith("00"))
        stem = row.parent.rstrip("0")
        stem += "0" * (len(stem) % 2)
        if not fits_level or not row.code.startswith(stem):
            yield _finding("division_vs_parent", "error", "division", row, "parent", row.code, row.parent)


def _sources(facts: CatalogFacts) -> Iterator[Finding]:
    for key, where in sorted(facts.cited.items()):
        if key not in facts.sources:
            params = {"declared": key, "found": None}
            yield Finding("source_missing", (Source(key, where, "source"),), "error", params)
