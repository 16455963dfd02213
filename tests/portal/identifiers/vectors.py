"""Examples of identifiers, right and wrong, for the validators here and in the browser.

``python -m tests.portal.identifiers.vectors`` writes them to tests/vectors/identifiers.json; a test keeps the two alike.
``today`` is the date on which the examples are judged.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import NamedTuple

TODAY = date(2026, 3, 1)
FILE = Path(__file__).parents[2] / "vectors" / "identifiers.json"


class Vector(NamedTuple):
    kind: str
    input: str
    normalised: str = ""
    code: str = ""

    def as_dict(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "input": self.input,
            "ok": not self.code,
            "normalised": None if self.code else self.normalised or self.input,
            "code": self.code or None,
        }


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) for c in text)


VALID: dict[str, list[str]] = {
    "resident_id": [
        "34052419800101001X",
        "360102199003079991",
        "360113202402299987",
        "362321196512319971",
        "360105198101019962",
        "110101190001019959",
        "36012120251104991X",
        "36010319850615908X",
    ],
    "residence_permit": ["810000198801209988", "82000019880120998X", "830000198801209981"],
    "identity_number": ["360102199003079991", "82000019880120998X"],
    "foreign_resident_id": ["936840197911050018", "911276199002289982", "USA110119500112"],
    "hong_kong_macao_permit": ["H12345678", "M87654321", "H1234567801"],
    "taiwan_permit": ["12345678", "00123456"],
    "passport": ["E12345678", "EA1234567", "G1234567", "123456789", "C01X00T47"],
    "credit_code": [
        "91360102MA9999013M",
        "92360113MA9999021B",
        "93360702MA999903X1",
        "1136010099999904XA",
        "12360121MB999905X2",
        "51360000999999066U",
        "52361100MJ99990753",
        "91360981MA990001X6",
    ],
    "person_name": [
        "李明",
        "王",
        "欧阳明明",
        "䶮𬱖",
        "\U00020000\U0002a700\U0002b740\U0002b820\U0002ceb0\U0002ebf0\U00030000\U00031350\U000323b0",
        "〇",
        "李々",
        "郎明".replace("郎", "\uf92c"),
        "阿依古丽·买买提",
        "尼格买提·热合曼·阿布都热西提·买买提江·艾山江·吾斯曼江·阿不力米提·托合提江·依明江·玉素甫江",
        "པདྨ་ལྷ་མོ",
        "ئالىم",
        "ᠪᠠᠲᠤ",
        "ꆈꌠ",
        "Mary-Jane O'Neil",
        "José Núñez",
        "J. R. Smith",
        "van 't Hoff",
        "Иван Петров",
        "김철수",
        "葛󠄀城",
    ],
    "newborn_name": ["李小满", "王䶮", "阿依古丽·买买提", "པདྨ", "ئالىم", "ᠪᠠᠲᠤ"],
    "mobile_phone": ["13800138000", "19912345678", "+85291234567", "+14155552671"],
    "phone": ["13800138000", "0791-83986000", "010-65261234"],
    "bank_card": [
        "6222021234567890128",
        "6228480402564890018",
        "123456789012",
        "1502202001012345678",
        "4111111111111111",
    ],
}

NORMALISED: list[Vector] = [
    Vector("resident_id", "36010319850615908x", "36010319850615908X"),
    Vector("resident_id", " 360102 19900307 9991 ", "360102199003079991"),
    Vector("resident_id", full_width("36010319850615908x"), "36010319850615908X"),
    Vector("resident_id", "\u200b360102199003079991\u202c", "360102199003079991"),
    Vector("residence_permit", "82000019880120998x", "82000019880120998X"),
    Vector("foreign_resident_id", "usa110119500112", "USA110119500112"),
    Vector("hong_kong_macao_permit", "h 1234 5678", "H12345678"),
    Vector("passport", "e12345678", "E12345678"),
    Vector("credit_code", "91360102ma9999013m", "91360102MA9999013M"),
    Vector("credit_code", full_width("91360102MA9999013M"), "91360102MA9999013M"),
    *(Vector("person_name", f"买买提{dot}阿不都", "买买提·阿不都") for dot in "\u2022\u30fb\uff0e\u2027\u22c5\uff65."),
    Vector("person_name", "买买提 · 阿不都", "买买提·阿不都"),
    Vector("person_name", "买买提··阿不都", "买买提·阿不都"),
    Vector("person_name", " 王\u3000明 ", "王明"),
    Vector("person_name", "李\u200d明\u202e", "李明"),
    Vector("person_name", "⼀明", "一明"),
    Vector("person_name", "李\ue863", "李䶮"),
    Vector("newborn_name", "\ue81e\ue816\ue854\ue864\ue829", "龴𠂇龺龻㩳"),
    Vector("person_name", "Ｍａｒｙ  Ｌｅｅ", "Mary Lee"),
    Vector("person_name", "O’Neil", "O'Neil"),
    Vector("person_name", unicodedata.normalize("NFD", "José"), "José"),
    Vector("newborn_name", "李 小满", "李小满"),
    Vector("mobile_phone", "+86 138-0013-8000", "13800138000"),
    Vector("mobile_phone", "0086 138 0013 8000", "13800138000"),
    Vector("mobile_phone", full_width("13800138000"), "13800138000"),
    Vector("mobile_phone", "00852 9123 4567", "+85291234567"),
    Vector("phone", "(0791) 8398 6000", "0791-83986000"),
    Vector("phone", "+86 791 8398 6000", "0791-83986000"),
    Vector("bank_card", "6228 4804 0256 4890 018", "6228480402564890018"),
    Vector("bank_card", "卡号 6222021234567890128", "6222021234567890128"),
    Vector("resident_id", "身份证号：34052419800101001x。", "34052419800101001X"),
    Vector("resident_id", "公民身份号码34052419800101001X", "34052419800101001X"),
    Vector("resident_id", "340524-19800101-001X", "34052419800101001X"),
    Vector("passport", "护照号码:e12345678,", "E12345678"),
    Vector("resident_id", "（34052419800101001X）", "34052419800101001X"),
    Vector("resident_id", "“身份证号：34052419800101001X”。", "34052419800101001X"),
    Vector("resident_id", "身份证号（34052419800101001X）", "34052419800101001X"),
    Vector("phone", "电话：(0791)83986000", "0791-83986000"),
    Vector("credit_code", "【91360102MA9999013M】", "91360102MA9999013M"),
    Vector("credit_code", "统一社会信用代码/注册号：91360102MA9999013M", "91360102MA9999013M"),
    Vector("credit_code", "91360102-MA999901-3-M", "91360102MA9999013M"),
    Vector("credit_code", "91360102MA9999013M（1-1）", "91360102MA9999013M"),
    Vector("credit_code", "91 360102 MA9999013－M", "91360102MA9999013M"),
    Vector("credit_code", "91360102—MA9999013M", "91360102MA9999013M"),
]

INVALID: list[tuple[str, str, str]] = [
    ("resident_id", "", "empty"),
    ("resident_id", "360102199003079990", "check_digit"),
    ("resident_id", "360102199002309994", "impossible_date"),
    ("resident_id", "360102202302299980", "impossible_date"),
    ("resident_id", "990102199003079999", "unknown_region"),
    ("resident_id", "360102209912319995", "future_date"),
    ("resident_id", "360102900307999", "old_number"),
    ("resident_id", "36010219900307999", "wrong_length"),
    ("resident_id", "36010319850615908XX", "unexpected_character"),
    ("resident_id", "3601031985061590X", "wrong_length"),
    ("resident_id", "3601021990030799911", "wrong_length"),
    ("resident_id", "36O102199003079991", "unexpected_character"),
    ("resident_id", "36010219900307999一", "unexpected_character"),
    ("resident_id", "٣٦٠١٠٢١٩٩٠٠٣٠٧٩٩٩١", "unexpected_character"),
    ("resident_id", "810000198801209988", "residence_permit_instead"),
    ("residence_permit", "360102199003079991", "not_a_permit"),
    ("residence_permit", "810000198801209987", "check_digit"),
    ("residence_permit", "810000209901209988", "future_date"),
    ("identity_number", "820000198801209981", "check_digit"),
    ("foreign_resident_id", "936840197911050017", "check_digit"),
    ("foreign_resident_id", "999840197911050018", "unknown_region"),
    ("foreign_resident_id", "360102199003079991", "wrong_shape"),
    ("foreign_resident_id", "USA11011950011", "wrong_length"),
    ("foreign_resident_id", "US1110119500112", "unexpected_character"),
    ("hong_kong_macao_permit", "H123456789", "wrong_shape"),
    ("hong_kong_macao_permit", "K12345678", "wrong_shape"),
    ("taiwan_permit", "1234567", "wrong_shape"),
    ("passport", "E123", "wrong_shape"),
    ("passport", "ABCDEFGHI", "wrong_shape"),
    ("credit_code", "", "empty"),
    ("credit_code", "（）", "unexpected_character"),
    ("credit_code", "91360102MA9999013M（甲）", "wrong_length"),
    ("credit_code", "91360102MA9999013N", "check_digit"),
    ("credit_code", "91063102MA9999013M", "check_digit"),
    ("credit_code", "91360102MO9999013M", "unexpected_character"),
    ("credit_code", "91360102MI9999013M", "unexpected_character"),
    ("credit_code", "91360102MA9999013", "wrong_length"),
    ("credit_code", "91360102MA9999010C", "organisation_check_digit"),
    ("credit_code", "9136O102MA9999013M", "unexpected_character"),
    ("person_name", "", "empty"),
    ("person_name", " \u3000", "empty"),
    ("person_name", "李明1", "digit"),
    ("person_name", "李①", "digit"),
    ("person_name", "李９", "digit"),
    ("person_name", "李明!", "symbol"),
    ("person_name", "李<b>", "symbol"),
    ("person_name", "李\U0001f600", "symbol"),
    ("person_name", "李\x00明", "symbol"),
    ("person_name", "李\ue815", "symbol"),
    ("person_name", "李\ue865明", "private_character"),
    ("person_name", "李\U000f0000", "private_character"),
    ("person_name", "李-明", "symbol"),
    ("person_name", "=HYPERLINK", "symbol"),
    ("person_name", "·李明", "edge_separator"),
    ("person_name", "买买提·", "edge_separator"),
    ("person_name", "···", "edge_separator"),
    ("person_name", "李" * 101, "too_long"),
    ("newborn_name", "李Lucky", "letter"),
    ("newborn_name", "Lucky", "letter"),
    ("newborn_name", "李1", "digit"),
    ("newborn_name", "李@", "symbol"),
    ("mobile_phone", "", "empty"),
    ("mobile_phone", "1380013800", "wrong_length"),
    ("mobile_phone", "138001380001", "wrong_length"),
    ("mobile_phone", "12800138000", "not_mobile"),
    ("mobile_phone", "83986000", "not_mobile"),
    ("mobile_phone", "1380013800O", "unexpected_character"),
    ("mobile_phone", "+999123", "unknown_phone"),
    ("phone", "12345", "unknown_phone"),
    ("phone", "电话", "unknown_phone"),
    ("resident_id", "340524198-00101001X", "unexpected_character"),
    ("resident_id", "无", "unexpected_character"),
    ("bank_card", "", "empty"),
    ("bank_card", "6228480402564890019", "card_check_digit"),
    ("bank_card", "12345678901", "wrong_length"),
    ("bank_card", "6228a80402564890018", "unexpected_character"),
]

VECTORS: list[Vector] = [
    *(Vector(kind, text) for kind, texts in VALID.items() for text in texts),
    *NORMALISED,
    *(Vector(kind, text, code=code) for kind, text, code in INVALID),
]


def as_json() -> str:
    """Return the examples as the file the browser's tests read."""
    return (
        json.dumps({"today": TODAY.isoformat(), "vectors": [v.as_dict() for v in VECTORS]}, ensure_ascii=True, indent=1)
        + "\n"
    )


if __name__ == "__main__":
    FILE.write_text(as_json(), encoding="utf-8")
