"""Supervision of limits (效能监察): orders that must be answered on record (督办), and yellow and red cards (红黄牌)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class SupervisoryOrder(models.Model):
    """A supervisor asks a department about one case; the answer is written once, by the day it is due or late (database trigger)."""

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="orders", verbose_name=_("子项"))
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    text = SealedTextField(
        _("督办要求"), db_column="text_sealed", max_length=300, bound_to=("sub_item_id", "ordered_by_id", "ordered_at")
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("督办人")
    )
    ordered_at = models.DateTimeField(_("督办时间"))
    due_on = models.DateField(_("答复期限"))
    answer = SealedTextField(
        _("答复"), db_column="answer_sealed", max_length=600, blank=True, bound_to=("sub_item_id", "ordered_at")
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("督办单")
        verbose_name_plural = _("督办单")
        constraints = [
            models.UniqueConstraint(
                fields=["sub_item"], condition=models.Q(answered_at__isnull=True), name="order_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True)
                | (models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer=b"")),
                name="order_answered_with_words",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("ordered_by")),
                name="order_answered_by_another",
            ),
        ]
        indexes = [
            # A department's desk: what waits for its answer, the most urgent first.
            models.Index(
                fields=["department", "due_on", "id"], name="order_desk", condition=models.Q(answered_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.due_on}"


class DeadlineCard(models.Model):
    """A card to who handles a case and their chief: yellow before a limit, red after it. Each once for one day that is due."""

    class Colour(models.TextChoices):
        YELLOW = "yellow", _("黄牌")
        RED = "red", _("红牌")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="cards", verbose_name=_("子项"))
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    colour = models.CharField(_("牌"), max_length=6, choices=Colour.choices)
    due_on = models.DateField(_("应办结日期"))
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    given_at = models.DateTimeField(_("亮牌时间"))

    class Meta:
        verbose_name = _("红黄牌")
        verbose_name_plural = _("红黄牌")
        constraints = [
            models.UniqueConstraint(fields=["sub_item", "colour", "due_on"], name="card_once_per_limit"),
        ]
        indexes = [
            # A department's cards, newest first.
            models.Index(fields=["department", "-given_at"], name="card_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.get_colour_display()}"
