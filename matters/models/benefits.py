"""Benefits without application (免申即享): policies that are matched against rows, and whom they matched."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.core.clocks import official_date
from matters.models.cases import Draft
from portal.accounts.models import Person
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal, unseal


class BenefitPolicyQuerySet(models.QuerySet["BenefitPolicy"]):
    """Versions of policies."""

    def in_force(self, day: date) -> BenefitPolicyQuerySet:
        """Return the versions that are matched on a day: switched on, within their term, and not replaced by one that has begun."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gte=day),
            Q(replaced_by=None) | Q(replaced_by__valid_from__gt=day),
            is_open=True,
        )


class BenefitPolicy(models.Model):
    """One version of a benefit that is offered to whom rows show to fit: by a certificate that was issued to them, or by the age of a proved person.

    What it says never changes (database trigger): a change is a new version, which ends the one before (`matters.drafts.policies`).
    ``ground``: on which ground the rows are read for it. ``is_demo``: its numbers are made up, and pages say so. ``valid_to``: the last
    day. ``replaced_by``: the version that took its place, from the day on which that one begins; matches stay with the version they came from.
    """

    code = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveSmallIntegerField(_("第几版"), default=1, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    matter = models.SlugField(_("一件事"), max_length=60)
    items = ArrayField(models.SlugField(max_length=60), default=list, blank=True, verbose_name=_("只办其中的事项"))
    conditions = models.CharField(_("条件"), max_length=300)
    ground = models.CharField(_("读取记录的依据"), max_length=300)
    certificate_type = models.SlugField(_("凭哪种证照"), max_length=60, blank=True)
    within_days = models.PositiveSmallIntegerField(_("签发后多少天内"), default=365)
    lacks_type = models.SlugField(_("还没有哪种证照"), max_length=60, blank=True)
    least_age = models.PositiveSmallIntegerField(_("满多少周岁"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示参数"), default=True)
    is_open = models.BooleanField(_("启用"), default=True)
    valid_from = models.DateField(_("从哪天起有效"), null=True, blank=True)
    valid_to = models.DateField(_("有效到哪天"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("接替的版本"),
    )
    matched_until = models.DateTimeField(_("匹配到"), null=True, editable=False)

    objects = BenefitPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("惠民政策")
        verbose_name_plural = _("惠民政策")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="benefit_policy_version_once"),
            # One that was changed before it began ends before it begins: it was never in force.
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=False)
                | Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="benefit_policy_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=(~Q(certificate_type="") & Q(least_age__isnull=True))
                | Q(certificate_type="", least_age__isnull=False),
                name="benefit_policy_reads_one_kind_of_row",
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="benefit_policy_has_a_ground"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language where the policy has one; else as it is, for the catalog to translate."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def is_over(self) -> bool:
        """Whether its last day is past, or the version that took its place has begun. Reads ``replaced_by``."""
        today = official_date(timezone.now())
        if self.valid_to is not None and self.valid_to < today:
            return True
        return (
            self.replaced_by is not None
            and self.replaced_by.valid_from is not None
            and self.replaced_by.valid_from <= today
        )


class BenefitMatch(models.Model):
    """A policy fits somebody, by these rows (待确认). Nothing is filed until they confirm; nothing follows if they do not.

    ``reference``: the row it rests on, so that one row is matched once. ``draft``: what they confirm; gone once they said no.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy = models.ForeignKey(BenefitPolicy, on_delete=models.PROTECT, related_name="matches", verbose_name=_("政策"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("对象"))
    reference = models.CharField(_("依据的记录"), max_length=80)
    facts_sealed = models.BinaryField(editable=False)
    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("待确认申请")
    )
    matched_at = models.DateTimeField(_("匹配时间"))
    declined_at = models.DateTimeField(_("放弃时间"), null=True)

    class Meta:
        verbose_name = _("待确认的待遇")
        verbose_name_plural = _("待确认的待遇")
        constraints = [
            models.UniqueConstraint(fields=["policy", "reference"], name="benefit_matched_once_per_row"),
        ]
        indexes = [models.Index(fields=["person", "-matched_at"], name="benefit_of_person")]

    def __str__(self) -> str:
        return f"{self.policy} · {self.matched_at:%Y-%m-%d}"

    def seal_facts(self, facts: list[dict[str, str]]) -> None:
        """Keep which rows matched: ``[{label, value, source, at}]``."""
        self.facts_sealed = seal(facts, self._context)

    @property
    def facts(self) -> list[dict[str, str]]:
        """Which rows matched; none once their term was over."""
        if not self.facts_sealed:
            return []
        opened: list[dict[str, Any]] = unseal(self.facts_sealed, self._context)
        return opened

    @property
    def _context(self) -> str:
        return f"benefit.facts:{self.pk}"
