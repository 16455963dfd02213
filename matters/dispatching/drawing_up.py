"""Drawing up official documents (文书): each event that calls for one gets it once, numbered without gaps within its series.

What is drawn up is read from the ledger, not told by whoever acted: an event without its document is found and made good. The number and
the document are written in one transaction, and the series' row is locked until it ends, so that no number is lost or given twice.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from catalog.models import Department
from certificates.models import Certificate
from matters.cases.department_view import plan_of
from matters.cases.letters import LetterFacts, compose
from matters.core.letters import KIND_OF_EVENT, document_number
from matters.models import (
    Bundle,
    CorrectionRequest,
    Decision,
    Extension,
    MaterialSatisfaction,
    OfficialDocument,
    SubItem,
    SubmittedMaterial,
)
from matters.models.querysets import PAGE_ORDER
from portal.ledger.models import Event
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import Job

KIND = "draw_up"

# One statement gives the numbers of a whole batch; sorted, so that two workers never wait for each other in a circle.
_TAKE = """
INSERT INTO matters_documentseries AS series (department_id, kind, year, last)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::smallint[], %s::int[])
    ON CONFLICT (department_id, kind, year) DO UPDATE SET last = series.last + EXCLUDED.last
RETURNING department_id, kind, year, last
"""


def drawing_up(bundle: uuid.UUID, fact: str) -> Job:
    """Return the job that draws up what a fact calls for. ``fact``: what names it, once."""
    return Job(KIND, fact, {"bundle": str(bundle)})


def draw_up_documents(claims: Sequence[Claim]) -> None:
    """Handle ``draw_up``: payload ``{bundle}``. Raises ``StaleLease`` with nothing done."""
    with transaction.atomic():
        complete(claims)
        draw_up({uuid.UUID(claim.payload["bundle"]) for claim in claims})


def draw_up(bundle_ids: Collection[uuid.UUID]) -> list[OfficialDocument]:
    """Draw up every document that these bundles' events call for and that is not there yet; return them in the order of the events.

    Inside the caller's transaction. Cost: at most thirteen statements, however many bundles.
    """
    bundles = _lock(bundle_ids)
    events = list(_undocumented(bundles))
    if not events:
        return []
    rows = _Rows.of(bundles, events)
    issuers = {event.pk: rows.issuer(event) for event in events}
    documents = []
    numbers = _take_numbers(events, issuers)
    now = timezone.now()
    for event in events:
        kind, department = KIND_OF_EVENT[event.kind], issuers[event.pk]
        year = timezone.localdate(event.at).year
        serial = next(numbers[department.pk, kind.value, year])
        number = document_number(department.short_name, kind, year, serial)
        facts = rows.facts(event, department, number)
        document = OfficialDocument(
            bundle=facts.bundle,
            sub_item=facts.sub_item,
            department=department,
            kind=kind.value,
            event=event,
            year=year,
            serial=serial,
            number=number,
            drawn_at=now,
        )
        document.seal_letter(compose(facts))
        documents.append(document)
    OfficialDocument.objects.bulk_create(documents)
    return documents


def _lock(bundle_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Bundle]:
    found = Bundle.objects.filter(pk__in=bundle_ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    related = ("applicant", "organisation", "site", "mandate__agent", "mandate__agent_organisation")
    rows = found.select_related(*related, "matter_version__matter__lead_department")
    return {bundle.pk: bundle for bundle in rows.defer("form_sealed", "matter_version__content")}


def _undocumented(bundle_ids: Collection[uuid.UUID]) -> Iterable[Event]:
    """Return the events that call for a document and have none: of a submission, and of a notice of several departments, the whole's
    event, not those of its parts."""
    there = OfficialDocument.objects.filter(event=OuterRef("pk"))
    found = Event.objects.filter(~Exists(there), chain_id__in=list(bundle_ids), kind__in=list(KIND_OF_EVENT))
    whole = Event.objects.filter(chain_id=OuterRef("chain_id"), kind="notice_sent")
    found = found.exclude(Exists(whole.filter(data__notice=OuterRef("data__notice"))), kind="correction_requested")
    return found.filter(~Q(kind="submitted") | Q(sub_item="")).order_by("pk")


def _take_numbers(
    events: Sequence[Event], issuers: Mapping[int, Department]
) -> dict[tuple[int, str, int], Iterator[int]]:
    wanted: dict[tuple[int, str, int], int] = defaultdict(int)
    for event in events:
        series = (issuers[event.pk].pk, KIND_OF_EVENT[event.kind].value, timezone.localdate(event.at).year)
        wanted[series] += 1
    ordered = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE,
            [*([series[place] for series in ordered] for place in range(3)), [wanted[series] for series in ordered]],
        )
        return {
            (department, kind, year): iter(range(last - wanted[department, kind, year] + 1, last + 1))
            for department, kind, year, last in cursor.fetchall()
        }


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the documents of a batch are made of, read in one statement a table."""

    bundles: Mapping[uuid.UUID, Bundle]
    sub_items: Mapping[tuple[uuid.UUID, str], SubItem]
    decisions: Mapping[uuid.UUID, Decision]
    corrections: Mapping[int, Sequence[CorrectionRequest]]
    extensions: Mapping[uuid.UUID, Extension]
    commitments: Mapping[uuid.UUID, Mapping[str, str]]
    delivered: Mapping[str, OfficialDocument]
    papers: Mapping[uuid.UUID, Sequence[SubmittedMaterial]]
    certificates: Mapping[str, Sequence[Certificate]]

    @classmethod
    def of(cls, bundles: Mapping[uuid.UUID, Bundle], events: Sequence[Event]) -> _Rows:
        kinds = {event.kind for event in events}
        parts = SubItem.objects.filter(bundle__in=list(bundles)).select_related("department").order_by("number")
        sub_items = {}
        for part in parts:
            part.bundle = bundles[part.bundle_id]
            sub_items[part.bundle_id, part.key] = part
        ids = [part.pk for part in sub_items.values()]
        decided = kinds & {
            "acceptance_refused",
            "approved",
            "approved_in_part",
            "decided_by_rule",
            "approved_by_system",
            "rejected",
            "rejected_by_system",
        }
        decisions = Decision.objects.filter(sub_item__in=ids).select_related("sub_item") if decided else []
        extended = Extension.objects.filter(sub_item__in=ids) if "extended" in kinds else []
        return cls(
            bundles,
            sub_items,
            {one.sub_item_id: one for one in decisions},
            _corrections(sub_items, events) if kinds & {"correction_requested", "notice_sent"} else {},
            {one.sub_item_id: one for one in extended},
            _commitments(bundles) if "commitments_taken" in kinds else {},
            _delivered(events) if "document_delivered" in kinds else {},
            _papers(bundles) if "submitted" in kinds else {},
            _certificates([part.number for part in sub_items.values()]) if decided else {},
        )

    def sub_item(self, event: Event) -> SubItem | None:
        return self.sub_items[event.chain_id, event.sub_item] if event.sub_item else None

    def issuer(self, event: Event) -> Department:
        """Return who signs: the department of the part; of the whole the window that received it, else the matter's lead."""
        part, bundle = self.sub_item(event), self.bundles[event.chain_id]
        if part is not None:
            return part.department
        lead = bundle.matter_version.matter.lead_department
        first = next(each for (owner, _key), each in self.sub_items.items() if owner == bundle.pk)
        return bundle.site or lead or first.department

    def facts(self, event: Event, department: Department, number: str) -> LetterFacts:
        bundle, part = self.bundles[event.chain_id], self.sub_item(event)
        own = [each for (owner, _key), each in self.sub_items.items() if owner == bundle.pk]
        planned = {item.key for item in plan_of(bundle).items}
        issued = self.certificates.get(part.number, ()) if part is not None else ()
        whom = bundle.organisation or bundle.applicant
        return LetterFacts(
            event=event,
            bundle=bundle,
            issuer=part.office.name if part is not None else department.name,
            number=number,
            sub_item=part,
            decision=self.decisions.get(part.pk) if part is not None else None,
            corrections=self.corrections.get(event.pk, ()),
            extension=self.extensions.get(part.pk) if part is not None else None,
            commitments=self.commitments.get(bundle.pk, {}),
            delivered=self.delivered.get(event.data.get("document", "")),
            parts=[each for each in own if each.key in planned],
            papers=self.papers.get(bundle.pk, ()),
            certificates=list(dict.fromkeys(one.type_name for one in issued)),
            others=list(
                dict.fromkeys(one.holder_name for one in issued if whom.name not in one.holder_name.split("、"))
            ),
        )


def _corrections(
    sub_items: Mapping[tuple[uuid.UUID, str], SubItem], undocumented: Sequence[Event]
) -> dict[int, Sequence[CorrectionRequest]]:
    """Return event → the return for correction it records: a part has one open at a time, so that both stand in the same order. Of a notice
    that several departments sent: all that it told.

    What was marked and taken back, or never told, has no event. The order is that of the rows, which no clock of another host can turn.
    """
    asked: dict[tuple[uuid.UUID, str], list[CorrectionRequest]] = defaultdict(list)
    keys = {part.pk: place for place, part in sub_items.items()}
    requests = CorrectionRequest.objects.told().filter(sub_item__in=list(keys)).prefetch_related("items")
    notices: dict[int | None, list[CorrectionRequest]] = defaultdict(list)
    parts = {part.pk: part for part in sub_items.values()}
    for request in requests.order_by("pk"):
        request.sub_item = parts[request.sub_item_id]
        asked[keys[request.sub_item_id]].append(request)
        notices[request.notice_id].append(request)
    told: dict[tuple[uuid.UUID, str], list[int]] = defaultdict(list)
    events = Event.objects.filter(chain_id__in={owner for owner, _key in sub_items}, kind="correction_requested")
    for event, chain, key in events.order_by("sequence").values_list("pk", "chain_id", "sub_item"):
        told[chain, key].append(event)
    found: dict[int, Sequence[CorrectionRequest]] = {
        event: [request] for place, ids in told.items() for event, request in zip(ids, asked[place], strict=False)
    }
    return found | {one.pk: notices[one.data["notice"]] for one in undocumented if one.kind == "notice_sent"}


def _commitments(bundle_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """Return the words of the commitments of these bundles, by paper."""
    rows = MaterialSatisfaction.objects.filter(bundle__in=list(bundle_ids), kind=MaterialSatisfaction.Kind.COMMITMENT)
    found: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    for bundle, material, text in rows.values_list("bundle", "material", "text"):
        found[bundle][material] = text
    return found


def _delivered(events: Sequence[Event]) -> dict[str, OfficialDocument]:
    ids = [event.data["document"] for event in events if event.kind == "document_delivered"]
    return {str(one.pk): one for one in OfficialDocument.objects.filter(pk__in=ids)}


def _certificates(references: Sequence[str]) -> dict[str, list[Certificate]]:
    """Return what was issued with each decision, in the order of the issue."""
    found: dict[str, list[Certificate]] = defaultdict(list)
    issued = Certificate.objects.filter(decision_reference__in=references).order_by("issued_at", "pk")
    for one in issued.defer("face_sealed"):
        found[one.decision_reference].append(one)
    return found


def _papers(bundles: Collection[uuid.UUID]) -> dict[uuid.UUID, list[SubmittedMaterial]]:
    """Return what was handed in with the submission, in the order of the page."""
    found: dict[uuid.UUID, list[SubmittedMaterial]] = defaultdict(list)
    handed_in = SubmittedMaterial.objects.filter(bundle__in=list(bundles), uploaded_at__lte=F("bundle__submitted_at"))
    for paper in handed_in.order_by(*PAGE_ORDER):
        found[paper.bundle_id].append(paper)  # type: ignore[index]
    return found
