"""Benefits without application (免申即享): policies that are matched against rows, and whom they matched."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from matters.models.cases import Draft
from portal.accounts.models import Person
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal, unseal


class BenefitPolicy(models.Model):
    """A benefit that is offered to whom rows show to fit: by a certificate that was issued to them, or by the age of a proved person.

    ``ground``: on which ground the rows are read for it. ``is_demo``: its numbers are made up, and pages say so.
    """

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=80)
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
    matched_until = models.DateTimeField(_("匹配到"), null=True, editable=False)

    class Meta:
        verbose_name = _("惠民政策")
        verbose_name_plural = _("惠民政策")
        constraints = [
            models.CheckConstraint(
                condition=(~models.Q(certificate_type="") & models.Q(least_age__isnull=True))
                | models.Q(certificate_type="", least_age__isnull=False),
                name="benefit_policy_reads_one_kind_of_row",
            ),
            models.CheckConstraint(condition=~models.Q(ground=""), name="benefit_policy_has_a_ground"),
        ]

    def __str__(self) -> str:
        return self.name


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
        """Which rows matched."""
        opened: list[dict[str, Any]] = unseal(self.facts_sealed, self._context)
        return opened

    @property
    def _context(self) -> str:
        return f"benefit.facts:{self.pk}"
