"""What is said about a case beside its form: a department's own notes, and what it and the applicant write to each other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class CaseNote(models.Model):
    """A note of a department about its own part, for its colleagues alone: never shown to the applicant, in no copy of a file, never rewritten."""

    NOTE_LENGTH = 500

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="notes", verbose_name=_("子项"))
    text = SealedTextField(
        _("备注"), db_column="text_sealed", max_length=NOTE_LENGTH, bound_to=("sub_item_id", "written_at")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("填写人")
    )
    written_at = models.DateTimeField(_("填写时间"))

    class Meta:
        verbose_name = _("内部备注")
        verbose_name_plural = _("内部备注")
        constraints = [models.CheckConstraint(condition=~models.Q(text=b""), name="note_says_something")]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.written_at:%Y-%m-%d}"


class CaseMessage(models.Model):
    """One message between the department of a part and its applicant, or the window that speaks for them; it stays as it was written."""

    MESSAGE_LENGTH = 1_000

    class Side(models.TextChoices):
        DEPARTMENT = "department", _("部门")
        APPLICANT = "applicant", _("申请人")
        WINDOW = "window", _("收件窗口")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="messages", verbose_name=_("子项"))
    side = models.CharField(_("谁写的"), max_length=10, choices=Side.choices)
    text = SealedTextField(
        _("内容"), db_column="text_sealed", max_length=MESSAGE_LENGTH, bound_to=("sub_item_id", "side", "sent_at")
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("发送人")
    )
    sent_at = models.DateTimeField(_("发送时间"))

    class Meta:
        verbose_name = _("办件消息")
        verbose_name_plural = _("办件消息")
        constraints = [models.CheckConstraint(condition=~models.Q(text=b""), name="message_says_something")]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.get_side_display()}"
