"""The staff console shows people masked, finds them quickly, and changes nothing the portal wrote."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Person, User
from portal.accounts.organisations.activities import Evidence, register_organisation
from portal.ledger.access import record_access
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.ledger.models import AccessRecord, Event
from portal.lib.uuid7 import uuid7
from portal.notices.inbox import send_message


@pytest.fixture
def console(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_it_finds_a_person_by_name_account_or_whole_document_number(console: Client, li: Person) -> None:
    for words, count in (("李芳", 1), ("li", 1), ("36010319850615908x", 1), ("360103198506", 0), ("赵", 0)):
        page = console.get("/admin/accounts/person/", {"q": words}, follow=True)
        assert page.context["cl"].result_count == count
        assert "36010319850615908X" not in page.content.decode().replace('value="36010319850615908x"', "")


def test_whoever_is_named_in_the_list_is_told(console: Client, li: Person) -> None:
    for words, lines in (("36010319850615908x", 1), ("13800138000", 1), ("李芳", 1), ("赵", 0), ("", 1)):
        before = AccessRecord.objects.filter(subject=li.pk, purpose="console").count()
        assert console.get("/admin/accounts/person/", {"q": words} if words else {}, follow=True).status_code == 200
        found = AccessRecord.objects.filter(subject=li.pk, purpose="console").count() - before
        assert found == lines, words


def test_opening_a_person_shows_them_masked_and_leaves_a_line(console: Client, li: Person) -> None:
    page = console.get(reverse("admin:accounts_person_change", args=[li.pk])).content.decode()
    assert "360103********908X" in page
    assert "138****8000" in page
    record = AccessRecord.objects.get()
    assert (record.subject, record.purpose) == (li.pk, "console")


def test_what_the_portal_wrote_cannot_be_changed_there(console: Client, li: Person) -> None:
    chain = uuid7()
    open_chain(chain)
    (event,) = append_events(chain, [NewEvent("submitted")])
    send_message(li.user_id or 0, "k", "bundle_concluded")
    organisation = register_organisation(
        name="晨光小吃店", code="92360113MA9999021B", legal_representative=li, evidence=Evidence("demo")
    )
    rows = [
        ("accounts_person", li.pk),
        ("accounts_organisation", organisation.pk),
        ("ledger_event", event.pk),
        ("notices_message", 0),
    ]
    for model, pk in rows:
        assert console.get(reverse(f"admin:{model}_changelist")).status_code == 200
        assert console.get(reverse(f"admin:{model}_add")).status_code == 403
        if pk:
            change = reverse(f"admin:{model}_change", args=[pk])
            assert console.get(change).status_code == 200
            assert console.post(change, {}).status_code == 403
            assert console.post(reverse(f"admin:{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_events_are_found_by_their_subject_and_by_who_acted(console: Client, wang: User) -> None:
    chains = [uuid7(), uuid7()]
    for chain in chains:
        open_chain(chain)
        append_events(chain, [NewEvent("submitted", actor_id=wang.pk), NewEvent("queued")])
    for words, count in ((str(chains[0]), 2), ("wang", 2), ("zhao", 0)):
        assert console.get("/admin/ledger/event/", {"q": words}).context["cl"].result_count == count
    assert console.get("/admin/ledger/accessrecord/", {"q": "wang"}).context["cl"].result_count == 0
    assert console.get(reverse("admin:ledger_event_change", args=[Event.objects.first().pk])).status_code == 200  # type: ignore[union-attr]


def test_the_lists_take_the_same_queries_however_long_they_are(console: Client, li: Person) -> None:
    chain = uuid7()
    open_chain(chain)

    def queries() -> dict[str, list[str]]:
        found = {}
        for page in ("ledger/event", "ledger/accessrecord", "accounts/person", "notices/message"):
            with CaptureQueriesContext(connection) as captured:
                assert console.get(f"/admin/{page}/").status_code == 200
            found[page] = [query["sql"] for query in captured]
        return found

    console.get("/admin/")  # whatever is asked once
    few = queries()
    for n in range(60):
        send_message(li.user_id or 0, str(n), "bundle_concluded")
        assert li.user is not None
        record_access(li.user, li.pk, "console", [])
        append_events(chain, [NewEvent("submitted", actor_id=li.user_id)])
    many = queries()
    assert {page: len(sql) for page, sql in few.items()} == {page: len(sql) for page, sql in many.items()}
    assert not any("DISTINCT" in sql for page in many.values() for sql in page)
    assert all("LIMIT 10000" in sql for page in many.values() for sql in page if "COUNT(*)" in sql)


def test_an_account_is_made_and_changed_there_but_not_its_password(console: Client, wang: User) -> None:
    password = "几个 不相干 的词"
    typed = {"usable_password": "true", "set_usable_password": "true", "password1": password, "password2": password}
    console.post("/admin/accounts/user/add/", {"username": "sun", "name": "孙窗", "password": password, **typed})
    sun = User.objects.get(username="sun")
    assert not sun.has_usable_password()
    before = wang.password
    console.post(reverse("admin:auth_user_password_change", args=[wang.pk]), typed)
    wang.refresh_from_db()
    assert wang.password == before
    assert console.get(reverse("admin:accounts_user_change", args=[sun.pk])).status_code == 200
    assert console.get("/admin/accounts/user/", {"q": "孙窗"}).context["cl"].result_count == 1


def test_failed_logins_that_count_no_longer_are_forgotten(console: Client) -> None:
    long_ago = timezone.now() - settings.AXES_COOLOFF_TIME
    old, new = (AccessAttempt.objects.create(username=name, failures_since_start=1) for name in ("old", "new"))
    AccessAttempt.objects.filter(pk=old.pk).update(attempt_time=long_ago)
    sent = {"action": "cleanup_expired_attempts", "_selected_action": [new.pk]}
    page = console.post(reverse("admin:axes_accessattempt_changelist"), sent, follow=True)
    assert "已清除 1 条不再计数的失败记录。" in page.content.decode()
    assert list(AccessAttempt.objects.all()) == [new]
