"""Divisions, departments and the staff who belong to them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase


class Division(models.Model):
    """An administrative division (GB/T 2260)."""

    code = models.CharField(_("区划代码"), max_length=6, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=20)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A body that answers for service items, reviews sub-items and issues certificates.

    Rights are granted here, on departments, and nowhere else: few and lasting objects.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("省级")
        PREFECTURE = "prefecture", _("市级")
        COUNTY = "county", _("县级")
        TOWNSHIP = "township", _("乡镇（街道）级")

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=20)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("区划")
    )
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级部门")
    )
    phone = models.CharField(_("咨询电话"), max_length=40, blank=True)
    claim_hours = models.PositiveSmallIntegerField(
        _("认领保留时间（小时）"),
        default=24,
        db_default=24,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("认领后这么久没有办理，办件自动退回队列，由同事认领；休息日不计。办理人接着办就重新计时。"),
    )

    card_days = models.PositiveSmallIntegerField(
        _("提前几个工作日亮黄牌"),
        default=1,
        db_default=1,
        validators=[MaxValueValidator(10)],
        help_text=_("办件离应办结的日子还剩这么多个工作日时，提醒办理人和部门负责人；0 为不亮黄牌。超期一律亮红牌。"),
    )

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")
        permissions = [
            ("serve_department", _("综合窗口服务")),
            ("accept_department", _("收件受理")),
            ("review_department", _("审查")),
            ("decide_department", _("决定")),
            ("issue_department", _("签发证照")),
            ("supervise_department", _("监督督办")),
        ]

    def __str__(self) -> str:
        return self.name


class DepartmentUserObjectPermission(UserObjectPermissionBase):
    """Direct foreign keys, so that a grant cannot outlive its department."""

    content_object = models.ForeignKey(Department, on_delete=models.CASCADE)


class DepartmentGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Department, on_delete=models.CASCADE)


# Offices of the catalog belong to no department, every other post to one.
_OFFICE_HAS_NO_DEPARTMENT = models.Q(department__isnull=True, role__in=("catalog_manager", "catalog_reviewer")) | (
    models.Q(department__isnull=False) & ~models.Q(role__in=("catalog_manager", "catalog_reviewer"))
)


class Membership(models.Model):
    """A member of staff holds a post: a role in a department, or an office of the catalog, which belongs to none.

    What they may do follows from the post's group, and nobody is in such a group without the post (a trigger sees to it).
    """

    class Role(models.TextChoices):
        WINDOW_CLERK = "clerk", _("综合窗口人员")
        REVIEWER = "reviewer", _("审查人员")
        LEAD = "lead", _("部门负责人")
        SUPERVISOR = "supervisor", _("效能监察人员")
        CATALOG_MANAGER = "catalog_manager", _("目录管理员")
        CATALOG_REVIEWER = "catalog_reviewer", _("目录审核员")

    OFFICES = (Role.CATALOG_MANAGER, Role.CATALOG_REVIEWER)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("人员")
    )
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("部门")
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("部门人员")
        verbose_name_plural = _("部门人员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"], name="membership_unique", nulls_distinct=False
            ),
            models.CheckConstraint(condition=_OFFICE_HAS_NO_DEPARTMENT, name="membership_office_has_no_department"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.department or _('事项目录')}"


class Appointment(models.Model):
    """Somebody is to be given a post: proposed by one person, confirmed by another, or granted by the department's own lead."""

    class Status(models.TextChoices):
        OPEN = "open", _("待确认")
        GRANTED = "granted", _("已任命")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("人员")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("部门"),
        help_text=_("目录管理员、目录审核员不属于部门，留空。"),
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Membership.Role.choices)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    by_lead = models.BooleanField(_("由部门负责人直接任命"), default=False)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=models.Q(status="open"),
                name="appointment_one_open",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=_OFFICE_HAS_NO_DEPARTMENT, name="appointment_office_has_no_department"),
            # Four eyes: nobody appoints themselves, and only a department's own lead appoints alone.
            models.CheckConstraint(
                condition=~models.Q(status="granted")
                | (
                    models.Q(decided_by__isnull=False)
                    & ~models.Q(decided_by=models.F("user"))
                    & ~models.Q(proposed_by=models.F("user"))
                    & (~models.Q(decided_by=models.F("proposed_by")) | models.Q(by_lead=True, department__isnull=False))
                ),
                name="appointment_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.department or _('事项目录')} · {self.get_role_display()}"
