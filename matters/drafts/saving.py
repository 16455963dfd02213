"""Drafts: opened, continued on any device, saved at each change under an optimistic revision."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, Func, QuerySet, UUIDField
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy

from catalog.merging.compiled import Plan
from catalog.models import Department, Matter, MatterVersion
from catalog.versions.matters import compiled
from matters.cases.window import window_of
from matters.core.acting import plan_under
from matters.core.draft_document import ACCOUNT, ORGANISATION, DraftDocument, Value, is_same
from matters.drafts.certified import fill_from_certificates
from matters.drafts.earlier import fill_from_earlier
from matters.drafts.keeping import UnderHold, is_under_hold, taken_out, write_draft
from matters.drafts.opening import agent_may_act, is_principals
from matters.drafts.profile import acting_under, agents_facts, is_fixed, organisation_facts, uses_library
from matters.models import Channel, Draft
from matters.wording.refusals import Refusal
from portal.accounts.models import Mandate, Organisation, Person, User
from portal.lib.prepared import BuiltOnce, Slot
from portal.lib.shown import UNSEEN, Shown
from portal.lib.vault import seal, unseal
from portal.retention.holds import wait_for_holds

ATTEMPTS = 5
_RELATED = (
    "matter_version__matter",
    "applicant",
    "organisation",
    "mandate__agent",
    "mandate__agent_organisation",
    "site",
)
_OF_APPLICANT = ("user", "name", "phone", "level", "document_kind", "document_sealed", "document_index")
_TERMS = (
    "number",
    "kind",
    "source",
    "confirmed_by",
    "begins_on",
    "until",
    "ended_at",
    "matters",
    "consents",
    "sees_certificates",
    "uses_certificates",
)
_OF_MANDATE = (*_TERMS, "agent__name", "agent_organisation__name")
# What the pages of an application read; never the version's plan, which each process keeps compiled.
_NEEDED = (
    *(field.attname for field in Draft._meta.concrete_fields),
    *(f"organisation__{name}" for name in ("name", "credit_code")),
    *(f"applicant__{name}" for name in _OF_APPLICANT),
    *(f"mandate__{name}" for name in _OF_MANDATE),
    *(f"matter_version__{name}" for name in ("number", "division", "name", "matter__slug", "matter__current_version")),
    "site__code",
)


_DRAFT = BuiltOnce(
    lambda: Draft.objects.told_dead().select_related(*_RELATED).only(*_NEEDED).filter(pk=Slot("pk", UUIDField()))
)


class AlreadySubmitted(Refusal):
    """The draft has become a bundle; corrections are made there."""

    code = "already_submitted"
    text = gettext_lazy("这份申请已经提交，不能再在这里修改。")


class DraftGone(Refusal):
    """The draft was discarded meanwhile."""

    code = "draft_gone"
    text = gettext_lazy("这份草稿已经删除，不能再填写或提交。")


class SavedTooOften(Refusal):
    """Other windows saved again and again while this one tried."""

    code = "busy"
    text = gettext_lazy("另一个窗口正在保存，您这次的改动还没有存上。请稍等几秒再试。")


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save. ``conflicts``: field key → value stored by another window, left untouched."""

    revision: int
    saved_at: datetime
    conflicts: dict[str, Value] = field(default_factory=dict)


def get_draft_for(user: User | AnonymousUser, draft_id: uuid.UUID) -> Draft:
    """Return a draft that this user may fill in: the applicant, who acts for them under a mandate, their organisation's people, or the window where it is being entered.

    A mandate that is not in force opens nothing, at the window neither. Everybody else gets Http404, and `OtherPrincipal` where it is of another one that the user acts for. The version's plan is not fetched (see ``catalog.versions.matters.compiled``). Cost: one query; at a
    window one more, for the rights held now, one for a mandate, and for each clerk the first time an UPDATE.
    """
    if not user.is_authenticated:
        raise Http404
    draft = next(iter(_DRAFT(pk=draft_id)), None)
    if draft is None:
        raise Http404
    if draft.channel == Channel.COUNTER:
        may_fill_in = window_of(user).holds(draft) and agent_may_act(draft)
    else:
        may_fill_in = is_principals(user, draft)
    if not may_fill_in:
        raise Http404
    is_own = draft.channel == Channel.ONLINE and draft.applicant.user_id == user.pk
    draft.is_by_agent = acting_under(draft) is not None and not is_own
    if draft.channel == Channel.COUNTER and user.pk not in draft.clerks:
        _note_clerk(draft, user.pk)
    return draft


def _note_clerk(draft: Draft, clerk: int) -> None:
    """Write down, once, that a clerk has this application in hands: whoever presses the last button, none of them decides on it."""
    Draft.objects.filter(pk=draft.pk).exclude(clerks__contains=[clerk]).update(
        clerks=Func(F("clerks"), clerk, function="array_append")
    )
    draft.clerks.append(clerk)


def open_drafts(user: User, matter: Matter) -> QuerySet[Draft]:
    """Return the unfinished online applications for a matter of whom the user acts for, the latest first."""
    return Draft.objects.open_of(user).filter(matter_version__matter=matter)


def plan_of(draft: Draft) -> Plan:
    """Return the plan for the draft's version and answers (cached per process), under a mandate with the principal as applicant."""
    return plan_under(compiled(draft.matter_version_id).plan_for(draft.answers), acting_under(draft))


class HoldsForm(Protocol):
    """A draft's row, or as much of it as its form needs."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def form_sealed(self) -> bytes | memoryview | None: ...


def read_form(draft: HoldsForm) -> DraftDocument:
    """Return what the draft holds, unsealed."""
    if draft.form_sealed is None:
        return DraftDocument()
    return DraftDocument.from_json(unseal(bytes(draft.form_sealed), _context(draft.id)))


def start_draft(
    *,
    version: MatterVersion,
    applicant: Person,
    entered_by: User,
    answers: Mapping[str, Any],
    profile: Mapping[str, Any],
    channel: str = Channel.ONLINE,
    site: Department | None = None,
    organisation: Organisation | None = None,
    mandate: Mandate | None = None,
) -> Draft:
    """Open a new draft with its situation, and fill in what is known of the applicant.

    ``profile`` is the account's facts as ``Plan.known`` expects them. ``site``: at which of the clerk's windows it is entered; the
    first where they serve, if it is not said. ``organisation``: for whom the applicant acts, if not for themselves; ``mandate``: under which
    another acts for the applicant. Raises `ValueError` at a window for somebody who is not proved: what is entered there is a
    person's, never an account's that only says to be them.
    """
    if channel == Channel.COUNTER and not applicant.is_proved:
        raise ValueError("a window works for proved persons only")
    if channel == Channel.COUNTER and site is None:
        site = next(iter(window_of(entered_by).departments), None)
    draft = Draft(
        matter_version=version,
        applicant=applicant,
        organisation=organisation,
        mandate=mandate,
        entered_by=entered_by,
        channel=channel,
        site=site,
        clerks=[entered_by.pk] if channel == Channel.COUNTER else [],
        answers=dict(answers),
        revision=1,
    )
    document = DraftDocument()
    fill_in(draft, document, profile, 0)  # before any window showed it
    draft.form_sealed = seal(document.to_json(), _context(draft.pk))
    draft.save(force_insert=True)
    return draft


def fill_in(draft: Draft, document: DraftDocument, profile: Mapping[str, Any], revision: int) -> bool:
    """Fill in what the account, the organisation's row, certificates and earlier applications of the same person know; return whether anything changed.

    What one did for oneself is not said in an organisation's application, nor to an agent.
    """
    plan, today = plan_of(draft), timezone.localdate()
    changed = document.fill({**plan.known(profile), **agents_facts(plan, acting_under(draft))}, ACCOUNT, revision)
    changed = document.fix(organisation_facts(plan, draft.organisation), ORGANISATION, revision) or changed
    if uses_library(acting_under(draft)):
        changed = (
            fill_from_certificates(document, plan, draft.applicant, draft.organisation, today, revision) or changed
        )
    if draft.organisation is not None or draft.mandate_id is not None:
        return changed
    return fill_from_earlier(document, plan, draft.applicant, revision) or changed


def save_answers(draft: Draft, answers: Mapping[str, Any], profile: Mapping[str, Any], page: Shown = UNSEEN) -> Saved:
    """Change the situation. What was typed stays, also where the new situation does not ask for it; see ``DraftDocument.fill`` for facts.

    ``page``: what the window showed that sends them. What both it and another window changed is left as it is, nothing is saved, and
    ``conflicts`` names it; of what it did not change, what another window made of it stays. Raises as ``save_values`` does.
    """
    matter = compiled(draft.matter_version_id)
    conflicts: dict[str, Value] = {}
    columns: dict[str, Any] = {}

    def change(document: DraftDocument, revision: int) -> bool:
        nonlocal conflicts
        merged = page.merge(answers, draft.answers)
        conflicts = merged.conflicts
        if conflicts:
            return False
        draft.answers = columns["answers"] = matter.clean_answers({**draft.answers, **merged.changes})
        fill_in(draft, document, profile, revision)
        return True

    return replace(change_draft(draft, change, columns), conflicts=conflicts)


def save_values(draft: Draft, typed: Mapping[str, Value], *, seen: int) -> Saved:
    """Save what a window that showed revision ``seen`` sends; nothing another window changed is overwritten.

    What would empty a field under a legal hold is left as it is; the rest is saved, then ``UnderHold`` says so. Raises ``AlreadySubmitted`` or
    ``DraftGone`` too. Cost: one UPDATE, and a re-read for each save that came between; two more where something is emptied.
    """
    stored = read_form(draft).values
    emptied = {key for key, value in typed.items() if is_same(value, None) and not is_same(stored.get(key), None)}
    if not emptied:
        return _save_values(draft, typed, seen)
    with transaction.atomic():
        wait_for_holds()
        held = is_under_hold(draft)
        saved = _save_values(draft, {k: v for k, v in typed.items() if k not in emptied} if held else typed, seen)
    if held:
        raise UnderHold
    return saved


def _save_values(draft: Draft, typed: Mapping[str, Value], seen: int) -> Saved:
    conflicts: dict[str, Value] = {}

    def change(document: DraftDocument, revision: int) -> bool:
        nonlocal conflicts
        changed, conflicts = document.merge(_changeable(draft, document, typed), seen=seen, revision=revision)
        return document.forget_replaced(revision) or changed

    return replace(change_draft(draft, change), conflicts=conflicts)


def _changeable(draft: Draft, document: DraftDocument, typed: Mapping[str, Value]) -> dict[str, Value]:
    """Return what was typed but for facts that are not changed here."""
    plan = plan_of(draft)
    return {key: value for key, value in typed.items() if not is_fixed(plan, document, key, draft.applicant)}


def save_consents(draft: Draft, keys: list[str]) -> Saved:
    """Record which consents were given, each with its moment; those not named are taken back."""
    now = timezone.now().isoformat(timespec="seconds")

    def change(document: DraftDocument, revision: int) -> bool:
        before = document.consents
        document.consents = {key: before.get(key, now) for key in keys}
        return document.consents != before

    return change_draft(draft, change)


def save_commitment(draft: Draft, paper: str, text: str, whole: Mapping[str, Any] = MappingProxyType({})) -> Saved:
    """Record that the words of a commitment stand in for a paper, with the whole document they stand in; with empty words take it back."""
    now = timezone.now().isoformat(timespec="seconds")

    def change(document: DraftDocument, revision: int) -> bool:
        before = document.commitments.get(paper)
        if (before or {}).get("text", "") == text:
            return False
        document.commitments.pop(paper, None)
        if text:
            document.commitments[paper] = {"at": now, "text": text, "document": dict(whole)}
        return True

    return change_draft(draft, change)


def save_reuse(draft: Draft, paper: str, part: str = "", files: Collection[str] = (), until: str = "") -> Saved:
    """Record that these files of an earlier application are taken for a paper, by its part that was granted on them; without take it back."""
    now = timezone.now().isoformat(timespec="seconds")

    def change(document: DraftDocument, revision: int) -> bool:
        before = document.reused.pop(paper, None)
        if part:
            document.reused[paper] = {"at": now, "part": part, "files": list(files), "until": until}
        return before != document.reused.get(paper)

    return change_draft(draft, change)


def move_to_version(
    draft: Draft, version: MatterVersion, profile: Mapping[str, Any], answers: Mapping[str, Any]
) -> Saved:
    """Move a draft to a newer version of its matter; every value typed stays stored under its key."""

    def change(document: DraftDocument, revision: int) -> bool:
        draft.matter_version, draft.answers = version, dict(answers)
        fill_in(draft, document, profile, revision)
        return True

    return change_draft(draft, change, {"matter_version": version, "answers": dict(answers)})


def take_over(draft: Draft, person: Person, profile: Mapping[str, Any]) -> None:
    """Let whoever of an organisation's people wants to submit an application apply, not who began it: what was known of that one goes with them.

    Raises as ``save_values`` does.
    """

    def change(document: DraftDocument, revision: int) -> bool:
        fill_in(draft, document, profile, revision)
        return True

    change_draft(draft, change, {"applicant": person})
    draft.applicant = person


def _context(draft_id: uuid.UUID) -> str:
    return f"draft.form:{draft_id}"


def change_draft(
    draft: Draft, change: Callable[[DraftDocument, int], bool], also: Mapping[str, Any] = MappingProxyType({})
) -> Saved:
    """Apply ``change`` to the draft as read, and write it only if nobody wrote meanwhile; else read again.

    ``change`` returns whether anything is to be written; ``also``: other columns to be written with it. What it takes out of the form stays beside
    it under a legal hold. Raises ``AlreadySubmitted``,
    ``DraftGone`` or ``SavedTooOften``.
    """
    for _attempt in range(ATTEMPTS):
        if draft.submitted_at is not None:
            raise AlreadySubmitted
        document = read_form(draft)
        before = dict(document.values)
        if not change(document, draft.revision + 1):
            return Saved(draft.revision, draft.saved_at)
        saved_at = timezone.now()
        sealed = seal(document.to_json(), _context(draft.pk))
        columns = {"form_sealed": sealed, "revision": draft.revision + 1, "saved_at": saved_at, **also}
        if write_draft(draft, columns, taken_out(before, document.values)):
            draft.form_sealed, draft.saved_at = sealed, saved_at
            draft.revision += 1
            return Saved(draft.revision, saved_at)
        try:
            draft.refresh_from_db(fields=["form_sealed", "revision", "saved_at", "submitted_at", "answers"])
        except Draft.DoesNotExist:
            raise DraftGone from None
    raise SavedTooOften
