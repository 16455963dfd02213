"""What stood in for a paper that was not handed in: the row on which 免交 rests."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from matters.models.cases import Bundle, SubItem
from portal.accounts.models import Handler, Mandate
from portal.sharing.models import Fetch

_ROWS = ("fetch", "certificate", "mandate", "handler", "earlier_part")


def _rests_on(kind: str, row: str = "") -> models.Q:
    """Return the condition that a way rests on this row and no other; a commitment on its words alone."""
    other = {f"{each}__isnull": each != row for each in _ROWS}
    return models.Q(kind=kind, **other) if kind == "commitment" else models.Q(kind=kind, text="", **other)


class MaterialSatisfaction(models.Model):
    """A paper of a bundle is met without being handed in: by what, found when. Written with the bundle, never changed (database trigger).

    Where there is none, the paper was handed in, is another part's result, or is missing.
    """

    class Kind(models.TextChoices):
        SHARED_DATA = "shared_data", _("数据共享")
        CERTIFICATE = "certificate", _("电子证照")
        MANDATE = "mandate", _("登记的授权")
        EARLIER_UPLOAD = "earlier_upload", _("以前交过")
        COMMITMENT = "commitment", _("告知承诺")

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="satisfactions", verbose_name=_("联办件"))
    material = models.CharField(_("材料"), max_length=80)
    kind = models.CharField(_("方式"), max_length=20, choices=Kind.choices)
    fetch = models.ForeignKey(Fetch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("查询记录"))
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("电子证照")
    )
    # By which whoever applied acted: for a person, or for an organisation as one of its people.
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("授权"))
    handler = models.ForeignKey(
        Handler, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    # The part of an earlier application that was granted on the same paper, which files of it, since when and until when they serve.
    earlier_part = models.ForeignKey(
        SubItem, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("以前的办件")
    )
    earlier_files = ArrayField(models.UUIDField(), default=list, db_default=[], editable=False)
    earlier_day = models.DateField(_("交材料的日期"), null=True)
    earlier_until = models.DateField(_("可用到"), null=True)
    # The words of the commitment, as they were shown and ticked.
    text = models.TextField(_("承诺原文"), blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("免交记录")
        verbose_name_plural = _("免交记录")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "material"], name="satisfaction_once_per_paper"),
            models.CheckConstraint(
                condition=_rests_on("shared_data", "fetch")
                | _rests_on("certificate", "certificate")
                | _rests_on("mandate", "mandate")
                | _rests_on("mandate", "handler")
                | (
                    _rests_on("earlier_upload", "earlier_part")
                    & models.Q(earlier_day__isnull=False, earlier_until__isnull=False)
                    & ~models.Q(earlier_files=[])
                )
                | (_rests_on("commitment") & ~models.Q(text="")),
                name="satisfaction_rests_on_one_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} {self.get_kind_display()}"
