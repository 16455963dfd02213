"""One case on the screen, also with what was just typed and why it was not taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, CharField, OuterRef, UUIDField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.definitions import Option, OutputDefinition
from catalog.fields.constraints import is_anywhere
from catalog.merging.deciding import can_be_divided, said_on_form
from catalog.merging.planned import PlannedItem
from catalog.staff.memberships import rights_in
from catalog.wording.translating import translator_for
from matters.cases.access import case_form
from matters.cases.amendments import amended_parts
from matters.cases.answers_in_words import decided_in_words, division_choices
from matters.cases.department_view import CaseForm, open_departures, open_outputs, plan_of
from matters.cases.disputes import disputed_facts
from matters.cases.documents import documents_for
from matters.cases.gaps import named_gaps
from matters.cases.official import lines_of_events
from matters.cases.points import CHECKED, JudgedPoint, judged_points, verdicts_of
from matters.cases.reading import NAME as READ
from matters.cases.reading import mark_of
from matters.cases.rule_trace import rule_trace
from matters.core.clocks import EXTENSION_DAYS
from matters.core.states import AFTER_ACCEPTANCE, CONCLUDED, State
from matters.form_page.fields import place_attributes
from matters.models import (
    Amendment,
    CorrectionItem,
    CorrectionRequest,
    Decision,
    Extension,
    FiledDocument,
    ReviewTask,
    SubItem,
)
from matters.reviewing.amending import changes_of, may_amend
from matters.reviewing.answers import field_in_words
from matters.reviewing.checks import checks_of
from matters.reviewing.conversing import messages_on, notes_on
from matters.reviewing.corrections import REASON_LENGTH
from matters.reviewing.deciding import default_outputs, outputs_of_last_case
from matters.reviewing.extra_rounds import WHY
from matters.reviewing.grounds import offered_templates, templates_by_use
from matters.reviewing.holding import renew_claim
from matters.reviewing.phrases import offered_phrases, phrased_item
from matters.reviewing.queue import FILTERS, queue_page
from matters.reviewing.supervising import open_order
from matters.reviewing.transitions import offered_steps
from matters.views.advice import advice_panel
from matters.views.case_points import failed_gaps, failed_grounds, point_lines
from matters.views.case_procedures import procedure_panel
from matters.views.case_signing import may_propose, proposal_shown
from matters.views.deficiencies import extra_round_shown, gap_choices, marked_request, reason_groups, typed_as_marked
from matters.views.keys import CASE_KEYS
from matters.views.promises import promise_panel
from matters.wording.values import value_in_words
from portal.accounts.models import User
from portal.ledger.models import Event
from portal.lib.prepared import BuiltOnce, Slot

# How many neighbours of the queue stand beside a case.
NEIGHBOURS = 15

_TASK: BuiltOnce[Any] = BuiltOnce(
    lambda: (
        ReviewTask.objects.filter(sub_item=Slot("sub_item", UUIDField()), closed_at__isnull=True)
        .select_related("claimed_by", "sub_item__extension")
        .annotate(
            phrases=ArraySubquery(offered_phrases(OuterRef("department"), Slot("item", CharField()))),
            templates=ArraySubquery(
                offered_templates(OuterRef("department"), Slot("item", CharField()), Slot("user", BigIntegerField()))
            ),
        )
    )
)
_EVENTS = BuiltOnce(
    lambda: (
        Event.objects.filter(chain_id=Slot("chain", UUIDField()))
        .select_related("actor", "letter")
        .defer("letter__content_sealed")
        .order_by("sequence")
    )
)


@dataclass(frozen=True, slots=True)
class OutputField:
    """An output to fill in, with what was typed and what is wrong with it. ``said``: what the form says already; ``why``: the reason to decide
    otherwise; ``is_doubted``: whether such a reason is asked for."""

    code: str
    name: str
    label: str
    type: str
    options: tuple[Any, ...]
    required: bool
    value: str
    problem: str
    said: str = ""
    why: str = ""
    is_doubted: bool = False
    chosen: tuple[str, ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)

    @property
    def typed(self) -> str:
        """What stands in a line: a division of the whole country by its name."""
        return value_in_words(self.value, "division") if self.place else self.value


@dataclass(frozen=True, slots=True)
class DepartureShown:
    """Where a decision says otherwise than the form, and why."""

    label: str
    said: str
    decided: str
    reason: str


def case_page(
    request: HttpRequest,
    sub_item: SubItem,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
    opened: str = "",
    changed: Collection[str] = (),
) -> HttpResponse:
    """Render a case. ``typed`` and ``problems``: what a refused form said; ``opened``: which form to show open; ``changed``: the keys of what
    is not as the page before showed it."""
    user: Any = request.user
    typed, problems = typed or {}, problems or {}
    held = rights_in(user, sub_item.department)
    reviews = "review" in held
    # A clerk at the window reads to accept.
    form = case_form(user, sub_item, "review" if reviews else "acceptance")
    task = next(iter(_TASK(sub_item=sub_item.pk, item=phrased_item(sub_item), user=user.pk)), None)
    if task is not None:
        renew_claim(user, sub_item, task)
    is_mine = task is not None and task.claimed_by_id in (None, user.pk)
    offered, at_once = offered_steps(user, sub_item, held, form.requests) if is_mine else (set(), False)
    chosen = request.GET.get("filter", "all")
    chosen = chosen if chosen in FILTERS else "all"
    decision = form.decision
    extension = getattr(task.sub_item, "extension", None) if task is not None else None
    neighbours = queue_page(sub_item.department, filter=chosen, user=user, size=NEIGHBOURS) if reviews else None
    own = {line.field for line in plan_of(sub_item.bundle).own_form(sub_item.key)}
    amended = amended_parts(sub_item.bundle, own)
    events = _events(sub_item)
    kinds, is_concluded = {one.kind for one in events}, State(sub_item.state) in CONCLUDED
    points = _points(sub_item, form, events)
    proposes = is_mine and may_propose(user, sub_item, reviews=reviews)
    if proposes:
        offered = offered | {"approve", "reject"}  # as proposals, which others sign
    marked = marked_request(sub_item, form.requests)
    context = {
        "sub_item": sub_item,
        "bundle": sub_item.bundle,
        "department": sub_item.department,
        "form": form,
        "read": mark_of(sub_item, form),
        "changed": changed,
        "checks": checks_of(plan_of(sub_item.bundle), sub_item.key, form.values, form.earlier, form.papers, amended),
        "amendment": _amendment(user, sub_item, held) if is_mine else None,
        "rule": rule_trace(sub_item),
        "task": task,
        "is_held": task is not None and task.claimed_by_id == user.pk,
        "held_by_another": task.claimed_by if task is not None and not is_mine else None,
        "transitions": offered,
        "reviews": reviews,
        "leads": "supervise" in held,
        "at_once": at_once,
        "proposes": proposes,
        "proposal": proposal_shown(user, sub_item, is_free=is_mine),
        "opinion": typed.get("opinion", ""),
        "outputs": _outputs(user, form, typed, problems) if at_once or "approve" in offered else [],
        "gaps": gap_choices(
            sub_item,
            form,
            typed or typed_as_marked(marked),
            problems,
            failed_gaps(points),
            reason_groups(sub_item, task.phrases if task else ()),
        )
        if "request_correction" in offered
        else [],
        "marked": marked,
        "is_again": any(one.sub_item_id == sub_item.pk and one.answered_at for one in form.requests),
        "why_again": typed.get(WHY, ""),
        "extra": extra_round_shown(user, sub_item, held, events),
        "round_reason": typed.get("round_reason", ""),
        "marked_gaps": named_gaps(sub_item.bundle, marked) if marked is not None else None,
        "points": point_lines(points, typed, problems),
        "judges": reviews and bool(offered),
        "stated": typed.get("reason", "") if opened == "reject" else failed_grounds(points),
        "reason": typed.get("reason", ""),
        "answer_by": typed.get("answer_by", marked.answer_by.isoformat() if marked and marked.answer_by else ""),
        "in_part": typed.get("in_part", ""),
        "may_be_in_part": can_be_divided(form.planned.outputs),
        "problems": problems,
        "wrong": _wrong(problems, opened),
        "opened": opened,
        "templates": templates_by_use(task.templates) if task is not None else {},
        "template": typed.get("template", ""),
        "reason_length": REASON_LENGTH,
        "decision": decision,
        "disputed": disputed_facts(sub_item.bundle, form.facts),
        "documents": _documents(sub_item, form),
        "letters": lines_of_events(events),
        "departures": _departures(decision, form.planned) if decision else [],
        "open_request": (open_request := _open_request(sub_item, form.requests)),
        "asked_for": named_gaps(sub_item.bundle, open_request) if open_request is not None else None,
        "events": events,
        "neighbours": neighbours,
        "chosen": chosen,
        "advice": advice_panel(
            sub_item,
            form,
            typed,
            was_asked="advice_asked" in kinds,
            may_ask=reviews and State(sub_item.state) in AFTER_ACCEPTANCE,
            asks="advice" in (opened, request.GET.get("open")),
        ),
        "procedures": procedure_panel(
            sub_item, typed, may_start=reviews and "request_correction" in offered, reviews=reviews
        ),
        "order": open_order(sub_item) if "order_given" in kinds else None,
        "keys": CASE_KEYS,
        "notes": notes_on(sub_item) if "note_written" in kinds else [],
        "talk": messages_on([sub_item]) if kinds & {"message_sent", "message_received"} else [],
        "may_note": reviews or "accept" in held,
        "may_write": not is_concluded and (reviews or "accept" in held),
        "note": typed.get("note", ""),
        "message": typed.get("message", ""),
        "promises": promise_panel(sub_item, typed, may_check=reviews and is_mine),
        "extension": extension,
        "may_extend": "reject" in offered and extension is None and _has_time_left(sub_item),
        "may_settle": extension is not None and _may_settle(user, extension, held),
        "most_days": EXTENSION_DAYS,
        "days": typed.get("days", ""),
        "extension_reason": typed.get("extension_reason", ""),
        "is_concluded": is_concluded,
    }
    return render(request, "matters/review/case.html", context, status=422 if problems else 200)


def _has_time_left(sub_item: SubItem) -> bool:
    return sub_item.due_on is not None and sub_item.due_on >= timezone.localdate()


def _may_settle(user: User, extension: Extension, held: Collection[str]) -> bool:
    """Whether the user, by their rights in the department, settles what somebody else asked."""
    return extension.is_open and {"supervise", "decide"} <= set(held) and extension.asked_by_id != user.pk


def _documents(sub_item: SubItem, form: CaseForm) -> list[tuple[FiledDocument, str]]:
    """Return what the applicant agreed to for this department and what was made for it, by what it is called here.

    Nothing is asked where its item has no consents and no paper stands there without a file.
    """
    plan = plan_of(sub_item.bundle)
    if not any(each.item == sub_item.key for each in plan.consents) and all(paper.files for paper in form.papers):
        return []
    names = {paper.key: paper.name for paper in form.papers}
    return [(row, names.get(row.key) or row.get_kind_display()) for row in documents_for(sub_item, names)]


@dataclass(frozen=True, slots=True)
class AmendmentChoice:
    """What the department that decided is asked: label, what was decided on and what the applicant says now; who asked for the correction."""

    changes: list[tuple[str, str, str]]
    asked_by: str
    reasons: list[tuple[str, str]]
    replaces: bool
    version: str


def _amendment(user: User, sub_item: SubItem, held: Collection[str]) -> AmendmentChoice | None:
    """Return what waits for this department, where the user may agree or refuse. ``held``: their rights in it."""
    if sub_item.state != State.APPROVED:
        return None
    waiting = Amendment.objects.open().of_bundle(sub_item.bundle_id).filter(sub_item=sub_item, agreed_at=None)
    found = waiting.select_related("request__sub_item__department").first()
    if found is None or not may_amend(user, sub_item, held):
        return None
    plan, translate = plan_of(sub_item.bundle), translator_for(sub_item.bundle.matter_version_id)
    label = {key: translate(plan.fields[key].label) for key in found.fields}
    changes = changes_of(found)
    found.request.sub_item.bundle = sub_item.bundle
    items = found.request.items.filter(target=CorrectionItem.Target.FIELD, origin=CorrectionItem.Origin.NAMED)
    return AmendmentChoice(
        changes=[
            (label[key], field_in_words(plan, key, was), field_in_words(plan, key, now))
            for key, (was, now) in changes.items()
        ],
        asked_by=translate(found.request.sub_item.office.name),
        reasons=[(label[item.key], item.reason) for item in items.order_by("pk") if item.key in label],
        replaces=bool(plan.item(sub_item.key).results),
        version=found.version,
    )


def _outputs(user: User, form: CaseForm, typed: Mapping[str, Any], problems: Mapping[str, str]) -> list[OutputField]:
    planned = form.planned
    known = {**outputs_of_last_case(user, planned), **default_outputs(planned, form.values, timezone.localdate())}
    said_of = {output.code: said_on_form(output, planned, form.values) for output in planned.outputs}
    in_words = decided_in_words(planned.outputs, said_of)
    fields = []
    for output in planned.outputs:
        said = said_of[output.code]
        name = f"{'output' if said is None else 'instead'}.{output.code}"
        value = typed.get(name, known.get(output.code, "") if said is None else "")
        why = str(typed.get(f"why.{output.code}", ""))
        fields.append(
            OutputField(
                output.code,
                name,
                output.label,
                output.type,
                _options(output),
                output.required,
                str(value),
                problems.get(output.code, ""),
                in_words[output.code],
                why,
                said is None and (bool(why) or output.code in typed.get("arguable", ())),
                tuple(typed.get("chosen", {}).get(name, said if isinstance(said, list) else ())),
                place_attributes() if is_anywhere(output.type, output.constraints) else {},
            )
        )
    return fields


def _options(output: OutputDefinition) -> tuple[Option, ...]:
    if is_anywhere(output.type, output.constraints):
        return ()
    if output.type == "division" and not output.options:
        return tuple(Option(code, name) for code, name in division_choices())
    return output.options


def _departures(decision: Decision, planned: PlannedItem) -> list[DepartureShown]:
    outputs, departures = {output.code: output for output in planned.outputs}, open_departures(decision)
    departed = [outputs[code] for code in departures if code in outputs]
    said = decided_in_words(departed, {code: each.said for code, each in departures.items()})
    decided = decided_in_words(departed, open_outputs(decision))
    return [
        DepartureShown(one.label, said[one.code], decided[one.code], departures[one.code].reason) for one in departed
    ]


def _wrong(problems: Mapping[str, str], opened: str) -> list[tuple[str, str]]:
    """Return each sentence once, with the anchor of what it is about."""
    places = {
        sentence: name if name.startswith("point.") else "form" if name == READ else opened
        for name, sentence in reversed(list(problems.items()))
    }
    return [(places[sentence], sentence) for sentence in dict.fromkeys(problems.values())]


def _points(sub_item: SubItem, form: CaseForm, events: Iterable[Event]) -> list[JudgedPoint]:
    """Return the points with what was found. Asked for only where the history says that any was judged."""
    was_judged = any(one.kind == CHECKED for one in events)
    verdicts = verdicts_of(sub_item) if was_judged else {}
    return judged_points(plan_of(sub_item.bundle), form.planned, verdicts, form.requests)


def _open_request(sub_item: SubItem, requests: Iterable[CorrectionRequest]) -> CorrectionRequest | None:
    """Return what waits for the applicant, if anything; what was withdrawn meanwhile waits for nobody."""
    if sub_item.state != State.RETURNED:
        return None
    return next(
        (one for one in requests if one.sub_item_id == sub_item.pk and one.answered_at is None and one.told_at), None
    )


# Events of the bundle that its parts have of their own, told of the part alone.
_OF_ALL = frozenset({"submitted", "notice_sent"})


def _events(sub_item: SubItem) -> list[Event]:
    """Return what happened to the bundle as a whole and to this sub-item; other departments' steps are not told."""
    return [
        one
        for one in _EVENTS(chain=sub_item.bundle_id)
        if one.sub_item == sub_item.key or (not one.sub_item and one.kind not in _OF_ALL)
    ]
