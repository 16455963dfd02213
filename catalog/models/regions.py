"""How one division does what the standard describes: its implementations of items, and guides read elsewhere."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.departments import Department, Division
from catalog.models.items import ServiceItem
from catalog.models.matters import Matter
from catalog.models.sourcing import Packaged, WithSources


class ItemImplementation(Packaged, WithSources):
    """A division's implementation of a standard item (地方实施清单): only what the standard leaves open may differ."""

    item = models.ForeignKey(
        ServiceItem, on_delete=models.CASCADE, related_name="implementations", verbose_name=_("标准事项")
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("实施区划"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("实施部门")
    )
    overrides = models.JSONField(
        _("与标准的不同"), default=dict, blank=True, help_text=_("{要素: 本地的值}；见 catalog.definitions.overrides")
    )

    class Meta:
        verbose_name = _("地方实施")
        verbose_name_plural = _("地方实施")
        ordering = ["item", "division"]
        constraints = [
            models.UniqueConstraint(fields=["item", "division"], name="implementation_once_per_division"),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.division}"


class RegionalGuide(Packaged, WithSources):
    """A guide as some place publishes it, of a matter or of a single item: kept whole, compared and linted, never applied by."""

    key = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    matter = models.ForeignKey(
        Matter, on_delete=models.CASCADE, null=True, blank=True, related_name="guides", verbose_name=_("一件事")
    )
    item = models.ForeignKey(
        ServiceItem, on_delete=models.CASCADE, null=True, blank=True, related_name="guides", verbose_name=_("事项")
    )
    place = models.CharField(_("地方"), max_length=60)
    division_code = models.CharField(_("区划代码"), max_length=12, blank=True)
    facts = models.JSONField(_("所载内容"), default=dict)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("各地办事指南")
        verbose_name_plural = _("各地办事指南")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return f"{self.name}（{self.place}）"
