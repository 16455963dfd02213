"""The matter (一件事) and its published, frozen versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from catalog.models.departments import Department, Division
from catalog.models.sourcing import WithFacts


class Matter(WithFacts):
    """A life event that one application settles. The definition, not a filing."""

    class Subject(models.TextChoices):
        PERSON = "person", _("个人")
        ORGANISATION = "organisation", _("经营主体")

    class Status(models.TextChoices):
        OPEN = "open", _("可在线办理")
        GUIDE = "guide", _("仅提供指南")
        COMING = "coming", _("即将开通")

    slug = models.SlugField(_("代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    subject = models.CharField(_("服务对象"), max_length=20, choices=Subject.choices)
    stage = models.CharField(_("阶段"), max_length=20)
    theme = models.CharField(_("主题"), max_length=30, blank=True)
    lead_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("牵头部门")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("实施区划")
    )
    status = models.CharField(_("开放程度"), max_length=10, choices=Status.choices, default=Status.OPEN)
    is_listed = models.BooleanField(
        _("列入专区"), default=True, help_text=_("申请人自由组合的一件事不列入，也不参与检索")
    )
    summary = models.CharField(_("一句话说明"), max_length=200, blank=True)
    conditions = models.JSONField(_("办理条件"), default=list, blank=True)
    labels = models.JSONField(_("字段改称"), default=dict, blank=True, help_text=_("{角色:数据元: 名称}"))
    placement = models.JSONField(_("字段归位"), default=dict, blank=True, help_text=_("{角色:数据元: 表单部分}"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    current_version = models.ForeignKey(
        "MatterVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("现行版本")
    )

    class Meta:
        verbose_name = _("一件事")
        verbose_name_plural = _("一件事")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


def _published(name: str, field: models.Field[Any, Any]) -> models.GeneratedField:
    """Return the column that reads one value of a version's content: lists ask for it without fetching the whole."""
    kept: Any = KT(f"content__matter__{name}")
    if not isinstance(field, models.CharField):
        kept = Cast(kept, field)
    # Versions of earlier releases do not say all of them: empty there.
    return models.GeneratedField(
        expression=kept, output_field=field, db_persist=True, null=True, verbose_name=field.verbose_name
    )


class MatterVersion(models.Model):
    """What publishing froze: the compiled content under its content hash.

    Immutable and never deleted: a database trigger refuses both.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="versions", verbose_name=_("一件事"))
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("实施区划")
    )
    number = models.PositiveIntegerField(_("版本号"))
    content = models.JSONField(_("编译结果"))
    content_hash = models.CharField(_("内容摘要"), max_length=64)
    # What lists and titles show: of the version, never of the definition that somebody may be editing.
    name = _published("name", models.CharField(_("名称"), max_length=100))
    subject = _published("subject", models.CharField(_("服务对象"), max_length=20, choices=Matter.Subject.choices))
    stage = _published("stage", models.CharField(_("阶段"), max_length=20))
    theme = _published("theme", models.CharField(_("主题"), max_length=30))
    status = _published("status", models.CharField(_("开放程度"), max_length=10, choices=Matter.Status.choices))
    is_listed = _published("is_listed", models.BooleanField(_("列入专区")))
    position = _published("position", models.IntegerField(_("顺序")))
    published_at = models.DateTimeField(_("发布时间"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("发布人")
    )

    class Meta:
        verbose_name = _("一件事版本")
        verbose_name_plural = _("一件事版本")
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="matter_version_number_unique"),
            models.UniqueConstraint(fields=["matter", "content_hash"], name="matter_version_content_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.matter} v{self.number}"


class RegionalVersion(models.Model):
    """The version of a matter that holds in one division, where that division implements it in its own way."""

    matter = models.ForeignKey(
        Matter, on_delete=models.CASCADE, related_name="regional_versions", verbose_name=_("一件事")
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("实施区划"))
    version = models.ForeignKey(MatterVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("现行版本"))

    class Meta:
        verbose_name = _("地方现行版本")
        verbose_name_plural = _("地方现行版本")
        constraints = [
            models.UniqueConstraint(fields=["matter", "division"], name="regional_version_once_per_division"),
        ]

    def __str__(self) -> str:
        return f"{self.matter} · {self.division}"
