"""What is being applied for: drafts, bundles, sub-items, and the papers handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Department, MatterVersion, ServiceItem
from catalog.versions.matters import compiled
from matters.core.states import CONCLUDED, WAITS_FOR_OTHERS, State
from matters.models.querysets import BundleQuerySet, DraftQuerySet, SubItemQuerySet
from portal.accounts.models import Mandate, Organisation, Person
from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7


class NumberTail(models.Func):
    """The serial and check digit of a number, last digit first: what people read out is found by how it begins."""

    # By bytes, so that how it begins is a range of an index whatever the database's language.
    template = """(reverse(split_part(%(expressions)s, '-', 3) || split_part(%(expressions)s, '-', 4)) COLLATE "C")"""
    output_field = models.TextField()
    arity = 1


class Channel(models.TextChoices):
    ONLINE = "online", _("网上")
    COUNTER = "counter", _("窗口")


class Draft(models.Model):
    """An application being filled in. Saved at each change; continued on any device."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter_version = models.ForeignKey(
        MatterVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("一件事版本")
    )
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts", verbose_name=_("申请人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name=_("经营主体")
    )  # for whom the applicant acts; none: for themselves
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授权")
    )  # under which somebody acts for the applicant; none: the applicant themselves
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("填写人")
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    site = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收件窗口"),
        help_text=_("在窗口收件时，收件人员所在的部门"),
    )
    clerks = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], editable=False
    )  # accounts that opened it at a window
    answers = models.JSONField(_("情形"), default=dict)
    form_sealed = models.BinaryField(_("表单（加密）"), null=True, editable=False)
    revision = models.PositiveIntegerField(_("保存次数"), default=0)
    submission_key = models.UUIDField(default=uuid7, editable=False)
    is_by_agent = False  # whether another acts for the applicant in this request; `get_draft_for` says so
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    is_of_the_dead = False  # as `DraftQuerySet.told_dead` reads it: the applicant's death is recorded

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("草稿")
        verbose_name_plural = _("草稿")
        indexes = [
            # "Continue where you left": a person's open drafts.
            models.Index(
                fields=["applicant", "-saved_at"], name="draft_open", condition=models.Q(submitted_at__isnull=True)
            ),
            models.Index(
                fields=["organisation", "-saved_at"],
                name="draft_of_organisation",
                condition=models.Q(submitted_at__isnull=True, organisation__isnull=False),
            ),
            models.Index(
                fields=["mandate", "-saved_at"],
                name="draft_under_mandate",
                condition=models.Q(submitted_at__isnull=True, mandate__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Bundle(models.Model):
    """One filing of one matter (联办件). Its state is derived from its sub-items, never set by hand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("办件编号"), max_length=32, unique=True)
    matter_version = models.ForeignKey(
        MatterVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("一件事版本")
    )
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bundles", verbose_name=_("申请人"))
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bundles",
        verbose_name=_("经营主体"),
    )  # for whom the applicant acts; none: for themselves
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授权")
    )  # under which somebody acts for the applicant; none: the applicant themselves
    begun_under = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False
    )  # under which it was begun, also where the applicant filed it themselves: whoever acted under it does not decide
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("填写人")
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    site = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("收件窗口"),
        help_text=_("在窗口收件时，收件人员所在的部门"),
    )
    idempotency_key = models.UUIDField(unique=True)
    clerks = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], editable=False
    )  # who had a hand in it at the window
    answers = models.JSONField(_("情形"), default=dict)
    form_sealed = models.BinaryField(_("表单（加密）"), editable=False)
    form_revision = models.PositiveIntegerField(_("表单修订号"), default=1)
    submitted_at = models.DateTimeField(_("提交时间"))
    promised_on = models.DateField(_("承诺办结日期"), null=True)
    concluded_at = models.DateTimeField(_("办结时间"), null=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("联办件")
        verbose_name_plural = _("联办件")
        indexes = [
            # The figures of a day: what was submitted in it (``matters.reviewing.figures``).
            BrinIndex(fields=["submitted_at"], name="bundle_in_time", autosummarize=True),
            # "My applications": a person's bundles, newest first.
            models.Index(fields=["applicant", "-submitted_at"], name="bundle_of_applicant"),
            models.Index(
                fields=["organisation", "-submitted_at"],
                name="bundle_of_organisation",
                condition=models.Q(organisation__isnull=False),
            ),
            models.Index(
                fields=["mandate", "-submitted_at"],
                name="bundle_under_mandate",
                condition=models.Q(mandate__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True)
class Office:
    """A department as a published version names it."""

    name: str
    short_name: str
    phone: str


class SubItem(models.Model):
    """One department's part of one bundle (子项)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="sub_items", verbose_name=_("联办件"))
    key = models.CharField(
        _("联办事项"), max_length=80, help_text=_("事项代码；同一事项为几个人各办一次时带序号，如 hukou#2")
    )
    number = models.CharField(_("办件编号"), max_length=40, unique=True)
    name = models.CharField(_("事项名称"), max_length=120)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="sub_items", verbose_name=_("部门")
    )
    after = models.JSONField(_("须先办结"), default=list)
    state = models.CharField(
        _("状态"), max_length=20, choices=[(s.value, s.value) for s in State], default=State.WAITING
    )
    state_since = models.DateTimeField(_("状态起始"))
    promised_limit_days = models.PositiveSmallIntegerField(_("承诺时限"), null=True, help_text=_("空为未公布"))
    limit_unit = models.CharField(
        _("时限单位"),
        max_length=14,
        choices=ServiceItem.LimitUnit.choices,
        default=ServiceItem.LimitUnit.WORKING_DAYS,
        db_default=ServiceItem.LimitUnit.WORKING_DAYS,
    )
    accepted_at = models.DateTimeField(_("受理时间"), null=True)
    due_on = models.DateField(_("应办结日期"), null=True)
    concluded_at = models.DateTimeField(_("办结时间"), null=True)
    # By which rule of its department it is decided, as it stood at acceptance; none: whoever reviews it decides.
    signing = models.ForeignKey(
        "matters.SigningRule",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("审批设置"),
    )
    # As its decision says, so that lists say it without reading decisions.
    is_in_part = models.BooleanField(_("部分准予"), default=False, db_default=False)

    # Where it stood before the step that was just taken with this object, for the event; no column.
    came_from: str = ""

    objects = SubItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("子项")
        verbose_name_plural = _("子项")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "key"], name="sub_item_once_per_bundle"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(CONCLUDED), concluded_at__isnull=False)
                | (~models.Q(state__in=sorted(CONCLUDED)) & models.Q(concluded_at__isnull=True)),
                name="sub_item_concluded_exactly_when_final",
            ),
            models.CheckConstraint(condition=models.Q(state__in=sorted(State)), name="sub_item_state_known"),
        ]
        indexes = [
            # The figures of a day: what was concluded in it (``matters.reviewing.figures``).
            BrinIndex(fields=["concluded_at"], name="sub_item_concluded_in_time", autosummarize=True),
            # The last digits of a number, within a department (``matters.reviewing.queueing.finding``).
            models.Index(models.F("department"), NumberTail("number"), name="sub_item_number_tail"),
            # 补正中: what a department waits for the applicant to correct, oldest first.
            models.Index(
                fields=["department", "state_since", "id"],
                name="sub_item_returned",
                condition=models.Q(state=State.RETURNED),
            ),
            # 等其他部门: what a department cannot go on with before another has done its part, oldest first.
            models.Index(
                fields=["department", "state_since", "id"],
                name="sub_item_waits_for_others",
                condition=models.Q(state__in=sorted(WAITS_FOR_OTHERS)),
            ),
            # 近 30 天办结: what of a department ended, however, newest first.
            models.Index(
                fields=["department", "concluded_at", "id"],
                name="sub_item_concluded",
                condition=models.Q(concluded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @cached_property
    def office(self) -> Office:
        """Return its department as the version names it under which the case was filed: what applicants read.

        A row of a department is a draft that one person may save. Cost: none beside bundle and department.
        """
        matter, row = compiled(self.bundle.matter_version_id), self.department
        told = matter.departments.get(row.code)
        if told is None:  # no version that was compiled here leaves out a department of its items
            return Office(row.name, row.short_name, row.phone)
        phone = matter.facts.get("departments", {}).get(row.code, {}).get("phone", "")
        return Office(told["name"], told["short_name"], phone)


class Scan(models.TextChoices):
    """What a virus scanner said of a paper."""

    NONE = "", _("没有查毒")
    CLEAN = "clean", _("没有病毒")
    PENDING = "pending", _("待查毒")
    INFECTED = "infected", _("查出病毒")


class SubmittedMaterial(models.Model):
    """A paper handed in: first on a draft, then on the bundle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("所有人"))
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, related_name="materials", verbose_name=_("草稿")
    )
    bundle = models.ForeignKey(
        Bundle, on_delete=models.PROTECT, null=True, related_name="materials", verbose_name=_("联办件")
    )
    material = models.CharField(_("材料"), max_length=80)
    file = models.FileField(_("文件"), upload_to="materials/%Y/%m/")
    original_name = SealedTextField(_("文件名"), db_column="original_name_sealed", max_length=255)
    content_type = models.CharField(_("格式"), max_length=60)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    replaced_at = models.DateTimeField(_("被替换时间"), null=True)
    # Where it stands among the files of its paper, if it took another's place or was put there (``matters.files.ordering``): a moment that
    # sorts with those at which the others were handed in.
    placed_at = models.DateTimeField(null=True, editable=False)
    # What the virus scanner said: nothing where the site has none. What is pending or infected is opened by nobody.
    scan = models.CharField(_("查毒"), max_length=10, choices=Scan.choices, default=Scan.NONE, db_default=Scan.NONE)
    # What became of the file when it was taken, for those who see it (``matters.wording.uploads``).
    note = models.CharField(_("说明"), max_length=20, blank=True, default="", db_default="")
    # Since when the file is no more, its term being over (`portal.retention`). The row stays: what was handed in, when, with which digest.
    forgotten_at = models.DateTimeField(_("销毁时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("已交材料")
        verbose_name_plural = _("已交材料")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(draft__isnull=True, bundle__isnull=False)
                | models.Q(draft__isnull=False, bundle__isnull=True),
                name="submitted_material_has_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="materials_to_scan", condition=models.Q(scan="pending")),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def place(self) -> datetime:
        """Where it stands among the files of its paper; who takes its place stands there too."""
        return self.placed_at or self.uploaded_at

    @property
    def is_held(self) -> bool:
        """Whether nobody may open the file: it is no more, a virus was found, or the scanner has not answered yet."""
        if self.forgotten_at is not None:
            return True
        return self.scan == Scan.INFECTED or (self.scan == Scan.PENDING and settings.YIJIAN_CLAMAV_FAIL_CLOSED)
