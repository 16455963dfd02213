"""How officers share out and get through their work: who stands in while somebody is away, one step for many cases,
and views of a queue.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import SubItem
from portal.lib.sealed_text import SealedTextField


class OfficerAbsenceQuerySet(models.QuerySet["OfficerAbsence"]):
    """Absences (不在岗)."""

    def standing(self) -> OfficerAbsenceQuerySet:
        """Not taken back."""
        return self.filter(ended_at__isnull=True)

    def on(self, day: date) -> OfficerAbsenceQuerySet:
        """Under way on a day. Served by index ``absence_of_officer``."""
        return self.standing().filter(from_on__lte=day, until_on__gte=day)


class OfficerAbsence(models.Model):
    """From when until when an officer is away, and who stands in for them in a department. Both days count."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("不在岗的人")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("代办人员")
    )
    from_on = models.DateField(_("开始日期"))
    until_on = models.DateField(_("结束日期"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("提前结束时间"), null=True)

    objects = OfficerAbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("不在岗")
        verbose_name_plural = _("不在岗")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(stand_in=F("user")), name="absence_stand_in_is_another"),
        ]
        indexes = [
            # Is this officer away, and who stands in.
            models.Index(
                fields=["user", "department", "until_on"],
                name="absence_of_officer",
                condition=Q(ended_at__isnull=True),
            ),
            # Who is away at all, of everybody: what they hold is moved.
            models.Index(fields=["until_on"], name="absence_under_way", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.from_on}–{self.until_on}"


class BulkAction(models.Model):
    """One step for many cases at once, done by a worker case by case. What became of each stands in its line."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("受理")
        APPROVE = "approve", _("准予")
        HAND_OVER = "hand_over", _("转交")
        REMIND = "remind", _("提醒申请人补正")

    kind = models.CharField(_("做什么"), max_length=10, choices=Kind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    asked_at = models.DateTimeField(_("提出时间"))
    # To whom the cases are handed over; none for the other kinds.
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("转交给")
    )
    language = models.CharField(max_length=12, editable=False)  # in which the officer reads why something was refused
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("批量办理")
        verbose_name_plural = _("批量办理")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="hand_over", to__isnull=False) | (~Q(kind="hand_over") & Q(to__isnull=True)),
                name="bulk_action_to_somebody",
            ),
        ]
        indexes = [
            # An officer's latest, newest first.
            models.Index(fields=["asked_by", "department", "-id"], name="bulk_action_of_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.asked_by}"


class BulkLine(models.Model):
    """One case of a bulk action, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "", _("等待")
        DONE = "done", _("已办")
        REFUSED = "refused", _("没有办成")

    action = models.ForeignKey(BulkAction, on_delete=models.PROTECT, related_name="lines", verbose_name=_("批量办理"))
    sub_item = models.ForeignKey(SubItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("子项"))
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices, default="", blank=True)
    # Why it was refused, as the officer is told: a colleague may be named in it.
    sentence = SealedTextField(
        _("说明"), db_column="sentence_sealed", max_length=600, blank=True, bound_to=("action_id", "sub_item_id")
    )
    done_at = models.DateTimeField(_("时间"), null=True)

    class Meta:
        verbose_name = _("批量办理的一件")
        verbose_name_plural = _("批量办理的一件")
        constraints = [models.UniqueConstraint(fields=["action", "sub_item"], name="bulk_line_once")]
        indexes = [
            # What is still to be done of an action, in its order.
            models.Index(fields=["action", "id"], name="bulk_line_waiting", condition=Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.action_id} · {self.sub_item}"


class SavedView(models.Model):
    """How an officer reads a department's queue, under a name of their own: which list, in which order, what of each case, and which cases."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("账户")
    )
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    name = models.CharField(_("名称"), max_length=30)
    list_name = models.CharField(_("列表"), max_length=12)
    sort = models.CharField(_("排列"), max_length=10)
    columns = ArrayField(models.CharField(max_length=12), verbose_name=_("显示的列"), default=list)
    # Lines of the department's own form, by the keys of their fields: read from sealed forms, a page at a time.
    fields = ArrayField(models.CharField(max_length=120), verbose_name=_("显示的表单内容"), default=list, blank=True)
    channel = models.CharField(_("渠道"), max_length=10, blank=True)
    item = models.CharField(_("事项名称含有"), max_length=60, blank=True)
    field = models.CharField(_("表单内容"), max_length=120, blank=True)
    # What is looked for in forms may be somebody's name.
    field_text = SealedTextField(
        _("含有"), db_column="field_text_sealed", max_length=60, blank=True, bound_to=("user_id", "department_id")
    )
    is_default = models.BooleanField(_("打开队列时先看"), default=False)

    class Meta:
        verbose_name = _("我的视图")
        verbose_name_plural = _("我的视图")
        constraints = [
            models.UniqueConstraint(fields=["user", "department", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["user", "department"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def narrows(self) -> bool:
        """Whether it leaves out cases of its list."""
        return bool(self.channel or self.item or self.field)
