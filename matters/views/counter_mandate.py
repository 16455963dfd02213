"""Recording at the window what a paper says: who may act for whom (a signed mandate, a court's or committee's paper), that somebody has
died, or that a death was recorded wrongly. All but a signed mandate wait for a second officer (`counter_proposals`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.browse.cards import mandate_matters
from matters.cases.window import window_of
from matters.views.brakes import IDENTITIES, TOO_MANY_IDENTITIES
from matters.views.counter_proposals import DECISIONS, tell_who_may_confirm
from portal.accounts.mandates.activities import (
    MandateConflict,
    MandateScope,
    last_day_as_child,
    record_from_paper,
)
from portal.accounts.mandates.two_people import WindowProposalRefused, propose_alive, propose_death, propose_guardian
from portal.accounts.models import DocumentKind, IdentityCheck, Mandate, Person, User, WindowProposal
from portal.accounts.pending_post import restored_post
from portal.accounts.people import PersonConflict, birth_date, find_person, register_person
from portal.identifiers.normalising import InvalidIdentifier, normalise_document, person_name
from portal.ledger.access import record_access
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.lib.braking import is_braked
from portal.lib.identifier_wording import sentence

REFUSALS: dict[str, tuple[str, str | Promise]] = {
    "dead": ("principal_number", gettext_lazy("有一方已登记去世，不能登记授权。")),
    "oneself": ("agent_number", gettext_lazy("委托人和代办人是同一个人，请核对。")),
    "term_over": ("until", gettext_lazy("这一天已经过了，请填写今天或者今天以后的日期。")),
    "no_paper": ("paper", gettext_lazy("请写明看到的材料。")),
    "not_of_age": (
        "principal_number",
        gettext_lazy("委托人未满 18 周岁，不能自己委托代办，由父母或者其他监护人代办。"),
    ),
    "of_age": (
        "principal_number",
        gettext_lazy("看不出这个人未满 18 周岁；成年人不由父母代办，有判决书的选“其他监护人”。"),
    ),
    "no_decision": (
        "basis",
        gettext_lazy("成年人的监护，要有人民法院的判决书、裁定书，或者居委会、村委会、民政部门指定监护人的文件。"),
    ),
    "is_proposed": ("number", gettext_lazy("同样的登记已经提出，正在等另一位工作人员复核。")),
    "not_dead": ("number", gettext_lazy("这个人没有登记去世，不用撤销。")),
    "not_proved": ("number", gettext_lazy("这个人还没有实名，请先核验身份。")),
}


def _person_fields(name: Any, number: Any) -> tuple[forms.Field, ...]:
    return (
        forms.CharField(label=name, max_length=100, error_messages={"required": gettext_lazy("请填写姓名。")}),
        forms.ChoiceField(
            label=gettext_lazy("证件类型"), choices=DocumentKind.choices, initial=DocumentKind.RESIDENT_ID
        ),
        forms.CharField(label=number, max_length=60, error_messages={"required": gettext_lazy("请填写证件号码。")}),
    )


class _OfPersons(forms.Form):
    """Checks the names and numbers of the persons that a paper is about. ``PERSONS``: what stands before their fields' names."""

    PERSONS: tuple[str, ...] = ("",)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for who in self.PERSONS:
            try:
                if name := data.get(f"{who}name"):
                    data[f"{who}name"] = person_name(name)
            except InvalidIdentifier as invalid:
                self.add_error(f"{who}name", sentence(invalid.code, invalid.params, _("姓名")))
            try:
                if (number := data.get(f"{who}number")) and (kind := data.get(f"{who}kind")):
                    data[f"{who}number"] = normalise_document(kind, number, timezone.localdate())
            except InvalidIdentifier as invalid:
                self.add_error(f"{who}number", sentence(invalid.code, invalid.params, _("证件号码")))
        return data


class PaperMandateForm(_OfPersons):
    """Takes what a paper says: whom, who, which matters, until when."""

    PERSONS = ("principal_", "agent_")

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[one for one in Mandate.Kind.choices if one[0] != Mandate.Kind.PARENT] + [Mandate.Kind.choices[1]],
    )
    principal_name, principal_kind, principal_number = _person_fields(
        gettext_lazy("委托人（被监护人）姓名"), gettext_lazy("委托人证件号码")
    )
    agent_name, agent_kind, agent_number = _person_fields(
        gettext_lazy("来人（代办人、监护人）姓名"), gettext_lazy("来人证件号码")
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("材料种类（登记父母、其他监护人的，必须选）"),
        choices=[("", "—"), *Mandate.Basis.choices],
        required=False,
    )
    paper = forms.CharField(
        label=gettext_lazy("看到的材料"),
        help_text=gettext_lazy(
            "写明名称和编号，如“授权委托书，2026-11-30 签名”“（2026）赣0103民特9号判决书”“出生医学证明”。"
        ),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明看到的材料。")},
    )
    matters = forms.MultipleChoiceField(
        label=gettext_lazy("可以办的事（父母、其他监护人一项都不选，就是什么事都能代办）"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    every = forms.BooleanField(label=gettext_lazy("材料写明所有的事都可以代办"), required=False)
    until = forms.DateField(
        label=gettext_lazy("到哪一天为止（监护没有写期限的，可以不填）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("请填写日期，如 2027-06-30。")},
    )
    consents = forms.BooleanField(label=gettext_lazy("材料写明可以代为同意向部门查询"), required=False)
    sees_certificates = forms.BooleanField(
        label=gettext_lazy("材料写明可以查看、使用电子证照（证照上的姓名、住址等会填进申请表、代替材料）"),
        required=False,
    )
    seen = forms.BooleanField(
        label=gettext_lazy("已当面核对来人的证件原件、委托人的证件和这份材料的原件，姓名和号码一致"),
        error_messages={"required": gettext_lazy("请当面核对后，再勾选这一项。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].choices = mandate_matters()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") in (Mandate.Kind.PARENT, Mandate.Kind.GUARDIAN) and not data.get("basis"):
            self.add_error("basis", _("请选择材料种类。"))
        until, kind = data.get("until"), data.get("kind")
        if data.get("every"):
            data["matters"] = []
        elif kind == Mandate.Kind.AUTHORISED and not data.get("matters") and "matters" not in self.errors:
            self.add_error("matters", _("请照材料勾选可以代办的事；写明什么事都能代办的，请勾“所有的事都可以代办”。"))
        is_born_on_paper = kind == Mandate.Kind.PARENT and data.get("principal_kind") == DocumentKind.RESIDENT_ID
        if until is not None and until < timezone.localdate():
            self.add_error("until", _("这一天已经过了，请填写今天或者今天以后的日期。"))
        elif until is None and kind != Mandate.Kind.GUARDIAN and not is_born_on_paper and "until" not in self.errors:
            self.add_error("until", _("请填写到哪一天为止。"))
        return data


class DeathForm(_OfPersons):
    """Takes who has died, when, and the paper that says so."""

    name, kind, number = _person_fields(gettext_lazy("姓名"), gettext_lazy("证件号码"))
    died_on = forms.DateField(
        label=gettext_lazy("去世日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请填写去世日期。"),
            "invalid": gettext_lazy("请填写日期，如 2027-06-30。"),
        },
    )
    paper = forms.CharField(
        label=gettext_lazy("看到的证明"),
        help_text=gettext_lazy("写明名称和编号，如“居民死亡医学证明（推断）书”。"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明看到的证明。")},
    )
    seen = forms.BooleanField(
        label=gettext_lazy("已当面核对证明的原件，姓名和号码一致"),
        error_messages={"required": gettext_lazy("请当面核对后，再勾选这一项。")},
    )

    def clean_died_on(self) -> Any:
        day = self.cleaned_data["died_on"]
        if day > timezone.localdate():
            raise ValidationError(_("去世日期不能在今天以后。"))
        return day


class UndoDeathForm(_OfPersons):
    """Takes whose death was recorded wrongly, and why that is known."""

    name, kind, number = _person_fields(gettext_lazy("姓名"), gettext_lazy("证件号码"))
    paper = forms.CharField(
        label=gettext_lazy("为什么登记错了，看到了什么"),
        help_text=gettext_lazy("如“本人带身份证原件到窗口”“死亡证明写的是同名的另一个人”。"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明为什么登记错了。")},
    )
    seen = forms.BooleanField(
        label=gettext_lazy("已当面核对本人或者材料的原件，姓名和号码一致"),
        error_messages={"required": gettext_lazy("请当面核对后，再勾选这一项。")},
    )


@require_http_methods(["GET", "POST"])
def record_mandate(request: HttpRequest) -> HttpResponse:
    """Take a mandate from its paper, brought by who acts; a guardianship waits for another officer."""
    officer, sites = _clerk(request)
    form = PaperMandateForm(_sent(request))
    if request.method == "POST" and form.is_valid() and not _is_too_fast(request, form):
        try:
            made = _recorded(officer, form.cleaned_data, sites)
        except _Differs as differs:
            form.add_error(f"{differs.who}name", _("这个证件号码登记的是另一个姓名，请核对证件原件。"))
            _note_trial(officer, form.cleaned_data, differs.who, sites[0])
        except (MandateConflict, WindowProposalRefused) as conflict:
            _say(form, conflict.code)
        else:
            principal = made.principal if isinstance(made, Mandate) else made.person
            for person in (principal, made.agent):
                if person is not None:
                    record_access(officer, person.pk, "counter", ["name", "document"], sites[0])
            if isinstance(made, WindowProposal):
                return _proposed(request, made)
            record_security_event(SecurityEvent.Kind.MANDATE_GIVEN, request, mandate=str(made.pk))
            done = _("已登记授权 %(number)s。%(agent)s可以代%(principal)s办事了。")
            words = {"number": made.number, "agent": made.agent_name, "principal": principal.name}
            messages.success(request, done % words)
            return redirect("admin:counter")
    return _page(request, form, _("登记书面授权"), "mandate")


@require_http_methods(["GET", "POST"])
def enter_death(request: HttpRequest) -> HttpResponse:
    """Take that somebody has died from the paper that says so. Once another officer confirms it, nobody acts in their name."""
    return _about_a_death(request, DeathForm(_sent(request)), _("登记去世"), "death")


@require_http_methods(["GET", "POST"])
def undo_death(request: HttpRequest) -> HttpResponse:
    """Take that a death was recorded wrongly. Once another officer confirms it, the person acts again."""
    return _about_a_death(request, UndoDeathForm(_sent(request)), _("撤销去世登记"), "alive")


def _about_a_death(request: HttpRequest, form: DeathForm | UndoDeathForm, title: str, what: str) -> HttpResponse:
    officer, sites = _clerk(request)
    if request.method == "POST" and form.is_valid() and not _is_too_fast(request, form):
        told = form.cleaned_data
        try:
            with transaction.atomic():
                person = _known(officer, told, "", IdentityCheck.Method.MANDATE)
                if what == "alive":
                    made = propose_alive(person, why=told["paper"], officer=officer, sites=sites)
                else:
                    made = propose_death(
                        person, died_on=told["died_on"], paper=told["paper"], officer=officer, sites=sites
                    )
        except _Differs:
            form.add_error("name", _("这个证件号码登记的是另一个姓名，请核对证件原件。"))
            _note_trial(officer, told, "", sites[0])
        except (MandateConflict, WindowProposalRefused) as conflict:
            if conflict.code == "dead":
                form.add_error("number", _("这个人已经登记过去世。"))
            else:
                _say(form, conflict.code)
        else:
            record_access(officer, person.pk, "counter", ["name", "document"], sites[0])
            return _proposed(request, made)
    return _page(request, form, title, what)


def _proposed(request: HttpRequest, proposal: WindowProposal) -> HttpResponse:
    tell_who_may_confirm(proposal)
    messages.success(request, _("已提出，还没有生效：要由另一位工作人员复核。复核以前什么都不变。"))
    return redirect("admin:counter_proposals")


def _say(form: forms.Form, code: str) -> None:
    """Say beside what caused it, where the form asks for that, why it cannot be so."""
    place, said = REFUSALS.get(code, ("", DECISIONS.get(code, "")))
    form.add_error(place if place in form.fields else None, str(said))


class _Differs(Exception):
    """A number is registered under another name. ``who``: what stands before the fields' names."""

    def __init__(self, who: str) -> None:
        self.who = who
        super().__init__(who)


@transaction.atomic
def _recorded(officer: User, told: dict[str, Any], sites: tuple[str, ...]) -> Mandate | WindowProposal:
    """Register both, as far as nobody knows them, and record the mandate, or propose the guardianship; where anything is refused,
    nothing is done.
    """
    principal = _known(officer, told, "principal_", IdentityCheck.Method.MANDATE)
    agent = _known(officer, told, "agent_", IdentityCheck.Method.COUNTER)
    until = told["until"]
    if told["kind"] == Mandate.Kind.PARENT and (born := birth_date(principal)) is not None:
        until = min(until or date.max, last_day_as_child(born))
    scope = MandateScope(
        tuple(told["matters"]) or None,
        until,
        None,
        told["sees_certificates"],
        told["consents"],
    )
    if told["kind"] == Mandate.Kind.AUTHORISED:
        return record_from_paper(principal, agent, scope, officer=officer, paper=told["paper"], sites=sites)
    return propose_guardian(
        principal,
        agent,
        scope,
        kind=told["kind"],
        basis=told["basis"],
        paper=told["paper"],
        officer=officer,
        sites=sites,
    )


def _known(officer: User, told: dict[str, Any], who: str, method: str) -> Person:
    """Return the person of a document; whoever was not seen in person and is known already gains no proof by a paper about them."""
    kind, number, name = told[f"{who}kind"], told[f"{who}number"], told[f"{who}name"]
    in_person = method == IdentityCheck.Method.COUNTER
    known = None if in_person else find_person(kind, number)
    if known is not None and known.name == name:
        return known
    seen: dict[str, Any] = {"seen": IdentityCheck.Seen.ORIGINAL} if in_person else {}
    try:
        return register_person(name=name, document_kind=kind, number=number, method=method, officer=officer, **seen)
    except PersonConflict:
        raise _Differs(who) from None


def _clerk(request: HttpRequest) -> tuple[User, tuple[str, ...]]:
    """Return who serves at a window, and the window's codes, the first its own; Http404 for everybody else."""
    officer: Any = request.user
    window = window_of(officer)
    if not window.is_open:
        raise Http404
    return officer, tuple(one.code for one in window.departments)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else restored_post(request)


def _is_too_fast(request: HttpRequest, form: forms.Form) -> bool:
    if not is_braked(request, IDENTITIES):
        return False
    form.add_error(None, str(TOO_MANY_IDENTITIES))
    return True


def _note_trial(officer: User, told: dict[str, Any], who: str, site: str) -> None:
    """To be told that a number is registered is a reading too."""
    known = find_person(told[f"{who}kind"], told[f"{who}number"])
    if known is not None:
        record_access(officer, known.pk, "counter", ["document"], site)


def _page(request: HttpRequest, form: forms.Form, title: str, what: str) -> HttpResponse:
    context = {"form": form, "what": what, "title": title, **admin.site.each_context(request)}
    return render(request, "matters/counter/record.html", context, status=422 if form.errors else 200)
