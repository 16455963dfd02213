"""Where each fact of the catalog comes from, and how sure it is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """How a fact came to be known. Catalog managers see it; applicants see only the fact."""

    SEEN = "seen", _("有出处")
    INFERRED = "inferred", _("由所见推出")
    GENERAL = "general", _("通识，未见出处")
    OPEN = "open", _("待查")


class Packaged(models.Model):
    """A definition kept in the folder of one matter's package; empty: among the shared dictionary files."""

    package = models.SlugField(_("所在事项包"), max_length=60, blank=True)

    class Meta:
        abstract = True


class FactSource(Packaged):
    """A document that facts were read in, cited by its key."""

    key = models.CharField(_("出处代号"), max_length=40, unique=True)
    citation = models.TextField(_("出处"))

    class Meta:
        verbose_name = _("事实出处")
        verbose_name_plural = _("事实出处")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class WithSources(models.Model):
    """A part of a definition that states one fact, with its sources (keys of `FactSource`)."""

    sources = models.JSONField(_("出处"), default=list, blank=True)
    confidence = models.CharField(_("把握"), max_length=10, choices=Confidence.choices, default=Confidence.GENERAL)

    class Meta:
        abstract = True


class Part(WithSources):
    """Something that belongs to one definition, in an order."""

    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class WithFacts(models.Model):
    """A definition whose own attributes are facts: ``facts`` maps attribute to ``{sources, confidence, note}``."""

    facts = models.JSONField(_("各要素的出处"), default=dict, blank=True)

    class Meta:
        abstract = True
