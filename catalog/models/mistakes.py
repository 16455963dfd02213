"""报错: what readers say is wrong in a guide, for the department that answers for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.departments import Department
from catalog.models.items import ServiceItem
from catalog.models.matters import Matter


class MistakeReport(models.Model):
    """A reader's report that a guide is wrong. What the reader left to be reached by is sealed."""

    class Kind(models.TextChoices):
        MATERIALS = "materials", _("材料不对")
        LIMIT = "limit", _("时限不对")
        PLACE = "place", _("地点、时间或电话不对")
        CONDITIONS = "conditions", _("条件或流程不对")
        FEES = "fees", _("收费不对")
        LINK = "link", _("打不开或点不动")
        WORDING = "wording", _("看不懂或有错字")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        ANSWERED = "answered", _("已答复")
        CORRECTED = "corrected", _("已更正")

    matter = models.ForeignKey(
        Matter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("一件事")
    )
    item = models.ForeignKey(
        ServiceItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("事项")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="mistake_reports", verbose_name=_("负责部门")
    )
    kind = models.CharField(_("哪里不对"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("说明"), max_length=500)
    contact = models.BinaryField(_("联系方式（密文）"), null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("报错人"),
    )
    reported_at = models.DateTimeField(_("报错时间"), auto_now_add=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("报错")
        verbose_name_plural = _("报错")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(
                fields=["department", "-reported_at"], condition=models.Q(state="open"), name="mistake_report_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.matter or self.item}"
