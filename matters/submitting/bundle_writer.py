"""The one statement that writes a submitted bundle: chain, bundle, sub-items, events, job, papers and draft."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from catalog.merging.compiled import Plan
from matters.cases.sealed_form import BundleForm, seal_bundle_form
from matters.core.clocks import official_date
from matters.core.numbering import bundle_number
from matters.dispatching.sub_items import INSERT_SUB_ITEMS, sub_item_columns
from matters.drafts.satisfying import Substitute
from matters.models import Bundle, FiledDocument, Scan, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, event_columns, first_events
from portal.lib.uuid7 import uuid7
from portal.outbox.worker_notifier import notify_workers
from portal.retention.holds import HOLDS

_LOCK = """
SELECT d.matter_version_id, d.applicant_id, d.organisation_id, d.mandate_id, d.channel, d.site_id, d.answers::text, d.form_sealed, d.revision, d.submission_key,
       d.submitted_at, statement_timestamp(), nextval('matters_bundle_serial'),
       (SELECT COALESCE(v.division_id, lead.division_id)
          FROM catalog_matterversion v
          JOIN catalog_matter m ON m.id = v.matter_id
          LEFT JOIN catalog_department lead ON lead.id = m.lead_department_id
         WHERE v.id = d.matter_version_id),
       accounts_is_dead(d.applicant_id), pg_advisory_xact_lock_shared(%s)
  FROM matters_draft d WHERE d.id = %s FOR UPDATE OF d
"""

# One statement, because every further one is a round trip under the draft's lock. Rows travel as one array a column
# (``unnest``), so that the statement is the same text, planned once, for any number of sub-items; e0 … e9 are the columns
# of the events in the order of ``portal.ledger.chain.event_columns``, whose types are those that stand here.
_WRITE = f"""
WITH chain AS (
    INSERT INTO ledger_chain (id, length, head) VALUES (%(bundle)s, %(length)s, %(head)s)
), bundle AS (
    INSERT INTO matters_bundle
           (id, number, matter_version_id, applicant_id, organisation_id, mandate_id, begun_under_id, entered_by_id, channel, site_id, clerks, idempotency_key, answers,
            form_sealed, form_revision, submitted_at, promised_on)
    VALUES (%(bundle)s, %(number)s, %(version)s, %(applicant)s, %(organisation)s, %(mandate)s, %(begun_under)s, %(by)s, %(channel)s, %(site)s,
            (SELECT clerks FROM matters_draft WHERE id = %(draft)s), %(key)s, %(answers)s,
            %(form)s, 1, %(now)s, %(promised_on)s)
), sub_items AS (
{INSERT_SUB_ITEMS}
), events AS (
    INSERT INTO ledger_event
           (chain_id, sequence, at, kind, actor_id, department, sub_item, data, previous_hash, hash)
    SELECT * FROM unnest(
        %(e0)s::uuid[], %(e1)s::int[], %(e2)s::timestamptz[], %(e3)s::text[], %(e4)s::bigint[], %(e5)s::text[],
        %(e6)s::text[], %(e7)s::jsonb[], %(e8)s::bytea[], %(e9)s::bytea[])
), job AS (
    INSERT INTO outbox_outboxmessage
           (kind, subject, payload, created_at, not_before, attempts, lease_number, last_error)
    VALUES ('fan_out', %(bundle)s::text, jsonb_build_object('bundle', %(bundle)s::text), %(now)s, %(now)s, 0, 0, '')
), papers AS (
    UPDATE matters_submittedmaterial SET bundle_id = %(bundle)s, draft_id = NULL
     WHERE draft_id = %(draft)s AND material = ANY(%(asked)s)
), satisfied AS (
    INSERT INTO matters_materialsatisfaction (bundle_id, material, kind, fetch_id, certificate_id, mandate_id, handler_id, earlier_part_id,
           earlier_files, earlier_day, earlier_until, text, at)
    SELECT %(bundle)s, s.material, s.kind, s.fetch_id, s.certificate_id, s.mandate_id, s.handler_id, s.part_id, s.files::uuid[], s.day, s.until, s.text, %(now)s
      FROM unnest(%(s_materials)s::text[], %(s_kinds)s::text[], %(s_fetches)s::uuid[], %(s_certificates)s::uuid[], %(s_mandates)s::uuid[],
                %(s_handlers)s::uuid[], %(s_parts)s::uuid[],
                %(s_files)s::text[], %(s_days)s::date[], %(s_untils)s::date[], %(s_texts)s::text[])
           AS s (material, kind, fetch_id, certificate_id, mandate_id, handler_id, part_id, files, day, until, text)
), documents AS (
    INSERT INTO matters_fileddocument (id, bundle_id, name, kind, sub_item, key, content_sealed, sha256, agreed_at)
    SELECT d.id, %(bundle)s, d.name, d.kind, d.sub_item, d.key, d.content, d.sha256, d.agreed_at
      FROM unnest(%(d_ids)s::uuid[], %(d_names)s::text[], %(d_kinds)s::text[], %(d_sub_items)s::text[], %(d_keys)s::text[],
                  %(d_contents)s::bytea[], %(d_digests)s::text[], %(d_moments)s::timestamptz[])
           AS d (id, name, kind, sub_item, key, content, sha256, agreed_at)
), left_behind AS (
    DELETE FROM matters_submittedmaterial WHERE draft_id = %(draft)s AND NOT material = ANY(%(asked)s)
       -- What is under a legal hold stays with the draft until the hold is lifted (``left_papers`` of the retention schedule).
       AND NOT EXISTS (SELECT 1 FROM retention_legalhold h WHERE h.lifted_at IS NULL
                          AND (h.person_id = %(applicant)s OR h.organisation_id = %(organisation)s))
    RETURNING file
)
UPDATE matters_draft SET submitted_at = %(now)s, form_sealed = NULL WHERE id = %(draft)s
RETURNING (SELECT array_agg(file) FROM left_behind)
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A locked draft as submission needs it. ``now`` is the database's clock, ``serial`` a fresh number."""

    id: uuid.UUID
    matter_version_id: int
    applicant_id: uuid.UUID
    organisation_id: uuid.UUID | None
    mandate_id: uuid.UUID | None
    channel: str
    site_id: int | None
    answers: dict[str, Any]
    form_sealed: bytes | None
    revision: int
    submission_key: uuid.UUID
    submitted_at: datetime | None
    now: datetime
    serial: int
    division: str
    is_of_the_dead: bool = False


def lock_draft(draft_id: uuid.UUID) -> OpenDraft | None:
    """Lock a draft against saving and submitting until the transaction ends, and let no hold be placed meanwhile; None if there is none.

    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [HOLDS, draft_id])
        row = cursor.fetchone()
    if row is None:
        return None
    (
        version,
        applicant,
        organisation,
        mandate,
        channel,
        site,
        answers,
        form,
        revision,
        key,
        submitted_at,
        now,
        serial,
        division,
        is_of_the_dead,
        _holds_waited_for,
    ) = row
    sealed = None if form is None else bytes(form)
    # Six zeros where no division answers for the matter: the number says so instead of claiming one.
    return OpenDraft(
        draft_id, version, applicant, organisation, mandate, channel, site, json.loads(answers), sealed, revision, key, submitted_at, now, serial,
        division or "000000", is_of_the_dead,
    )  # fmt: skip


def papers_on(filed: OpenDraft) -> dict[str, list[SubmittedMaterial]]:
    """Return material → the files handed in on a locked draft; what waits for the virus scanner counts. One statement.

    Not part of ``lock_draft``: what it waited for may have handed in or removed a paper.
    """
    rows = SubmittedMaterial.objects.filter(draft=filed.id, replaced_at=None).exclude(scan=Scan.INFECTED)
    found: dict[str, list[SubmittedMaterial]] = {}
    for row in rows.order_by(*PAGE_ORDER):
        found.setdefault(row.material, []).append(row)
    return found


def write_bundle(
    filed: OpenDraft,
    plan: Plan,
    form: BundleForm,
    *,
    asked: Collection[str],
    substitutes: Mapping[str, Substitute],
    documents: Iterable[FiledDocument],
    answers: dict[str, Any],
    by: User,
    mandate: uuid.UUID | None,
    promised_on: date | None,
) -> Bundle:
    """Write the bundle and everything that comes with it. One statement, however many sub-items.

    ``asked``: the materials that this situation asks for. What was handed in for another one is deleted, its files after the commit.
    ``substitutes``: what stands in for those that were not handed in. ``documents``: what was agreed to, word for word.
    ``mandate``: under which it is filed, if another than the applicant acts.
    """
    bundle = Bundle(
        id=uuid7(),
        number=bundle_number(official_date(filed.now), filed.division, filed.serial),
        matter_version_id=filed.matter_version_id,
        applicant_id=filed.applicant_id,
        organisation_id=filed.organisation_id,
        mandate_id=mandate,
        begun_under_id=filed.mandate_id,
        entered_by_id=by.pk,
        channel=filed.channel,
        site_id=filed.site_id,
        idempotency_key=filed.submission_key,
        answers=answers,
        submitted_at=filed.now,
        promised_on=promised_on,
    )
    bundle.form_sealed = seal_bundle_form(bundle.pk, form)
    rows = first_events(bundle.pk, filed.now, _submitted(plan, by))
    sub_items = [(bundle.pk, bundle.number, place, item) for place, item in enumerate(plan.items, start=1)]
    events = {f"e{place}": column for place, column in enumerate(event_columns(rows))}
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "bundle": bundle.pk,
                "number": bundle.number,
                "version": bundle.matter_version_id,
                "applicant": bundle.applicant_id,
                "organisation": bundle.organisation_id,
                "mandate": bundle.mandate_id,
                "begun_under": bundle.begun_under_id,
                "by": by.pk,
                "channel": bundle.channel,
                "site": bundle.site_id,
                "key": bundle.idempotency_key,
                "answers": json.dumps(bundle.answers),
                "form": bundle.form_sealed,
                "now": filed.now,
                "promised_on": promised_on,
                "length": len(rows),
                "head": rows[-1].hash,
                "draft": filed.id,
                "asked": list(asked),
                **_satisfaction_columns(substitutes),
                **_document_columns(list(documents)),
                **sub_item_columns(sub_items),
                **events,
            },
        )
        left_behind = cursor.fetchone()[0] or []
    transaction.on_commit(lambda: _delete_files(left_behind))
    notify_workers("fan_out")
    bundle._state.adding, bundle._state.db = False, connection.alias
    return bundle


def _satisfaction_columns(substitutes: Mapping[str, Substitute]) -> dict[str, list[Any]]:
    found = list(substitutes.values())
    return {
        "s_materials": list(substitutes),
        "s_kinds": [each.kind for each in found],
        "s_fetches": [each.fetch and str(each.fetch.pk) for each in found],
        "s_certificates": [each.certificate and str(each.certificate.pk) for each in found],
        "s_mandates": [each.mandate and str(each.mandate.pk) for each in found],
        "s_handlers": [each.handler and str(each.handler.pk) for each in found],
        "s_parts": [each.earlier and str(each.earlier.part.pk) for each in found],
        # PostgreSQL's arrays are no arrays of arrays: each list as text.
        "s_files": ["{" + ",".join(each.earlier.file_ids if each.earlier else ()) + "}" for each in found],
        "s_days": [each.earlier_day for each in found],
        "s_untils": [each.earlier_until for each in found],
        "s_texts": [each.text for each in found],
    }


def _document_columns(documents: list[FiledDocument]) -> dict[str, list[Any]]:
    return {
        "d_ids": [str(each.pk) for each in documents],
        "d_names": [each.name for each in documents],
        "d_kinds": [each.kind for each in documents],
        "d_sub_items": [each.sub_item for each in documents],
        "d_keys": [each.key for each in documents],
        "d_contents": [each.content_sealed for each in documents],
        "d_digests": [each.sha256 for each in documents],
        "d_moments": [each.agreed_at for each in documents],
    }


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _submitted(plan: Plan, by: User) -> list[NewEvent]:
    whole = NewEvent("submitted", by.pk, data={"sub_items": [item.key for item in plan.items]})
    parts = [NewEvent("submitted", by.pk, department=item.department, sub_item=item.key) for item in plan.items]
    return [whole, *parts]
