"""What a person says is wrong with a fact that is kept about them (更正请求): for the department whose fact it is, with a day to answer by."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from portal.accounts.models import Organisation, Person
from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


class FactDispute(models.Model):
    """A request to correct a fact (Personal Information Protection Law art. 46). Open, the fact is marked as disputed where it is shown.

    ``fact``: which one, by a name that stays when it is asked anew (``source:<code>:<asked>``, of somebody else's record with whose,
    ``decision:<number>:<output>``, ``certificate:<identifier>``); ``said`` and ``wanted``: what stood there, and what the person says of it.
    ``organisation``: whose fact it is, where ``person`` said it as one of those who manage it.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("等答复")
        CORRECTED = "corrected", _("已更正")
        KEPT = "kept", _("没有更正")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disputes", verbose_name=_("提出人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="disputes", verbose_name=_("经营主体")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="disputes", verbose_name=_("答复部门")
    )
    fact = models.CharField(_("信息"), max_length=240)
    label = models.CharField(_("名称"), max_length=160)
    source = models.CharField(_("来源"), max_length=240)
    said = SealedTextField(_("原来的内容"), db_column="said_sealed", max_length=2000)
    wanted = SealedTextField(_("本人的说明"), db_column="wanted_sealed", max_length=1000)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作账户")
    )
    opened_at = models.DateTimeField(_("提出时间"))
    due_on = models.DateField(_("答复期限"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    answer = SealedTextField(_("答复"), db_column="answer_sealed", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("更正请求")
        verbose_name_plural = _("更正请求")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "fact"],
                condition=models.Q(outcome="", organisation__isnull=True),
                name="dispute_one_open_per_fact",
            ),
            models.UniqueConstraint(
                fields=["organisation", "fact"],
                condition=models.Q(outcome="", organisation__isnull=False),
                name="dispute_one_open_of_organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", answered_at__isnull=True, answered_by__isnull=True)
                | (~models.Q(outcome="") & models.Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="dispute_answered_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="") | ~models.Q(answer=b""), name="dispute_answer_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("opened_by")),
                name="dispute_answered_by_another",
            ),
        ]
        indexes = [
            # A department's desk: what waits for its answer, the most urgent first.
            models.Index(fields=["department", "due_on", "id"], name="dispute_desk", condition=models.Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.fact}"
