"""Answering a return for correction: only what was named is open, and what that makes necessary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedField
from catalog.models import Division
from catalog.wording.papers import paper_name
from catalog.wording.translating import translator_for
from matters.cases.access import get_bundle_to_answer_for
from matters.cases.amendments import amended_parts
from matters.cases.department_view import plan_of
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import Facts, State, can
from matters.form_page.posted import read_values
from matters.models import Bundle, CorrectionItem, CorrectionRequest, SubItem, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from matters.reviewing.amending import own_fields
from matters.reviewing.corrections import answer_correction, may_answer
from matters.reviewing.open_parts import (
    OpenField,
    OpenPaper,
    handed_in,
    merge_sent,
    needless_fields,
    needless_materials,
    open_fields,
    open_papers,
)
from matters.reviewing.supplements import EarlierFiles
from matters.views.brakes import UPLOADS
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged, Refusal
from matters.wording.uploads import limit_megabytes, notes_of, upload_sentence
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.ledger.access import record_access
from portal.lib.braking import is_braked
from portal.lib.shown import NAME, Shown, shown

# Nothing is wrong.
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A field or material that may be changed, with why, what stands there now, and what is wrong with it.

    ``note``: what happened to it elsewhere. ``follows``: it is open only because of another answer.
    """

    name: str
    id: str
    label: str
    reason: str
    problem: str
    field: PlannedField | None = None
    value: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    papers: tuple[SubmittedMaterial, ...] = ()
    note: str = ""
    follows: bool = False

    @property
    def key(self) -> str:
        """The key of the field or material itself."""
        return self.name.removeprefix("material:")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sent: values as typed, files by material, and what the page had shown."""

    values: dict[str, Any]
    files: dict[str, list[Any]]
    shown: Shown


@login_required_preserving_post
@never_cache
def correction(request: HttpRequest, number: str, request_id: int) -> HttpResponse:
    """Show what a department asks to be corrected, and take the answer."""
    user: Any = request.user
    bundle = get_bundle_to_answer_for(user, number)
    asked = _request_of(bundle, request_id)
    if not may_answer(user, asked.sub_item):
        raise Http404
    if asked.answered_at is not None or not can("resubmit", Facts(State(asked.sub_item.state))):
        messages.info(request, _("这次补正已经提交过，或者这个事项已有新的进展。"))
        return _back(user, bundle)
    if request.method != "POST":
        kept = restored_post(request)
        return _page(request, bundle, asked, None if kept is None else _read(request, kept, bundle, asked))
    sent = _read(request, request.POST, bundle, asked)
    if "look" in request.POST:  # what the answers so far open, for the page's script
        return _page(request, bundle, asked, sent)
    earlier = _earlier(request, bundle, sent.files)
    coming = [key for key, chosen in sent.files.items() if chosen or earlier.get(key)]
    count = sum(map(len, sent.files.values())) + sum(len(said.instead) for said in earlier.values())
    if count and is_braked(request, UPLOADS, count):
        return _page(request, bundle, asked, sent, {f"material:{key}": upload_sentence("too_fast") for key in coming})
    confirmed, since = "unchanged_is_right" in request.POST, timezone.now()
    try:
        answer_correction(
            user,
            asked,
            sent.values,
            sent.files,
            earlier=earlier,
            unchanged_is_right=confirmed,
            shown=sent.shown,
        )
    except CorrectionInvalid as refusal:
        return _page(request, bundle, asked, sent, refusal.problems)
    except CorrectionUnchanged as refusal:
        return _page(request, bundle, asked, sent, unchanged=refusal)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(user, bundle)
    for note in _notes(bundle, sent.files, since):
        messages.warning(request, note)
    messages.success(request, _taken(bundle, asked))
    return _back(user, bundle)


def _taken(bundle: Bundle, asked: CorrectionRequest) -> str:
    """Say who goes on with the answer: whoever decided on what it changes comes before whoever asked for it."""
    bundle.refresh_from_db(fields=("form_revision",))  # the answer may have begun a new one
    first = dict.fromkeys(part.department for part in amended_parts(bundle) if not part.outcome and not part.has_agreed)
    if first:
        names = {"departments": pgettext("between names", "、").join(first)}
        return _("已提交补正。改动的内容已经用在办好的事项里，先由%(departments)s核对，核对好再接着办。") % names
    words = {"department": translator_for(bundle.matter_version_id)(asked.sub_item.office.name)}
    return _("已提交补正，%(department)s会接着办理。") % words


def _earlier(request: HttpRequest, bundle: Bundle, files: Mapping[str, list[Any]]) -> dict[str, EarlierFiles]:
    """Return what is said of the files handed in before, for the materials whose files the page showed."""
    papers = SubmittedMaterial.objects.filter(bundle=bundle, material__in=files, replaced_at=None) if files else ()
    removed, told = request.POST.getlist("removed"), request.POST.getlist("papers_of")
    instead: dict[str, dict[str, Any]] = {}
    for paper in papers:
        chosen = request.FILES.get(f"instead:{paper.pk}")
        if chosen is not None:
            instead.setdefault(paper.material, {})[str(paper.pk)] = chosen
    return {key: EarlierFiles(instead.get(key, {}), removed) for key in files if key in told or key in instead}


def _notes(bundle: Bundle, files: Mapping[str, list[Any]], before: datetime) -> list[str]:
    """Return what is told about the files that were just taken."""
    papers = SubmittedMaterial.objects.filter(
        bundle=bundle, material__in=files, replaced_at=None, uploaded_at__gte=before
    )
    return [note for paper in papers for note in notes_of(paper)]


def _back(user: Any, bundle: Bundle) -> HttpResponse:
    if bundle.applicant.user_id == user.pk:
        return redirect("matters:bundle", bundle.number)
    return redirect("admin:counter_bundle", bundle.number)


def _request_of(bundle: Bundle, request_id: int) -> CorrectionRequest:
    requests = CorrectionRequest.objects.select_related("sub_item__department", "sub_item__bundle__applicant")
    found = requests.filter(pk=request_id, sub_item__bundle=bundle).first()
    if found is None:
        raise Http404
    return found


def _read(request: HttpRequest, post: QueryDict, bundle: Bundle, asked: CorrectionRequest) -> Sent:
    """Return what was typed, whatever of it is open, and the files chosen."""
    plan = plan_of(bundle)
    read = read_values(post, plan.fields.values())
    files = {material.key: request.FILES.getlist(f"material:{material.key}") for material in plan.materials}
    # What is too long is refused with the rest, and shown again.
    values = {**read.values, **read.too_long}
    return Sent(values, files, Shown(post.get(NAME, ""), _about(asked)))


def _about(asked: CorrectionRequest) -> str:
    return f"correction:{asked.pk}"


def _page(
    request: HttpRequest,
    bundle: Bundle,
    asked: CorrectionRequest,
    sent: Sent | None,
    problems: Mapping[str, str] = NOTHING,
    unchanged: CorrectionUnchanged | None = None,
) -> HttpResponse:
    user: Any = request.user
    is_own = bundle.applicant.user_id == user.pk
    bundle.refresh_from_db(fields=["form_sealed", "form_revision"])  # another correction may have come between
    before, items = open_bundle_form(bundle).values, list(asked.items.order_by("pk"))
    typed, notes = _typed(bundle, items, before, sent)
    notes = {**_decided_notes(bundle), **notes}
    entries = _entries(bundle, items, before, typed, {**problems}, notes)
    if not is_own:
        record_access(user, bundle.pk, "counter", [one.name for one in entries], asked.sub_item.department.code)
    context = {
        "bundle": bundle,
        "asked": asked,
        "sub_item": asked.sub_item,
        "entries": entries,
        "shown": shown({one.name: before.get(one.name) for one in entries if one.field is not None}, _about(asked)),
        "needless": _needless(bundle, items, before, typed),
        "wrong": [entry for entry in entries if entry.problem],
        "unchanged": unchanged,
        "limit": limit_megabytes(),
        "has_papers": any(entry.field is None for entry in entries),
        "is_own": is_own,
    }
    status = 422 if problems or unchanged else 200
    return render(request, "matters/track/correction.html", context, status=status)


def _typed(
    bundle: Bundle, items: list[CorrectionItem], before: Mapping[str, Any], sent: Sent | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the page shows as typed here, and what is told at a field that changed elsewhere meanwhile."""
    if sent is None:
        return {}, {}
    elsewhere = merge_sent(plan_of(bundle), items, before, sent.values, sent.shown).elsewhere
    note = _("这一项您刚才在另一处改过，现在是这样。")
    return {key: value for key, value in sent.values.items() if key not in elsewhere}, dict.fromkeys(elsewhere, note)


def _decided_notes(bundle: Bundle) -> dict[str, str]:
    """Return what is told beforehand at a field that an approved part rests on: a change of it goes there first. One query."""
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    notes: dict[str, str] = {}
    for part in (
        SubItem.objects.filter(bundle=bundle, state=State.APPROVED).select_related("department").order_by("number")
    ):
        part.bundle = bundle
        note = _("这一项已经用在办好的“%(item)s”里。改了以后，先由%(department)s核对，再接着办。") % {
            "item": translate(part.name),
            "department": translate(part.office.name),
        }
        notes = {**dict.fromkeys(own_fields(plan, part.key), note), **notes}  # the first that decided on it is named
    return notes


def _entries(
    bundle: Bundle,
    items: list[CorrectionItem],
    before: Mapping[str, Any],
    typed: Mapping[str, Any],
    problems: Mapping[str, str],
    notes: Mapping[str, str],
) -> list[OpenEntry]:
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    entries = []
    for place, one in enumerate(open_fields(plan, items, before, typed), start=1):
        field = plan.fields[one.key]
        entries.append(
            OpenEntry(
                name=one.key,
                id=f"entry-{place}",
                label=translate(field.label),
                reason=_reason(one, translate, is_told=one.key in problems),
                problem=problems.get(one.key, ""),
                field=field,
                value=typed.get(one.key, before.get(one.key)),
                choices=_choices(field, translate),
                unit=translate(field.unit),
                note=notes.get(one.key, ""),
                follows=one.item is None,
            )
        )
    materials = {material.key: material for material in plan.materials}
    after = _after(plan, items, before, typed)
    for place, paper in enumerate(open_papers(plan, items, before, after, handed_in(bundle.pk)), start=1):
        papers = SubmittedMaterial.objects.filter(bundle=bundle, material=paper.key, replaced_at=None)
        name = f"material:{paper.key}"
        material = materials.get(paper.key)
        entries.append(
            OpenEntry(
                name=name,
                id=f"paper-{place}",
                label=paper_name(plan, material, translate) if material is not None else paper.key,
                reason=paper.item.reason if paper.item is not None else _paper_reason(paper),
                problem=problems.get(name, ""),
                papers=tuple(papers.order_by(*PAGE_ORDER)),
                follows=paper.item is None,
            )
        )
    return entries


def _after(
    plan: Plan, items: list[CorrectionItem], before: Mapping[str, Any], typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the form's values as they would be with what was typed, as far as it is of its type."""
    opened = [one.key for one in open_fields(plan, items, before, typed)]
    return plan.clean({**before, **{key: typed[key] for key in opened if key in typed}}, timezone.localdate())[0]


def _needless(
    bundle: Bundle, items: list[CorrectionItem], before: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[str]:
    """Return the names of the fields and papers that what was typed makes needless."""
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    after = _after(plan, items, before, typed)
    fields = needless_fields(plan, before, after)
    papers = needless_materials(plan, before, after) & handed_in(bundle.pk)
    return [translate(field.label) for key, field in plan.fields.items() if key in fields] + [
        paper_name(plan, material, translate) for material in plan.materials if material.key in papers
    ]


def _paper_reason(paper: OpenPaper) -> str:
    if paper.is_required:
        return _("因为上面的内容改了，需要交这份材料。")
    return _("因为上面的内容改了，有这份材料的，可以一起交。")


def _reason(one: OpenField, translate: Any, *, is_told: bool) -> str:
    if one.item is not None:
        return one.item.reason
    if one.origin == CorrectionItem.Origin.RULE:
        if is_told:  # the rule's sentence stands there as what is wrong
            return _("这一项也可以改。")
        return _("%(sentence)s 需要时，这一项也可以改。") % {"sentence": _ended(translate(one.sentence))}
    return _("因为上面的内容改了，需要补填这一项。")


def _ended(sentence: str) -> str:
    """Return a sentence with its full stop; a rule's message in the catalog has none."""
    return (
        sentence
        if sentence.endswith(("。", "？", "！", ".", "?", "!"))
        else sentence + pgettext("end of a sentence", "。")
    )


def _choices(field: PlannedField, translate: Any) -> tuple[tuple[str, str], ...]:
    if field.type == "boolean":
        return (("true", pgettext("answer", "是")), ("false", pgettext("answer", "否")))
    if field.type == "division" and not field.options:
        rows = Division.objects.filter(level="county").order_by("code").values_list("code", "name", "parent__name")
        return tuple((code, f"{city or ''}{name}") for code, name, city in rows)
    return tuple((option.value, translate(option.label)) for option in field.options)
