"""Why something has to be corrected: the kinds that are counted everywhere, and each department's own phrases (补正用语)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DeficiencyKind(models.TextChoices):
    """What is wrong with a field or a paper. One list for all departments, so that the kinds can be counted and compared."""

    INCORRECT = "incorrect", _("不正确")
    INCOMPLETE = "incomplete", _("不完整")
    OUTDATED = "outdated", _("已过期")
    UNREADABLE = "unreadable", _("看不清")
    INCONSISTENT = "inconsistent", _("前后不一致")
    UNSIGNED = "unsigned", _("缺签名或盖章")
    WRONG_PAPER = "wrong_paper", _("不是要的材料")
    OTHER = "other", _("其他")


# What may be wrong with something that was typed. The rest is said of papers: nothing typed is unreadable, unsigned or past its term.
OF_FIELDS = frozenset(
    {DeficiencyKind.INCORRECT, DeficiencyKind.INCOMPLETE, DeficiencyKind.INCONSISTENT, DeficiencyKind.OTHER}
)

# What is said where a kind is chosen and nothing is written. ``other`` says nothing by itself.
SAID_BY_KIND: dict[str, StrOrPromise] = {
    DeficiencyKind.INCORRECT: _("内容不正确，请核对后改正。"),
    DeficiencyKind.INCOMPLETE: _("内容不完整，请补全。"),
    DeficiencyKind.OUTDATED: _("已过有效期，请换交有效的。"),
    DeficiencyKind.UNREADABLE: _("看不清楚，请重新拍照或扫描后上传。"),
    DeficiencyKind.INCONSISTENT: _("与其他内容不一致，请核对后改正。"),
    DeficiencyKind.UNSIGNED: _("缺少签名或盖章，请补齐后上传。"),
    DeficiencyKind.WRONG_PAPER: _("这不是要求的材料，请换交。"),
}


class DeficiencyPhrase(models.Model):
    """A department's own words for a kind of deficiency, for all of its items or for one."""

    PHRASE_LENGTH = 200

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    kind = models.CharField(_("理由类别"), max_length=12, choices=DeficiencyKind.choices)
    phrase = models.CharField(
        _("用语"), max_length=PHRASE_LENGTH, help_text=_("申请人会原样看到：哪里不对、怎样改。不要写个人信息。")
    )
    item = models.CharField(
        _("事项代码"), max_length=60, blank=True, default="", help_text=_("只用于本部门的一个事项；留空用于全部事项。")
    )
    is_offered = models.BooleanField(_("可选用"), default=True, help_text=_("不再用的请取消勾选；已告知的不受影响。"))

    class Meta:
        verbose_name = _("补正用语")
        verbose_name_plural = _("补正用语")
        ordering = ("department", "item", "kind", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "item", "phrase"],
                name="deficiency_phrase_once",
                violation_error_message=_("这句用语已经有了。"),
            ),
        ]

    def __str__(self) -> str:
        return self.phrase
