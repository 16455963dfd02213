"""Kinds of electronic certificate that departments issue."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.departments import Department
from catalog.models.sourcing import Packaged, WithSources


class CertificateType(Packaged, WithSources):
    """A certificate type: its code (GB/T 36904: 21 characters), what kind of subject holds it and what its face shows, in order."""

    class Subject(models.TextChoices):
        """What a holder is, and by which number they are known: a person's document, an organisation's credit code."""

        PERSON = "person", _("自然人")
        ORGANISATION = "organisation", _("组织")

    slug = models.SlugField(_("代码"), max_length=60, unique=True)
    code = models.CharField(_("证照类型代码"), max_length=21, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("颁发机构"))
    face = models.JSONField(_("照面"), default=list, help_text=_("照面信息，按顺序：[{code, label, label_en}]"))
    subject = models.CharField(_("持证主体类型"), max_length=12, choices=Subject.choices, blank=True)
    valid_years = models.PositiveSmallIntegerField(_("有效年限"), null=True, blank=True)

    class Meta:
        verbose_name = _("证照类型")
        verbose_name_plural = _("证照类型")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
