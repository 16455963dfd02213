"""Kinds of electronic certificate that departments issue."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
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
    # Read as they are today, whatever was published: how early before its last day one may be renewed (延续), and when its holder is told.
    renewal_days = models.PositiveSmallIntegerField(
        _("到期前几天起可以续证"), null=True, blank=True, help_text=_("不填：这种证照不在这里续证。")
    )
    renewal_reminders = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("到期前几天提醒"),
        default=list,
        blank=True,
        help_text=_("天数，用逗号隔开，例如：90,30,7。每个天数提醒一次。"),
    )

    class Meta:
        verbose_name = _("证照类型")
        verbose_name_plural = _("证照类型")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
