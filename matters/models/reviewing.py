"""What departments do with a sub-item: tasks, decisions, corrections."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import SubItem
from matters.models.deficiencies import DeficiencyKind
from matters.models.noticing import CorrectionNotice
from matters.models.querysets import CorrectionItemQuerySet, CorrectionRequestQuerySet, ReviewTaskQuerySet
from portal.lib.sealed_text import SealedTextField

# Where no limit was published, a task stands behind all that have one.
NEVER_DUE = date(9999, 12, 31)


class ReviewTask(models.Model):
    """A line in a department's queue. At most one stands open per sub-item.

    ``stage`` and ``due_on`` follow the sub-item in the same transaction, and ``number`` is the sub-item's (a trigger sees
    to it), so that every list of the queue is a range of one index in each of its orders.
    """

    class Stage(models.TextChoices):
        ACCEPTANCE = "acceptance", _("待受理")
        REVIEW = "review", _("审查中")
        # The sub-item is approved; a fact it rests on was changed (``Amendment``).
        AMENDMENT = "amendment", _("待更正")
        # The sub-item is approved; what it was accepted on still has to be checked (``PaperPromise``).
        CHECK = "check", _("待核查")
        # A decision is proposed and waits for others to sign it (``DecisionProposal``).
        SIGNING = "signing", _("待审批")

    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="review_tasks", verbose_name=_("子项"))
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    opened_at = models.DateTimeField(_("进入队列时间"))
    stage = models.CharField(
        _("环节"), max_length=10, choices=Stage.choices, default=Stage.ACCEPTANCE, db_default=Stage.ACCEPTANCE
    )
    number = models.CharField(_("办件编号"), max_length=40, default="", db_default="", editable=False)
    due_on = models.DateField(_("应办结日期"), null=True)
    # As ``due_on``, of what has none as well: what is sorted by time left is sorted by it.
    due_order = models.GeneratedField(
        expression=Coalesce("due_on", models.Value(NEVER_DUE, output_field=models.DateField())),
        output_field=models.DateField(),
        db_persist=True,
    )
    # A licence whose department has not answered by ``due_on`` counts as accepted (Administrative Licensing Law art. 32).
    is_deemed_when_late = models.BooleanField(_("逾期视为受理"), default=False, db_default=False, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("认领人"),
    )
    claimed_at = models.DateTimeField(_("认领时间"), null=True)
    claim_lapses_at = models.DateTimeField(_("认领保留到"), null=True)
    closed_at = models.DateTimeField(_("离开队列时间"), null=True)

    objects = ReviewTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("待办")
        verbose_name_plural = _("待办")
        constraints = [
            models.UniqueConstraint(
                fields=["sub_item"], condition=models.Q(closed_at__isnull=True), name="review_task_one_open"
            ),
            # Nobody holds anything for ever.
            models.CheckConstraint(
                condition=models.Q(claimed_by__isnull=True, claim_lapses_at__isnull=True)
                | models.Q(claimed_by__isnull=False, claim_lapses_at__isnull=False),
                name="review_task_claim_lapses",
            ),
        ]
        indexes = [
            # The queue page: a department's open tasks, oldest first, by keyset (opened_at, id).
            models.Index(
                fields=["department", "opened_at", "id"],
                name="review_queue",
                condition=models.Q(closed_at__isnull=True),
            ),
            # The same page narrowed to one stage (待受理, 审查中).
            models.Index(
                fields=["department", "stage", "opened_at", "id"],
                name="review_queue_stage",
                condition=models.Q(closed_at__isnull=True),
            ),
            # By time left, the soonest due first: also what falls due today and what is late.
            models.Index(
                fields=["department", "due_order", "id"],
                name="review_queue_left",
                condition=models.Q(closed_at__isnull=True),
            ),
            # The whole queue by number.
            models.Index(
                fields=["department", "number", "id"],
                name="review_queue_number",
                condition=models.Q(closed_at__isnull=True),
            ),
            # One stage, by time left.
            models.Index(
                fields=["department", "stage", "due_order", "id"],
                name="review_queue_stage_left",
                condition=models.Q(closed_at__isnull=True),
            ),
            # What a licensing department has not answered, soonest due first, over all departments.
            models.Index(
                fields=["due_on", "id"],
                name="review_unanswered",
                condition=models.Q(closed_at__isnull=True, stage="acceptance", is_deemed_when_late=True),
            ),
            # Claim next: the oldest task nobody has, however many claimed ones stand before it.
            models.Index(
                fields=["department", "opened_at", "id"],
                name="review_queue_unclaimed",
                condition=models.Q(closed_at__isnull=True, claimed_by__isnull=True),
            ),
            # What nobody has, by time left: the page, and "claim next" in that order.
            models.Index(
                fields=["department", "due_order", "id"],
                name="review_queue_unclaimed_left",
                condition=models.Q(closed_at__isnull=True, claimed_by__isnull=True),
            ),
            # What I have claimed.
            models.Index(
                fields=["claimed_by", "department", "opened_at", "id"],
                name="review_queue_mine",
                condition=models.Q(closed_at__isnull=True, claimed_by__isnull=False),
            ),
            models.Index(
                fields=["claimed_by", "department", "due_order", "id"],
                name="review_queue_mine_left",
                condition=models.Q(closed_at__isnull=True, claimed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.department}"


class Decision(models.Model):
    """What a department decided, once, for good."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("准予")
        REJECTED = "rejected", _("不予")
        NOT_ACCEPTED = "not_accepted", _("不予受理")

    # What states its grounds, and its remedies to the applicant.
    REFUSALS = (Outcome.REJECTED, Outcome.NOT_ACCEPTED)

    sub_item = models.OneToOneField(SubItem, on_delete=models.PROTECT, related_name="decision", verbose_name=_("子项"))
    outcome = models.CharField(_("结论"), max_length=12, choices=Outcome.choices)
    reason = SealedTextField(_("理由"), db_column="reason_sealed", blank=True, bound_to=("sub_item_id",))
    outputs_sealed = models.BinaryField(_("决定内容（加密）"), null=True, editable=False)
    # Where it says otherwise than the form, and why; null where it does not.
    departures_sealed = models.BinaryField(_("与申请不同之处（加密）"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"))
    # Granted in part only: the reason says what is not granted, and why.
    is_in_part = models.BooleanField(_("部分准予"), default=False, db_default=False)
    # The credit code of the department at that moment: what is issued for it, also later in place of another, bears it. Empty before it was kept.
    office_code = models.CharField(_("决定机关统一社会信用代码"), max_length=18, blank=True, default="", db_default="")
    # As its department counts grounds (``DecisionPhrase.code``).
    reason_code = models.CharField(_("理由代码"), max_length=12, blank=True, default="", db_default="")
    # By the item's rule, without a person (``RuleEvaluation``).
    is_automatic = models.BooleanField(_("按规则自动办结"), default=False, db_default=False)

    class Meta:
        verbose_name = _("决定")
        verbose_name_plural = _("决定")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_automatic=False) | models.Q(decided_by__isnull=True, outcome="approved"),
                name="decision_automatic_by_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="approved") | ~models.Q(reason=b""),
                name="decision_rejection_states_grounds",
            ),
            models.CheckConstraint(
                condition=models.Q(is_in_part=False) | (models.Q(outcome="approved") & ~models.Q(reason=b"")),
                name="decision_in_part_states_grounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.get_outcome_display()}"


class GivenNumber(models.Model):
    """A number that was given out by a decision: each of a series once, whoever decides, in the same moment or years later."""

    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="given_numbers", verbose_name=_("决定")
    )
    series = models.CharField(_("编号序列"), max_length=60)
    number_index = models.BinaryField(_("编号索引"), max_length=32, editable=False)

    class Meta:
        verbose_name = _("已给出的编号")
        verbose_name_plural = _("已给出的编号")
        constraints = [
            models.UniqueConstraint(fields=["series", "number_index"], name="number_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.decision}"


class CorrectionRequest(models.Model):
    """Everything one department misses, named at once; with what others miss it makes one notice (``CorrectionNotice``).

    Marked at ``requested_at``; the applicant is told at ``told_at``, and from then on its clock stands still. ``dropped_at``: taken back, or
    without an object, before anybody was told. What was asked before there were notices has none.
    """

    sub_item = models.ForeignKey(
        SubItem, on_delete=models.PROTECT, related_name="correction_requests", verbose_name=_("子项")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    notice = models.ForeignKey(
        CorrectionNotice, on_delete=models.PROTECT, null=True, related_name="requests", verbose_name=_("一次性告知")
    )
    requested_at = models.DateTimeField(_("提出时间"))
    told_at = models.DateTimeField(_("告知时间"), null=True)
    dropped_at = models.DateTimeField(_("取消时间"), null=True)
    answer_by = models.DateField(_("补正期限"), null=True, blank=True, help_text=_("请申请人在这一天以前补正；可不填"))
    answered_at = models.DateTimeField(_("补正时间"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("补正人")
    )

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("补正告知")
        verbose_name_plural = _("补正告知")
        constraints = [
            models.UniqueConstraint(
                fields=["sub_item"],
                condition=models.Q(answered_at__isnull=True, dropped_at__isnull=True),
                name="correction_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(told_at__isnull=True) | models.Q(dropped_at__isnull=True),
                name="correction_told_or_dropped",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(told_at__isnull=False),
                name="correction_answered_once_told",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("requested_by")),
                name="correction_not_answered_by_who_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_item} · {self.requested_at:%Y-%m-%d}"


class CorrectionItem(models.Model):
    """One field or material to correct, and why; with its answer also what that set off (``origin``)."""

    class Target(models.TextChoices):
        FIELD = "field", _("填写内容")
        MATERIAL = "material", _("材料")

    class Origin(models.TextChoices):
        NAMED = "named", _("部门指出")
        NECESSARY = "necessary", _("因改动而需要")
        RULE = "rule", _("与改动的内容相关")
        NEEDLESS = "needless", _("改动后不再需要")
        # Named, and not asked for after all: departments disagreed (``Contradiction``).
        SET_ASIDE = "set_aside", _("没有告知申请人")

    request = models.ForeignKey(
        CorrectionRequest, on_delete=models.PROTECT, related_name="items", verbose_name=_("补正告知")
    )
    target = models.CharField(_("类别"), max_length=10, choices=Target.choices)
    key = models.CharField(_("所指"), max_length=120)
    reason = SealedTextField(
        _("理由"), db_column="reason_sealed", max_length=300, bound_to=("request_id", "target", "key")
    )
    kind = models.CharField(
        _("理由类别"),
        max_length=12,
        choices=DeficiencyKind.choices,
        default=DeficiencyKind.OTHER,
        db_default=DeficiencyKind.OTHER,
    )
    origin = models.CharField(
        _("来由"), max_length=10, choices=Origin.choices, default=Origin.NAMED, db_default=Origin.NAMED
    )
    before_sealed = models.BinaryField(null=True, editable=False)
    after_sealed = models.BinaryField(null=True, editable=False)

    objects = CorrectionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("补正内容")
        verbose_name_plural = _("补正内容")
        constraints = [
            # What was set aside may still be set off by an answer to the rest.
            models.UniqueConstraint(
                fields=["request", "target", "key"],
                condition=~models.Q(origin="set_aside"),
                name="correction_item_unique",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_target_display())

    @property
    def is_asked(self) -> bool:
        """Return whether the applicant is asked for it, or was told of it."""
        return self.origin != self.Origin.SET_ASIDE
