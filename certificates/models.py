"""What was granted: electronic certificates and the changes of their status."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import CertificateType, Department
from certificates.core.renewal import days_to_renew
from certificates.core.status_list import GIVEN_OUT, PLACES
from certificates.core.verification import Verdict, judge
from portal.accounts.models import Mandate, Organisation, Person
from portal.identifiers.masking import mask_name
from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


def new_verification_token() -> str:
    """Return 128 random bits for the public address; nothing can be guessed from a neighbour's."""
    return secrets.token_urlsafe(16)


def new_status_place() -> int:
    """Return a random place in a status list; issuing takes another where somebody has it."""
    return secrets.randbelow(PLACES)


# A file that is not there so long after the issue takes longer than usual: a part is down, or it was set aside.
MADE_WITHIN = timedelta(minutes=5)


class NextStatusList(models.Func):
    """The number of the list in which the next certificate stands: the next one once so many places are given out."""

    template = f"(nextval('certificates_status_seat') / {GIVEN_OUT})::int"
    output_field = models.IntegerField()
    arity = 0


class Certificate(models.Model):
    """One certificate. Issued only from a recorded decision; its face is frozen."""

    class Status(models.TextChoices):
        """How it stands, in the words of every page: verification, the library, its history, the console."""

        VALID = "valid", _("有效")
        SUSPENDED = "suspended", _("已暂扣")
        REVOKED = "revoked", _("已吊销")
        RESCINDED = "rescinded", _("已撤销")
        RECALLED = "recalled", pgettext_lazy("certificate", "已撤回")
        DEREGISTERED = "deregistered", _("已注销")

    class SetAsideReason(models.TextChoices):
        """Why a person must look at it before its file can be made."""

        RARE_CHARACTERS = "rare_characters", _("含生僻字，现有字库无法印制")
        FACE_TOO_LONG = "face_too_long", _("照面内容过长，二十页也放不下")
        FACE_UNREADABLE = "face_unreadable", _("照面信息无法解密")
        SIGNER_REFUSED = "signer_refused", _("签章服务查不到相应的准予决定，没有签章")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    certificate_type = models.ForeignKey(
        CertificateType, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("证照类型")
    )
    # What it was issued as. The rows of type and department are drafts that one person may save; these stay.
    type_name = models.CharField(_("证照类型"), max_length=100)
    type_name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    issuer_name = models.CharField(_("颁发机构"), max_length=100)
    identifier = models.CharField(_("电子证照标识"), max_length=120, unique=True)
    serial = models.CharField(_("证照编号"), max_length=40)
    # For whom the applicant acted, and in which matter (its slug): who of an organisation's people finds it.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经营主体")
    )
    matter = models.CharField(max_length=80, blank=True, default="", db_default="", editable=False)
    # Under which mandate somebody applied for the applicant: whoever acts by it finds it, if it lets them see certificates.
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授权")
    )
    # Who asked for it, and finds it in their library; whom it is about is `holders`.
    applicant = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="certificates",
        db_column="holder_id",
        verbose_name=_("申请人"),
    )
    holder_kind = models.CharField(
        _("持证主体类型"),
        max_length=12,
        choices=CertificateType.Subject.choices,
        default=CertificateType.Subject.PERSON,
        db_default=CertificateType.Subject.PERSON,
    )
    holder_name = SealedTextField(_("持证主体"), db_column="holder_name_sealed", max_length=500)
    issuer = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("颁发机构"))
    decision_reference = models.CharField(_("所依据的决定"), max_length=120)
    # Where its status stands in which published list: given when it is issued, random within the list, printed in its file.
    status_list = models.IntegerField(db_default=NextStatusList(), editable=False)
    status_place = models.IntegerField(default=new_status_place, editable=False)
    # Counts the certificates of one type that a decision led to: a fact was amended later, and a new one took its place.
    edition = models.PositiveSmallIntegerField(_("版次"), default=1, db_default=1)
    # Whose place it took when that was renewed: at most one takes it.
    renews = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="renewed_by", verbose_name=_("续自")
    )
    face_sealed = models.BinaryField(_("照面信息（加密）"), editable=False)
    issued_at = models.DateTimeField(_("签发时间"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=Status.choices, default=Status.VALID)
    verification_token = models.CharField(max_length=40, unique=True, default=new_verification_token, editable=False)
    file = models.FileField(_("文件"), upload_to="certificates/", max_length=200, blank=True, editable=False)
    file_sha256 = models.CharField(_("文件摘要"), max_length=64, blank=True, editable=False)
    rendered_at = models.DateTimeField(_("制证时间"), null=True, editable=False)
    set_aside_at = models.DateTimeField(_("转人工时间"), null=True, editable=False)
    set_aside_reason = models.CharField(
        _("转人工原因"), max_length=20, choices=SetAsideReason.choices, blank=True, editable=False
    )
    set_aside_detail = SealedTextField(
        _("转人工说明"), db_column="set_aside_detail_sealed", max_length=200, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("电子证照")
        verbose_name_plural = _("电子证照")
        constraints = [
            models.UniqueConstraint(
                fields=["decision_reference", "certificate_type", "edition"],
                name="certificate_once_per_decision",
                violation_error_message=_("这项决定已经签发过这种证照。"),
            ),
            models.UniqueConstraint(
                fields=["decision_reference", "certificate_type"],
                condition=models.Q(status__in=["valid", "suspended"]),
                name="certificate_one_standing_per_decision",
                violation_error_message=_("这项决定签发的这种证照还有一份没有了结。"),
            ),
            models.UniqueConstraint(
                fields=["certificate_type", "serial"],
                name="certificate_serial_unique",
                violation_error_message=_("这个证照编号已经用过。"),
            ),
            models.UniqueConstraint(fields=["status_list", "status_place"], name="certificate_status_place_once"),
            models.CheckConstraint(
                condition=models.Q(rendered_at__isnull=True, file="", file_sha256="")
                | (models.Q(rendered_at__isnull=False) & ~models.Q(file="") & ~models.Q(file_sha256="")),
                name="certificate_file_exactly_when_rendered",
                violation_error_message=_("制证时间、文件和文件摘要必须同时具备。"),
            ),
            models.CheckConstraint(
                condition=models.Q(set_aside_at__isnull=True, set_aside_reason="")
                | (models.Q(set_aside_at__isnull=False, rendered_at__isnull=True) & ~models.Q(set_aside_reason="")),
                name="certificate_set_aside_with_reason",
                violation_error_message=_("转人工处理必须写明原因，制证后不再转人工。"),
            ),
        ]
        indexes = [
            # verify_form: a person types the number printed on the certificate.
            models.Index(fields=["serial"], name="certificate_serial"),
            # verify_form: a file is handed in; its bytes are looked up.
            models.Index(fields=["file_sha256"], name="certificate_file", condition=~models.Q(file_sha256="")),
            # enqueue_missing_renderings(): what has neither a file nor a person looking at it.
            models.Index(
                fields=["issued_at"],
                name="certificate_to_render",
                condition=models.Q(rendered_at__isnull=True, set_aside_at__isnull=True),
            ),
            # remind_of_renewals(): what of one type ends between two days.
            models.Index(
                fields=["certificate_type", "expires_on"],
                name="certificate_ends",
                condition=models.Q(status="valid", expires_on__isnull=False),
            ),
            # statuses_of(): what a status list says.
            models.Index(
                fields=["status_list", "status_place"],
                name="certificate_not_valid",
                condition=~models.Q(status="valid"),
            ),
            # The applicant's library, newest first.
            models.Index(fields=["applicant", "-issued_at"], name="certificate_library"),
        ]

    def __str__(self) -> str:
        return f"{self.type_name} {self.serial}"

    def get_absolute_url(self) -> str:
        return reverse("certificates:detail", args=[self.pk])

    @property
    def face_context(self) -> str:
        """Return the context under which this row's face is sealed."""
        return f"certificate.face:{self.pk}"

    @property
    def is_rendered(self) -> bool:
        """Return whether the file is there."""
        return self.rendered_at is not None

    @property
    def is_making_late(self) -> bool:
        """Return whether its file is not there although it is usually made within seconds: then nobody promises seconds any more."""
        return not self.is_rendered and timezone.now() - self.issued_at > MADE_WITHIN

    @property
    def is_of_organisation(self) -> bool:
        return self.holder_kind == CertificateType.Subject.ORGANISATION

    @property
    def is_over(self) -> bool:
        """Return whether its term has ended; a change of status does not matter here."""
        return judge(self.Status.VALID, self.expires_on, timezone.localdate()) is Verdict.EXPIRED

    @property
    def public_holder(self) -> str:
        """Return whom it is about as anybody may read it: persons masked; an organisation's name is public."""
        if self.is_of_organisation:
            return self.holder_name
        return "、".join(mask_name(name) for name in self.holder_name.split("、"))

    def days_to_renew(self, today: date) -> int | None:
        """Return how many days are left of a certificate that may be renewed on a day; None where it may not. Reads its type."""
        return days_to_renew(self.status, self.expires_on, self.certificate_type.renewal_days, today)

    def verdict(self, today: date) -> Verdict:
        """Return what it is worth on a day: the one answer for every page, from its status and its one term."""
        return judge(self.status, self.expires_on, today)


class CertificateHolder(models.Model):
    """Whom a certificate is about: a person or an organisation, by name and number (GB/T 36903: 持证主体, 持证主体代码)."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="holders", verbose_name=_("证照")
    )
    position = models.PositiveSmallIntegerField(_("顺序"))
    name = SealedTextField(
        _("持证主体"), db_column="name_sealed", max_length=200, bound_to=("certificate_id", "position")
    )
    # A kind of document (GA/T 2000.156), ``credit_code``, or empty: a newborn has no number yet.
    number_kind = models.CharField(_("持证主体代码类型"), max_length=12, blank=True)
    number = SealedTextField(
        _("持证主体代码"),
        db_column="number_sealed",
        max_length=40,
        blank=True,
        bound_to=("certificate_id", "position"),
    )
    # As in `Person.document_index`, so that a person finds their own; empty without a number.
    number_index = models.BinaryField(_("代码索引"), max_length=32, editable=False)

    class Meta:
        verbose_name = _("持证主体")
        verbose_name_plural = _("持证主体")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "position"], name="certificate_holder_once"),
        ]
        indexes = [
            # The library of a proved person: by the number of their document.
            models.Index(
                fields=["number_index"], name="certificate_holder_number", condition=~models.Q(number_index=b"")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StatusChange(models.Model):
    """A change of status is a new row; the certificate row keeps only the latest."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="status_changes", verbose_name=_("证照")
    )
    status = models.CharField(_("状态"), max_length=20, choices=Certificate.Status.choices)
    reason = SealedTextField(
        _("理由"), db_column="reason_sealed", max_length=300, bound_to=("certificate_id", "status")
    )
    # As the department was called that day, which everybody who verifies may read; empty on changes before this was kept.
    authority_name = models.CharField(_("决定机关"), max_length=100, blank=True, default="", db_default="")
    document_number = models.CharField(_("决定文号"), max_length=60, blank=True, default="", db_default="")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    changed_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("状态变更")
        verbose_name_plural = _("状态变更")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.changed_at:%Y-%m-%d}"


class StatusList(models.Model):
    """A status list as it is published now: the signed text, replaced at each change and every few minutes."""

    number = models.IntegerField(_("状态表编号"), primary_key=True)
    token = models.TextField(_("已签名的状态表"), blank=True)
    signed_at = models.DateTimeField(_("签名时间"), null=True)

    class Meta:
        verbose_name = _("证照状态表")
        verbose_name_plural = _("证照状态表")

    def __str__(self) -> str:
        return f"{self.number}"


class Showing(models.Model):
    """A holder shows a certificate (亮证) by a code that is good for a few minutes. Of the code only a keyed index is kept.

    ``looks``: how often somebody looked while it was good; each is one conditional UPDATE.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="showings", verbose_name=_("证照")
    )
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("出示人")
    )
    shown_at = models.DateTimeField(_("出示时间"))
    until = models.DateTimeField(_("有效期至"))
    code_index = models.BinaryField(max_length=32, unique=True, editable=False)
    looks = models.PositiveIntegerField(_("查看次数"), default=0)
    looked_at = models.DateTimeField(_("最近查看"), null=True)

    class Meta:
        verbose_name = _("亮证记录")
        verbose_name_plural = _("亮证记录")
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("shown_at")), name="showing_has_a_term"),
        ]
        indexes = [
            # What a holder reads beside a certificate: when it was shown, the latest first.
            models.Index(fields=["certificate", "-shown_at"], name="showing_of_certificate"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_at:%Y-%m-%d %H:%M}"
