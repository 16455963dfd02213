"""What special procedures are called (特别程序, Administrative Licensing Law art. 45)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PROCEDURES = {
    "hearing": _("听证"),
    "inspection": _("现场勘验"),
    "expert_review": _("专家评审"),
    "test": _("检验检测"),
    "appraisal": _("鉴定"),
}
