"""Renewing a certificate (续证): which application was begun for it, and of which threshold its holder was told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate


class Renewal(models.Model):
    """An application that was begun to renew a certificate. ``application``: the draft's submission key, which its bundle keeps."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="renewals", verbose_name=_("证照")
    )
    application = models.UUIDField(unique=True, editable=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    begun_at = models.DateTimeField(_("开始时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("续证申请")
        verbose_name_plural = _("续证申请")

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.application}"


class RenewalReminder(models.Model):
    """That whoever may renew a certificate was told so many days before its last day: once per threshold."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="renewal_reminders", verbose_name=_("证照")
    )
    days = models.PositiveSmallIntegerField(_("到期前天数"))
    sent_at = models.DateTimeField(_("提醒时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("续证提醒")
        verbose_name_plural = _("续证提醒")
        constraints = [
            models.UniqueConstraint(fields=["certificate", "days"], name="renewal_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.days}"
