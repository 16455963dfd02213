"""Characters with a private code of older systems are kept with the code they have since."""

from __future__ import annotations

from portal.identifiers.characters import FORMER_CODES, with_standard_characters


def test_a_former_code_becomes_the_standard_character() -> None:
    assert with_standard_characters("李\ue863") == "李䶮"
    assert with_standard_characters("李䶮，\ue000\ue865") == "李䶮，\ue000\ue865"


def test_the_table_agrees_with_python_where_python_has_the_later_codes() -> None:
    """FE50–FEA0 stood at U+E815–U+E864, one after another; Python's GB 18030 of 2000 knows the standard codes of most."""
    rows = [bytes([0xFE, trail]).decode("gb18030") for trail in range(0x50, 0xA1) if trail != 0x7F]
    known = {0xE815 + place: character for place, character in enumerate(rows) if ord(character) != 0xE815 + place}
    assert len(known) == 66
    assert known.items() <= FORMER_CODES.items()


def test_no_standard_character_is_private_or_replaced_again() -> None:
    assert len(FORMER_CODES) == 10 + 2 + 13 + 80 == len(set(FORMER_CODES.values()))
    standard = "".join(FORMER_CODES.values())
    assert with_standard_characters(standard) == standard
