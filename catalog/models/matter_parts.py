"""The parts of a matter: whose facts, which items, what waits for what, what is asked first."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.items import ServiceItem
from catalog.models.matters import Matter
from catalog.models.sourcing import Part


class MatterRole(Part):
    """Someone (or something) whose facts the matter asks for; may occur several times (twins)."""

    class Kin(models.TextChoices):
        SPOUSE = "spouse", _("配偶")
        CHILD = "child", _("子女")
        REPRESENTATIVE = "representative", _("法定代表人")
        OWN = "own", _("本人名下的")

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="roles", verbose_name=_("一件事"))
    key = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("称呼"), max_length=40)
    is_applicant = models.JSONField(_("何时即申请人"), null=True, blank=True)
    count = models.JSONField(_("人数"), null=True, blank=True)
    maximum = models.PositiveSmallIntegerField(_("最多"), default=1)
    same_as = models.JSONField(_("何时与另一角色是同一人"), null=True, blank=True)
    kin = models.CharField(_("是谁的什么人"), max_length=20, choices=Kin.choices, blank=True)
    kin_of = models.JSONField(_("从哪一角色的记录查到"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        constraints = [
            models.UniqueConstraint(fields=["matter", "key"], name="matter_role_key_unique"),
        ]

    def __str__(self) -> str:
        return self.label


class MatterSection(Part):
    """A part of the merged form, in the order of asking."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="sections", verbose_name=_("一件事"))
    key = models.SlugField(_("代码"), max_length=40)
    label = models.CharField(_("名称"), max_length=60)
    help = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("表单部分")
        verbose_name_plural = _("表单部分")
        constraints = [
            models.UniqueConstraint(fields=["matter", "key"], name="matter_section_key_unique"),
        ]

    def __str__(self) -> str:
        return self.label


class GuideQuestion(Part):
    """A question before the form; its answers choose the situation."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="questions", verbose_name=_("一件事"))
    key = models.SlugField(_("代码"), max_length=40)
    text = models.CharField(_("问题"), max_length=120)
    help = models.CharField(_("说明"), max_length=200, blank=True)
    condition = models.JSONField(_("何时问"), null=True, blank=True)
    multiple = models.BooleanField(_("可多选"), default=False)
    required = models.BooleanField(_("必答"), default=True)
    minimum = models.PositiveSmallIntegerField(_("最少"), default=0)
    maximum = models.PositiveSmallIntegerField(
        _("最多"), null=True, blank=True, help_text=_("没有选项时问一个数，不超过它")
    )

    class Meta(Part.Meta):
        verbose_name = _("引导问题")
        verbose_name_plural = _("引导问题")
        constraints = [
            models.UniqueConstraint(fields=["matter", "key"], name="guide_question_key_unique"),
        ]

    def __str__(self) -> str:
        return self.text


class GuideOption(Part):
    """One answer. ``stops`` tells, kindly, why this situation cannot go on online and where to turn."""

    question = models.ForeignKey(
        GuideQuestion, on_delete=models.CASCADE, related_name="options", verbose_name=_("引导问题")
    )
    value = models.SlugField(_("值"), max_length=40)
    label = models.CharField(_("选项"), max_length=80)
    note = models.CharField(_("影响"), max_length=300, blank=True)
    stops = models.CharField(_("不能网办的说明"), max_length=300, blank=True)
    condition = models.JSONField(_("何时可选"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("选项")
        verbose_name_plural = _("选项")
        constraints = [
            models.UniqueConstraint(fields=["question", "value"], name="guide_option_value_unique"),
        ]

    def __str__(self) -> str:
        return self.label


class MatterItem(Part):
    """A service item's place in a matter (联办事项)."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="items", verbose_name=_("一件事"))
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="matter_items", verbose_name=_("事项"))
    condition = models.JSONField(_("纳入条件"), null=True, blank=True)
    optional = models.BooleanField(_("可选"), default=False)
    group = models.SlugField(_("择一组"), max_length=40, blank=True)
    per = models.SlugField(_("按谁各办一次"), max_length=40, blank=True)
    roles = models.JSONField(_("角色改称"), default=dict, blank=True, help_text=_("{事项中的角色: 一件事中的角色}"))
    reason = models.CharField(_("为什么要办"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("联办事项")
        verbose_name_plural = _("联办事项")
        constraints = [
            models.UniqueConstraint(fields=["matter", "item"], name="matter_item_once_per_matter"),
        ]

    def __str__(self) -> str:
        return f"{self.matter} · {self.item}"


class MatterDependency(Part):
    """What one item of a matter waits for, and why."""

    class Kind(models.TextChoices):
        MUST_FINISH_FIRST = "must_finish_first", _("前项办结后才办")
        RESULT_FEEDS = "result_feeds", _("前项结果供后项使用")
        PARALLEL_AFTER = "parallel_after", _("取得前项信息后即可并行")
        PARALLEL = "parallel", _("互不等待")
        INDEPENDENT = "independent", _("与其他无关")

    matter_item = models.ForeignKey(
        MatterItem, on_delete=models.CASCADE, related_name="after", verbose_name=_("联办事项")
    )
    prerequisite = models.ForeignKey(
        MatterItem, on_delete=models.CASCADE, related_name="dependants", verbose_name=_("须先办")
    )
    kind = models.CharField(_("关系"), max_length=20, choices=Kind.choices, default=Kind.RESULT_FEEDS)
    what = models.CharField(_("等什么"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("先后关系")
        verbose_name_plural = _("先后关系")
        constraints = [
            models.UniqueConstraint(fields=["matter_item", "prerequisite"], name="matter_dependency_once"),
            models.CheckConstraint(
                condition=~models.Q(matter_item=models.F("prerequisite")), name="matter_dependency_not_on_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.what or self.get_kind_display()


class DeclaredFigure(Part):
    """A figure that some place declares for this matter; shown beside the computed one, never used for it."""

    class Metric(models.TextChoices):
        MATERIALS = "materials", _("材料")
        FORMS = "forms", _("表单")
        STEPS = "steps", _("环节")
        VISITS = "visits", _("跑动")
        DAYS = "days", _("办理时间")

    matter = models.ForeignKey(
        Matter, on_delete=models.CASCADE, related_name="declared_figures", verbose_name=_("一件事")
    )
    place = models.CharField(_("地方"), max_length=60)
    metric = models.CharField(_("指标"), max_length=12, choices=Metric.choices)
    before = models.CharField(_("改前"), max_length=40)
    after = models.CharField(_("改后"), max_length=40)

    class Meta(Part.Meta):
        verbose_name = _("申报数")
        verbose_name_plural = _("申报数")
        constraints = [
            models.UniqueConstraint(fields=["matter", "place", "metric"], name="declared_figure_once_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.get_metric_display()}"


class FrequentQuestion(Part):
    """A question people ask about a matter or about one of its items."""

    matter = models.ForeignKey(
        Matter, on_delete=models.CASCADE, null=True, blank=True, related_name="faqs", verbose_name=_("一件事")
    )
    item = models.ForeignKey(
        ServiceItem, on_delete=models.CASCADE, null=True, blank=True, related_name="faqs", verbose_name=_("事项")
    )
    question = models.CharField(_("问"), max_length=200)
    answer = models.TextField(_("答"))

    class Meta(Part.Meta):
        verbose_name = _("常见问题")
        verbose_name_plural = _("常见问题")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(matter__isnull=True, item__isnull=False)
                | models.Q(matter__isnull=False, item__isnull=True),
                name="frequent_question_of_one_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Translation(models.Model):
    """What a Chinese text of the catalog reads in another language; without a matter, for all of them."""

    matter = models.ForeignKey(
        Matter, on_delete=models.CASCADE, null=True, blank=True, related_name="translations", verbose_name=_("一件事")
    )
    language = models.CharField(_("语言"), max_length=10, default="en")
    source = models.TextField(_("原文"))
    text = models.TextField(_("译文"))

    class Meta:
        verbose_name = _("译文")
        verbose_name_plural = _("译文")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "language", "source"], name="translation_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.source
