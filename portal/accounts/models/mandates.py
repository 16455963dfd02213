"""Mandates (授权): who may act for a person, in which matters, from when until when, and on what that rests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib.sealed_text import SealedTextField
from portal.lib.uuid7 import uuid7

# PIPL art. 31: below this age a parent or other guardian consents to what is done with a child's data.
CONSENT_AGE = 14
MAJORITY = 18  # Civil Code art. 17


# A guardianship from paper that one officer alone recorded: it counts for nothing until another confirms it.
UNCONFIRMED = models.Q(
    source="paper", confirmed_by__isnull=True, ended_at__isnull=True, kind__in=["parent", "guardian"]
)


class DeathQuerySet(models.QuerySet["Death"]):
    """Deaths."""

    def standing(self) -> DeathQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawal__isnull=True)


def is_alive(person: str) -> models.Q:
    """Return the condition that no standing row says that a person, by their column, has died."""
    return ~models.Q(models.Exists(Death.objects.standing().filter(person=models.OuterRef(person))))


class Death(models.Model):
    """That a person has died, and on what paper it rests: nobody acts in a dead person's name. Two officers; written once (database trigger)."""

    person = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="deaths", verbose_name=_("自然人")
    )
    died_on = models.DateField(_("去世日期"))
    paper = SealedTextField(_("看到的证明"), db_column="paper_sealed", max_length=200, bound_to=("person_id",))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    # Nobody in rows of the time when one officer was enough.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    objects = DeathQuerySet.as_manager()

    class Meta:
        verbose_name = _("去世登记")
        verbose_name_plural = _("去世登记")

    def __str__(self) -> str:
        return f"{self.person_id} {self.died_on}"


class DeathWithdrawal(models.Model):
    """That the record of a death was wrong, and why: the person acts again. Two officers; written once (database trigger)."""

    death = models.OneToOneField(Death, on_delete=models.PROTECT, related_name="withdrawal", verbose_name=_("去世登记"))
    why = SealedTextField(_("撤销理由"), db_column="why_sealed", max_length=200, bound_to=("death_id",))
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("复核人")
    )
    at = models.DateTimeField(_("撤销时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("撤销去世登记")
        verbose_name_plural = _("撤销去世登记")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("officer")), name="death_withdrawal_by_two"
            ),
        ]

    def __str__(self) -> str:
        return str(self.death_id)


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Mandates."""

    def in_force(self, day: Any = None) -> MandateQuerySet:
        """Those by which somebody may act on a day, today if none is given: begun, not over, not ended, neither side dead, and a guardianship
        from paper only once a second officer confirmed it."""
        today = day or timezone.localdate()
        return self.filter(
            models.Q(kind="authorised") | ~models.Q(source="paper") | models.Q(confirmed_by__isnull=False),
            models.Q(until__isnull=True) | models.Q(until__gte=today),
            begins_on__lte=today,
            ended_at__isnull=True,
        ).filter(is_alive("principal"), is_alive("agent"))

    def unconfirmed(self) -> MandateQuerySet:
        """Guardianships of the time when one officer was enough, that nobody has confirmed. Served by index ``mandate_unconfirmed``."""
        return self.filter(UNCONFIRMED)

    def between(
        self, user_id: Any, person: Any, since: Any, *, since_day: Any = None, today: Any = None, under: Any = None
    ) -> MandateQuerySet:
        """Those between an account and a person, in whichever direction, that stood at any time from a moment on.

        ``since_day``, ``today``: that moment's day and this one, in Asia/Shanghai, where they are not to be read off here. ``under``: a
        further one, by its id, under which it is asked whether the account acts, or acted.
        """
        people = apps.get_model("accounts", "Handler").objects.filter(
            organisation=models.OuterRef("agent_organisation"), person__user_id=user_id
        )
        acts = models.Q(agent__user_id=user_id) | models.Q(models.Exists(people))
        stood = (
            models.Q(begins_on__lte=today or timezone.localdate())
            & (models.Q(until__isnull=True) | models.Q(until__gte=since_day or timezone.localdate(since)))
            & (models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=since))
        )
        sides = (models.Q(principal=person) & acts) | models.Q(agent=person, principal__user_id=user_id)
        return self.filter(stood & sides if under is None else (models.Q(pk=under) & acts) | (stood & sides))


class Mandate(models.Model):
    """Lets somebody, or an organisation through its people, act for a person. Written once; then only ended (database trigger)."""

    class Kind(models.TextChoices):
        AUTHORISED = "authorised", _("委托代办")
        PARENT = "parent", _("父母（法定监护人）")
        GUARDIAN = "guardian", _("其他监护人")

    class Source(models.TextChoices):
        ONLINE = "online", _("本人网上授权")
        PAPER = "paper", _("窗口凭书面材料登记")
        REGISTER = "register", _("登记机关数据")
        DEMO = "demo", _("演示数据")

    class Basis(models.TextChoices):
        COURT = "court", _("人民法院的判决书、裁定书")
        COMMITTEE = "committee", _("居委会、村委会或者民政部门指定监护人的文件")
        BIRTH = "birth", _("出生医学证明、户口簿")
        OTHER = "other", _("其他材料（遗嘱、协议等）")

    # Papers that make somebody the guardian of an adult: who lacks capacity is found by a court (Civil Code art. 24), who is guardian in
    # dispute is named by a committee, the civil affairs department or a court (art. 28, 31, 36).
    OF_ADULTS = (Basis.COURT, Basis.COMMITTEE)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(_("授权编号"), max_length=20, unique=True)
    principal = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="mandates_given", verbose_name=_("委托人")
    )
    agent = models.ForeignKey(
        "accounts.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="mandates_held",
        verbose_name=_("代办人"),
    )
    agent_organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="mandates_held",
        verbose_name=_("代办机构"),
    )
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.AUTHORISED)
    matters = ArrayField(models.SlugField(max_length=80), null=True, verbose_name=_("可办的事"))  # None: all
    # What an agent may do beside filling in, handing in and following.
    sees_certificates = models.BooleanField(_("可以查看、使用证照"), default=False)
    # Given with the words that say so: those from before let certificates be seen, not filled in from or taken for papers.
    uses_certificates = models.BooleanField(_("可以用证照填表、代替材料"), default=False, db_default=False)
    consents = models.BooleanField(_("可以代为同意向部门查询"), default=False)
    begins_on = models.DateField(_("从哪一天起"))
    until = models.DateField(_("到哪一天为止"), null=True)
    source = models.CharField(_("依据"), max_length=10, choices=Source.choices)
    paper = SealedTextField(_("看到的书面材料"), db_column="paper_sealed", max_length=200, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    # What kind of paper makes somebody a parent or guardian, who confirmed it as the second officer, and at which window. Empty in rows
    # of the time when one officer was enough.
    basis = models.CharField(_("材料种类"), max_length=10, choices=Basis.choices, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    sites = ArrayField(models.SlugField(max_length=40), default=list, blank=True, verbose_name=_("登记窗口"))
    # The answer of a register (`portal.sharing`), which this floor does not know.
    fetch = models.UUIDField(_("查询记录"), null=True, editable=False)
    given_at = models.DateTimeField(_("登记时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("终止人")
    )
    ended_why = SealedTextField(_("终止理由"), db_column="ended_why_sealed", max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agent__isnull=False, agent_organisation__isnull=True)
                | models.Q(agent__isnull=True, agent_organisation__isnull=False),
                name="mandate_to_one_agent",
            ),
            models.CheckConstraint(condition=~models.Q(agent=models.F("principal")), name="mandate_not_to_oneself"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=False, until__gte=models.F("begins_on"))
                | models.Q(kind="guardian", until__isnull=True),
                name="mandate_has_a_term",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="authorised") | models.Q(agent__isnull=False),
                name="mandate_guardian_is_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=["online", "demo"])
                | (models.Q(source="paper", officer__isnull=False) & ~models.Q(paper=""))
                | models.Q(source="register", fetch__isnull=False),
                name="mandate_rests_on_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(source="online") | models.Q(kind="authorised"),
                name="mandate_guardian_by_paper_or_register",
            ),
        ]
        indexes = [
            models.Index(fields=["principal"], name="mandate_of_principal"),
            models.Index(fields=["agent"], name="mandate_of_agent", condition=models.Q(agent__isnull=False)),
            # What waits for a second officer, the oldest first.
            models.Index(fields=["given_at"], name="mandate_unconfirmed", condition=UNCONFIRMED),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def agent_name(self) -> str:
        """The person or organisation that acts, as people call them."""
        return self.agent.name if self.agent is not None else str(self.agent_organisation)

    @property
    def in_words(self) -> str:
        """Who acts, under which number and from when until when: what a case says beside its applicant."""
        words = {"name": self.agent_name, "number": self.number, "begins": self.begins_on, "until": self.until}
        if self.until is None:
            return gettext("%(name)s（授权编号 %(number)s，%(begins)s 起）") % words
        return gettext("%(name)s（授权编号 %(number)s，%(begins)s 至 %(until)s）") % words

    def may_handle(self, matter: str) -> bool:
        """Whether a matter, by its slug, is among those that may be handled by it."""
        return self.matters is None or matter in self.matters

    @property
    def may_use_certificates(self) -> bool:
        """Whether it lets the principal's certificates be filled in from and taken for papers. A parent or guardian may what they may see: that they
        act rests on law, not on the words of the day."""
        return self.uses_certificates or (self.sees_certificates and self.kind != self.Kind.AUTHORISED)

    @property
    def is_unconfirmed(self) -> bool:
        """Whether one officer alone recorded a guardianship: it waits for a second."""
        by_one = self.source == self.Source.PAPER and self.confirmed_by_id is None and self.ended_at is None
        return by_one and self.kind != self.Kind.AUTHORISED

    @property
    def is_in_term(self) -> bool:
        """Whether its own row lets somebody act today; whether both sides live, `in_force` asks."""
        return self.state(timezone.localdate()) == "in_force"

    def may_consent(self, today: date, born: date | None = None) -> bool:
        """Whether whoever acts may agree that registers are asked about the person; a parent until the child is 14 (PIPL art. 31).

        ``born``: the day of birth, where the child's number tells it; else it is the one by which they are of age once it is over.
        """
        if not self.consents or self.kind != self.Kind.PARENT or self.until is None:
            return self.consents
        if born is not None:
            return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < CONSENT_AGE
        last = self.until.year - (MAJORITY - CONSENT_AGE), self.until.month, self.until.day
        return (today.year, today.month, today.day) <= last

    def state(self, today: date) -> str:
        """Return how it stands on a day, as far as its own row says: ``ended``, ``unconfirmed``, ``over``, ``ahead`` or ``in_force``."""
        if self.ended_at is not None:
            return "ended"
        if self.is_unconfirmed:
            return "unconfirmed"
        if self.until is not None and self.until < today:
            return "over"
        return "ahead" if self.begins_on > today else "in_force"


class MandateOffer(models.Model):
    """A one-time code by which whom a person named becomes their agent: used once, within its term, or taken back. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    principal = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="mandates_offered", verbose_name=_("委托人")
    )
    code_index = models.BinaryField(max_length=32, unique=True, editable=False)
    agent_name = SealedTextField(_("授权给谁"), db_column="agent_name_sealed", max_length=200)
    to_organisation = models.BooleanField(_("授权给单位"), default=False)
    matters = ArrayField(models.SlugField(max_length=80), null=True, verbose_name=_("可办的事"))
    sees_certificates = models.BooleanField(_("可以查看、使用证照"), default=False)
    uses_certificates = models.BooleanField(_("可以用证照填表、代替材料"), default=False, db_default=False)
    consents = models.BooleanField(_("可以代为同意向部门查询"), default=False)
    until = models.DateField(_("到哪一天为止"))
    offered_at = models.DateTimeField(_("授权时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("授权码有效期至"))
    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, null=True, verbose_name=_("授权"))
    ended_at = models.DateTimeField(_("使用或撤回时间"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )

    class Meta:
        verbose_name = _("授权码")
        verbose_name_plural = _("授权码")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mandate__isnull=True) | models.Q(ended_at__isnull=False),
                name="mandate_offer_used_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} {self.offered_at:%Y-%m-%d}"

    @property
    def may_use_certificates(self) -> bool:
        """As of the mandate that it becomes."""
        return self.uses_certificates
