"""Words for decisions: a department's templates and reason codes, kept by its lead, and what an officer has kept for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DecisionPhrase(models.Model):
    """A template for the grounds or the opinion of a decision, for all items of a department or for one. ``owner``: whose own it is; without,
    it is the department's. A phrase is never changed once it was used: another takes its place, and ``code`` goes on counting alike."""

    PHRASE_LENGTH = 500
    MOST_OWN = 50

    class Use(models.TextChoices):
        APPROVED = "approved", _("准予")
        IN_PART = "in_part", _("部分准予")
        REJECTED = "rejected", _("不予办理")
        NOT_ACCEPTED = "not_accepted", _("不予受理")

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("部门"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁的"),
    )
    item = models.CharField(
        _("事项代码"), max_length=60, blank=True, default="", help_text=_("只用于本部门的一个事项；留空用于全部事项。")
    )
    use = models.CharField(_("用于"), max_length=12, choices=Use.choices)
    code = models.CharField(
        _("理由代码"),
        max_length=12,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9-]*$", _("理由代码用大写字母、数字和连字符。"))],
        help_text=_("按代码统计，如 R01；改用新的用语时，代码不变。"),
    )
    phrase = models.TextField(
        _("用语"), max_length=PHRASE_LENGTH, help_text=_("申请人会原样看到，经办人选用后可以改。不要写个人信息。")
    )
    is_offered = models.BooleanField(
        _("可选用"), default=True, help_text=_("不再用的请取消勾选；已作出的决定不受影响。")
    )

    class Meta:
        verbose_name = _("决定用语")
        verbose_name_plural = _("决定用语")
        ordering = ("department", "item", "use", "code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "owner", "item", "use", "phrase"],
                name="decision_phrase_once",
                nulls_distinct=False,
                violation_error_message=_("这句用语已经有了。"),
            ),
            # One phrase of a code is offered at a time: what is counted under it says one thing.
            models.UniqueConstraint(
                fields=["department", "item", "use", "code"],
                condition=models.Q(is_offered=True, owner=None) & ~models.Q(code=""),
                name="decision_phrase_one_of_a_code",
                violation_error_message=_("这个代码已经有可选用的用语，请先停用原来的。"),
            ),
            models.CheckConstraint(
                condition=models.Q(owner=None) | models.Q(code=""), name="decision_phrase_own_has_no_code"
            ),
        ]

    def __str__(self) -> str:
        return self.phrase

    @property
    def label(self) -> StrOrPromise:
        """What a list shows: the code, then how it begins."""
        begins = self.phrase if len(self.phrase) <= 40 else f"{self.phrase[:39]}…"
        return f"{self.code} {begins}" if self.code else begins
