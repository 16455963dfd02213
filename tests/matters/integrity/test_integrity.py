"""The check of all invariants: silent on a sound town, and naming every kind of damage planted by hand."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from certificates.models import Certificate
from matters.calendars.limits import answer_due
from matters.dispatching.drawing_up import draw_up
from matters.dispatching.rendering_letters import request_file
from matters.integrity import check_integrity
from matters.models import Bundle, OfficialDocument, ReviewTask, SubItem
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.review import accept, claim, decide, start_review
from portal.accounts.models import User
from portal.notices.models import Message
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from tests.worlds.keeping import kept
from tests.worlds.town import CHILD_NUMBER, Town, build_town

pytestmark = pytest.mark.django_db

OUTPUTS = {
    "birth_cert": {"number": "P360123456"},
    "hukou": {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"},
    "medical_ins": {},
}


@pytest.fixture
def sound(db: None) -> Town:
    """A town with one bundle concluded, one returned for correction, one on its way, one just submitted."""
    return kept("a sound town", _sound)


def _sound() -> Town:
    town = build_town()
    concluded = town.submit()
    for officer, key in ((town.zhao, "birth_cert"), (town.wang, "hukou"), (town.qian, "medical_ins")):
        claim(officer, town.part(concluded, key))
        accept(officer, town.part(concluded, key))
        start_review(officer, town.part(concluded, key))
        decide(officer, town.part(concluded, key), "approved", outputs=OUTPUTS[key])
        process("fan_out")
    returned = town.submit()
    claim(town.zhao, town.part(returned, "birth_cert"))
    request_correction(town.zhao, town.part(returned, "birth_cert"), [Gap("field", "child:person.name", "与证件不符")])
    moving = town.submit()
    accept(town.zhao, town.part(moving, "birth_cert"))
    town.submit()
    process("fan_out")
    process("notify")
    # As it stands an hour later: what should have happened by now is no longer on its way.
    OutboxMessage.objects.filter(kind__in=("render_certificate", "draw_up")).delete()
    _rendered()
    _later()
    return town


def _rendered() -> None:
    """Give the certificates files, as their rendering does."""
    for certificate in Certificate.objects.all():
        name = default_storage.save(f"certificates/{certificate.pk}.pdf", ContentFile(b"%PDF"))
        Certificate.objects.filter(pk=certificate.pk).update(
            file=name, file_sha256=hashlib.sha256(b"%PDF").hexdigest(), rendered_at=timezone.now()
        )


def _later() -> None:
    damage("SET CONSTRAINTS ALL IMMEDIATE")
    hour = timedelta(hours=1)
    damage("UPDATE matters_subitem SET state_since = state_since - %s", hour)
    for task in ReviewTask.objects.filter(stage="acceptance", closed_at=None).select_related("sub_item"):
        # An hour earlier may have been the day before.
        due_on = answer_due(task.sub_item.state_since).date
        damage("UPDATE matters_reviewtask SET due_on = %s WHERE id = %s", due_on, task.pk)
    damage("UPDATE outbox_outboxmessage SET not_before = not_before - %s", hour)


def damage(statement: str, *values: object) -> int:
    """Change rows behind everybody's back: no trigger, no foreign key."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        changed = cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")
    return changed


def found(**options: bool) -> set[str]:
    """Return the codes of what the check names."""
    return {breach.code for breach in check_integrity(**options).breaches}


def test_a_sound_town_has_no_breach(sound: Town) -> None:
    report = check_integrity()
    assert [breach.sentence for breach in report.breaches] == []
    assert report.counted["bundles"] == 4


DAMAGES = {
    # I-01 and I-25: what the version plans
    "sub_item_missing": "DELETE FROM matters_subitem WHERE key = 'medical_ins' AND state = 'waiting'",
    "sub_item_unplanned": "UPDATE matters_subitem SET key = 'tax' WHERE key = 'medical_ins' AND state = 'waiting'",
    "sub_item_differs": "UPDATE matters_subitem SET after = '[]' WHERE key = 'hukou' AND state = 'waiting'",
    # I-02, I-03: queues
    "sub_item_orphan": "DELETE FROM matters_bundle WHERE concluded_at IS NOT NULL",
    "task_twice": """ALTER TABLE matters_reviewtask DROP CONSTRAINT IF EXISTS no_such; DROP INDEX review_task_one_open;
        INSERT INTO matters_reviewtask (sub_item_id, department_id, opened_at, stage)
        SELECT sub_item_id, department_id, opened_at, stage FROM matters_reviewtask WHERE closed_at IS NULL LIMIT 1""",
    "task_missing": "DELETE FROM matters_reviewtask WHERE closed_at IS NULL",
    "amendment_without_task": "UPDATE matters_reviewtask SET stage = 'amendment' WHERE closed_at IS NULL",
    "task_stray": "UPDATE matters_reviewtask SET closed_at = NULL WHERE closed_at IS NOT NULL",
    "task_elsewhere": """UPDATE matters_reviewtask SET department_id =
        (SELECT id FROM catalog_department WHERE code = 'police') WHERE closed_at IS NULL""",
    "task_stage_differs": "UPDATE matters_reviewtask SET stage = 'acceptance' WHERE stage = 'review' AND closed_at IS NULL",
    # I-04, I-05: decisions
    "decision_missing": "DELETE FROM matters_decision",
    "decision_contradicts_state": "UPDATE matters_decision SET outcome = 'rejected', reason_sealed = 'x'",
    "decision_twice": """ALTER TABLE matters_decision DROP CONSTRAINT matters_decision_sub_item_id_key;
        INSERT INTO matters_decision (sub_item_id, outcome, reason_sealed, outputs_sealed, decided_by_id, decided_at)
        SELECT sub_item_id, outcome, reason_sealed, outputs_sealed, decided_by_id, decided_at FROM matters_decision LIMIT 1""",
    "decided_by_applicant": """UPDATE matters_decision SET decided_by_id =
        (SELECT id FROM accounts_user WHERE username = 'li')""",
    # I-06, I-15: history and state
    "sub_item_too_early": "UPDATE matters_subitem SET state = 'queued' WHERE key = 'hukou' AND state = 'waiting'",
    "state_differs_from_history": "UPDATE matters_subitem SET state = 'queued' WHERE state = 'accepted'",
    "history_impossible": "UPDATE ledger_event SET kind = 'approved' WHERE kind = 'queued'",
    "history_missing": "DELETE FROM ledger_event WHERE sub_item = 'medical_ins'",
    "conclusion_unrecorded": "UPDATE matters_bundle SET concluded_at = NULL",
    # I-07: moments
    "moment_before_its_cause": "UPDATE matters_subitem SET accepted_at = accepted_at - interval '9 days'",
    "time_goes_back": "UPDATE ledger_event SET at = at - interval '1 day' WHERE kind = 'queued'",
    "promised_day_differs": "UPDATE matters_bundle SET promised_on = promised_on + 1",
    "due_day_differs": "UPDATE matters_subitem SET due_on = due_on + 1 WHERE due_on IS NOT NULL",
    "answer_day_differs": "UPDATE matters_reviewtask SET due_on = due_on + 1 WHERE closed_at IS NULL AND stage = 'acceptance'",
    # I-08, I-10, I-12, I-20: certificates
    "certificate_without_approval": "UPDATE certificates_certificate SET decision_reference = '20260101-360100-0000001-1-011'",
    "certificate_too_early": "UPDATE certificates_certificate SET issued_at = issued_at - interval '1 day'",
    "certificate_missing": "DELETE FROM certificates_certificate",
    "certificate_of_other_holder": """INSERT INTO accounts_person (id, name_sealed, name_index, document_kind,
        document_sealed, document_index, phone_sealed, phone_index, level, created_at)
        SELECT gen_random_uuid(), '', '', document_kind, document_sealed, '', '', '', 2, now() FROM accounts_person LIMIT 1; UPDATE certificates_certificate SET holder_id =
        (SELECT id FROM accounts_person WHERE document_index = '')""",
    "certificate_twice": """ALTER TABLE certificates_certificate DROP CONSTRAINT certificate_once_per_decision;
        DROP INDEX certificate_one_standing_per_decision; UPDATE certificates_certificate SET decision_reference = (SELECT min(decision_reference) FROM
        certificates_certificate), certificate_type_id = (SELECT min(id) FROM catalog_certificatetype)""",
    "identifier_twice": """ALTER TABLE certificates_certificate DROP CONSTRAINT certificates_certificate_identifier_key;
        UPDATE certificates_certificate SET identifier = 'the same'""",
    "certificate_unpromised": """UPDATE certificates_certificate SET rendered_at = NULL, file = '', file_sha256 = ''""",
    "status_differs": "UPDATE certificates_certificate SET status = 'revoked'",
    # I-09: corrections and conclusion
    "correction_missing": "UPDATE matters_correctionrequest SET answered_at = now()",
    "correction_stray": "UPDATE matters_subitem SET state = 'queued' WHERE state = 'returned'",
    "correction_empty": "DELETE FROM matters_correctionitem",
    "bundle_concluded_early": "UPDATE matters_bundle SET concluded_at = now()",
    "bundle_not_concluded": """UPDATE matters_bundle SET concluded_at = NULL;
        UPDATE matters_subitem SET concluded_at = concluded_at - interval '1 hour'""",
    "sub_item_stuck": """UPDATE matters_subitem SET state = 'waiting', concluded_at = NULL WHERE key = 'birth_cert'""",
    "final_without_moment": """ALTER TABLE matters_subitem DROP CONSTRAINT sub_item_concluded_exactly_when_final;
        UPDATE matters_subitem SET concluded_at = NULL""",
    # I-10: numbers
    "number_malformed": "UPDATE matters_bundle SET number = overlay(number placing '9' from 23 for 1)",
    # I-11: files
    "file_missing": "UPDATE matters_submittedmaterial SET file = 'materials/gone.png'",
    "file_changed": "UPDATE matters_submittedmaterial SET sha256 = repeat('0', 64)",
    # I-12, I-22: jobs
    "job_set_aside": """UPDATE outbox_outboxmessage SET done_at = NULL, attempts = 3,
        quarantined_at = now() - interval '2 hours'""",
    "certificate_set_aside": """UPDATE certificates_certificate SET rendered_at = NULL, file = '', file_sha256 = '',
        set_aside_at = now(), set_aside_reason = 'rare_characters'""",
    "letter_set_aside": """INSERT INTO matters_officialdocument (id, bundle_id, department_id, kind, event_id, year, serial, number,
        content_sealed, sha256, drawn_at, file, file_sha256, set_aside) SELECT gen_random_uuid(), b.id, d.id, 'receipt', 0, 2026, 1,
        '一号', '', '', now(), '', '', 'unreadable' FROM matters_bundle b, catalog_department d LIMIT 1""",
    "started_too_often": "UPDATE outbox_outboxmessage SET done_at = NULL, attempts = 9",
    "job_missing": "DELETE FROM outbox_outboxmessage WHERE subject NOT LIKE '%%:%%'",
    "job_of_dependents_missing": """UPDATE matters_bundle SET concluded_at = NULL;
        DELETE FROM outbox_outboxmessage WHERE kind = 'fan_out' AND subject LIKE '%%:%%'""",
    "job_dangling": """UPDATE outbox_outboxmessage SET payload = '{"bundle": "nowhere"}' WHERE kind = 'fan_out'""",
    "notice_missing": "DELETE FROM notices_message",
    # I-13: what was handed in
    "draft_without_bundle": "UPDATE matters_bundle SET idempotency_key = gen_random_uuid()",
    "draft_still_open": "UPDATE matters_draft SET submitted_at = NULL",
    "material_left_behind": """UPDATE matters_submittedmaterial SET bundle_id = NULL,
        draft_id = (SELECT id FROM matters_draft LIMIT 1)""",
    # I-14: the chain
    "step_recorded_otherwise": """UPDATE ledger_event SET data = jsonb_set(data, '{from}', '"approved"')
        WHERE kind = 'accepted'""",
    "chain_missing": "DELETE FROM ledger_chain",
    "chain_broken": """UPDATE ledger_event SET data = '{"sub_items": []}' WHERE kind = 'submitted' AND sub_item = ''""",
    # I-16: grants
    "group_without_membership": "DELETE FROM catalog_membership",
    "grant_elsewhere": """UPDATE catalog_departmentgroupobjectpermission SET content_object_id =
        (SELECT id FROM catalog_department WHERE code = 'insurance')
        WHERE permission_id = (SELECT min(permission_id) FROM catalog_departmentgroupobjectpermission
                                WHERE group_id = (SELECT id FROM auth_group WHERE name = 'dept:police:lead'))
          AND content_object_id = (SELECT id FROM catalog_department WHERE code = 'police')
          AND group_id = (SELECT id FROM auth_group WHERE name = 'dept:police:lead')""",
    # I-21: what lies sealed
    "form_unreadable": "UPDATE matters_bundle SET form_sealed = overlay(form_sealed placing 'x'::bytea from 40 for 1)",
    "outputs_unreadable": "UPDATE matters_decision SET outputs_sealed = 'damaged'::bytea",
    "text_unreadable": "UPDATE accounts_person SET name_sealed = 'damaged'::bytea",
    "text_index_differs": "UPDATE accounts_person SET phone_index = decode(md5(id::text), 'hex')",
    "document_unreadable": "UPDATE accounts_person SET document_sealed = 'damaged'::bytea",
    "document_index_differs": "UPDATE accounts_person SET document_index = decode(md5(id::text), 'hex')",
}


def test_nobody_misses_what_was_told_before_there_was_an_account(sound: Town) -> None:
    """Whom a window entered opened an account by the platform, and each notice of before counted as lost."""
    Message.objects.filter(recipient=sound.li).delete()
    User.objects.filter(pk=sound.li.pk).update(date_joined=timezone.now())
    assert "notice_missing" not in found()


def test_it_names_every_kind_of_damage(sound: Town) -> None:
    unnamed = {}
    for code, statement in DAMAGES.items():
        with transaction.atomic():
            damage(statement)
            breaches = check_integrity().breaches
            if code not in {breach.code for breach in breaches}:
                unnamed[code] = sorted({breach.code for breach in breaches})
            for breach in breaches:
                assert breach.invariant.startswith("I-")
                assert breach.subject
                assert len(breach.sentence) > 8
            transaction.set_rollback(True)
    assert unnamed == {}
    assert found() == set()


@pytest.mark.parametrize(
    ("statement", "waits_for"),
    [
        ("UPDATE outbox_outboxmessage SET done_at = NULL, attempts = 0 WHERE kind = 'fan_out'", "worker"),
        (
            """UPDATE outbox_outboxmessage SET done_at = NULL, attempts = 1, lease_until = now() - interval '5 minutes'
                WHERE kind = 'fan_out'""",
            "worker",
        ),
        (
            """UPDATE outbox_outboxmessage SET done_at = NULL, postponements = 4, postponed_since = now() - interval '1 hour',
                      not_before = now() + interval '5 minutes' WHERE kind = 'fan_out'""",
            "needs",
        ),
    ],
)
def test_work_to_come_is_no_damage(sound: Town, statement: str, waits_for: str) -> None:
    """As after a clean restore, or while the workers are away: exit code 0, and a count."""
    count = damage(statement)
    report = check_integrity(with_files=False)
    assert report.breaches == []
    [waiting] = report.waiting
    assert (waiting.kind, waiting.waits_for, waiting.count) == ("fan_out", waits_for, count)
    assert waiting.oldest_seconds >= 3600
    out = StringIO()
    call_command("check_integrity", without_files=True, stdout=out)
    assert f"no damage: {count} fan_out wait for" in out.getvalue()


def test_it_names_a_sequence_that_fell_behind_its_numbers(sound: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM matters_bundle_serial")
        (last,) = cursor.fetchone()
        try:
            cursor.execute("SELECT setval('matters_bundle_serial', 1)")
            assert found() == {"serial_behind"}
        finally:  # a sequence is not rolled back
            cursor.execute("SELECT setval('matters_bundle_serial', %s)", [last])


def test_it_names_each_row_and_only_those(sound: Town) -> None:
    part = SubItem.objects.get(key="hukou", bundle__concluded_at__isnull=False)
    damage("UPDATE matters_subitem SET due_on = due_on + 1 WHERE id = %s", part.pk)
    breaches = [breach for breach in check_integrity().breaches if breach.code == "due_day_differs"]
    assert [breach.subject for breach in breaches] == [part.number]


def test_an_event_changed_and_hashed_anew_is_named_by_its_place(sound: Town) -> None:
    bundle = Bundle.objects.filter(concluded_at__isnull=False).get()
    damage("UPDATE ledger_event SET actor_id = NULL WHERE chain_id = %s AND kind = 'approved'", bundle.pk)
    broken = [breach for breach in check_integrity().breaches if breach.code == "chain_broken"]
    assert {breach.subject for breach in broken} == {bundle.number}
    assert len(broken) == 3


def test_files_are_left_unread_when_told_so(sound: Town) -> None:
    damage("UPDATE matters_submittedmaterial SET sha256 = repeat('0', 64)")
    assert found(with_files=False) == set()
    assert found() == {"file_changed"}


class TestCommand:
    def test_it_ends_well_on_a_sound_town(self, sound: Town) -> None:
        out = StringIO()
        call_command("check_integrity", json=True, stdout=out)
        report = json.loads(out.getvalue())
        assert report["ok"] is True
        assert report["breaches"] == []

    def test_it_ends_with_one_and_names_the_breach(self, sound: Town) -> None:
        damage("DELETE FROM matters_reviewtask WHERE closed_at IS NULL")
        out = StringIO()
        with pytest.raises(SystemExit) as end:
            call_command("check_integrity", json=True, stdout=out)
        assert end.value.code == 1
        (first, *_rest) = json.loads(out.getvalue())["breaches"]
        assert first["code"] == "task_missing"
        assert set(first) == {"invariant", "code", "subject", "sentence"}

    def test_it_speaks_in_sentences_without_json(self, sound: Town) -> None:
        damage("DELETE FROM matters_reviewtask WHERE closed_at IS NULL")
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("check_integrity", stdout=out)
        assert "待办队列" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_snapshot_and_cannot_write() -> None:
    seen: list[str] = []

    def look(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if not seen:
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        assert check_integrity().breaches == []
    assert seen == ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"]


def test_it_names_files_that_belong_to_nothing(sound: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    name = default_storage.save("materials/2026/11/stray.png", ContentFile(b"?"))
    assert found() == set()  # it may belong to a transaction that is not in yet
    monkeypatch.setattr("matters.integrity.contents._SETTLED", timedelta(seconds=-1))
    assert name in {breach.subject for breach in check_integrity().breaches if breach.code == "file_orphan"}


def test_the_file_of_an_official_document_is_compared_too(sound: Town) -> None:
    with transaction.atomic():
        draw_up([Bundle.objects.filter(concluded_at__isnull=False).get().pk])
    document = OfficialDocument.objects.all()[0]
    request_file(document)
    process("render_document")
    document.refresh_from_db()
    assert damaged_files() == []
    default_storage.delete(document.file)
    assert damaged_files() == [("file_missing", document.number)]
    default_storage.save(document.file, ContentFile(b"%PDF-1.7 something else"))
    assert damaged_files() == [("file_changed", document.number)]


def damaged_files() -> list[tuple[str, str]]:
    return [
        (one.code, one.subject) for one in check_integrity().breaches if one.code in {"file_missing", "file_changed"}
    ]
