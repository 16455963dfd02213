"""Logins, failures and refused accesses are events with account and address, in the database and in the log."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from structlog.testing import capture_logs

from portal.accounts.models import User
from portal.ledger.models import SecurityEvent
from tests.worlds.cast import LI, PASSWORD, STRANGER, logged_in, user_of
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


@pytest.fixture
def li(db: None) -> User:
    return user_of(LI)


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def events() -> list[tuple[str, int | None, str | None]]:
    return list(SecurityEvent.objects.order_by("id").values_list("kind", "user_id", "address"))


def log_in(client: Client, name: str, password: str) -> None:
    client.post(reverse("accounts:login"), {"username": name, "password": password}, REMOTE_ADDR=ADDRESS)


def test_coming_in_and_going_are_events(li: User) -> None:
    client = Client(REMOTE_ADDR=ADDRESS)
    log_in(client, "li", PASSWORD)
    client.post(reverse("accounts:logout"))
    assert events() == [("logged_in", li.pk, ADDRESS), ("logged_out", li.pk, ADDRESS)]


def test_guessing_is_an_event_each_time_and_the_lock_too(li: User) -> None:
    with capture_logs() as lines:
        for _try in range(6):
            log_in(Client(), "LI", "wrong")
    assert ("locked_out", li.pk, ADDRESS) in events()
    assert events()[0] == ("login_failed", li.pk, ADDRESS)
    told = [line for line in lines if line["event"] == "security_event"]
    assert told[0] == {
        "event": "security_event", "log_level": "warning", "kind": "login_failed", "user": li.pk, "address": ADDRESS,
        "page": "/accounts/login/",
    }  # fmt: skip


def test_what_was_typed_as_a_name_in_vain_is_not_kept(li: User) -> None:
    for name in ("36010219920815422X", "13800138000", "my password", "nul\x00"):
        log_in(Client(), name, "wrong")
    kept = str(list(SecurityEvent.objects.values()))
    assert SecurityEvent.objects.filter(user=None).count() >= 3
    assert "36010219920815422" not in kept
    assert "13800138000" not in kept
    assert "my password" not in kept


def test_another_persons_case_is_refused_with_an_event(town: Town) -> None:
    bundle = town.submit()
    stranger = User.objects.filter(username=STRANGER.username).first() or user_of(STRANGER)
    client = logged_in(stranger)
    page = reverse("matters:bundle", args=[bundle.number])
    assert client.get(f"{page}?from=36010219920815422X", REMOTE_ADDR=ADDRESS).status_code == 404
    (event,) = SecurityEvent.objects.filter(kind="denied")
    assert (event.user, event.address, event.page) == (stranger, ADDRESS, page)
    assert event.data == {"status": 404, "method": "GET"}


def test_a_wrong_address_and_a_visitors_typing_error_are_no_events(town: Town) -> None:
    Client().get("/no-such-page/")
    Client().get("/matters/no-such-matter/")
    logged_in(town.li).get("/matters/no-such-matter/")
    assert not SecurityEvent.objects.filter(kind="denied").exists()


def test_a_form_without_its_token_is_an_event() -> None:
    assert Client(enforce_csrf_checks=True).post(reverse("accounts:login"), {}).status_code == 403
    assert SecurityEvent.objects.filter(kind="denied", user=None).count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_securityevent SET kind = 'x'", "DELETE FROM ledger_securityevent"]
)
def test_nobody_changes_what_was_recorded(li: User, statement: str) -> None:
    log_in(Client(), "li", PASSWORD)
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


MALFORMED: dict[str, dict[str, object]] = {
    "charset": {"data": b"a=1", "content_type": "application/x-www-form-urlencoded; charset=gbk"},
    "boundary": {"data": b"a=1", "content_type": "multipart/form-data; boundary=ä"},
    "nul": {"data": {"username": "a\x00"}},
}


@pytest.mark.parametrize("how", MALFORMED)
def test_what_cannot_be_read_is_an_event_with_account_and_address(li: User, how: str) -> None:
    client = logged_in(li)
    client.post("/accounts/profile/", REMOTE_ADDR=ADDRESS, **MALFORMED[how])  # type: ignore[arg-type]
    event = SecurityEvent.objects.get(kind="malformed")
    assert (event.user_id, event.address, event.page, event.data) == (
        *(li.pk, ADDRESS, "/accounts/profile/"),
        {"method": "POST"},
    )


def test_so_are_a_host_that_is_none_and_a_lookup_that_nobody_offers(li: User, settings: Settings) -> None:
    assert Client(REMOTE_ADDR=ADDRESS).get("/?q=a\x00").status_code == 400
    settings.ALLOWED_HOSTS = ["testserver"]
    with capture_logs() as lines:
        assert Client(REMOTE_ADDR=ADDRESS).get("/", HTTP_HOST="evil.example").status_code == 400
    assert [(line["kind"], line["address"]) for line in lines if line["event"] == "security_event"] == [
        ("malformed", ADDRESS)
    ]
    li.is_staff = li.is_superuser = True
    li.save()
    asked = logged_in(li).get("/admin/accounts/user/?password__startswith=a", REMOTE_ADDR=ADDRESS)
    assert asked.status_code == 400
    assert SecurityEvent.objects.filter(kind="malformed").count() == 3


def test_a_flood_of_them_leaves_ten_rows_a_minute_and_every_line(settings: Settings) -> None:
    with capture_logs() as lines:
        for _ in range(13):
            Client(REMOTE_ADDR="203.0.113.77").get("/?q=a\x00")
    assert len([line for line in lines if line["event"] == "security_event"]) == 13
    assert SecurityEvent.objects.filter(kind="malformed", address="203.0.113.77").count() == 10


def test_nobody_known_fills_the_ledger_with_refusals(settings: Settings) -> None:
    with capture_logs() as lines:
        for _ in range(13):
            Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.78").post(reverse("accounts:login"), {})
    assert len([line for line in lines if line["event"] == "security_event"]) == 13
    assert SecurityEvent.objects.filter(kind="denied", address="203.0.113.78").count() == 10
