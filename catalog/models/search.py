"""What the search knows: the things that can be applied for, how people ask for them, and what nobody could answer.

A database trigger gives `SearchRevision` a new token whenever one of these tables changes, in the same transaction;
every process compares it and takes the change over within seconds.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a row comes from. Rows of the content are kept in step with its files; the others belong to the managers."""

    CONTENT = "content", _("随系统发布")
    MANAGER = "manager", _("管理员添加")


class SearchTarget(models.Model):
    """Something people look for: a matter (一件事), a single service item, or what is known to be applied for elsewhere or nowhere."""

    class Kind(models.TextChoices):
        MATTER = "matter", _("一件事")
        ITEM = "item", _("单项事项")
        ELSEWHERE = "elsewhere", _("不在这里办")

    slug = models.CharField(
        _("代码"), max_length=80, unique=True, validators=[RegexValidator(r"^(item:)?[a-z0-9][a-z0-9_-]*$")]
    )
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=100)
    department = models.CharField(_("主管部门"), max_length=60, blank=True)
    is_active = models.BooleanField(_("参与检索"), default=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices, default=Origin.MANAGER, editable=False)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("检索目标")
        verbose_name_plural = _("检索目标")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class SearchPhrase(models.Model):
    """One way of asking for a target."""

    class Kind(models.TextChoices):
        NAME = "name", _("名称")
        ALIAS = "alias", _("别名")
        PHRASE = "phrase", _("说法")
        KEYWORD = "keyword", _("旁证（子事项、结果）")

    target = models.ForeignKey(SearchTarget, on_delete=models.CASCADE, related_name="phrases", verbose_name=_("指向"))
    text = models.CharField(_("说法"), max_length=120)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.PHRASE)
    is_active = models.BooleanField(_("启用"), default=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices, default=Origin.MANAGER, editable=False)

    class Meta:
        verbose_name = _("群众说法")
        verbose_name_plural = _("群众说法")
        ordering = ["target", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "text"],
                name="search_phrase_unique",
                violation_error_message=_("这个目标已有这句说法。"),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SynonymGroup(models.Model):
    """Words that mean the same to people who search."""

    name = models.CharField(_("代表词"), max_length=30, unique=True)
    words = models.TextField(_("同义词"), help_text=_("用空格隔开，可以包含方言、简称和英文"))
    is_active = models.BooleanField(_("启用"), default=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices, default=Origin.MANAGER, editable=False)

    class Meta:
        verbose_name = _("同义词组")
        verbose_name_plural = _("同义词组")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class SearchQuestion(models.Model):
    """The question asked back when a query fits several targets equally well."""

    ask = models.CharField(_("反问"), max_length=100, unique=True)
    phrases = models.TextField(_("遇到这些说法时"), help_text=_("用“、”隔开"))
    candidates = models.JSONField(_("可选的答案"), help_text=_("[[检索目标代码, 按钮文字], …]"))
    is_active = models.BooleanField(_("启用"), default=True)
    origin = models.CharField(_("来源"), max_length=10, choices=Origin.choices, default=Origin.MANAGER, editable=False)

    class Meta:
        verbose_name = _("反问")
        verbose_name_plural = _("反问")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.ask


class SearchMiss(models.Model):
    """What was looked for and not found: the words alone, digits masked, and how often. Nothing says who asked."""

    text = models.CharField(_("问法"), max_length=30, unique=True)
    count = models.PositiveIntegerField(_("次数"), default=1)
    last_on = models.DateField(_("最近一次"))

    class Meta:
        verbose_name = _("没有结果的检索")
        verbose_name_plural = _("没有结果的检索")
        ordering = ["-count", "text"]

    def __str__(self) -> str:
        return self.text


class SearchRevision(models.Model):
    """One row: a token that changes with every change of what the search knows. Written by the database alone."""

    token = models.UUIDField()

    class Meta:
        verbose_name = _("检索内容的版本")
        verbose_name_plural = _("检索内容的版本")

    def __str__(self) -> str:
        return str(self.token)
