"""Who people are: accounts, persons, how they were proved, and copies of their files.

Departments and the memberships of their staff live in ``catalog`` beside the
definitions they answer for; this floor knows nothing of them.
"""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.leaving import release_holdings
from portal.accounts.models.mandates import Mandate
from portal.accounts.models.organisations import Handler, Organisation
from portal.lib.sealed_text import BlindIndexField, SealedTextField
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal, unseal


class AccountManager(UserManager["User"]):
    """Finds an account whichever way its name is capitalised; telephones like to begin with a capital."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.alias(plain=Lower("username")).get(plain=(username or "").lower())


class User(AbstractUser):
    """An account that can log in: a citizen, or a member of staff."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    # What the name is sealed for: an account may change its user name, and has no number before it is written.
    seal_id = models.UUIDField(default=uuid7, editable=False)
    name = SealedTextField(_("姓名"), db_column="name_sealed", max_length=100, blank=True, bound_to=("seal_id",))
    name_index = BlindIndexField(_("姓名索引"), of="name", kind="name")

    objects: ClassVar[AccountManager] = AccountManager()

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # Who changes this account, for the events that follow from it; set by whoever knows.
    changed_by: User | None = None
    # For whom this account acts in the request at hand, if not for its own person (`portal.accounts.organisations.principals`).
    acting_as: Handler | None = None
    acting_under: Mandate | None = None
    acting_via: Handler | None = None

    class Meta:
        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="account_name_unique",
                violation_error_message=_("这个账号名已有人使用，请换一个。"),
            ),
        ]
        indexes = [
            # The console's search by a whole name.
            models.Index(fields=["name_index"], name="account_name"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the account; one that is switched off gives back what it holds."""
        super().save(*args, **kwargs)
        if not self.is_active:
            release_holdings(self, self.changed_by)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class DocumentKind(models.TextChoices):
    """Kinds of identity document (GA/T 2000.156)."""

    RESIDENT_ID = "111", _("居民身份证")
    RESIDENCE_PERMIT = "154", _("港澳台居民居住证")
    PASSPORT = "414", _("普通护照")
    TAIWAN_PERMIT = "511", _("台湾居民来往大陆通行证")
    HONG_KONG_MACAO_PERMIT = "516", _("港澳居民来往内地通行证")
    FOREIGN_RESIDENT_ID = "553", _("外国人永久居留身份证")


class Level(models.IntegerChoices):
    """How sure it is that an account's person is who they say."""

    CLAIMED = 0, _("本人填写，未核验")
    CHANNEL = 1, _("平台核验")
    COUNTER = 2, _("窗口当面核验")


class Person(models.Model):
    """A natural person, with or without an account (a clerk may apply for someone at the counter).

    From level 1 on the person is proved (`IdentityCheck`) and the only one with their document. At level 0 it is what an account says
    of itself: anybody may say so, it reserves nothing, and nothing attaches to it but what that account does itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="person", verbose_name=_("账户")
    )
    name = SealedTextField(_("姓名"), db_column="name_sealed", max_length=100)
    name_index = BlindIndexField(_("姓名索引"), of="name", kind="name")
    document_kind = models.CharField(
        _("证件类型"), max_length=3, choices=DocumentKind.choices, default=DocumentKind.RESIDENT_ID
    )
    document_sealed = models.BinaryField(_("证件号码（加密）"), editable=False)
    document_index = models.BinaryField(_("证件号码索引"), max_length=32, editable=False)
    level = models.PositiveSmallIntegerField(_("身份核验"), choices=Level.choices, default=Level.CLAIMED)
    phone = SealedTextField(_("手机号"), db_column="phone_sealed", max_length=20, blank=True)
    phone_index = BlindIndexField(_("手机号索引"), of="phone", kind="phone")
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    # What an account said of itself and may say no longer, because it is somebody else's or went to the proved person.
    left_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="left_persons", verbose_name=_("曾用的账户")
    )
    left_at = models.DateTimeField(_("与账户分开的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("自然人")
        verbose_name_plural = _("自然人")
        constraints = [
            models.UniqueConstraint(
                fields=["document_kind", "document_index"],
                condition=models.Q(level__gt=Level.CLAIMED),
                name="person_proved_document_unique",
                violation_error_message=_("这个证件已经登记过。"),
            ),
            models.CheckConstraint(
                condition=models.Q(level__gt=Level.CLAIMED)
                | models.Q(user__isnull=False)
                | models.Q(left_at__isnull=False, left_by__isnull=False),
                name="person_claimed_by_an_account",
            ),
        ]
        indexes = [
            models.Index(fields=["document_index"], name="person_document"),
            # The console's search: by a whole name, by a whole number.
            models.Index(fields=["name_index"], name="person_name"),
            models.Index(fields=["phone_index"], name="person_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_proved(self) -> bool:
        """Whether somebody has checked that the person is who the row says (实名)."""
        return self.level > Level.CLAIMED


class IdentityCheck(models.Model):
    """The row on which a person's level rests: how it was proved, by whom, when. Never changed or removed (database triggers)."""

    class Method(models.TextChoices):
        COUNTER = "counter", _("窗口当面核验")
        DEMO = "demo", _("演示数据")
        EARLIER = "earlier", _("以前在窗口登记")
        PLATFORM = "platform", _("省统一身份认证平台")
        SMS = "sms", _("登记手机号的短信验证码")
        MANDATE = "mandate", _("代办人在窗口出示的证件和委托书")
        REGISTER = "register", _("登记机关数据")

    class Seen(models.TextChoices):
        """What lay on the counter."""

        ORIGINAL = "original", _("证件原件")
        TEMPORARY = "temporary", _("临时居民身份证")
        HOUSEHOLD_BOOK = "household_book", _("居民户口簿")
        LOSS_REPORT = "loss_report", _("公安机关的身份证明")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checks", verbose_name=_("自然人"))
    method = models.CharField(_("核验方式"), max_length=10, choices=Method.choices)
    level = models.PositiveSmallIntegerField(_("身份核验"), choices=Level.choices)
    document_kind = models.CharField(_("核验的证件"), max_length=3, choices=DocumentKind.choices)
    officer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核验人")
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    # Whose word it is: of a platform its issuer and what it calls the person there, of a register its name.
    reference = SealedTextField(
        _("依据"), db_column="reference_sealed", max_length=400, blank=True, bound_to=("person_id", "method")
    )
    reference_index = BlindIndexField(_("依据索引"), of="reference", kind="identity_check")
    seen = models.CharField(_("当面看到的"), max_length=20, choices=Seen.choices, blank=True)
    signed = models.BooleanField(_("本人已在核验单上签名"), default=False)

    class Meta:
        verbose_name = _("身份核验记录")
        verbose_name_plural = _("身份核验记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gt=Level.CLAIMED)
                & (~models.Q(method="counter") | models.Q(officer__isnull=False)),
                name="identity_check_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.at:%Y-%m-%d}"


class PersonMerge(models.Model):
    """At a window it was seen that two entries are one person: what was done under one follows the other. Never changed (database trigger).

    What was issued under the merged entry may follow only by such a row (``certificates_stay``).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges", verbose_name=_("保留的登记"))
    merged = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="merged_into", verbose_name=_("并入的登记")
    )
    # The account of the merged entry, where it was closed with it.
    closed = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("停用的账户")
    )
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("核验人"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("合并记录")
        verbose_name_plural = _("合并记录")
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="person_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"


class FileExport(models.Model):
    """A copy of a person's file, asked for by its owner. Its contents are sealed, and go when its term is over; that it was made stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exports", verbose_name=_("本人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("组织")
    )  # whose file it is, asked for by the person who acts for it; none: the person's own
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作账户"))
    asked_at = models.DateTimeField(_("提出时间"))
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField(_("生成时间"), null=True)
    until = models.DateTimeField(_("保留到"), null=True)
    content_sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("档案副本")
        verbose_name_plural = _("档案副本")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(made_at__isnull=True, organisation__isnull=True),
                name="export_one_of_a_person_being_made",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(made_at__isnull=True), name="export_one_being_made"
            ),
        ]
        indexes = [
            models.Index(fields=["until"], name="export_to_forget", condition=models.Q(content_sealed__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at:%Y-%m-%d}"

    @property
    def is_there(self) -> bool:
        """Whether it can be downloaded now."""
        return self.content_sealed is not None and self.until is not None and self.until > timezone.now()

    def content(self, kind: str) -> bytes:
        """Return the copy as ``json`` or ``pdf``."""
        kept: dict[str, str] = unseal(self.content_sealed or b"", self._context)
        return base64.b64decode(kept[kind])

    def keep(self, content: dict[str, bytes]) -> None:
        """Seal the contents for this row."""
        kept = {kind: base64.b64encode(data).decode() for kind, data in content.items()}
        self.content_sealed = seal(kept, self._context)

    @property
    def _context(self) -> str:
        return f"accounts.export:{self.pk}"
