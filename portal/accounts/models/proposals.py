"""What one officer at a window proposes and another confirms, because it says of somebody that they cannot act for themselves, or have died."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


class WindowProposal(models.Model):
    """A guardianship, a death, or that a death was recorded wrongly. Nothing changes until another officer confirms it (database triggers)."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", _("登记监护")
        DEATH = "death", _("登记去世")
        ALIVE = "alive", _("撤销去世登记")

    class Status(models.TextChoices):
        OPEN = "open", _("等待复核")
        CONFIRMED = "confirmed", _("已复核")
        REFUSED = "refused", _("没有通过")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("关于谁"))
    agent = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("监护人")
    )
    # A guardianship's scope, or the day of a death.
    told = models.JSONField(_("内容"), default=dict)
    paper = SealedTextField(_("看到的材料"), db_column="paper_sealed", max_length=200)
    sites = ArrayField(models.SlugField(max_length=40), verbose_name=_("登记窗口"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    proposed_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    decided_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        verbose_name = _("窗口登记")
        verbose_name_plural = _("窗口登记")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="open", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(status="open") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="confirmed", decided_by=models.F("proposed_by")),
                name="proposal_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["kind", "person", "agent"],
                condition=models.Q(status="open"),
                nulls_distinct=False,
                name="proposal_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.proposed_at:%Y-%m-%d}"
