"""What the four steps of an application share: access, the version in force, and what every page of them shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.combining.fulfilling import title_of
from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.versions.matters import compiled
from catalog.wording.absences import absence_sentences
from catalog.wording.translating import translator_for
from matters.apply_pages.summary import summarise
from matters.cases.promises import barred_until, promisable_papers
from matters.core.acting import in_person_items
from matters.core.clocks import official_date
from matters.core.draft_document import DraftDocument
from matters.drafts.confirming import is_all_known
from matters.drafts.saving import get_draft_for
from matters.drafts.versions import bring_up_to_date, is_outdated
from matters.models import Channel, Draft
from matters.wording.refusals import NEEDS_IDENTITY, OnlyInPerson, barred_ahead_sentence
from portal.accounts.models import User
from portal.accounts.people import is_proved_enough
from portal.identifiers.masking import mask_name
from portal.ledger.access import record_access
from portal.lib.qr import code_of


def today() -> date:
    """Return today where the offices are."""
    return official_date(timezone.now())


def account(request: HttpRequest) -> User:
    """Return who is logged in; for views that require a login."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def open_step(request: HttpRequest, draft_id: uuid.UUID, *, move: bool = True) -> Draft | HttpResponse:
    """Return the draft to work on, or where to go instead (it is submitted, or its matter has changed).

    ``move`` False leaves a draft on its version for this request: what was sent is saved first.
    """
    draft = get_draft_for(request.user, draft_id)
    if draft.submitted_at is not None:
        return redirect("matters:submitted", draft.pk)
    if move and is_outdated(draft):
        changes = bring_up_to_date(draft)
        if changes:
            intro = _("这件事的办理规定刚刚更新，您填过的内容都还在。")
            messages.warning(request, intro + "".join(changes))
        if compiled(draft.matter_version_id).check_answers(draft.answers):
            return redirect("matters:situation", draft.pk)
    return draft


def record_window_reading(request: HttpRequest, draft: Draft, shown: Iterable[str]) -> None:
    """Leave a line that the applicant reads, in the site's name, when a window is shown a draft; cost: one INSERT, and nothing online.

    It is about the person: a draft may be thrown away, and who read it stays known.
    """
    if draft.channel == Channel.COUNTER:
        site = draft.site.code if draft.site is not None else ""
        record_access(account(request), draft.applicant_id, "counter_draft", ["name", *shown], site)


def record_window_exchange(request: HttpRequest, draft: Draft, shown: Iterable[str]) -> None:
    """Leave that line for what saving exchanges in the background: once for each clerk, draft and day, not each time it asks."""
    if draft.channel == Channel.COUNTER:
        key = f"window-exchange:{draft.pk}:{account(request).pk}:{today()}"
        if cache.add(key, True, 24 * 3600):
            record_window_reading(request, draft, shown)


def now() -> datetime:
    """Return the moment where the offices are."""
    return timezone.localtime()


def step_context(
    draft: Draft, plan: Plan, document: DraftDocument, problems: Iterable[FieldProblem] | None = None
) -> dict[str, Any]:
    """Return what every step shows of a draft: its matter, its figures, and that it is saved.

    ``problems``: what ``Plan.clean`` finds wrong with its values, where the caller has asked already.
    """
    problems = plan.clean(document.values, now())[1] if problems is None else problems
    visible = plan.visible(document.values)
    matter = compiled(draft.matter_version_id)
    translate = translator_for(matter)

    return {
        "draft": draft,
        "matter_name": translate(title_of(matter, plan)),
        "absent": absence_sentences(matter, plan, translate),
        "planned_items": tuple((translate(item.name), translate(item.department_short_name)) for item in plan.items),
        "summary": summarise(plan, document, visible, plan.required(document.values), problems, today()),
        "phone_code": code_of(f"{settings.YIJIAN_PUBLIC_URL}{reverse('matters:form', args=[draft.pk])}"),
        "all_known": is_all_known(draft, plan, document, now()),
        "identity_needed": NEEDS_IDENTITY.get(plan.identity_level, "")
        if not is_proved_enough(draft.applicant, plan.identity_level)
        else "",
        "in_person": OnlyInPerson([translate(name) for name in in_person_items(plan)]).sentence
        if draft.is_by_agent and in_person_items(plan)
        else "",
        "barred": barred_ahead(matter, plan, draft.applicant_id, draft.organisation_id),
        "counter_applicant": served_at_counter(draft),
    }


def barred_ahead(matter: CompiledMatter, plan: Plan, person: object, organisation: object | None) -> str:
    """Return what somebody is told from the first page on whose word does not count now, where something could be promised; else empty.

    Told only on submission, they would have filled in everything on the strength of it. One query where something could be promised, else none.
    """
    papers = promisable_papers(matter, plan)
    until = barred_until(person, organisation, today()) if papers else None
    if until is None:
        return ""
    translate = translator_for(matter)
    return barred_ahead_sentence(pgettext("between names", "、").join(translate(name) for name in papers), until)


def served_at_counter(draft: Draft | None) -> str:
    """Return whom a window does it for, as every page of it says: the organisation with its credit code and who of its people stands there; empty online."""
    if draft is None or draft.channel != Channel.COUNTER:
        return ""
    name, organisation = mask_name(draft.applicant.name), draft.organisation
    if organisation is None:
        return name
    return _("%(organisation)s（%(code)s，经办人 %(name)s）") % {
        "organisation": organisation.name,
        "code": organisation.credit_code,
        "name": name,
    }
