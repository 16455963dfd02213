"""What people wrote about themselves, and what was written about them, stands nowhere in clear: a case is lived through with
strings that occur nowhere else, then every table, every session and the cache are searched for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from lxml import html

from catalog.models import Appointment, Department
from catalog.staff.memberships import enroll
from certificates.activities.rendering_work import render_certificates
from certificates.activities.status import change_status
from certificates.models import Certificate
from matters.dispatching.notifying import deliver_notices
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Bundle, CorrectionItem, CorrectionRequest, Decision, Inspection
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.review import accept, claim, decide, start_review
from portal.accounts.models import Person, User
from portal.accounts.people import register_person
from portal.ledger.models import AccessRecord
from portal.notices.models import Message
from portal.outbox.claiming import claim_batch
from tests.portal.front.test_no_store import crawl
from tests.worlds.cast import PASSWORD, logged_in
from tests.worlds.town import VALUES, Town, advance, build_town, picture

pytestmark = pytest.mark.django_db

NAME = "顾𠮷阑珊"
CHILD = "顾蕤葳蕤"
NUMBER = "360102199208154270"
PHONE = "13987650321"
ADDRESS = "绛帐街玖拾柒号"
FILE = "阑珊的户口簿照片"
GAP = "照片拍得太暗请重拍朱批"
GROUNDS = "材料系伪造朱批"
STATUS = "遗失声明登报朱批"
OFFICER = "鬯吏𫖯观"
PURPOSE = f"群众反映{NAME}一件"
PLANTED = (NAME, CHILD, NUMBER, PHONE, ADDRESS, FILE, GAP, GROUNDS, STATUS, OFFICER)

# Where a planted string may stand, and why.
ALLOWED: dict[tuple[str, str], str] = {}


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def searched(text: str) -> list[str]:
    """Every way in which a text may lie in a row that is shown as text: as it is, as bytes, as JSON escapes."""
    escaped = "".join(f"\\u{unit:04x}" for unit in _utf16(text))
    return [text, text.encode().hex(), escaped]


def _utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[place : place + 2]) for place in range(0, len(raw), 2)]


def columns() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND data_type NOT IN ('integer', 'bigint', 'smallint', 'boolean', 'uuid', 'date', 'timestamp with time zone')"
        )
        yield from cursor.fetchall()


def hits() -> set[tuple[str, str, str]]:
    """Return (table, column, planted string) wherever one of them stands."""
    found = set()
    with connection.cursor() as cursor:
        for table, column in list(columns()):
            cursor.execute(f'SELECT string_agg("{column}"::text, chr(10)) FROM "{table}"')
            text = cursor.fetchone()[0] or ""
            found |= {(table, column, one) for one in PLANTED if any(way in text for way in searched(one))}
    for session in Session.objects.all():
        text = str(session.get_decoded())
        found |= {
            ("django_session", "session_data", one) for one in PLANTED if any(way in text for way in searched(one))
        }
    kept = str(getattr(cache, "_cache", ""))
    return found | {("cache", "", one) for one in PLANTED if any(way in kept for way in searched(one))}


def live_through_a_case(town: Town, user: User, person: Person) -> Bundle:
    """Draft, papers, submission, correction, approval, certificate, revocation; rejection; a draft that is left lying."""
    values = {"child:person.name": CHILD, "household:hukou.address": ADDRESS}
    town.li, town.li_person = user, person
    bundle = town.submit(**values)
    kept = start_draft(version=town.version, applicant=person, entered_by=user, answers={}, profile={})
    save_values(kept, {**VALUES, **values}, seen=kept.revision)
    take_upload(kept, "household_book", picture(f"{FILE}.png"), accept=("image/png",))
    asked = review_up_to_correction(town, bundle)
    answer_correction(user, asked, {"child:birth.hospital": ADDRESS}, {})
    accept(town.zhao, town.part(bundle, "birth_cert"))
    start_review(town.zhao, town.part(bundle, "birth_cert"))
    decide(town.zhao, town.part(bundle, "birth_cert"), "approved", GROUNDS, {"number": "P360000001"})
    advance([bundle.pk])
    render_certificates(claim_batch("render_certificate"))
    enroll(town.zhao, town.departments["health"], "lead")
    change_status(Certificate.objects.get(), "revoked", STATUS, User.objects.get(pk=town.zhao.pk))
    accept(town.wang, town.part(bundle, "hukou"))
    start_review(town.wang, town.part(bundle, "hukou"))
    decide(town.wang, town.part(bundle, "hukou"), "rejected", GROUNDS)
    deliver_notices(claim_batch("notify"))
    return bundle


def review_up_to_correction(town: Town, bundle: Bundle) -> CorrectionRequest:
    claim(town.zhao, town.part(bundle, "birth_cert"))
    return request_correction(town.zhao, town.part(bundle, "birth_cert"), [Gap("field", "child:birth.hospital", GAP)])


def type_where_it_does_not_belong(officer: User) -> None:
    """A name in the search, a number as an account name, a form after the session has ended, a number in the console."""
    visitor = Client()
    visitor.get(reverse("search"), {"q": f"{NAME} 怎么办"})
    for typed in (PHONE, NUMBER):
        visitor.post(reverse("accounts:login"), {"username": typed, "password": "wrong"})
    visitor.post(reverse("accounts:profile"), {"phone": PHONE, "name": NAME})
    logged_in(officer).post(reverse("admin:counter"), {"q": NUMBER})


def work_in_the_console(town: Town, bundle: Bundle) -> None:
    """Save a row of every kind as it is shown; add, appoint, put away; supervise; look at the pages of every role."""
    root, other = (User.objects.create_superuser(name, password="x", name=OFFICER) for name in ("root", "other"))
    client = logged_in(root)
    accounts = reverse("admin:accounts_user_changelist")
    client.post(reverse("admin:accounts_user_add"), {"username": "new", "name": OFFICER})
    added = User.objects.get(username="new")
    User.objects.filter(pk=added.pk).update(is_staff=True)
    sent = {"account": "new", "department": town.departments["health"].pk, "role": "supervisor"}
    client.post(reverse("admin:catalog_appointment_add"), sent)
    decide_on = reverse("admin:catalog_appointment_decide", args=[Appointment.objects.get().pk])
    logged_in(other).post(decide_on, {"verdict": "confirm"})
    supervisor = logged_in(User.objects.get(pk=added.pk))
    assert supervisor.post(reverse("matters:inspection"), {"department": "health", "purpose": PURPOSE, "size": "1"})
    number = Inspection.objects.values_list("cases__number", flat=True).get()
    supervisor.get(reverse("matters:inspected_case", args=[number]))
    saved = [save_as_shown(client, *one) for one in (("accounts_user", town.li.pk), *first_rows())]
    assert sum(saved) > 5
    client.post(reverse("admin:accounts_user_add"), {"username": "short", "name": OFFICER})
    short = User.objects.get(username="short")
    client.post(accounts, {"action": "delete_selected", "_selected_action": short.pk, "post": "yes"})
    page = reverse("matters:bundle", args=[bundle.number])
    for somebody in (town.li, town.zhao, town.wang, town.sun, User.objects.get(pk=added.pk), root):
        assert len(crawl(logged_in(somebody), "/", page, "/admin/", "/review/")) > 5


def first_rows() -> list[tuple[str, object]]:
    found = [
        (model._meta.label_lower.replace(".", "_"), model._default_manager.first()) for model in admin.site._registry
    ]
    return [(name, row.pk) for name, row in found if row is not None]


def save_as_shown(client: Client, name: str, key: object) -> bool:
    """Send the form of a row back as it came; return whether there was one that could be sent."""
    address = reverse(f"admin:{name}_change", args=[key])
    answer = client.get(address)
    if answer.status_code != 200:
        return False
    forms = html.fromstring(answer.content.decode()).xpath("//form[.//*[@name='_save']]")
    sent: dict[str, list[str]] = {"_save": ["1"]}
    for field, value in forms[0].form_values() if forms else ():
        sent.setdefault(field, []).append(value)
    return bool(forms) and client.post(address, sent).status_code == 302


def test_no_planted_string_stands_in_clear(town: Town) -> None:
    user = User.objects.create_user("lanshan", password=PASSWORD, name=NAME)
    person = register_person(name=NAME, document_kind="111", number=NUMBER, phone=PHONE, user=user, method="demo")
    bundle = live_through_a_case(town, user, person)
    type_where_it_does_not_belong(town.sun)
    work_in_the_console(town, bundle)
    assert LogEntry.objects.filter(object_repr=f"user {user.pk}").exists()
    assert OFFICER in {message.data.get("name") for message in Message.objects.filter(kind="post_given")}
    assert Inspection.objects.get().purpose == PURPOSE
    assert PURPOSE in {record.note for record in AccessRecord.objects.all()}
    assert CorrectionItem.objects.get().reason == GAP
    assert Decision.objects.get(sub_item__bundle=bundle, outcome="rejected").reason == GROUNDS
    found = {(table, column): one for table, column, one in hits()}
    assert {place: one for place, one in found.items() if place not in ALLOWED} == {}


def test_the_search_would_find_what_stands_in_clear(town: Town) -> None:
    Department.objects.filter(code="police").update(name=NAME)
    session = Client().session
    session["typed"] = PHONE
    session.save()
    cache.set("typed", NUMBER)
    found = hits()
    cache.delete("typed")
    assert {("catalog_department", "name", NAME), ("django_session", "session_data", PHONE)} <= found
    assert ("cache", "", NUMBER) in found
