"""What an applicant agreed to and what was made of the form, word for word."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from matters.models.cases import Bundle
from portal.lib.documents import Document
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal, unseal


class FiledDocument(models.Model):
    """A document of a bundle as it was agreed to: sealed, with the digest of its text. Written with the bundle, never changed (database trigger)."""

    class Kind(models.TextChoices):
        FORM = "form", _("申请表")
        GENERATED = "generated", _("系统生成的材料")
        COMMITMENT = "commitment", _("告知承诺书")
        CONSENT = "consent", _("同意书")
        DEFERRAL = "deferral", _("容缺承诺书")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="documents", verbose_name=_("联办件"))
    name = models.CharField(_("名称"), max_length=240)
    kind = models.CharField(_("种类"), max_length=12, choices=Kind.choices)
    # Whose it is: empty for the form as a whole, which no department reads, and for a commitment, whose paper says who.
    sub_item = models.CharField(_("子项"), max_length=80, blank=True)
    key = models.CharField(_("材料或同意事项"), max_length=160, blank=True)
    content_sealed = models.BinaryField(editable=False)
    sha256 = models.CharField(_("原文摘要"), max_length=64)
    agreed_at = models.DateTimeField(_("确认时间"))

    class Meta:
        verbose_name = _("申请文书")
        verbose_name_plural = _("申请文书")
        constraints = [models.UniqueConstraint(fields=["bundle", "name"], name="document_once_per_bundle")]

    def __str__(self) -> str:
        return self.name

    def seal_document(self, document: Document) -> None:
        """Keep the document, readable through this row alone, and the digest of its text."""
        self.content_sealed = seal(document.to_json(), self._context)
        self.sha256 = document.digest

    @property
    def document(self) -> Document:
        """The document as it was agreed to. Raises ``portal.lib.vault.SealBroken``."""
        return Document.from_json(unseal(self.content_sealed, self._context))

    @property
    def _context(self) -> str:
        return f"bundle.document:{self.pk}"
