"""What a message says to applicants about papers that they promised."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notices.staff_wording import Words

OF_PROMISES: dict[str, Words] = {
    "paper_reminded": Words(
        _("“%(item)s”有材料等您补交"),
        _("%(department)s容缺受理时约定补交的材料快到期了。到期没有补交的，终止办理，并记入信用记录。"),
        _("去补交"),
        "r",
    ),
    "paper_asked_again": Words(
        _("“%(item)s”补交的材料不符合"),
        _("%(department)s核对了您补交的材料，请按理由重新交一份。理由和新的期限写在补交页上。"),
        _("去补交"),
        "r",
    ),
    "promise_broken": Words(
        _("“%(item)s”的承诺没有履行"),
        _("%(department)s已记入信用记录，并会依法处理已经作出的决定。认为不对的，可以在“我的档案”里提出。"),
        _("查看办件"),
        "r",
    ),
    "ended_unkept": Words(
        _("%(item)s终止办理"),
        _("“%(item)s”的承诺没有履行，%(department)s终止办理，并记入信用记录。认为不对的，可以在“我的档案”里提出。"),
        _("查看办件"),
        "r",
    ),
}
