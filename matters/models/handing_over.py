"""Systems of departments: what was handed over to them, what they said of it, and what differs."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import SubItem
from portal.lib.uuid7 import uuid7


class DepartmentSystem(models.Model):
    """A department's own system that handles some of its items. Off, everything is handled here; it is off until somebody switches it on.

    ``switched_at``: since when it is on or off; not known of one that was never switched. ``address``: its connection in ``SHARING_CONNECTIONS``; ``answer_minutes``: after which a person takes over what it has not accepted.
    """

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="systems", verbose_name=_("部门"))
    items = ArrayField(models.SlugField(max_length=60), verbose_name=_("办理的事项"))
    address = models.CharField(_("接口"), max_length=40)
    answer_minutes = models.PositiveIntegerField(_("多少分钟没有受理就转人工"), default=60)
    is_on = models.BooleanField(_("启用"), default=False)
    switched_at = models.DateTimeField(_("最近一次启用或停用"), null=True, editable=False)
    cursor = models.CharField(_("取到"), max_length=80, blank=True, editable=False)
    answered_at = models.DateTimeField(_("最近一次应答"), null=True, editable=False)
    failed_at = models.DateTimeField(_("最近一次没有应答"), null=True, editable=False)
    compared_on = models.DateField(_("最近一次对账"), null=True, editable=False)

    class Meta:
        verbose_name = _("部门业务系统")
        verbose_name_plural = _("部门业务系统")

    def __str__(self) -> str:
        return self.name

    @property
    def is_well(self) -> bool:
        """Whether it answered when it was last asked."""
        return self.failed_at is None or (self.answered_at is not None and self.answered_at > self.failed_at)


class HandedOver(models.Model):
    """A sub-item that a department's system handles. Its id is the idempotency key: however often it is sent, it is one case there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(
        DepartmentSystem, on_delete=models.PROTECT, related_name="handed_over", verbose_name=_("部门业务系统")
    )
    sub_item = models.OneToOneField(
        SubItem, on_delete=models.PROTECT, related_name="handed_over", verbose_name=_("子项")
    )
    at = models.DateTimeField(_("移交时间"))
    sent_at = models.DateTimeField(_("对方收到时间"), null=True)
    reference = models.CharField(_("对方编号"), max_length=80, blank=True)
    last_sequence = models.PositiveIntegerField(_("已处理到第几条"), default=0)
    taken_back_at = models.DateTimeField(_("转人工时间"), null=True)

    class Meta:
        verbose_name = _("移交部门系统")
        verbose_name_plural = _("移交部门系统")

    def __str__(self) -> str:
        return f"{self.sub_item} → {self.system}"


class SystemEvent(models.Model):
    """What a department's system said of a sub-item, once by its id. Never changed (database trigger)."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("已生效")
        LATE = "late", _("晚到，不再生效")
        REFUSED = "refused", _("与现状不符，没有生效")

    system = models.ForeignKey(DepartmentSystem, on_delete=models.PROTECT, related_name="+", verbose_name=_("系统"))
    event = models.CharField(_("消息标识"), max_length=80)
    handed_over = models.ForeignKey(
        HandedOver, on_delete=models.PROTECT, related_name="events", verbose_name=_("移交部门系统")
    )
    sequence = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("内容"), max_length=20)
    outcome = models.CharField(_("处理"), max_length=10, choices=Outcome.choices)
    at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("部门系统消息")
        verbose_name_plural = _("部门系统消息")
        constraints = [models.UniqueConstraint(fields=["system", "event"], name="system_event_once")]

    def __str__(self) -> str:
        return f"{self.handed_over} · {self.kind}"


class SystemDifference(models.Model):
    """What a department's system and this one do not say alike about a sub-item, with who looks after it until they do."""

    class Kind(models.TextChoices):
        MISSING_THERE = "missing_there", _("对方没有这一件")
        MISSING_HERE = "missing_here", _("本站没有移交过这一件")
        STATE = "state", _("状态不一致")
        UNREADABLE = "unreadable", _("对方发来的消息读不懂，没有生效")

    system = models.ForeignKey(
        DepartmentSystem, on_delete=models.PROTECT, related_name="differences", verbose_name=_("系统")
    )
    number = models.CharField(_("办件编号"), max_length=80)
    kind = models.CharField(_("差异"), max_length=20, choices=Kind.choices)
    here = models.CharField(_("本站"), max_length=20, blank=True)
    there = models.CharField(_("对方"), max_length=20, blank=True)
    found_at = models.DateTimeField(_("发现时间"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("负责人")
    )
    settled_at = models.DateTimeField(_("了结时间"), null=True)

    class Meta:
        verbose_name = _("对账差异")
        verbose_name_plural = _("对账差异")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "number", "kind"],
                condition=models.Q(settled_at__isnull=True),
                name="system_difference_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.get_kind_display()}"
