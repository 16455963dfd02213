"""Answering a return for correction: only what was named is open."""

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

from catalog.merging.planned import PlannedField
from catalog.models import Division
from catalog.wording.papers import paper_name
from catalog.wording.translating import translator_for
from matters.cases.access import get_bundle_to_answer_for
from matters.cases.department_view import plan_of
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import Facts, State, can
from matters.form_page.posted import read_values
from matters.models import Bundle, CorrectionItem, CorrectionRequest, SubmittedMaterial
from matters.reviewing.corrections import answer_correction, may_answer, open_fields
from matters.reviewing.supplements import EarlierFiles
from matters.views.brakes import UPLOADS
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged, Refusal
from matters.wording.uploads import limit_megabytes, notes_of, upload_sentence
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.ledger.access import record_access
from portal.lib.braking import is_braked


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """A field or material that may be changed, with why, what stands there now, and what is wrong with it."""

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

    @property
    def key(self) -> str:
        """The key of the field or material itself."""
        return self.name.removeprefix("material:")


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
        typed = {} if kept is None else _read(request, kept, bundle, asked)[0]
        return _page(request, bundle, asked, typed, {}, None)
    typed, files = _read(request, request.POST, bundle, asked)
    earlier = _earlier(request, bundle, files)
    count = sum(map(len, files.values())) + sum(len(said.instead) for said in earlier.values())
    if count and is_braked(request, UPLOADS, count):
        problems = {f"material:{key}": upload_sentence("too_fast") for key in files if files[key] or earlier.get(key)}
        return _page(request, bundle, asked, typed, problems, None)
    confirmed, before = "unchanged_is_right" in request.POST, timezone.now()
    try:
        answer_correction(user, asked, typed, files, earlier=earlier, unchanged_is_right=confirmed)
    except CorrectionInvalid as refusal:
        return _page(request, bundle, asked, typed, refusal.problems, None)
    except CorrectionUnchanged as refusal:
        return _page(request, bundle, asked, typed, {}, refusal)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(user, bundle)
    for note in _notes(bundle, files, before):
        messages.warning(request, note)
    messages.success(
        request,
        _("已提交补正，%(department)s会接着办理。")
        % {"department": translator_for(bundle.matter_version_id)(asked.sub_item.office.name)},
    )
    return _back(user, bundle)


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


def _read(
    request: HttpRequest, post: QueryDict, bundle: Bundle, asked: CorrectionRequest
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Return what was typed for the fields that are open, and the files chosen for the materials named."""
    plan, before = plan_of(bundle), open_bundle_form(bundle).values
    items = list(asked.items.all())
    named = [plan.fields[item.key] for item in items if item.target == CorrectionItem.Target.FIELD]
    typed = read_values(post, named).values
    opened = [plan.fields[one.key] for one in open_fields(plan, items, before, typed)]
    read = read_values(post, opened)
    files = {
        item.key: request.FILES.getlist(f"material:{item.key}")
        for item in items
        if item.target == CorrectionItem.Target.MATERIAL
    }
    return {**read.values, **read.too_long}, files  # what is too long is refused with the rest, and shown again


def _page(
    request: HttpRequest,
    bundle: Bundle,
    asked: CorrectionRequest,
    typed: Mapping[str, Any],
    problems: Mapping[str, str],
    unchanged: CorrectionUnchanged | None,
) -> HttpResponse:
    user: Any = request.user
    is_own = bundle.applicant.user_id == user.pk
    entries = _entries(bundle, asked, typed, problems)
    if not is_own:
        record_access(user, bundle.pk, "counter", [one.name for one in entries], asked.sub_item.department.code)
    context = {
        "bundle": bundle,
        "asked": asked,
        "sub_item": asked.sub_item,
        "entries": entries,
        "wrong": [entry for entry in entries if entry.problem],
        "unchanged": unchanged,
        "limit": limit_megabytes(),
        "has_papers": any(entry.field is None for entry in entries),
        "is_own": is_own,
    }
    status = 422 if problems or unchanged else 200
    return render(request, "matters/track/correction.html", context, status=status)


def _entries(
    bundle: Bundle, asked: CorrectionRequest, typed: Mapping[str, Any], problems: Mapping[str, str]
) -> list[OpenEntry]:
    plan, before, translate = plan_of(bundle), open_bundle_form(bundle).values, translator_for(bundle.matter_version_id)
    items = list(asked.items.order_by("pk"))
    entries = []
    for place, one in enumerate(open_fields(plan, items, before, typed), start=1):
        field = plan.fields[one.key]
        entries.append(
            OpenEntry(
                name=one.key,
                id=f"entry-{place}",
                label=translate(field.label),
                reason=one.item.reason if one.item is not None else _("因为上面的内容改了，需要补填这一项。"),
                problem=problems.get(one.key, ""),
                field=field,
                value=typed.get(one.key, before.get(one.key)),
                choices=_choices(field, translate),
                unit=translate(field.unit),
            )
        )
    names = {material.key: paper_name(plan, material, translate) for material in plan.materials}
    for place, item in enumerate(items, start=1):
        if item.target == CorrectionItem.Target.MATERIAL:
            papers = SubmittedMaterial.objects.filter(bundle=bundle, material=item.key, replaced_at=None)
            name = f"material:{item.key}"
            entries.append(
                OpenEntry(
                    name=name,
                    id=f"paper-{place}",
                    label=names.get(item.key, item.key),
                    reason=item.reason,
                    problem=problems.get(name, ""),
                    papers=tuple(papers.order_by("uploaded_at", "id")),
                )
            )
    return entries


def _choices(field: PlannedField, translate: Any) -> tuple[tuple[str, str], ...]:
    if field.type == "boolean":
        return (("true", pgettext("answer", "是")), ("false", pgettext("answer", "否")))
    if field.type == "division" and not field.options:
        rows = Division.objects.filter(level="county").order_by("code").values_list("code", "name", "parent__name")
        return tuple((code, f"{city or ''}{name}") for code, name, city in rows)
    return tuple((option.value, translate(option.label)) for option in field.options)
