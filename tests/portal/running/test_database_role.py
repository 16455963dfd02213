"""The application's own database role: it does the day's work, and cannot touch what was written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from catalog.staff.memberships import enroll
from certificates.models import Certificate
from matters.models import ReviewTask
from matters.reviewing import review
from portal.accounts.models import User
from portal.ledger.access import record_access
from portal.management.commands.grant_application_rights import NEVER_DELETED, READ_ONLY, WRITTEN_ONCE
from tests.worlds.town import CHILD_NUMBER, advance, build_town

ROLE = "yijian_app_of_a_test"
BEFORE_ROW_UPDATE_DELETE = 2 + 1 + 16 + 8  # bits of pg_trigger.tgtype


@pytest.fixture
def role(db: None) -> str:
    """A role as a deployment makes it, with what the command grants."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")  # the test's transaction takes it back
    call_command("grant_application_rights", ROLE, verbosity=0)
    return ROLE


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as refusal:
        return "permission denied" in str(refusal) or "must be owner" in str(refusal)
    return False


def test_a_case_lives_from_draft_to_certificate_under_it(role: str) -> None:
    with acting_as(role):
        town = build_town()
        bundle = town.submit()
        birth = town.part(bundle, "birth_cert")
        review.accept(town.zhao, birth)
        review.decide(town.zhao, birth, "approved", "", {"number": "P360000001"})
        advance([bundle.pk])
        hukou = town.part(bundle, "hukou")
        review.accept(town.wang, hukou)
        review.decide(town.wang, hukou, "approved", "", {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"})
        record_access(town.wang, bundle.pk, "review", ["child:person.name"], department="police")
        enroll(User.objects.create_user("new"), town.departments["police"], "reviewer")
    assert Certificate.objects.count() == 2
    assert not ReviewTask.objects.filter(sub_item__in=[birth, hukou], closed_at=None).exists()


def test_it_changes_nothing_that_was_written_once(role: str) -> None:
    with acting_as(role):
        for table in WRITTEN_ONCE:
            assert refused(f"UPDATE {table} SET id = id"), table
        for table in (*WRITTEN_ONCE, *NEVER_DELETED, *READ_ONLY):
            assert refused(f"DELETE FROM {table}"), table
            assert refused(f"TRUNCATE {table} CASCADE"), table
        assert refused("INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())")


def test_it_owns_nothing_and_makes_nothing(role: str) -> None:
    with acting_as(role):
        assert refused("CREATE TABLE mine (id int)")
        assert refused("DROP TABLE ledger_event")
        assert refused("ALTER TABLE ledger_event DISABLE TRIGGER ALL")
        assert refused("DROP TRIGGER ledger_event_append_only ON ledger_event")
        assert refused(
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )


def test_every_ledger_that_a_trigger_guards_is_among_them(db: None) -> None:
    """A new ledger that nobody listed would be guarded by its trigger alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal AND tgtype & %s = %s AND prosrc LIKE '%%RAISE%%' AND prosrc NOT LIKE '%%RETURN%%'",
            [BEFORE_ROW_UPDATE_DELETE, BEFORE_ROW_UPDATE_DELETE],
        )
        written_once = {table for (table,) in cursor.fetchall()}
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal AND tgtype & 11 = 11 AND prosrc LIKE '%%RAISE%%'"
        )
        never_deleted = {table for (table,) in cursor.fetchall()}
    assert written_once == set(WRITTEN_ONCE)
    assert never_deleted <= {*WRITTEN_ONCE, *NEVER_DELETED}


def test_it_must_be_a_role_of_its_own(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    with pytest.raises(CommandError, match="needs a role of its own"):
        call_command("grant_application_rights", owner)
    with pytest.raises(CommandError, match="CREATE ROLE nobody_knows LOGIN"):
        call_command("grant_application_rights", "nobody_knows")
