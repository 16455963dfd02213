"""How the codes of service items are made (GB/T 39554.1). Pure.

Basic code (基本编码), 12 digits: 2 who lists it (00 the nation, else a province) + 2 type + 2 branch + 3 item + 3 sub-item.
Implementation code (实施编码), 31 characters: 18 credit code of the body + 1 level of government + the basic code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from catalog.linting.guides.codes import PROVINCES
from portal.identifiers.credit_codes import credit_code
from portal.identifiers.invalid import InvalidIdentifier

NATION: Final = "00"


def catalog_code_mistakes(code: str, item_type: str, types: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with a basic code of 12 digits: ``level``, ``type`` (no such type), ``other_type`` (not the item's)."""
    if code[:2] != NATION and code[:2] not in PROVINCES:
        yield "level"
    if code[2:4] not in types:
        yield "type"
    elif item_type and code[2:4] != item_type:
        yield "other_type"


def task_code_mistakes(
    code: str, item_type: str, catalog_code: str, exercise_level: str, types: Collection[str], levels: Collection[str]
) -> Iterator[str]:
    """Yield what is wrong with an implementation code of 31 characters: ``credit_code``, ``exercise_level`` (no such level),
    ``other_exercise_level``, ``other_catalog_code``, ``not_digits``, or the mistakes of the basic code in it."""
    try:
        credit_code(code[:18])
    except InvalidIdentifier:
        yield "credit_code"
    if code[18] not in levels:
        yield "exercise_level"
    elif exercise_level and code[18] != exercise_level:
        yield "other_exercise_level"
    basic = code[19:]
    if not basic.isdecimal():
        yield "not_digits"
    elif catalog_code and basic != catalog_code:
        yield "other_catalog_code"
    else:
        yield from catalog_code_mistakes(basic, item_type, types)
