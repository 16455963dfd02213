"""What people are told about a certificate, in words that a passer-by understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.core.verification import Verdict
from certificates.models import Certificate

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Said(NamedTuple):
    """The word in large, the sentence under it, the colour of its mark, and whether it is good news."""

    word: str | Promise
    sentence: str | Promise
    tag: str
    is_good: bool


VERDICTS: dict[Verdict, Said] = {
    Verdict.VALID: Said(Certificate.Status.VALID.label, _("这张证照由下列机构签发，现在有效。"), "j", True),
    Verdict.EXPIRED: Said(_("已过期"), _("这张证照确由下列机构签发，但有效期已过，现在不能使用。"), "a", False),
    Verdict.SUSPENDED: Said(
        Certificate.Status.SUSPENDED.label,
        _("这张证照被签发机构暂扣，暂扣期间不能使用；解除暂扣后恢复有效。"),
        "a",
        False,
    ),
    Verdict.REVOKED: Said(Certificate.Status.REVOKED.label, _("这张证照已被签发机构吊销，不能使用。"), "r", False),
    Verdict.RESCINDED: Said(Certificate.Status.RESCINDED.label, _("这张证照已被签发机构撤销，不能使用。"), "r", False),
    Verdict.RECALLED: Said(Certificate.Status.RECALLED.label, _("这张证照已被签发机构撤回，不能使用。"), "r", False),
    Verdict.DEREGISTERED: Said(Certificate.Status.DEREGISTERED.label, _("这张证照已经注销，不能使用。"), "r", False),
}
REPLACED = Said(
    Certificate.Status.DEREGISTERED.label,
    _("内容更正或者续证后换发了新的证照，这一张已经注销，不能使用。请以新换发的为准。"),
    "r",
    False,
)
UNKNOWN = Said(
    _("查不到"), _("没有查到这张证照。请核对后再试；如果您手里的证照扫码后到了这里，它可能不是真的。"), "r", False
)

NUMBER_PROBLEMS: dict[str, StrOrPromise] = {
    "empty": _("请输入证照上的电子证照标识或证照编号"),
    "long": _("内容太长了，请只输入一张证照的标识或编号"),
    "form": _("标识不完整：请从“1.2.156”起，连同所有的点一起输入"),
    "check_character": _("标识中有字符输错了，请对照证照逐位核对"),
}

FAULTS: dict[str, str | Promise] = {
    "size": _("文件是空的，或者太大"),
    "header": _("这不是本平台签发的 PDF 文件"),
    "tail": _("文件末尾多了或少了内容，签发后被改动过"),
    "table": _("文件的目录被改动过"),
    "objects": _("文件的内容被改动过"),
    "active_content": _("文件里夹带了本平台不会使用的内容"),
    "escaped_name": _("文件里夹带了本平台不会使用的写法"),
    "signature": _("文件里没有电子印章，或者不止一个"),
    "coverage": _("电子印章没有覆盖整个文件"),
    "fields": _("文件里多了填写栏"),
    "annotations": _("文件里多了批注或链接"),
    "certification": _("文件没有锁定为“不得改动”"),
}
