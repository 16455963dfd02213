"""Service items: what one department does for an applicant, with the elements of an implementation list."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.definitions import LICENCE
from catalog.models.departments import Department
from catalog.models.sourcing import Packaged, WithFacts
from portal.accounts.models import Level


class ServiceItem(Packaged, WithFacts):
    """A government service item (政务服务事项). What is not known stays empty and is marked in ``facts``."""

    class Type(models.TextChoices):
        """The ten types and public service, with the codes of the national catalogue."""

        LICENCE = LICENCE, _("行政许可")
        PENALTY = "02", _("行政处罚")
        COERCION = "03", _("行政强制")
        LEVY = "04", _("行政征收")
        BENEFIT = "05", _("行政给付")
        INSPECTION = "06", _("行政检查")
        CONFIRMATION = "07", _("行政确认")
        AWARD = "08", _("行政奖励")
        ADJUDICATION = "09", _("行政裁决")
        OTHER_POWER = "10", _("其他行政权力")
        PUBLIC_SERVICE = "20", _("公共服务")

    class ExerciseLevel(models.TextChoices):
        """At which level of government the item is done (行使层级): the digit after the body's code in a task code."""

        NATIONAL = "1", _("国家级")
        PROVINCE = "2", _("省级")
        PREFECTURE = "3", _("市级")
        COUNTY = "4", _("县级")
        TOWNSHIP = "5", _("乡镇（街道）级")
        VILLAGE = "6", _("村（社区）级")

    class Status(models.TextChoices):
        IN_USE = "in_use", _("在用")
        PAUSED = "paused", _("暂停")
        CANCELLED = "cancelled", pgettext_lazy("status", "取消")

    class Handling(models.TextChoices):
        IMMEDIATE = "immediate", _("即办件")
        PROMISED = "promised", _("承诺件")

    class LimitUnit(models.TextChoices):
        WORKING_DAYS = "working_days", _("工作日")
        CALENDAR_DAYS = "calendar_days", _("自然日")

    class IdentityLevel(models.IntegerChoices):
        """How sure it must be who applies (``portal.accounts.models.Level``)."""

        CLAIMED = Level.CLAIMED.value, _("本人填写即可")
        CHANNEL = Level.CHANNEL.value, _("要实名（平台、短信或窗口核验过）")
        COUNTER = Level.COUNTER.value, _("要在窗口当面核验过")

    slug = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="service_items", verbose_name=_("实施部门")
    )
    catalog_code = models.CharField(_("基本编码"), max_length=12, blank=True)
    task_code = models.CharField(_("实施编码"), max_length=36, blank=True)
    local_code = models.CharField(_("地方编码"), max_length=50, blank=True)
    item_type = models.CharField(_("事项类型"), max_length=2, choices=Type.choices, blank=True)
    exercise_level = models.CharField(_("行使层级"), max_length=1, choices=ExerciseLevel.choices, blank=True)
    status = models.CharField(_("事项状态"), max_length=10, choices=Status.choices, default=Status.IN_USE)
    theme = models.CharField(_("主题"), max_length=30, blank=True)
    subjects = models.JSONField(_("服务对象"), default=list, blank=True)
    handling = models.CharField(_("办件类型"), max_length=12, choices=Handling.choices, default=Handling.PROMISED)
    statutory_limit_days = models.PositiveSmallIntegerField(_("法定时限"), null=True, blank=True)
    promised_limit_days = models.PositiveSmallIntegerField(
        _("承诺时限"), null=True, blank=True, help_text=_("不知道就空着，页面上写“未公布”")
    )
    limit_unit = models.CharField(
        _("时限单位"), max_length=14, choices=LimitUnit.choices, default=LimitUnit.WORKING_DAYS
    )
    limit_note = models.CharField(_("时限说明"), max_length=200, blank=True)
    legal_basis = models.JSONField(_("设定依据"), default=list, blank=True, help_text=_("[{law, article, text}]"))
    conditions = models.JSONField(_("受理条件"), default=list, blank=True)
    flow = models.JSONField(_("办理流程"), default=list, blank=True)
    fees = models.JSONField(
        _("收费"), null=True, blank=True, help_text=_("[{name, amount, basis}]；不收费写 []，不知道就空着")
    )
    visits = models.PositiveSmallIntegerField(
        _("到现场次数（单独办理）"), null=True, blank=True, help_text=_("不用到现场写 0，不知道就空着")
    )
    visits_together = models.PositiveSmallIntegerField(
        _("到现场次数（联办）"), null=True, blank=True, help_text=_("不用到现场写 0，不知道就空着")
    )
    steps = models.PositiveSmallIntegerField(_("办理环节（单独办理）"), default=1)
    identity_level = models.PositiveSmallIntegerField(
        _("申请人身份"), choices=IdentityLevel.choices, default=IdentityLevel.CLAIMED, help_text=_("低于它的不能提交")
    )
    in_person_only = models.BooleanField(
        _("只能本人办理"), default=False, help_text=_("法律规定必须本人亲自办理的，不接受代办")
    )
    visit_reason = models.CharField(_("到现场原因"), max_length=200, blank=True)
    online_depth = models.JSONField(_("网上办理深度"), default=list, blank=True)
    cross_region = models.CharField(_("通办范围"), max_length=40, blank=True)
    special_procedures = models.JSONField(
        _("特别程序"),
        default=list,
        blank=True,
        help_text=_("[{name, kind, days, counted, basis}]；有 kind 的办理时可以启动"),
    )
    places = models.JSONField(
        _("办理地点和时间"), default=list, blank=True, help_text=_("[{name, address, hours, phone}]")
    )
    consulting = models.CharField(_("咨询方式"), max_length=200, blank=True)
    complaints = models.CharField(_("监督投诉方式"), max_length=200, blank=True)
    locked = models.JSONField(
        _("另外锁定的要素"),
        default=list,
        blank=True,
        help_text=_("地方实施时不得改动；见 catalog.definitions.overrides"),
    )
    current_version = models.ForeignKey(
        "ItemVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现行版本")
    )
    decision_rule = models.JSONField(
        _("自动办结规则"), null=True, blank=True, help_text=_("{clauses, facts, outputs, share}；空着由人办")
    )
    result_note = models.CharField(_("结果说明"), max_length=200, blank=True)
    remark = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("政务服务事项")
        verbose_name_plural = _("政务服务事项")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class ItemVersion(models.Model):
    """What publishing froze of one service item: its guide under its content hash.

    Immutable and never deleted: a database trigger refuses both.
    """

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="versions", verbose_name=_("事项"))
    number = models.PositiveIntegerField(_("版本号"))
    content = models.JSONField(_("内容"))
    content_hash = models.CharField(_("内容摘要"), max_length=64)
    published_at = models.DateTimeField(_("发布时间"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("发布人")
    )

    class Meta:
        verbose_name = _("事项版本")
        verbose_name_plural = _("事项版本")
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_unique"),
            models.UniqueConstraint(fields=["item", "content_hash"], name="item_version_content_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"
