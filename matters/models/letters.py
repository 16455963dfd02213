"""Official documents (文书): drawn up once for each event that calls for one, numbered without gaps, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.core.letters import DECISIONS, Letter, LetterKind
from matters.models.cases import Bundle, SubItem
from portal.ledger.models import Event
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal, unseal


class DocumentSeries(models.Model):
    """The last number given out in one series of a department and year. The row is the lock that keeps the numbers without gaps."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    kind = models.CharField(_("文书种类"), max_length=20, choices=[(one.value, one.value) for one in LetterKind])
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后一号"), default=0)

    class Meta:
        verbose_name = _("文号序列")
        verbose_name_plural = _("文号序列")
        constraints = [
            models.UniqueConstraint(fields=["department", "kind", "year"], name="series_once_per_year"),
        ]

    def __str__(self) -> str:
        return f"{self.department} · {self.kind} {self.year}"


class OfficialDocument(models.Model):
    """One official document: its words sealed, with their digest, the event it rests on, and the file
    that workers make of it once somebody opens it.

    Nothing of it changes but the file and the first opening, each written once (database trigger).
    """

    class SetAside(models.TextChoices):
        NONE = "", _("没有搁置")
        SIGNER_REFUSED = "signer_refused", _("签章拒绝")
        UNREADABLE = "unreadable", _("内容打不开")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, related_name="official_documents", verbose_name=_("联办件")
    )
    sub_item = models.ForeignKey(
        SubItem, on_delete=models.PROTECT, null=True, related_name="official_documents", verbose_name=_("子项")
    )  # none: of the whole
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("发文部门"))
    kind = models.CharField(_("文书种类"), max_length=20, choices=[(one.value, one.value) for one in LetterKind])
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="letter", verbose_name=_("依据的事件"))
    year = models.PositiveSmallIntegerField(_("年份"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("文号"), max_length=60)
    content_sealed = models.BinaryField(editable=False)
    sha256 = models.CharField(_("原文摘要"), max_length=64)
    drawn_at = models.DateTimeField(_("制作时间"))
    file = models.CharField(_("文件"), max_length=200, blank=True, editable=False)
    file_sha256 = models.CharField(_("文件摘要"), max_length=64, blank=True, editable=False)
    rendered_at = models.DateTimeField(_("成文时间"), null=True, editable=False)
    set_aside = models.CharField(
        _("搁置原因"), max_length=20, choices=SetAside.choices, blank=True, default=SetAside.NONE
    )
    # When the applicant first opened it, and who did: the first proof of delivery (送达).
    delivered_at = models.DateTimeField(_("首次打开时间"), null=True, editable=False)
    delivered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("打开的人")
    )

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "year", "serial"], name="letter_number_once_per_series"
            ),
            models.CheckConstraint(
                condition=models.Q(delivered_at__isnull=True, delivered_to__isnull=True)
                | models.Q(delivered_at__isnull=False, delivered_to__isnull=False),
                name="letter_delivered_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def seal_letter(self, letter: Letter) -> None:
        """Keep the words, readable through this row alone, and the digest of their text."""
        self.content_sealed = seal(letter.to_json(), self._context)
        self.sha256 = letter.document.digest

    @property
    def letter(self) -> Letter:
        """The words as they were frozen. Raises ``portal.lib.vault.SealBroken``."""
        return Letter.from_json(unseal(self.content_sealed, self._context))

    @property
    def is_decision(self) -> bool:
        return self.kind in DECISIONS

    @property
    def _context(self) -> str:
        return f"official.document:{self.pk}"
