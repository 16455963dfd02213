"""The parts of a service item: its own form, papers, outcome, and what its reviewers look at."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.definitions import DEFERRED_DAYS, LONGEST_DEFERRED
from catalog.models.certificate_types import CertificateType
from catalog.models.dictionary import DataElement, Material
from catalog.models.items import ServiceItem
from catalog.models.sourcing import Part


class FormLine(Part):
    """One line of the department's own form: whose fact, which fact, under the department's own code and label."""

    class Reuse(models.TextChoices):
        REUSE = "reuse", _("直接沿用")
        CONFIRM = "confirm", _("请申请人核对")
        ASK = "ask", _("每次都问")

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="lines", verbose_name=_("事项"))
    code = models.CharField(_("表单字段代码"), max_length=60)
    role = models.CharField(_("谁的"), max_length=40)
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+", verbose_name=_("数据元"))
    label = models.CharField(_("表单上的名称"), max_length=100)
    required = models.BooleanField(_("必填"), default=True)
    required_when = models.JSONField(_("必填的条件"), null=True, blank=True, help_text=_("填了它，就不看“必填”"))
    condition = models.JSONField(_("出现条件"), null=True, blank=True)
    section = models.CharField(_("所在部分"), max_length=40)
    reuse = models.CharField(_("沿用方式"), max_length=10, choices=Reuse.choices, default=Reuse.REUSE)
    constraints = models.JSONField(_("格式要求"), default=dict, blank=True)
    help = models.CharField(_("填写说明"), max_length=200, blank=True)
    reason = models.CharField(_("用途"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("表单字段")
        verbose_name_plural = _("表单字段")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="form_line_code_once_per_item"),
            models.UniqueConstraint(fields=["item", "role", "element"], name="form_line_fact_once_per_item"),
        ]

    def __str__(self) -> str:
        return self.label


class ItemMaterial(Part):
    """A paper this item needs, when, in which form, and why."""

    class Necessity(models.TextChoices):
        REQUIRED = "required", _("必要")
        OPTIONAL = "optional", _("非必要")
        DEFERRABLE = "deferrable", _("可容缺后补")

    class Form(models.TextChoices):
        PAPER = "paper", _("纸质")
        ELECTRONIC = "electronic", _("电子")
        EITHER = "paper_or_electronic", _("纸质或电子")
        BOTH = "paper_and_electronic", _("纸质和电子")

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="materials", verbose_name=_("事项"))
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="needs", verbose_name=_("材料"))
    necessity = models.CharField(_("必要性"), max_length=12, choices=Necessity.choices, default=Necessity.REQUIRED)
    condition = models.JSONField(_("需要的条件"), null=True, blank=True)
    form = models.CharField(_("材料形式"), max_length=24, choices=Form.choices, default=Form.EITHER)
    deferred_days = models.PositiveSmallIntegerField(
        _("后补期限"),
        default=DEFERRED_DAYS,
        help_text=_("受理后多少个工作日内补交；只用于可容缺后补的材料"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DEFERRED)],
    )
    result_waits = models.BooleanField(
        _("补齐后才出结果"), default=True, help_text=_("法律规定材料齐全才能作出决定的，要勾选；只用于可容缺后补的材料")
    )
    copies = models.PositiveSmallIntegerField(_("份数"), default=1)
    role = models.CharField(_("谁的"), max_length=40, blank=True)
    excludes = models.JSONField(_("不能与何者同时要求"), default=list, blank=True)
    reason = models.CharField(_("为什么要"), max_length=200, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("申请材料")
        verbose_name_plural = _("申请材料")
        constraints = [
            models.UniqueConstraint(fields=["item", "material", "role"], name="item_material_once_per_item"),
        ]

    def __str__(self) -> str:
        return str(self.material)


class MaterialExemption(Part):
    """One way a paper is met without the applicant handing it in; tried in order."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("电子证照")
        SHARED_DATA = "shared_data", _("数据共享")
        RESULT = "result", _("本次联办的结果")
        COMMITMENT = "commitment", _("告知承诺")
        GENERATED = "generated", _("系统生成")
        MANDATE = "mandate", _("登记的授权")
        EARLIER_UPLOAD = "earlier_upload", _("以前交过")

    need = models.ForeignKey(
        ItemMaterial, on_delete=models.CASCADE, related_name="exemptions", verbose_name=_("申请材料")
    )
    kind = models.CharField(_("方式"), max_length=16, choices=Kind.choices)
    reference = models.CharField(
        _("所指"), max_length=80, blank=True, help_text=_("证照类型、共享数据、联办事项或承诺的代码")
    )

    class Meta(Part.Meta):
        verbose_name = _("免交方式")
        verbose_name_plural = _("免交方式")
        constraints = [
            models.UniqueConstraint(fields=["need", "kind", "reference"], name="exemption_once_per_need"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}".strip()


class ItemOutput(Part):
    """What the department fills in when it approves; it may feed a field of items that come after."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="outputs", verbose_name=_("事项"))
    code = models.CharField(_("代码"), max_length=60)
    label = models.CharField(_("名称"), max_length=100)
    type = models.CharField(_("类型"), max_length=20)
    options = models.JSONField(_("可选值"), default=list, blank=True, help_text=_("[{value, label}]，按顺序"))
    constraints = models.JSONField(_("格式要求"), default=dict, blank=True)
    required = models.BooleanField(_("必填"), default=True)
    feeds = models.CharField(_("供给"), max_length=100, blank=True, help_text=_("如 child:person.id_number"))
    repeats = models.JSONField(
        _("与申请一致"), default=list, blank=True, help_text=_("申请表上已经填过的字段，取第一个填了的")
    )
    series = models.CharField(_("编号序列"), max_length=60, blank=True, help_text=_("同一序列里的编号只给出一次"))

    class Meta(Part.Meta):
        verbose_name = _("决定内容")
        verbose_name_plural = _("决定内容")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="item_output_code_once_per_item"),
        ]

    def __str__(self) -> str:
        return self.label


class ItemResult(Part):
    """A certificate that approval grants, and where each part of its face comes from."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="results", verbose_name=_("事项"))
    certificate_type = models.ForeignKey(
        CertificateType, on_delete=models.PROTECT, related_name="+", verbose_name=_("证照类型")
    )
    holder = models.CharField(_("持证的是谁"), max_length=40, blank=True, help_text=_("角色；空为申请人"))
    co_holders = models.JSONField(_("共同持证的"), default=list, blank=True, help_text=_("角色，如夫妻的另一方"))
    holder_name = models.CharField(
        _("持证主体名称取自"),
        max_length=200,
        blank=True,
        help_text=_("名称随准予而变时才填：field:字段 或者 output:决定内容"),
    )
    founds = models.CharField(
        _("设立后由谁代表"),
        max_length=40,
        blank=True,
        help_text=_("准予后才有这个单位时填：法定代表人（负责人）的角色"),
    )
    face = models.JSONField(
        _("照面取值"), default=dict, help_text=_("{照面代码: field:字段 | output:决定内容 | const:固定文字}")
    )

    class Meta(Part.Meta):
        verbose_name = _("办理结果")
        verbose_name_plural = _("办理结果")
        constraints = [
            models.UniqueConstraint(fields=["item", "certificate_type"], name="item_result_once_per_item"),
        ]

    def __str__(self) -> str:
        return str(self.certificate_type)


class ItemConsent(Part):
    """What the applicant must consent to, for this department alone. Never merged."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="consents", verbose_name=_("事项"))
    code = models.CharField(_("代码"), max_length=60)
    text = models.TextField(_("同意内容"))
    required = models.BooleanField(_("必须同意"), default=True)

    class Meta(Part.Meta):
        verbose_name = _("同意事项")
        verbose_name_plural = _("同意事项")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="item_consent_code_once_per_item"),
        ]

    def __str__(self) -> str:
        return self.code


class CrossRule(Part):
    """A rule across several fields: when ``violated`` is true of a form, the form is wrong."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="cross_rules", verbose_name=_("事项"))
    code = models.CharField(_("代码"), max_length=60)
    violated = models.JSONField(_("何时有误"))
    message = models.CharField(_("提示"), max_length=200)
    fields = models.JSONField(_("涉及字段"), default=list)

    class Meta(Part.Meta):
        verbose_name = _("跨字段规则")
        verbose_name_plural = _("跨字段规则")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="cross_rule_code_once_per_item"),
        ]

    def __str__(self) -> str:
        return self.message


class ReviewPoint(Part):
    """One thing a reviewer makes sure of before deciding."""

    item = models.ForeignKey(
        ServiceItem, on_delete=models.CASCADE, related_name="review_points", verbose_name=_("事项")
    )
    code = models.CharField(_("代码"), max_length=60)
    text = models.CharField(_("审查要点"), max_length=200)
    message = models.CharField(
        _("不通过时告诉申请人"), max_length=200, blank=True, help_text=_("哪里不对、怎样改；补正时可以再改")
    )
    fields = models.JSONField(_("核对哪些内容"), default=list, blank=True)
    materials = models.JSONField(_("核对哪些材料"), default=list, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("审查要点")
        verbose_name_plural = _("审查要点")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="review_point_code_once_per_item"),
        ]

    def __str__(self) -> str:
        return self.text
