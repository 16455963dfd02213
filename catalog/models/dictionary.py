"""The two dictionaries: facts that the government asks for, and papers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.fields.constraints import NUMBERS
from catalog.models.sourcing import Packaged, WithSources


class DataElement(Packaged, WithSources):
    """One fact the government asks for. With the role whose fact it is, it is the key of merging."""

    code = models.CharField(_("代码"), max_length=60, unique=True, help_text=_("如 person.birth_date"))
    name = models.CharField(_("名称"), max_length=60)
    type = models.CharField(_("类型"), max_length=20)
    options = models.JSONField(_("可选值"), default=list, blank=True, help_text=_("[{value, label}]，按顺序"))
    constraints = models.JSONField(_("格式要求"), default=dict, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True, help_text=_("数的单位，如 克、平方米；不写进名称"))
    sensitive = models.BooleanField(_("敏感信息"), default=False)
    authority = models.CharField(_("权威来源"), max_length=100, blank=True, help_text=_("哪个部门的数据说了算"))
    known_from = models.JSONField(
        _("可从何处得知"),
        default=list,
        blank=True,
        help_text=_("按先后：profile（只用于申请人自己）、shared:部门、certificate:证照类型"),
    )
    fixed = models.BooleanField(
        _("查到的不能改"), default=False, help_text=_("有关部门查到的就以它为准，有误的找来源部门更正")
    )

    class Meta:
        verbose_name = _("数据元")
        verbose_name_plural = _("数据元")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit="") | models.Q(type__in=sorted(NUMBERS)),
                name="data_element_unit_of_a_number",
                violation_error_message=_("只有数才有单位"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class Material(Packaged, WithSources):
    """One kind of paper, whoever asks for it."""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    standard_code = models.CharField(_("标准材料编码"), max_length=20, blank=True)
    accept = models.JSONField(_("可收格式"), default=list, blank=True, help_text=_("如 pdf、jpeg、png"))
    issued_by = models.CharField(_("来源渠道"), max_length=60, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    valid_days = models.PositiveSmallIntegerField(
        _("可再用天数"),
        null=True,
        blank=True,
        help_text=_("交过的这份材料在这么多天内可用于同一个人的下一件申请；空为不能"),
    )

    class Meta:
        verbose_name = _("材料")
        verbose_name_plural = _("材料")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
