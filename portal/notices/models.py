"""Who is told: messages in a person's own inbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.lib.sealed_text import SealedTextField


class Message(models.Model):
    """One thing a person should know, at most once per fact (``key``)."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages", verbose_name=_("收件人")
    )
    # For which organisation the recipient was told it, as one of its people; none: for themselves.
    principal = models.UUIDField(null=True, editable=False)
    key = models.CharField(max_length=120)
    kind = models.CharField(_("种类"), max_length=60)
    content = SealedTextField(_("内容"), db_column="data_sealed", blank=True, bound_to=("recipient_id", "key"))
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

    @classmethod
    def about(cls, data: Mapping[str, Any], **columns: Any) -> Message:
        """Return a message, not yet saved, whose sentence needs `data`."""
        message = cls(**columns)
        message.data = dict(data)
        return message

    @property
    def data(self) -> dict[str, Any]:
        """What its sentence needs, as JSON; sealed, because people are named in it."""
        data: dict[str, Any] = json.loads(self.content) if self.content else {}
        return data

    @data.setter
    def data(self, data: Mapping[str, Any]) -> None:
        self.content = json.dumps(dict(data), ensure_ascii=False) if data else ""
