"""Who is told: messages in a person's own inbox."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One thing a person should know, at most once per fact (``key``)."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages", verbose_name=_("收件人")
    )
    key = models.CharField(max_length=120)
    kind = models.CharField(_("种类"), max_length=60)
    data = models.JSONField(_("内容"), default=dict)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("已读时间"), null=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="message_once_per_fact"),
        ]
        indexes = [
            # The inbox: a person's messages, newest first.
            models.Index(fields=["recipient", "-id"], name="message_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.key}"
