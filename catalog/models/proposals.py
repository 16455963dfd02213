"""A definition on its way from draft to published: proposed by one person, reviewed by another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.departments import Division
from catalog.models.items import ItemVersion, ServiceItem
from catalog.models.matters import Matter, MatterVersion


class Proposal(models.Model):
    """What someone proposes to publish, frozen as it was proposed. Of a matter or of a single item."""

    class State(models.TextChoices):
        OPEN = "open", _("待审核")
        PUBLISHED = "published", _("已发布")
        SENT_BACK = "sent_back", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("一件事")
    )
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("事项")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("实施区划")
    )
    content = models.JSONField(_("拟发布的内容"))
    content_hash = models.CharField(_("内容摘要"), max_length=64)
    base_number = models.PositiveIntegerField(
        _("所比的版本"), null=True, blank=True, help_text=_("提出时的现行版本号；空为第一次发布")
    )
    note = models.CharField(_("修改说明"), max_length=300)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("审核人"),
    )
    reviewed_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    review_note = models.CharField(_("审核意见"), max_length=300, blank=True)
    matter_version = models.ForeignKey(
        MatterVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布为")
    )
    item_version = models.ForeignKey(
        ItemVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布为")
    )

    class Meta:
        verbose_name = _("发布申请")
        verbose_name_plural = _("发布申请")
        ordering = ["-proposed_at", "-pk"]
        permissions = [
            ("propose_definition", _("提出发布")),
            ("review_definition", _("审核发布")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(matter__isnull=True, item__isnull=False)
                | models.Q(matter__isnull=False, item__isnull=True),
                name="proposal_of_one_definition",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("proposed_by")),
                name="proposal_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["matter", "item", "division"],
                condition=models.Q(state="open"),
                name="proposal_one_open",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter or self.item}：{self.note}"
