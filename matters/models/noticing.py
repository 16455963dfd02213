"""The one notice by which an applicant is told everything that several departments miss (一次性告知)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import Bundle


class CorrectionNotice(models.Model):
    """What departments found wrong with one application, gathered until ``closes_at``, sent as one and answered as one.

    It gathers until every department that has to check has checked, or its time is over. Then it is sent, or dropped where
    nothing that was found still stands. ``draft_sealed``: what the applicant has typed so far of the answer.
    """

    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, related_name="correction_notices", verbose_name=_("联办件")
    )
    opened_at = models.DateTimeField(_("开始归集时间"))
    closes_at = models.DateTimeField(_("最晚告知时间"))
    sent_at = models.DateTimeField(_("告知时间"), null=True)
    dropped_at = models.DateTimeField(_("取消时间"), null=True)
    answered_at = models.DateTimeField(_("补正时间"), null=True)
    draft_sealed = models.BinaryField(null=True, editable=False)
    draft_saved_at = models.DateTimeField(_("暂存时间"), null=True)
    draft_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("暂存人")
    )

    class Meta:
        verbose_name = _("一次性告知")
        verbose_name_plural = _("一次性告知")
        constraints = [
            models.UniqueConstraint(
                fields=["bundle"],
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="notice_one_gathering",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(dropped_at__isnull=True),
                name="notice_sent_or_dropped",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(sent_at__isnull=False),
                name="notice_answered_once_sent",
            ),
        ]
        indexes = [
            # What gathers, for the search that ends it (``matters.reviewing.gathering.close_due``).
            models.Index(
                fields=["closes_at"],
                name="notice_gathering",
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} · {self.opened_at:%Y-%m-%d}"

    @property
    def is_gathering(self) -> bool:
        return self.sent_at is None and self.dropped_at is None
