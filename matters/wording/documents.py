"""The words of documents that applicants agree to. What stands here is kept word for word with the application."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What is confirmed with the last button: on the page and in the form's document alike.
TRUTH: str | Promise = _("我确认以上填写的内容和上传的材料真实、完整。如有不实，愿意承担相应的法律责任。")

KINDS: dict[str, str | Promise] = {
    "form": _("申请表"),
    "generated": _("系统生成的材料"),
    "commitment": _("告知承诺书"),
    "consent": _("同意书"),
    "deferral": _("容缺承诺书"),
}
# What is promised of papers that follow later (容缺受理), and what follows if they do not come.
DEFERRAL_WORDS: str | Promise = _(
    "我承诺在上述期限内补交上列材料。提交申请即表示作出本承诺；不愿承诺的，请把材料交齐以后再提交。"
)
DEFERRAL_TOLD: str | Promise = _(
    "到期没有补交的：正在办理的终止办理，已经作出的决定依法处理；情况记入信用记录，%(days)s 天内不再适用容缺受理和告知承诺。"
)

# What has to be told before somebody commits to something instead of proving it (State Council General Office, 国办发〔2020〕42号).
COMMITMENT_TOLD: tuple[str | Promise, ...] = (
    _("您可以自己选：作出这份承诺，不用交这项材料；或者不承诺，按原来的要求交材料。不承诺不影响办理。"),
    _("办理部门有权核查您承诺的情况，可以在线核查，也可以在办理中或者办理后核查。"),
    _("承诺不实的，部门依法终止办理，已经作出的决定予以撤销，并按情节追究责任。"),
    _("部门作出决定之前，您可以收回承诺，改交材料。"),
)
COMMITMENT_BASIS: str | Promise = _(
    "《国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）"
)
