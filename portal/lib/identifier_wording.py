"""Saying what is wrong with an identifier, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SENTENCES: dict[str, str | Promise] = {
    "empty": _("请填写%(label)s。"),
    "wrong_length": _("%(label)s应为 %(expected)s 位，您填了 %(actual)s 位，请核对。"),
    "old_number": _("15 位的旧身份证号已停用，请填写 18 位的公民身份号码。"),
    "unexpected_character": _("%(label)s的第 %(position)s 位不能是“%(character)s”，请核对。"),
    "unknown_region": _("%(label)s里的地区代码“%(region)s”不存在，请核对。"),
    "impossible_date": _("%(label)s里的出生日期 %(date)s 不存在，请核对第 7 至 14 位。"),
    "future_date": _("%(label)s里的出生日期 %(date)s 还没有到，请核对第 7 至 14 位。"),
    "check_digit": _("%(label)s不对，可能有一位填错了，请对照证件逐位核对。"),
    "organisation_check_digit": _("%(label)s不对，第 9 至 17 位里可能有一位填错了，请对照证照核对。"),
    "residence_permit_instead": _("这是港澳台居民居住证的号码，证件类型请选“港澳台居民居住证”。"),
    "not_a_permit": _("港澳台居民居住证号码以 810000、820000 或 830000 开头，请核对。"),
    "wrong_shape": _("%(label)s的格式不对，应像 %(example)s 这样，请对照证件填写。"),
    "too_long": _("%(label)s最多 %(maximum)s 个字，您填了 %(actual)s 个。"),
    "digit": _("%(label)s里不能有数字“%(character)s”，请核对。"),
    "symbol": _(
        "%(label)s里不能有“%(character)s”，请核对；打不出来的字，请不要用符号代替，换一种输入法再试，或到窗口办理。"
    ),
    "private_character": _(
        "%(label)s的第 %(position)s 个字是旧编码，别的设备显示不出来，请换一种输入法重新输入这个字；打不出来的，请到窗口办理。"
    ),
    "letter": _("%(label)s里不能有字母“%(character)s”，请核对。"),
    "edge_separator": _("%(label)s的开头和末尾不能是“%(character)s”，请核对。"),
    "outside_table": _("“%(character)s”不在《通用规范汉字表》里，登记新生儿姓名不能用，请换一个字。"),
    "not_mobile": _("请填写手机号：11 位数字，以 1 开头。"),
    "unknown_phone": _("电话号码不对，请填写手机号，或带区号的固定电话，如 0791-83986000。"),
    "card_check_digit": _("银行卡号不对，可能有一位填错了，请对照卡面逐位核对。"),
}
_LIKELY = _("%(label)s的第 %(position)s 位不能是“%(character)s”，是不是数字“%(likely)s”？")

_LABELS: dict[str, str | Promise] = {
    "resident_id": _("身份证号"),
    "residence_permit": _("居住证号码"),
    "identity_number": _("身份证号"),
    "foreign_resident_id": _("永久居留身份证号码"),
    "hong_kong_macao_permit": _("通行证号码"),
    "taiwan_permit": _("通行证号码"),
    "passport": _("护照号码"),
    "credit_code": _("统一社会信用代码"),
    "person_name": _("姓名"),
    "newborn_name": _("新生儿姓名"),
    "mobile_phone": _("手机号"),
    "phone": _("电话号码"),
    "bank_card": _("银行卡号"),
}

CODES = frozenset(_SENTENCES)


def sentence(code: str, params: Mapping[str, Any], label: str | Promise = "") -> str:
    """Return the sentence for a problem (`portal.identifiers.invalid.InvalidIdentifier`), in the reader's language.

    `label` is what the field is called on the page. Raises KeyError for a code that is not in `CODES`.
    """
    template = _LIKELY if code == "unexpected_character" and params.get("likely") else _SENTENCES[code]
    return str(template) % {**params, "label": label or _("号码")}


def label_of(kind: str) -> str | Promise:
    """Return what an identifier of `kind` (a key of ``identifiers.KINDS``) is usually called on a page."""
    return _LABELS[kind]
