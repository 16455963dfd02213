"""The counter (收件台): find whoever stands there, see how it goes, start an application for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.models import Department, Matter
from catalog.versions.matters import NotPublished, compiled, listed_versions, open_version
from matters.cases.access import get_counter_case_for
from matters.cases.agents import DRAFT, tell_principal
from matters.cases.amendments import amended_parts
from matters.cases.gaps import named_gaps
from matters.cases.window import Window, window_of
from matters.core.numbering import read_number
from matters.drafts.profile import profile_of
from matters.drafts.saving import start_draft
from matters.models import Bundle, Channel, Draft, SubItem
from matters.reviewing.corrections import may_answer
from matters.tracking.progress import open_corrections, progress_of
from matters.views.brakes import DRAFTS, TOO_MANY_DRAFTS
from matters.views.counter_parts import part_rows
from matters.views.messages import talks_of
from portal.accounts.mandates.activities import is_dead
from portal.accounts.models import DocumentKind, IdentityCheck, Level, Person
from portal.accounts.organisations.principals import handlers_of_person
from portal.accounts.pending_post import posted_from, restored_post
from portal.accounts.people import PersonConflict, document_number, find_person, register_person, told_phone
from portal.accounts.standing import held_by_person
from portal.identifiers.masking import mask_document, mask_phone
from portal.identifiers.normalising import (
    InvalidIdentifier,
    check_document,
    credit_code,
    mobile_phone,
    normalise_document,
    person_name,
    tidy,
)
from portal.ledger.access import record_access
from portal.lib.braking import is_braked
from portal.lib.identifier_wording import sentence

FOUND_LIMIT = 20
LONGEST_TYPED = 200
_SERIAL = re.compile("[0-9]{1,7}")  # shorter than any document's number
OPEN_DRAFTS = 10


@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """One box for whoever comes: a document's number, a number of a bundle or a sub-item, the serial in the middle of one, a credit code, or a name.

    Serials and names find what this window reaches already, and nothing else. For whom somebody acts is shown once their document was seen. Posted, so that no identity number stands in an address, a history or a log.
    """
    window = _window(request)
    kept = restored_post(request) if request.method == "GET" else None
    if kept is not None and "number" in kept:
        return _page(request, {"typed": _typed(kept), "is_new": True})
    sent = request.POST if kept is None else kept
    typed = sent.get("q", "")[:LONGEST_TYPED]
    text = tidy(typed)[:60]
    if not text:
        return _page(request, {})
    if asked := read_number(typed):
        wanted = Q(number=asked) | Exists(SubItem.objects.filter(bundle=OuterRef("pk"), number=asked))
        number = Bundle.objects.filter(window.reached(), wanted).values_list("number", flat=True).first()
        if number is not None:
            return redirect("admin:counter_bundle", number)
        return _page(request, {"q": asked, "problem": _("没有这个编号的办件，或者它不在本窗口办理，请核对后再查。")})
    person = _person_with(text)
    if person is not None:
        found = {"q": text, "person": person, "found": _bundles_of(request, window, person)}
        return _page(request, {**found, **(_seen(request, text, person) if "seen" in sent else {})})
    if code := _credit_code_in(text):
        return _by_organisation(request, window, code)
    if _SERIAL.fullmatch(text):
        return _by_serial(request, window, text)
    if name := _name_in(typed):
        return _by_name(request, window, name)
    kind = _kind_of(text)
    if kind is None:
        problem = _(
            "没有认出来，请核对：办件编号如 20261121-360100-0000042-7，可以只输中间的 42；证件号码要完整，居民身份证 18 位；也可以输姓名。"
        )
        return _page(request, {"q": text, "problem": problem})
    return _page(request, {"q": text, "typed": {"document_kind": kind, "number": text}, "is_new": True})


@posted_from("admin:counter")
@require_POST
def start_at_counter(request: HttpRequest) -> HttpResponse:
    """Start an application for the person at the counter, on the same form as at home.

    Whoever starts it has the document in hand, also of somebody known: the form that follows shows number and telephone.
    """
    window = _window(request)
    site = _site(window, request.POST.get("site", ""), _last_site(request))
    # Applied for as it is done where the clerk's hall stands.
    here = site.division_id or next((each.division_id for each in window.departments if each.division_id), "")
    typed = _typed(request.POST)
    problems = _problems(typed)
    if "number" not in problems and "seen" not in request.POST:
        problems["seen"] = _("请当面核对证件原件，再勾选这一项。")
    user: Any = request.user
    version = None
    try:
        version = open_version(typed["matter"], here)
    except NotPublished:
        problems["matter"] = _("请选择要办的事。")
    if not problems and is_braked(request, DRAFTS):
        problems["matter"] = str(TOO_MANY_DRAFTS)
    person = None
    if not problems:
        try:
            person = register_person(
                name=typed["name"],
                document_kind=typed["document_kind"],
                number=typed["number"],
                phone=typed["phone"],
                method=IdentityCheck.Method.COUNTER,
                officer=user,
                seen=IdentityCheck.Seen.ORIGINAL,
            )
        except PersonConflict:
            # To be told that a number is registered is a reading too, and names could be tried for it.
            known = find_person(typed["document_kind"], typed["number"])
            if known is not None:
                record_access(user, known.pk, "counter", ["document"], site.code)
            problems["name"] = _("这个证件号码登记的是另一个姓名，请核对证件原件。")
    handler, mandate = None, None
    if person is not None and (chosen := request.POST.get("organisation", "")):
        handler = next((one for one in handlers_of_person(person) if str(one.organisation_id) == chosen), None)
        mandate = next((one for one in held_by_person(person) if str(one.pk) == chosen), None)
        right = handler or mandate
        if right is None or not right.may_handle(version.matter.slug if version is not None else ""):
            problems["organisation"] = _("来人不能替这一方办这件事。请核对授权，或者先由单位邀请、登记书面授权。")
            return _page(
                request, {"typed": typed, "problems": problems, **_seen(request, typed["number"], person)}, 422
            )
    if person is not None and is_dead(person):
        problems["name"] = _("这个人已登记去世，不能再以他的名义申请。")
    if version is not None and handler is None and compiled(version.pk).only_for_organisations:
        problems["matter"] = _("这件事由企业办理：请在“替谁办”里选单位。来人还不能替单位办的，请先登记单位。")
        return _page(request, {"typed": typed, "problems": problems, **_seen(request, typed["number"], person)}, 422)
    if problems or person is None or version is None:
        return _page(request, {"typed": typed, "problems": problems, "is_new": True}, status=422)
    if typed["phone"] and not told_phone(person, typed["phone"]):
        words = {"known": mask_phone(person.phone)}
        messages.warning(
            request, _("这个人自己登记的手机号是 %(known)s，没有改成刚才填的。要用另一个，请在下面的表里填。") % words
        )
    applicant = mandate.principal if mandate is not None else person
    draft = start_draft(
        version=version,
        applicant=applicant,
        entered_by=user,
        answers={},
        profile=profile_of(applicant),
        channel=Channel.COUNTER,
        site=site,
        organisation=handler.organisation if handler is not None else None,
        mandate=mandate,
    )
    for each in {person.pk, applicant.pk}:
        record_access(user, each, "counter", ["name", "document", "phone"], site.code)
    tell_principal(draft, DRAFT, user)
    return redirect("matters:situation", draft.pk)


@require_GET
def counter_bundle(request: HttpRequest, number: str) -> HttpResponse:
    """A bundle as the window sees it: where each part stands, what the clerk may do, what the applicant owes.

    All of it where it was entered, else the parts of the clerk's own departments.
    """
    found = get_counter_case_for(request.user, number)
    bundle = found.bundle
    user: Any = request.user
    amended = amended_parts(bundle)
    progress = progress_of(bundle, amended=amended)
    seen = {part.pk for part in found.parts}
    corrections = [asked for asked in open_corrections(bundle) if asked.sub_item_id in seen]
    context = {
        "bundle": bundle,
        "progress": progress,
        "rows": part_rows(user, [step for step in progress.steps if step.sub_item.pk in seen]),
        "is_whole": found.is_whole,
        "corrections": [(asked, may_answer(user, asked.sub_item), named_gaps(bundle, asked)) for asked in corrections],
        "amended": amended if found.is_whole else [],
        "talks": talks_of(bundle, restored_post(request)) if found.entered_here else [],
        "document": mask_document(document_number(bundle.applicant)),
        "phone": mask_phone(bundle.applicant.phone),
        "came_online": bundle.channel == Channel.ONLINE,
        "title": bundle.number,
        **admin.site.each_context(request),
    }
    return render(request, "matters/counter/bundle.html", context)


def _page(request: HttpRequest, found: dict[str, Any], status: int = 200) -> HttpResponse:
    window = _window(request)
    latest = _latest(request)
    open_drafts = Draft.objects.filter(window.held_here(), submitted_at=None).not_over()
    person = found.get("person")
    context = {
        "q": "",
        "problem": "",
        "person": person,
        "document": mask_document(document_number(person)) if person is not None else "",
        "found": [],
        "several": [],
        "is_new": False,
        "problems": {},
        "matters": listed_versions()
        .filter(status=Matter.Status.OPEN)
        .order_by("name")
        .values_list("matter__slug", "name"),
        "kinds": DocumentKind.choices,
        "sites": window.departments,
        "is_seen": False,
        "handlers": [],
        "mandates": [],
        "drafts": open_drafts.select_related("applicant", "organisation", "entered_by", "matter_version__matter")
        .defer("matter_version__content", "form_sealed")
        .order_by("-saved_at")[:OPEN_DRAFTS],
        "title": _("收件台"),
        **admin.site.each_context(request),
        **found,
        "typed": {
            "name": "",
            "document_kind": "111",
            "number": "",
            "phone": "",
            "matter": latest.matter_version.matter.slug if latest is not None else "",
            "site": _site(window, "", latest.site_id if latest is not None else None).code,
            **found.get("typed", {}),
        },
    }
    return render(request, "matters/counter/counter.html", context, status=status)


def _seen(request: HttpRequest, q: str, person: Person | None) -> dict[str, Any]:
    """Return for whom somebody acts whose document lies on the counter; each who is named to the clerk can read that they were."""
    if person is None:
        return {"q": q}
    user: Any = request.user
    handlers, mandates = handlers_of_person(person), held_by_person(person)
    site = _site(_window(request), "", _last_site(request)).code
    for principal in {one.principal_id for one in mandates}:
        record_access(user, principal, "counter", ["name"], site)
    return {"q": q, "person": person, "is_seen": True, "handlers": handlers, "mandates": mandates}


def _typed(post: QueryDict) -> dict[str, str]:
    """Return what was typed about whoever stands at the counter."""
    names = ("name", "document_kind", "number", "phone", "matter", "site")
    return {name: post.get(name, "").strip()[:120] for name in names}


def _window(request: HttpRequest) -> Window:
    """Return the window at which this clerk serves; Http404 for everybody else."""
    user: Any = request.user
    window = window_of(user)
    if not window.is_open:
        raise Http404
    return window


def _latest(request: HttpRequest) -> Draft | None:
    user: Any = request.user
    return Draft.objects.filter(entered_by=user, channel=Channel.COUNTER).order_by("-saved_at").first()


def _last_site(request: HttpRequest) -> int | None:
    latest = _latest(request)
    return latest.site_id if latest is not None else None


def _site(window: Window, chosen: str, last: int | None) -> Department:
    """Return where this is entered: as chosen, else where the clerk entered the last one, else the first of the window."""
    departments = window.departments
    named = next((one for one in departments if one.code == chosen), None)
    return named or next((one for one in departments if one.pk == last), departments[0])


def _person_with(number: str) -> Person | None:
    return next((found for kind in DocumentKind.values if (found := find_person(kind, number)) is not None), None)


def _kind_of(number: str) -> str | None:
    """Return the first kind of document that such a number may be of."""
    today = timezone.localdate()
    return next((kind for kind in DocumentKind.values if check_document(kind, number, today) is None), None)


def _name_in(typed: str) -> str:
    """Return a whole name as it is kept, empty for what is none: a document's number in letters is no name."""
    try:
        name = person_name(typed)
    except InvalidIdentifier:
        return ""
    return "" if name.isascii() and " " not in name else name


def _by_serial(request: HttpRequest, window: Window, serial: str) -> HttpResponse:
    """Lead to the one case with this serial in its number, or show those there are: every day and division may have one."""
    middle = Q(number__contains=f"-{int(serial):07d}-")
    bundles = list(Bundle.objects.for_list().filter(window.reached(), middle).order_by("-submitted_at")[:FOUND_LIMIT])
    if len(bundles) == 1:
        return redirect("admin:counter_bundle", bundles[0].number)
    problem = _("本窗口没有编号中间是“%(serial)s”的办件，请核对，或输入完整的编号。") % {"serial": serial}
    return _several(request, window, serial, bundles, problem)


def _credit_code_in(text: str) -> str:
    """Return the unified social credit code that was typed; empty where it is none."""
    try:
        return credit_code(text)
    except InvalidIdentifier:
        return ""


def _by_organisation(request: HttpRequest, window: Window, code: str) -> HttpResponse:
    """Show what this window reaches of what was applied for in an organisation's name."""
    of_organisation = Bundle.objects.for_list().filter(window.reached(), organisation__credit_code=code)
    bundles = list(of_organisation.order_by("-submitted_at")[:FOUND_LIMIT])
    return _several(request, window, code, bundles, _("本窗口没有这个单位的办件，请核对统一社会信用代码。"))


def _by_name(request: HttpRequest, window: Window, name: str) -> HttpResponse:
    """Show the cases of everybody proved to be of this name that this window reaches, with the document to tell them apart."""
    index = Person._meta.get_field("name_index").index_of(name)
    namesakes = Bundle.objects.for_list().filter(
        window.reached(), applicant__name_index=index, applicant__level__gt=Level.CLAIMED
    )
    bundles = list(namesakes.order_by("-submitted_at")[:FOUND_LIMIT])
    problem = _("本窗口没有“%(name)s”的办件，请输入完整的证件号码再查。") % {"name": name}
    return _several(request, window, name, bundles, problem)


def _several(request: HttpRequest, window: Window, q: str, bundles: list[Bundle], problem: str) -> HttpResponse:
    user: Any = request.user
    site = _site(window, "", _last_site(request)).code
    for applicant in {bundle.applicant_id for bundle in bundles}:
        record_access(user, applicant, "counter", ["name", "document", "bundles"], site)
    rows = [(bundle, mask_document(document_number(bundle.applicant))) for bundle in bundles]
    return _page(request, {"q": q, "several": rows, "problem": "" if rows else problem})


def _bundles_of(request: HttpRequest, window: Window, person: Person) -> list[tuple[Bundle, list[SubItem]]]:
    """Return the person's bundles that this window reaches, each with the parts that it sees."""
    user: Any = request.user
    site = _site(window, "", _last_site(request)).code
    record_access(user, person.pk, "counter", ["name", "document", "bundles"], site)
    bundles = Bundle.objects.for_list().filter(window.reached(), applicant=person).order_by("-submitted_at")
    return [(bundle, window.parts_of(bundle)) for bundle in bundles[:FOUND_LIMIT]]


def _problems(typed: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with what was typed, each beside its box, all at once."""
    checks: dict[str, tuple[str, Callable[[], object]]] = {
        "name": (_("姓名"), lambda: person_name(typed["name"])),
        "number": (
            _("证件号码"),
            lambda: normalise_document(typed["document_kind"], typed["number"], timezone.localdate()),
        ),
        "phone": (_("手机号"), lambda: mobile_phone(typed["phone"]) if typed["phone"] else ""),
    }
    if typed["document_kind"] not in DocumentKind.values:
        return {"document_kind": _("请选择证件类型。")}
    problems = {}
    for place, (label, check) in checks.items():
        try:
            check()
        except InvalidIdentifier as invalid:
            problems[place] = sentence(invalid.code, invalid.params, label)
    return problems
