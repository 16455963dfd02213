"""What people read of a matter: names that are codes, and one fact under two names or units. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from catalog.definitions import ElementDefinition, Finding, ItemDefinition, MatterDefinition, Source
from catalog.definitions.naming import field_key
from catalog.fields.constraints import NUMBERS
from catalog.linting.grouping import grouped

_CODE = re.compile(r"[a-z][a-z0-9]+(?:[_.:#-][a-z0-9]+)*")
_IN_BRACKETS = re.compile(r"[（(]([^（()）]{1,8})[)）]")
_UNITS = frozenset(
    [
        "平方米",
        "㎡",
        "m²",
        "亩",
        "公顷",
        "平方公里",
        "立方米",
        "m³",
        "米",
        "厘米",
        "毫米",
        "公里",
        "千米",
        "km",
        "m",
        "cm",
        "mm",
        "元",
        "万元",
        "亿元",
        "克",
        "千克",
        "公斤",
        "吨",
        "kg",
        "g",
        "升",
        "毫升",
        "千瓦",
        "千伏安",
        "kW",
        "kVA",
        "伏",
        "安",
        "天",
        "日",
        "工作日",
        "周",
        "月",
        "个月",
        "年",
        "小时",
        "分钟",
        "人",
        "名",
        "户",
        "个",
        "辆",
        "台",
        "套",
        "间",
        "层",
        "次",
        "%",
        "‰",
        "份",
        "张",
        "岁",
    ]
)


def codes_for_names(matter: MatterDefinition, items: Sequence[ItemDefinition]) -> Iterator[Finding]:
    """Yield what people would read as a code in Latin letters: parts of the form that nobody named, labels left as they were made up."""
    named = {section.key for section in matter.sections}
    wanted = [(Source("", f"placement:{field}"), key) for field, key in matter.placement.items()]
    wanted += [(Source(item.slug, line.code), line.section) for item in items for line in item.lines]
    for source, key in {key: (source, key) for source, key in reversed(wanted) if key and key not in named}.values():
        yield Finding("section_without_name", (source,), params={"section": key})
    for source, text in _labels(matter, items):
        if _CODE.fullmatch(text.strip()):
            yield Finding("label_is_a_code", (source,), params={"label": text})


def _labels(matter: MatterDefinition, items: Sequence[ItemDefinition]) -> Iterator[tuple[Source, str]]:
    """Yield the labels of the form: of its parts, its persons, its fields, and of what is filled in at the decision."""
    yield from ((Source("", f"section:{each.key}"), each.label) for each in matter.sections)
    yield from ((Source("", f"role:{each.key}"), each.label) for each in matter.roles)
    yield from ((Source("", f"labels:{field}"), label) for field, label in matter.labels.items())
    for item in items:
        yield from ((Source(item.slug, line.code), line.label) for line in item.lines)
        yield from ((Source(item.slug, f"output:{each.code}"), each.label) for each in item.outputs)


def two_units(items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]) -> Iterator[Finding]:
    """Yield each number that departments ask for in different units: the merged form can ask for one only."""
    found: dict[str, dict[str, Source]] = {}
    for item in items:
        for line in item.lines:
            element = elements.get(line.element)
            if element is None or element.type not in NUMBERS:
                continue
            units = found.setdefault(line.element, {element.unit: Source("", element.code)} if element.unit else {})
            for unit in _IN_BRACKETS.findall(line.label):
                if unit.strip() in _UNITS:
                    units.setdefault(unit.strip(), Source(item.slug, line.code))
    for code, units in found.items():
        if len(units) > 1:
            params = {"field": elements[code].name, "units": list(units)}
            yield Finding("two_units", tuple(units.values()), params=params)


def two_elements(items: Sequence[ItemDefinition], elements: Mapping[str, ElementDefinition]) -> Iterator[Finding]:
    """Yield the facts that one person is asked for twice, because two elements have one name and one type."""
    asked: dict[tuple[str, str], Source] = {}
    for item in items:
        for line in item.lines:
            if line.element in elements:
                asked.setdefault((line.role, line.element), Source(item.slug, line.code))

    def what(asking: tuple[str, str]) -> tuple[str, str, str]:
        element = elements[asking[1]]
        return asking[0], element.type, "".join(unicodedata.normalize("NFKC", element.name).split())

    for same in grouped(asked, what).values():
        if len(same) > 1:
            params = {"field": field_key(*same[0]), "elements": [element for _role, element in same]}
            yield Finding("two_elements", tuple(asked[each] for each in same), params=params)
