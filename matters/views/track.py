"""The applicant's pages about what was submitted: my applications, progress, receipt, papers, who has read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from catalog.wording.papers import CLASSES, name_of_paper, paper_name
from catalog.wording.translating import translator_for
from certificates.models import Certificate
from certificates.wording import VERDICTS, Said
from matters.cases.access import get_bundle_for, get_receipt_bundle_for, is_principals
from matters.cases.amendments import amended_parts
from matters.cases.department_view import plan_of
from matters.cases.gaps import named_gaps
from matters.cases.official import letters_of
from matters.cases.procedures import procedures_told
from matters.cases.satisfactions import satisfactions_of
from matters.core.states import OPEN, Facts, State, can
from matters.drafts.continuing import begun_with_rest, left_over
from matters.drafts.uploads import file_response
from matters.models import Bundle, Decision, Draft, HandedOver, SubItem, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from matters.reviewing.switching import ask_for_person
from matters.reviewing.withdrawal import withdraw_with_followers
from matters.tracking.automatic import automatic_parts
from matters.tracking.hand_overs import hand_overs_of
from matters.tracking.progress import open_notices, progress_of
from matters.views.messages import talks_of
from matters.views.promises import promises_shown
from matters.wording.refusals import Refusal
from matters.wording.states import READ_PARTS, bundle_state
from matters.wording.sub_items import sub_item_name
from matters.wording.substitutes import substitute_sentence
from matters.wording.titles import title
from portal.accounts.organisations.principals import principal_of
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.ledger.access import readings_of

# More than anybody has; the newest come first.
LIST_LIMIT = 200
READINGS_LIMIT = 500


@login_required
@never_cache
@require_GET
def bundle_list(request: HttpRequest) -> HttpResponse:
    """My applications: what waits for me first, then what is under way, then what is done."""
    user: Any = request.user
    cards: list[dict[str, Any]] = []
    for bundle in Bundle.objects.of_applicant(user).for_list()[:LIST_LIMIT]:
        states = [one.state for one in bundle.sub_items.all()]
        words, tone = bundle_state(states, in_part=any(one.is_in_part for one in bundle.sub_items.all()))
        cards.append(
            {
                "bundle": bundle,
                "name": title(bundle),
                "state": words,
                "tone": tone,
                "waits": tone == "r",
                "done": sum(1 for state in states if state not in OPEN),
                "granted": sum(1 for state in states if state == State.APPROVED),
                "total": len(states),
            }
        )
    cards.sort(key=lambda card: (not card["waits"], card["bundle"].concluded_at is not None))
    agents = ("mandate__agent", "mandate__agent_organisation")
    drafts = Draft.objects.open_of(user).select_related(*agents).defer("matter_version__content", "form_sealed")
    return render(request, "matters/track/bundle_list.html", {"cards": cards, "drafts": drafts})


@login_required
@never_cache
@require_GET
def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """The progress of one application."""
    found = get_bundle_for(request.user, number)
    amended = amended_parts(found)
    progress = progress_of(found, amended=amended)
    sub_items = {step.sub_item.pk: step for step in progress.steps}
    certificates = Certificate.objects.filter(
        applicant=found.applicant, decision_reference__in=[step.sub_item.number for step in progress.steps]
    )
    acting = principal_of(request.user).mandate
    if acting is not None and not acting.sees_certificates:
        certificates = certificates.none()
    # What was not granted, wholly or in part, is told with its grounds.
    of_parts = Decision.objects.filter(sub_item__in=list(sub_items))
    rejections = of_parts.filter(Q(outcome__in=Decision.REFUSALS) | Q(is_in_part=True))
    user: Any = request.user
    restored: Mapping[str, Any] = restored_post(request) or {}
    rest = left_over(found, found.sub_items.all())
    context = {
        "bundle": found,
        "name": title(found),
        "progress": progress,
        "corrections": [
            [(asked, sub_items[asked.sub_item_id], named_gaps(found, asked)) for asked in notice]
            for notice in open_notices(found)
        ],
        "amended": amended,
        "certificates": [
            (one, _type_name(one), _verdict_of(one))
            for one in sorted(certificates.order_by("issued_at"), key=_has_ended)
        ],
        "procedures": [(row, sub_items[row.sub_item_id]) for row in procedures_told(found)],
        "rejections": [(decision, sub_items[decision.sub_item_id]) for decision in rejections],
        "promises": (promises := promises_shown(found)),
        "is_paper_awaited": any(one.row.is_awaited for one in promises),
        "automatic": automatic_parts(found, progress),
        "handed": [
            (row, sub_items[row.sub_item_id])
            for row in HandedOver.objects.filter(sub_item__in=list(sub_items)).select_related("system").order_by("at")
        ],
        "rest_names": pgettext("between names", "、").join(sub_items[one.pk].heading for one in rest),
        "rest_draft": begun_with_rest(user, found) if rest else None,
        "can_withdraw": any(can("withdraw", Facts(State(step.sub_item.state))) for step in progress.steps),
        "has_followers": any(step.followers for step in progress.steps),
        "papers": _papers(found, with_replaced=True),
        "spared": _spared(found),
        "letters": letters_of(found),
        "restored": None if "message" in restored else restored,
        "talks": talks_of(found, restored),
    }
    return render(request, "matters/track/bundle.html", context)


@login_required_preserving_post(page="matters:bundle")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw one sub-item (``sub_item``: its number) or, without, everything still open. Asked for, the address leads to the application."""
    found = get_bundle_for(request.user, number)
    if request.method != "POST":
        return redirect("matters:bundle", number)
    user: Any = request.user
    chosen = request.POST.get("sub_item", "")
    one = get_object_or_404(found.sub_items.select_related("department"), number=chosen) if chosen else None
    try:
        withdrawn = withdraw_with_followers(user, found, one)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        translate = translator_for(found.matter_version_id)
        joined = pgettext("between names", "、").join
        said = _("已撤回：%(names)s。") % {"names": joined(sub_item_name(part, translate) for part in withdrawn.parts)}
        if withdrawn.followers:
            followers = joined(sub_item_name(part, translate) for part in withdrawn.followers)
            said += _("要用到它的结果的事项一起停办：%(names)s。") % {"names": followers}
        messages.success(request, said)
    return redirect("matters:bundle", number)


@login_required_preserving_post(page="matters:bundle", keeps=False)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_person(request: HttpRequest, number: str) -> HttpResponse:
    """Ask that a person looks at what a rule decided (``sub_item``: its number). Asked for, the address leads to the application."""
    found = get_bundle_for(request.user, number)
    if request.method != "POST":
        return redirect("matters:bundle", number)
    user: Any = request.user
    one = get_object_or_404(SubItem.objects.for_case(), bundle=found, number=request.POST.get("sub_item", ""))
    try:
        if ask_for_person(user, one):
            messages.success(
                request, _("已提出。%(department)s会派人复核，结果写在这里。") % {"department": one.office.name}
            )
        else:
            messages.info(request, _("您已经提出过人工复核。"))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("matters:bundle", number)


@login_required
@never_cache
@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt (收件凭证), made for printing; for the applicant, and at the counter for the clerk."""
    user: Any = request.user
    found = get_receipt_bundle_for(user, number)
    translate = translator_for(found.matter_version_id)
    context = {
        "bundle": found,
        "name": title(found),
        "sub_items": [(one, translate(one.name), translate(one.office.name)) for one in found.sub_items.all()],
        "papers": _papers(found),
        "is_own": is_principals(user, found),
    }
    return render(request, "matters/track/receipt.html", context)


@login_required
@never_cache
@require_GET
def own_paper(request: HttpRequest, number: str, paper: Any) -> HttpResponseBase:
    """A paper of one's own application."""
    found = get_bundle_for(request.user, number)
    return file_response(get_object_or_404(SubmittedMaterial, pk=paper, bundle=found))


@login_required
@never_cache
@require_GET
def readings(request: HttpRequest, number: str) -> HttpResponse:
    """Who has read my data (谁看过我的信息), for which purpose, and what."""
    found = get_bundle_for(request.user, number)
    plan = plan_of(found)
    translate = translator_for(found.matter_version_id)
    labels = {key: str(label) for key, label in READ_PARTS.items()}
    labels |= {key: translate(field.label) for key, field in plan.fields.items()}
    labels |= {f"material:{material.key}": paper_name(plan, material, translate) for material in plan.materials}
    departments = {one.department.code: translate(one.office.name) for one in found.sub_items.all()}
    if found.site is not None:
        departments.setdefault(found.site.code, translate(found.site.name))
    rows = [
        {
            "at": record.at,
            "department": departments.get(record.department, record.department),
            "reader": str(record.reader),
            "purpose": record.purpose,
            "note": record.note,
            "labels": [labels.get(key, key) for key in record.fields],
        }
        for record in readings_of([found.pk]).exclude(reader_id=request.user.pk)[:READINGS_LIMIT]
    ]
    return render(request, "matters/track/readings.html", {"bundle": found, "rows": rows})


@login_required
@never_cache
@require_GET
def hand_overs(request: HttpRequest, number: str) -> HttpResponse:
    """Who gave which data to whom in one's own application, and when."""
    found = get_bundle_for(request.user, number)
    return render(request, "matters/track/hand_overs.html", {"bundle": found, "rows": hand_overs_of(found)})


def _papers(found: Bundle, *, with_replaced: bool = False) -> list[tuple[str, SubmittedMaterial]]:
    """Return the papers that count, each with its material's name; ``with_replaced``: then those that a correction replaced."""
    translate = translator_for(found.matter_version_id)
    plan = plan_of(found)
    papers = SubmittedMaterial.objects.filter(bundle=found).order_by(
        F("replaced_at").desc(nulls_first=True), *PAGE_ORDER
    )
    papers = papers if with_replaced else papers.filter(replaced_at=None)
    counting = {paper.material for paper in papers if paper.replaced_at is None}
    for paper in papers:
        # Replaced by nothing: a correction made it needless.
        paper.is_needless = paper.replaced_at is not None and paper.material not in counting  # type: ignore[attr-defined]
    return [(name_of_paper(plan, paper.material, translate), paper) for paper in papers]


def _spared(found: Bundle) -> list[tuple[str, str, str]]:
    """Return the papers that were not handed in, each with the way and the row that stood in for it. One query."""
    plan, translate = plan_of(found), translator_for(found.matter_version_id)
    rows = satisfactions_of(found)
    return [
        (name_of_paper(plan, material, translate), str(CLASSES[row.kind]), substitute_sentence(row, translate))
        for material, row in sorted(rows.items())
    ]


def _has_ended(certificate: Certificate) -> bool:
    """Sort what is no longer valid behind what is."""
    return certificate.status != Certificate.Status.VALID


def _verdict_of(certificate: Certificate) -> Said:
    """Return how a certificate stands today, in the words of verification."""
    return VERDICTS[certificate.verdict(timezone.localdate())]


def _type_name(certificate: Certificate) -> str:
    in_english = (get_language() or "").startswith("en")
    return certificate.type_name_en if in_english and certificate.type_name_en else certificate.type_name
