"""What messages say about certificates: issued, and each change of how it stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.notices.staff_wording import Words

OF_CERTIFICATES: dict[str, Words] = {
    "certificate_issued": Words(
        _("您有一张新证照"), _("%(department)s签发了%(certificate)s，已存入“我的证照”。"), _("查看证照"), "i"
    ),
    "certificate_ends": Words(
        _("您的%(certificate)s快到期了，可以续证"),
        _(
            "%(due)s是最后一天。上次办理时写的、还能用的材料会带入，没有要补的，确认一次就提交。不续的，不用理会：什么也不会提交，到期前照常使用。"
        ),
        _("看证照，去续证"),
        "a",
    ),
    "certificate_closed": Words(
        _("您的%(certificate)s不能再用了"),
        _("%(department)s变更了这张证照的状态，理由写在证照页上。不服的，可以依法申请行政复议或者提起行政诉讼。"),
        _("看理由"),
        "r",
    ),
    "certificate_suspended": Words(
        _("您的%(certificate)s被暂扣"),
        _(
            "%(department)s暂扣了这张证照，暂扣期间不能使用，理由写在证照页上。不服的，可以依法申请行政复议或者提起行政诉讼。"
        ),
        _("看理由"),
        "a",
    ),
    "certificate_reinstated": Words(
        _("您的%(certificate)s恢复有效"), _("%(department)s解除了暂扣，这张证照可以继续使用。"), _("查看证照"), "j"
    ),
}
