"""Papers that are not there because their applicant promised: to hand them in by a day (容缺受理), or that it is as they say (告知承诺)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matters.models.cases import SubItem
from matters.models.querysets import PaperPromiseQuerySet
from portal.lib.sealed_text import SealedTextField


class PaperPromise(models.Model):
    """A promise that an application was accepted on. ``due_on``: of a paper that follows the last day to hand it in, of a commitment the day by
    which the department checks it. ``result_waits``: no approval before the paper is there and was looked at.

    A broken one is the applicant's credit record (失信记录): until ``bars_until`` nothing of theirs is accepted on a promise, unless the
    department strikes it off (``struck_at``).
    """

    class Kind(models.TextChoices):
        DEFERRED = "deferred", _("容缺后补")
        COMMITMENT = "commitment", _("告知承诺")

    class Outcome(models.TextChoices):
        OPEN = "", _("还没有核对")
        KEPT = "kept", _("已核实")
        BROKEN = "broken", _("没有履行")
        DROPPED = "dropped", _("不再需要")

    class Breach(models.TextChoices):
        NONE = "", "—"
        LATE = "late", _("到期没有补交")
        UNTRUE = "untrue", _("核查与承诺不符")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="promises", verbose_name=_("子项"))
    material = models.CharField(_("材料"), max_length=80)
    kind = models.CharField(_("方式"), max_length=10, choices=Kind.choices)
    result_waits = models.BooleanField(_("补齐后才出结果"), default=False)
    made_at = models.DateTimeField(_("受理时间"))
    due_on = models.DateField(_("期限"))
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    handed_in_at = models.DateTimeField(_("补交时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    breach = models.CharField(
        _("没有履行的情形"), max_length=8, choices=Breach.choices, blank=True, default=Breach.NONE
    )
    findings = SealedTextField(
        _("核对记录"),
        db_column="findings_sealed",
        max_length=600,
        blank=True,
        bound_to=("sub_item_id", "material", "kind"),
    )
    settled_at = models.DateTimeField(_("核对时间"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("核对人")
    )
    bars_until = models.DateField(_("失信记录期限"), null=True)
    struck_at = models.DateTimeField(_("撤销记录的时间"), null=True)

    objects = PaperPromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("承诺")
        verbose_name_plural = _("承诺")
        constraints = [
            models.UniqueConstraint(fields=["sub_item", "material", "kind"], name="promise_once_per_paper"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True) | (~Q(outcome="") & Q(settled_at__isnull=False)),
                name="promise_settled_exactly_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="broken", bars_until__isnull=False) & ~Q(breach="")
                | ~Q(outcome="broken") & Q(breach="", bars_until__isnull=True, struck_at__isnull=True),
                name="promise_broken_is_on_record",
            ),
            models.CheckConstraint(
                condition=Q(kind="deferred") | Q(handed_in_at__isnull=True, result_waits=False),
                name="promise_handed_in_where_it_follows",
            ),
            # Nothing was checked that is not there.
            models.CheckConstraint(
                condition=~Q(kind="deferred", outcome="kept") | Q(handed_in_at__isnull=False),
                name="promise_kept_once_handed_in",
            ),
        ]
        indexes = [
            # What still has to be handed in, the soonest first: reminders and lapses.
            models.Index(
                fields=["due_on", "id"],
                name="promise_awaited",
                condition=Q(outcome="", kind="deferred", handed_in_at__isnull=True),
            ),
            # Broken ones, by the case whose applicant made them.
            models.Index(fields=["sub_item"], name="promise_broken", condition=Q(outcome="broken")),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.material}"

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN

    @property
    def is_awaited(self) -> bool:
        """Whether the applicant still has to hand it in."""
        return self.is_open and self.kind == self.Kind.DEFERRED and self.handed_in_at is None

    @property
    def is_to_check(self) -> bool:
        """Whether the department may check it now."""
        return self.is_open and (self.kind == self.Kind.COMMITMENT or self.handed_in_at is not None)
