"""Sources that had not answered when an application was submitted: asked about the papers that were handed in instead, until their parts are decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from catalog.versions.matters import compiled
from catalog.wording.translating import translator_for
from matters.cases.sealed_form import open_bundle_form
from matters.core.draft_document import DraftDocument
from matters.core.states import OPEN
from matters.drafts.inquiring import KIND, AskedThing, SheetLine, sheet_of
from matters.drafts.saving import plan_of
from matters.models import Bundle, Draft, SubItem
from portal.outbox.enqueueing import Job, enqueue_again
from portal.sharing.fetching import in_force
from portal.sharing.models import Fetch, FetchOutcome

# A source that did not answer is asked again after an hour, for a day from submission on.
AGAIN, LONGEST = timedelta(hours=1), timedelta(days=1)
BATCH = 200


def late_lines(draft: Draft) -> list[SheetLine]:
    """Return what may still be asked for an application that was submitted, by the consents and grounds of its sheet: papers that were
    handed in, for parts that are not decided. Nothing is filled in any more, so no field is asked for but whose kin somebody is, by which a
    record is seen to be about others. Some seven queries.
    """
    bundle = Bundle.objects.filter(idempotency_key=draft.submission_key).first()
    if bundle is None:
        return []
    undecided = set(SubItem.objects.filter(bundle=bundle, state__in=OPEN).values_list("key", flat=True))
    plan, form = plan_of(draft), open_bundle_form(bundle)
    items = {
        each.slug for each in compiled(bundle.matter_version_id).plan_for(bundle.answers).items if each.key in undecided
    }
    handed_in = set(bundle.materials.filter(replaced_at=None).values_list("material", flat=True))
    document = DraftDocument(values=form.values, known=form.known)
    lines = sheet_of(draft, plan, document, translator_for(draft.matter_version_id)) if items and handed_in else []
    return [late for line in lines if (late := _narrowed(line, handed_in, items)).papers]


def _narrowed(line: SheetLine, handed_in: Collection[str], items: Collection[str]) -> SheetLine:
    def is_open(each: AskedThing) -> bool:
        return any(item in items for item in each.items)

    papers = tuple(each for each in line.papers if each.key in handed_in and is_open(each))
    kin = tuple(each for each in line.facts if each.wanted.asked.endswith(".person.id_number") and is_open(each))
    return replace(line, papers=papers, facts=kin)


def ask_again() -> int:
    """Have sources asked again that did not answer before their application was submitted; return how many. For the reconciler; two queries."""
    now = timezone.now()
    later = Fetch.objects.filter(case=OuterRef("case"), source=OuterRef("source"), asked_at__gt=OuterRef("asked_at"))
    waiting = SubItem.objects.filter(
        bundle__idempotency_key=OuterRef("case"), bundle__submitted_at__gt=now - LONGEST, state__in=OPEN
    )
    away = Fetch.objects.filter(
        in_force(now) & Q(outcome=FetchOutcome.AWAY),
        ~Exists(later),
        Exists(waiting),
        source__is_open=True,
        asked_at__lt=now - AGAIN,
        asked_at__gt=now - 2 * LONGEST,
    )
    asked = list(away.values_list("case", "source__code").order_by(F("asked_at"))[:BATCH])
    drafts = dict(
        Draft.objects.filter(submission_key__in=[case for case, _code in asked]).values_list("submission_key", "pk")
    )
    jobs = [Job(KIND, f"{drafts[case]}:{code}", {"draft": str(drafts[case])}) for case, code in asked if case in drafts]
    enqueue_again(jobs)
    return len(jobs)
