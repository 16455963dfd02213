"""What stood in for a paper that was not handed in: the row on which 免交 rests."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from matters.models.cases import Bundle, SubItem
from portal.sharing.models import Fetch


class MaterialSatisfaction(models.Model):
    """A paper of a bundle is met without being handed in: by what, found when. Written with the bundle, never changed (database trigger).

    Where there is none, the paper was handed in, is another part's result, or is missing.
    """

    class Kind(models.TextChoices):
        SHARED_DATA = "shared_data", _("数据共享")
        CERTIFICATE = "certificate", _("电子证照")
        EARLIER_UPLOAD = "earlier_upload", _("以前交过")
        COMMITMENT = "commitment", _("告知承诺")

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="satisfactions", verbose_name=_("联办件"))
    material = models.CharField(_("材料"), max_length=80)
    kind = models.CharField(_("方式"), max_length=20, choices=Kind.choices)
    fetch = models.ForeignKey(Fetch, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("查询记录"))
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("电子证照")
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
                condition=models.Q(
                    kind="shared_data",
                    fetch__isnull=False,
                    certificate__isnull=True,
                    earlier_part__isnull=True,
                    text="",
                )
                | models.Q(
                    kind="certificate",
                    fetch__isnull=True,
                    certificate__isnull=False,
                    earlier_part__isnull=True,
                    text="",
                )
                | (
                    models.Q(
                        kind="earlier_upload",
                        fetch__isnull=True,
                        certificate__isnull=True,
                        earlier_part__isnull=False,
                        earlier_day__isnull=False,
                        earlier_until__isnull=False,
                        text="",
                    )
                    & ~models.Q(earlier_files=[])
                )
                | (
                    models.Q(kind="commitment", fetch__isnull=True, certificate__isnull=True, earlier_part__isnull=True)
                    & ~models.Q(text="")
                ),
                name="satisfaction_rests_on_one_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} {self.get_kind_display()}"
