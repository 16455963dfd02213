"""Rows of retention: what must not be destroyed meanwhile, what was pruned, what people asked to have deleted, and closed accounts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, Person
from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


class LegalHold(models.Model):
    """What is kept of a person, an organisation or one application must stay as it is, whatever its term (法定保全).

    Placed and lifted by whoever has the right `place_legalhold`; written once, then only lifted (database trigger); each step is an event.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("自然人")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("组织")
    )
    # An application, whose rows lie on a floor above: its id.
    case = models.UUIDField(_("联办件"), null=True, blank=True, editable=False)
    subject = models.CharField(
        _("保全对象"), max_length=200
    )  # a number of an application, a credit code, a masked name
    reason = SealedTextField(_("理由"), db_column="reason_sealed", max_length=500)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("设定人")
    )
    placed_at = models.DateTimeField(_("开始时间"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("解除人")
    )
    lifted_at = models.DateTimeField(_("解除时间"), null=True)
    lifted_why = SealedTextField(_("解除理由"), db_column="lifted_why_sealed", max_length=500, blank=True)

    class Meta:
        verbose_name = _("保全")
        verbose_name_plural = _("保全")
        permissions = (("place_legalhold", "Can place and lift legal holds"),)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, organisation__isnull=True, case__isnull=True)
                | models.Q(person__isnull=True, organisation__isnull=False, case__isnull=True)
                | models.Q(person__isnull=True, organisation__isnull=True, case__isnull=False),
                name="hold_on_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="hold_on_person", condition=models.Q(lifted_at__isnull=True)),
            models.Index(
                fields=["organisation"], name="hold_on_organisation", condition=models.Q(lifted_at__isnull=True)
            ),
            models.Index(fields=["case"], name="hold_on_case", condition=models.Q(lifted_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.subject


class PruningRun(models.Model):
    """One day's pruning: how many rows of each class went. ``counts``: class → rows; ``ended_at`` is empty while it goes on."""

    day = models.DateField(_("日期"), unique=True)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    counts = models.JSONField(_("各类数量"), default=dict)

    class Meta:
        verbose_name = _("到期清理")
        verbose_name_plural = _("到期清理")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class DeletionRequest(models.Model):
    """A person asked to have their information deleted (PIPL art. 47). Written once (database trigger).

    ``lines``: class, how many rows, what became of them (``deleted``, ``stays``, ``held``), until which day and on which ground: as it was told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("本人"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作账户")
    )
    asked_at = models.DateTimeField(_("提出时间"))
    lines = models.JSONField(_("结果"), default=list)

    class Meta:
        verbose_name = _("删除请求")
        verbose_name_plural = _("删除请求")
        indexes = [models.Index(fields=["person", "-asked_at"], name="deletion_of_person")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"


class ClosedAccount(models.Model):
    """An account that its owner closed: whose it was, when. Written once (database trigger)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="closed", verbose_name=_("账户")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("自然人"))
    level = models.PositiveSmallIntegerField(_("身份核验"))
    at = models.DateTimeField(_("注销时间"))

    class Meta:
        verbose_name = _("已注销的账户")
        verbose_name_plural = _("已注销的账户")

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"
