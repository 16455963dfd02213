"""Rows of sharing: sources and what they can be asked for, what departments were granted, what people agreed to, what was answered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Department
from portal.accounts.models import Organisation, Person
from portal.lib.uuid7 import uuid7
from portal.lib.vault import seal, unseal


class Certainty(models.IntegerChoices):
    """How far a source's word goes. Below `RECORDED`, people are asked to confirm what it says."""

    DECLARED = 1, _("本人申报，未核实")
    RECORDED = 2, _("业务登记")
    REGISTER = 3, _("法定登记")


class DataSource(models.Model):
    """A register or system that can be asked: whose it is, on what ground, how it is reached."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="data_sources", verbose_name=_("所属部门")
    )
    contact = models.CharField(_("联系方式"), max_length=120, blank=True)
    legal_basis = models.CharField(_("共享依据"), max_length=300)
    adapter = models.CharField(_("接入方式"), max_length=40, help_text=_("YIJIAN_SHARING_ADAPTERS 中的名称"))
    address = models.CharField(_("接口"), max_length=200, blank=True)
    certainty = models.PositiveSmallIntegerField(_("可信程度"), choices=Certainty.choices, default=Certainty.REGISTER)
    fresh_days = models.PositiveSmallIntegerField(
        _("有效天数"), default=30, help_text=_("查询结果在这么多天内可用于同一件申请")
    )
    is_open = models.BooleanField(_("可以查询"), default=True)

    class Meta:
        verbose_name = _("数据来源")
        verbose_name_plural = _("数据来源")

    def __str__(self) -> str:
        return self.name


class Provision(models.Model):
    """One thing a source can be asked for (供给清单): a data element, or that a document exists and is valid."""

    class Kind(models.TextChoices):
        ELEMENT = "element", _("数据元")
        MATERIAL = "material", _("材料")

    class About(models.TextChoices):
        PERSON = "person", _("自然人")
        ORGANISATION = "organisation", _("组织")

    source = models.ForeignKey(
        DataSource, on_delete=models.CASCADE, related_name="provisions", verbose_name=_("数据来源")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("数据元或材料代码"), max_length=80)
    about = models.CharField(_("关于"), max_length=12, choices=About.choices, default=About.PERSON)
    path = models.CharField(
        _("在答复中的位置"), max_length=120, blank=True, help_text=_("如 record.name；空与代码相同")
    )

    class Meta:
        verbose_name = _("供给项")
        verbose_name_plural = _("供给清单")
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "code"], name="provision_once_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.code}"

    @property
    def asked(self) -> str:
        """How a question names it: ``material:resident_id_card``."""
        return f"{self.kind}:{self.code}"


class Grant(models.Model):
    """A department may ask a source for something, for one item and one purpose (需求清单): requested by one, decided by the owner.

    Without one in force nothing is fetched. The source's department decides, and may end it at any time.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("待答复")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        ENDED = "ended", _("已收回")

    provision = models.ForeignKey(Provision, on_delete=models.CASCADE, related_name="grants", verbose_name=_("供给项"))
    item = models.SlugField(_("事项"), max_length=60)
    purpose = models.CharField(_("用途"), max_length=200)
    # The law and its article by which it is asked without the person's consent (PIPL art. 13(3), arts 34 and 35); empty: only with it.
    legal_ground = models.CharField(_("法律依据"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("答复人")
    )
    decided_at = models.DateTimeField(_("答复时间"), null=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("收回人")
    )
    ended_at = models.DateTimeField(_("收回时间"), null=True)

    class Meta:
        verbose_name = _("共享需求")
        verbose_name_plural = _("共享需求")
        constraints = [
            models.UniqueConstraint(fields=["provision", "item"], name="grant_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(state="requested") | models.Q(decided_at__isnull=False), name="grant_decided_at"
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False, ended_by__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at__isnull=True, ended_by__isnull=True)),
                name="grant_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                name="grant_decided_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(legal_ground="") | ~models.Q(state="granted") | models.Q(decided_by__isnull=False),
                name="grant_with_ground_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} ← {self.provision}"


class GrantDispute(models.Model):
    """A department does not accept that it was refused (争议): what it says, and how whoever runs the sharing settled it."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="disputes", verbose_name=_("共享需求"))
    said = models.CharField(_("争议理由"), max_length=300)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    opened_at = models.DateTimeField(_("提出时间"))
    is_upheld = models.BooleanField(_("应当共享"), null=True)
    settlement = models.CharField(_("处理意见"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("处理人")
    )
    settled_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        verbose_name = _("共享争议")
        verbose_name_plural = _("共享争议")
        constraints = [
            models.UniqueConstraint(
                fields=["grant"], condition=models.Q(settled_at__isnull=True), name="grant_dispute_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by__isnull=True, is_upheld__isnull=True)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False, is_upheld__isnull=False),
                name="grant_dispute_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.grant)


class SharingConsent(models.Model):
    """A person lets one source be asked for one case: what, for which items, until when; with the very words that were shown.

    Only ``withdrawn_at`` is ever written afterwards (a database trigger). Withdrawn or lapsed, nothing more is asked or read under it.
    """

    is_replaced: bool  # as `consents.with_replaced` annotates it

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="sharing_consents", verbose_name=_("同意人")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经营主体")
    )  # for whom they agreed, if not for themselves
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="+", verbose_name=_("数据来源"))
    case = models.UUIDField(_("申请"), help_text=_("提交前后同一件申请的标识"))
    asked = ArrayField(models.CharField(max_length=100), verbose_name=_("同意查询"))
    # Whom it lets be asked about, as `Fetch.subject_index`: somebody else's number needs a consent of its own.
    subjects = ArrayField(models.CharField(max_length=64), verbose_name=_("查询对象索引"))
    items = ArrayField(models.SlugField(max_length=60), verbose_name=_("用于事项"))
    text = models.TextField(_("同意书原文"))
    text_sha256 = models.CharField(max_length=64)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作账户")
    )
    given_at = models.DateTimeField(_("同意时间"))
    until = models.DateTimeField(_("有效期至"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    class Meta:
        verbose_name = _("查询授权")
        verbose_name_plural = _("查询授权")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "source"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_in_force_once_per_source",
            ),
        ]
        indexes = [
            # "My consents": a person's, newest first.
            models.Index(fields=["person", "-given_at"], name="consent_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.given_at:%Y-%m-%d}"

    @property
    def is_over(self) -> bool:
        """Whether its time is up."""
        return self.until <= timezone.now()

    @property
    def is_in_force(self) -> bool:
        """Whether something may be asked and read under it."""
        return self.withdrawn_at is None and not self.is_over


class FetchOutcome(models.TextChoices):
    """What came of a question."""

    FOUND = "found", _("有记录")
    NOT_FOUND = "not_found", _("没有查到")
    REFUSED = "refused", _("对方不予答复")
    AWAY = "away", _("没有回应")
    UNREADABLE = "unreadable", _("答复读不懂")


class Fetch(models.Model):
    """One question to a source and its answer. Written once (a database trigger): every filled-in value and every exemption leads to one.

    It rests on a person's consent or, asked by law, on a grant with a legal ground, never on both; then the row itself says about whose
    application it was (``person``, ``organisation``), on which ``ground``, and ``until`` when it may be read.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="+", verbose_name=_("数据来源"))
    consent = models.ForeignKey(
        SharingConsent, on_delete=models.PROTECT, null=True, related_name="fetches", verbose_name=_("查询授权")
    )
    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, null=True, related_name="fetches", verbose_name=_("共享需求")
    )
    ground = models.CharField(_("法律依据"), max_length=200, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("申请人"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("经营主体")
    )
    until = models.DateTimeField(_("有效期至"), null=True)
    case = models.UUIDField(_("申请"))
    subject_index = models.CharField(_("查询对象索引"), max_length=64, editable=False)
    asked = ArrayField(models.CharField(max_length=100), verbose_name=_("查询内容"))
    asked_at = models.DateTimeField(_("查询时间"))
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"))
    outcome = models.CharField(_("结果"), max_length=12, choices=FetchOutcome.choices)
    found = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("查到的内容"))
    as_of = models.DateField(_("数据日期"), null=True)
    answer_sealed = models.BinaryField(null=True, editable=False)
    # Keyed: an answer is a few facts that could be guessed and tried against a plain digest.
    answer_digest = models.CharField(_("答复摘要"), max_length=64, blank=True)
    # Since when the answer is no more: nothing was filed on it, and the consent is over (`portal.retention`).
    forgotten_at = models.DateTimeField(_("销毁时间"), null=True, editable=False)

    class Meta:
        verbose_name = _("查询记录")
        verbose_name_plural = _("查询记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    consent__isnull=False, grant__isnull=True, ground="", person=None, organisation=None, until=None
                )
                | models.Q(consent__isnull=True, grant__isnull=False, person__isnull=False, until__isnull=False)
                & ~models.Q(ground=""),
                name="fetch_by_consent_or_by_law",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="found", answer_sealed__isnull=False, forgotten_at__isnull=True)
                | models.Q(outcome="found", answer_sealed__isnull=True, forgotten_at__isnull=False)
                | (~models.Q(outcome="found") & models.Q(answer_sealed__isnull=True, forgotten_at__isnull=True)),
                name="fetch_answer_exactly_when_found",
            ),
        ]
        indexes = [
            # What is known in a case, the latest answer of each source and subject first.
            models.Index(fields=["case", "source", "-asked_at"], name="fetch_of_case"),
            # What was asked by law about a person's applications, newest first.
            models.Index(
                fields=["person", "-asked_at"], condition=models.Q(person__isnull=False), name="fetch_by_law_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def items(self) -> list[str]:
        """The items for which it was asked."""
        if self.consent is not None:
            return self.consent.items
        return [] if self.grant is None else [self.grant.item]

    @property
    def is_in_force(self) -> bool:
        """Whether what it rests on still lets it be read: the consent, or the grant under which it was asked. As `in_force` has it."""
        if self.consent is not None:
            return self.consent.is_in_force
        grant, until = self.grant, self.until
        return (
            grant is not None
            and until is not None
            and until > timezone.now()
            and grant.state == Grant.State.GRANTED
            and grant.decided_at is not None
            and grant.decided_at <= self.asked_at
        )

    def seal_answer(self, answer: dict[str, Any]) -> None:
        """Keep what was answered, readable through this row alone."""
        self.answer_sealed = seal(answer, self._context)

    @property
    def answer(self) -> dict[str, Any]:
        """What was answered: ``{"elements": {code: value}, "documents": {code: {…}}}``; empty where nothing was found."""
        if self.answer_sealed is None:
            return {}
        opened: dict[str, Any] = unseal(self.answer_sealed, self._context)
        return opened

    def fact_of(self, asked: str, own: str) -> str:
        """Return the name of what the source says of this, which stays when it is asked anew.

        ``own``: by whose index the application is (`own_index`). What a source says of anybody else is another fact.
        """
        whose = "" if self.subject_index == own else f":{self.subject_index[:16]}"
        return f"source:{self.source.code}:{asked}{whose}"

    @property
    def _context(self) -> str:
        return f"sharing.fetch:{self.pk}"


class PhoneCheck(models.Model):
    """Somebody agreed to have a register asked for the telephone of the number that they say is theirs, to be sent a code there.

    Neither the telephone nor the code is kept: of the code a keyed index, until it is used or over. ``tries``: how often one was typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("自然人"))
    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="+", verbose_name=_("供给项"))
    text = models.TextField(_("同意的原文"))
    text_sha256 = models.CharField(_("原文摘要"), max_length=64)
    asked_at = models.DateTimeField(_("同意时间"), auto_now_add=True)
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"), null=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=FetchOutcome.choices, blank=True)
    code_index = models.BinaryField(max_length=32, default=b"", editable=False)
    until = models.DateTimeField(_("有效期至"), null=True)
    tries = models.PositiveSmallIntegerField(_("填写次数"), default=0)
    used_at = models.DateTimeField(_("通过时间"), null=True)

    class Meta:
        verbose_name = _("手机号核验")
        verbose_name_plural = _("手机号核验")
        indexes = [models.Index(fields=["person", "-asked_at"], name="phone_check_of_person")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
