"""Organisations, on which rows it rests what they are, and the people who act for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


class Organisation(models.Model):
    """A company, sole trader or other body with a unified social credit code (经营主体). What it is rests on its checks."""

    class Kind(models.TextChoices):
        """What a body is; its credit code says as much (GB 32100: the first two characters)."""

        COMPANY = "company", _("企业")
        BRANCH = "branch", _("分支机构")
        FOREIGN = "foreign", _("外国（地区）企业")
        SOLE_TRADER = "sole_trader", _("个体工商户")
        COOPERATIVE = "cooperative", _("农民专业合作社")
        PUBLIC_BODY = "public_body", _("机关、事业单位、群众团体")
        OTHER = "other", _("其他组织")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    legal_representative = models.ForeignKey(
        "accounts.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("法定代表人"),
    )

    class Meta:
        verbose_name = _("组织")
        verbose_name_plural = _("组织")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["company", "branch", "foreign"], credit_code__startswith="91")
                | models.Q(kind="sole_trader", credit_code__startswith="92")
                | models.Q(kind="cooperative", credit_code__startswith="93")
                | models.Q(kind="public_body", credit_code__startswith="1")
                | (models.Q(kind="other") & ~models.Q(credit_code__regex="^(1|91|92|93)")),
                name="organisation_kind_fits_its_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationCheck(models.Model):
    """The row on which it rests what an organisation is and who represents it. Never changed or removed (database triggers)."""

    class Source(models.TextChoices):
        REGISTER = "register", _("登记机关数据")
        COUNTER = "counter", _("窗口当面核验")
        FOUNDED = "founded", _("设立登记的结果")
        DEMO = "demo", _("演示数据")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="checks", verbose_name=_("组织")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    name = models.CharField(_("名称"), max_length=200)
    legal_representative = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("法定代表人")
    )
    # The answer of a register (`portal.sharing`), which this floor does not know; the sub-item whose result founded it.
    fetch = models.UUIDField(_("查询记录"), null=True, editable=False)
    reference = models.CharField(_("办件"), max_length=60, blank=True)
    # Whom a founding names as legal representative, by an index of name and document: nobody else claims what nobody represents yet.
    named_index = models.BinaryField(_("申请写明的法定代表人"), max_length=32, null=True, editable=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核验人"),
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("组织核验记录")
        verbose_name_plural = _("组织核验记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source="register", fetch__isnull=False)
                | models.Q(source="counter", officer__isnull=False)
                | (models.Q(source="founded") & ~models.Q(reference=""))
                | models.Q(source="demo"),
                name="organisation_check_rests_on_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.at:%Y-%m-%d}"


class HandlerQuerySet(models.QuerySet["Handler"]):
    """Who acts for organisations."""

    def in_force(self, day: Any = None) -> HandlerQuerySet:
        """Those who may act on a day, today if none is given."""
        term = models.Q(until__isnull=True) | models.Q(until__gte=day or timezone.localdate())
        return self.filter(term, ended_at__isnull=True)


class Handler(models.Model):
    """Who may act for an organisation, in which role, for which matters, until when. Written once; then only ended (database trigger)."""

    class Role(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal", _("法定代表人（负责人）")
        ADMINISTRATOR = "administrator", _("管理员")
        HANDLER = "handler", pgettext_lazy("organisation", "经办人")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="handlers", verbose_name=_("组织")
    )
    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="acts_for", verbose_name=_("人员")
    )
    role = models.CharField(_("身份"), max_length=14, choices=Role.choices)
    matters = ArrayField(models.SlugField(max_length=80), null=True, verbose_name=_("可办的事"))  # None: all
    until = models.DateField(_("有效期至"), null=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("邀请人")
    )
    began_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("移除时间"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("移除人")
    )

    objects = HandlerQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织人员")
        verbose_name_plural = _("组织人员")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(ended_at__isnull=True),
                name="handler_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(ended_at__isnull=True, role="legal"),
                name="handler_one_legal_representative",
            ),
            models.CheckConstraint(
                condition=models.Q(role="handler") | models.Q(matters__isnull=True),
                name="handler_rights_are_those_of_the_role",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="legal") | models.Q(until__isnull=True),
                name="handler_legal_representative_without_term",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="handler_of_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"

    @property
    def manages(self) -> bool:
        """Whether they say who else acts for the organisation."""
        return self.role != self.Role.HANDLER

    def may_handle(self, matter: str) -> bool:
        """Whether a matter, by its slug, is among those they may handle."""
        return self.matters is None or matter in self.matters


class Invitation(models.Model):
    """A one-time code by which somebody becomes a handler: used once, within its term, or taken back. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("组织")
    )
    code_index = models.BinaryField(max_length=32, unique=True, editable=False)
    for_whom = SealedTextField(_("邀请谁"), db_column="for_whom_sealed", max_length=100)
    role = models.CharField(_("身份"), max_length=14, choices=Handler.Role.choices)
    matters = ArrayField(models.SlugField(max_length=80), null=True, verbose_name=_("可办的事"))
    until = models.DateField(_("有效期至"), null=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("邀请人")
    )
    invited_at = models.DateTimeField(_("邀请时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("邀请码有效期至"))
    handler = models.OneToOneField(Handler, on_delete=models.PROTECT, null=True, verbose_name=_("组织人员"))
    ended_at = models.DateTimeField(_("使用或撤回时间"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role="legal"),
                name="invitation_of_no_legal_representative",
            ),
            models.CheckConstraint(
                condition=models.Q(handler__isnull=True) | models.Q(ended_at__isnull=False),
                name="invitation_used_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.invited_at:%Y-%m-%d}"
