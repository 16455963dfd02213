"""What was done on each day (晴雨表), reckoned once the day is over, so that a page over years reads days and not cases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department, Matter
from matters.models.cases import Channel


class DailyFigure(models.Model):
    """How many parts of one item were filed, concluded and so on, on one day; written by ``matters.reviewing.figures`` alone."""

    day = models.DateField(_("日期"))
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", verbose_name=_("一件事"))
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    site = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("收件窗口")
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel.choices)
    filed = models.PositiveIntegerField(_("收件"), default=0)
    concluded = models.PositiveIntegerField(_("办结"), default=0)
    approved = models.PositiveIntegerField(_("准予"), default=0)
    in_part = models.PositiveIntegerField(_("其中部分准予"), default=0, db_default=0)
    rejected = models.PositiveIntegerField(_("不予办理"), default=0)
    not_accepted = models.PositiveIntegerField(_("不予受理"), default=0)
    late = models.PositiveIntegerField(_("超期办结"), default=0)
    corrections = models.PositiveIntegerField(_("退回补正"), default=0)
    # Whole days from one point to the next → how many parts; the basis of medians that can be added up.
    days_to_accept = models.JSONField(_("受理用时"), default=dict)
    days_to_decide = models.JSONField(_("办理用时"), default=dict)

    class Meta:
        verbose_name = _("每日办件数")
        verbose_name_plural = _("每日办件数")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "matter", "department", "site", "channel"],
                name="figure_once_a_day",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.matter} · {self.department}"
