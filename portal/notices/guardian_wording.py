"""What a message says of a guardianship that was recorded before it took two officers: to the ward, and to who acts for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notices.staff_wording import Words

OF_EARLIER: dict[str, Words] = {
    "guardian_unconfirmed": Words(
        _("%(agent)s的监护登记等待复核"),
        _(
            "授权 %(number)s 以前由一位工作人员登记。复核以前，%(agent)s不能代您办事，也不能看您的办件、证照。不认可这项登记的，请到综合窗口提出。"
        ),
        _("查看"),
        "a",
    ),
    "guardian_unconfirmed_agent": Words(
        _("您对%(principal)s的监护登记等待复核"),
        _(
            "授权 %(number)s 以前由一位工作人员登记，现在要两位。请带监护材料的原件到综合窗口复核，复核以前不能代%(principal)s办事。"
        ),
        _("查看"),
        "r",
    ),
    "guardian_confirmed": Words(
        _("%(agent)s的监护登记已复核"),
        _("授权 %(number)s 已由另一位工作人员复核，%(agent)s可以代您办事。不认可的，请到%(window)s提出。"),
        _("查看"),
        "a",
    ),
    "guardian_confirmed_agent": Words(
        _("您对%(principal)s的监护登记已复核"),
        _("授权 %(number)s 已复核，从现在起可以接着代%(principal)s办事。"),
        _("查看"),
        "j",
    ),
}
