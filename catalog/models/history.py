"""The history of every definition: each change of a row of the catalog is one event, written by the database itself.

Triggers write the events (migration 0005), so that bulk changes and imports are seen as well as single ones. Who made a change, and in what,
is the event's context (django-pghistory). Nobody changes or deletes an event: a trigger refuses it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.certificate_types import CertificateType
from catalog.models.departments import Department, Division
from catalog.models.dictionary import DataElement, Material
from catalog.models.items import ServiceItem
from catalog.models.matter_parts import Translation
from catalog.models.matters import Matter, RegionalVersion
from catalog.models.parts import PARTS
from catalog.models.regions import ItemImplementation, RegionalGuide
from catalog.models.sourcing import FactSource

# Definitions whose changes are kept → the foreign keys that lead to what each is a part of; the first that is filled counts.
TRACKED: dict[type[models.Model], tuple[str, ...]] = {
    **dict.fromkeys(
        (Division, Department, DataElement, Material, CertificateType, FactSource, ServiceItem, Matter), ()
    ),
    **{part.model: tuple(each.owner for each in PARTS if each.model is part.model) for part in PARTS},
    ItemImplementation: ("item",),
    RegionalVersion: ("matter",),
    RegionalGuide: ("matter", "item"),
    Translation: ("matter",),
}


class DefinitionEvent(models.Model):
    """One change of one row. ``row``: column → value after it (of a deletion: before it); ``before``: what the changed columns held."""

    class Operation(models.TextChoices):
        INSERT = "insert", _("新增")
        UPDATE = "update", _("修改")
        DELETE = "delete", _("删除")

    at = models.DateTimeField(_("时间"))
    operation = models.CharField(_("做了什么"), max_length=6, choices=Operation.choices)
    model = models.CharField(_("什么"), max_length=40, help_text=_("模型名，如 formline"))
    object_id = models.CharField(_("哪一个"), max_length=20)
    parent_model = models.CharField(_("属于什么"), max_length=40, blank=True)
    parent_id = models.CharField(_("属于哪一个"), max_length=20, blank=True)
    row = models.JSONField(_("内容"))
    before = models.JSONField(_("改前"), null=True)
    context = models.ForeignKey(
        "pghistory.Context",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("何人何故"),
    )

    class Meta:
        verbose_name = _("定义的变更")
        verbose_name_plural = _("定义的变更")
        default_permissions = ()
        indexes = [
            # The history of one definition, and of what was ever a part of it.
            models.Index(fields=["model", "object_id"], name="definition_event_of"),
            models.Index(fields=["parent_model", "parent_id"], name="definition_event_of_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.model} {self.object_id}"
