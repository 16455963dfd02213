"""The counter inside the console: find by number or document, start an application, accept, correct, print."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matters.core.states import State
from matters.models import Channel, Draft
from matters.reviewing.corrections import Gap, request_correction
from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import claim_person, document_number, find_person
from portal.ledger.models import AccessRecord
from tests.worlds.cast import LI, logged_in
from tests.worlds.reading import reading
from tests.worlds.town import CANARY_HEALTH, Town

NEW_NUMBER = "440524188001010014"


@pytest.fixture
def clerk(town: Town) -> Client:
    """Window clerk Sun, logged in."""
    client = Client()
    client.force_login(town.sun)
    return client


def test_the_clerk_finds_the_counter_on_the_first_page(clerk: Client) -> None:
    page = clerk.get("/admin/")
    assert page.status_code == 200
    assert reverse("admin:counter") in page.content.decode()


def test_it_is_closed_to_whoever_accepts_nothing(town: Town) -> None:
    client = Client()
    assert client.get("/admin/counter/").status_code == 302
    client.force_login(town.stranger)
    assert client.get("/admin/counter/").status_code == 302
    town.stranger.is_staff = True
    town.stranger.save()
    assert client.get("/admin/counter/").status_code == 404


def test_a_number_leads_straight_to_its_bundle(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    for number in (bundle.number, town.part(bundle, "hukou").number):
        found = clerk.post("/admin/counter/", {"q": number})
        assert found.headers["Location"] == reverse("admin:counter_bundle", args=[bundle.number])
    page = clerk.get(f"/admin/counter/bundles/{bundle.number}/").content.decode()
    assert "出生医学证明" in page
    assert LI.number not in page


def test_an_identity_number_finds_the_person_and_leaves_a_line(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    page = clerk.post("/admin/counter/", {"q": LI.number.lower()}).content.decode()
    assert LI.name in page
    assert bundle.number in page
    assert AccessRecord.objects.filter(subject=town.li_person.pk, reader=town.sun, purpose="counter").exists()


@pytest.mark.parametrize("has_account", [True, False])
def test_a_telephone_said_at_the_window_is_kept_or_the_clerk_hears_why_not(
    town: Town, clerk: Client, has_account: bool
) -> None:
    person = town.li_person
    if not has_account:
        Person.objects.filter(pk=person.pk).update(user=None)
    typed = {"name": person.name, "document_kind": "111", "number": document_number(person), "phone": "13900139009"}
    page = clerk.post("/admin/counter/start/", {**typed, "matter": "newborn", "seen": "1"}, follow=True)
    person.refresh_from_db()
    assert (person.phone == "13900139009") is not has_account
    assert ("这个人自己登记的手机号是 138****8000" in page.content.decode()) is has_account


def test_what_is_neither_is_said_plainly(clerk: Client) -> None:
    page = clerk.post("/admin/counter/", {"q": "110105194912310021"}).content.decode()
    assert "请核对" in page


def test_an_unknown_document_is_ready_to_be_registered(clerk: Client) -> None:
    page = clerk.post("/admin/counter/", {"q": NEW_NUMBER}).content.decode()
    assert NEW_NUMBER in page
    assert "还没有登记过" in page


def test_an_application_is_started_for_the_person_at_the_counter(town: Town, clerk: Client) -> None:
    typed = {
        "name": "王小花",
        "document_kind": "111",
        "number": NEW_NUMBER,
        "phone": "13900139000",
        "matter": "newborn",
        "seen": "1",
    }
    started = clerk.post("/admin/counter/start/", typed)
    draft = Draft.objects.get()
    assert started.headers["Location"] == reverse("matters:situation", args=[draft.pk])
    assert (draft.channel, draft.entered_by, draft.applicant) == (
        Channel.COUNTER,
        town.sun,
        find_person("111", NEW_NUMBER),
    )
    assert clerk.get(started.headers["Location"]).status_code in (200, 302)


def test_nobody_is_registered_whose_document_was_not_seen(clerk: Client) -> None:
    typed = {"name": "王小花", "document_kind": "111", "number": NEW_NUMBER, "phone": "", "matter": "newborn"}
    page = clerk.post("/admin/counter/start/", typed)
    assert (page.status_code, set(page.context["problems"])) == (422, {"seen"})
    assert "王小花" in page.content.decode()
    assert find_person("111", NEW_NUMBER) is None


def test_who_came_to_the_window_was_seen_there_by_the_clerk(town: Town, clerk: Client) -> None:
    typed = {"name": "王小花", "document_kind": "111", "number": NEW_NUMBER, "matter": "newborn", "seen": "1"}
    clerk.post("/admin/counter/start/", typed)
    check = IdentityCheck.objects.get(officer=town.sun)
    assert check.person.name == "王小花"
    assert (check.method, check.officer, check.person.level) == ("counter", town.sun, 2)


def test_no_window_works_for_an_account_that_only_says_who_it_is(town: Town) -> None:
    squatter = User.objects.create_user("squatter")
    claim = claim_person(name="王小花", document_kind="111", number=NEW_NUMBER, user=squatter)
    with pytest.raises(ValueError, match="proved persons"):
        town.submit(channel=Channel.COUNTER, applicant=claim)


def test_what_a_window_entered_for_an_account_of_before_stays_out_of_its_sight(town: Town) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    own = logged_in(town.li)
    assert bundle.number in own.get("/bundles/").content.decode()
    Person.objects.filter(pk=town.li_person.pk).update(level=0)  # as the migration leaves whoever registered before
    assert bundle.number not in own.get("/bundles/").content.decode()
    assert own.get(f"/bundles/{bundle.number}/").status_code == 404


def test_a_reviewer_reads_whether_the_applicant_was_proved(town: Town) -> None:
    bundle = town.submit()
    case = f"/review/cases/{town.part(bundle, 'birth_cert').number}/"
    assert "窗口当面核验" in logged_in(town.zhao).get(case).content.decode()
    Person.objects.filter(pk=town.li_person.pk).update(level=0)
    assert "身份由本人填写，未核验" in logged_in(town.zhao).get(case).content.decode()


def test_a_squatter_gets_nothing_of_the_case_of_the_person_he_says_to_be(town: Town, clerk: Client) -> None:
    squatter = User.objects.create_user("squatter")
    claim = claim_person(name="王小花", document_kind="111", number=NEW_NUMBER, phone="13900139000", user=squatter)
    assert "还没有登记过" in clerk.post("/admin/counter/", {"q": NEW_NUMBER}).content.decode()
    typed = {"name": "王小花", "document_kind": "111", "number": NEW_NUMBER, "matter": "newborn", "seen": "1"}
    clerk.post("/admin/counter/start/", typed)
    draft = Draft.objects.get()
    assert draft.applicant != claim
    thief = logged_in(squatter)
    for page in ("situation", "form", "materials", "check", "submitted", "receipt"):
        assert thief.get(reverse(f"matters:{page}", args=[draft.pk])).status_code == 404
    bundle = town.submit(channel=Channel.COUNTER, applicant=draft.applicant)
    assert bundle.number not in thief.get("/bundles/").content.decode()
    assert thief.get(f"/bundles/{bundle.number}/").status_code == 404
    assert thief.get(f"/bundles/{bundle.number}/receipt/").status_code == 404
    assert thief.post(f"/bundles/{bundle.number}/withdraw/", {"items": "birth_cert"}).status_code == 404
    # and the person whose number it is opens an account of their own
    real = Client()
    answer = real.post(
        "/accounts/register/",
        {
            "name": "王小花",
            "document_kind": "111",
            "number": NEW_NUMBER,
            "phone": "13900139001",
            "username": "xiaohua",
            "password1": "river 42 stones",
            "password2": "river 42 stones",
        },
    )
    assert answer.status_code == 302


def test_every_wrong_box_is_named_at_once_and_keeps_what_was_typed(clerk: Client) -> None:
    typed = {"name": "王1", "document_kind": "111", "number": "123", "phone": "1", "matter": ""}
    page = clerk.post("/admin/counter/start/", typed)
    assert page.status_code == 422
    assert set(page.context["problems"]) == {"name", "number", "phone", "matter"}
    assert "王1" in page.content.decode()
    assert not Draft.objects.exists()


def test_a_document_under_another_name_is_refused(town: Town, clerk: Client) -> None:
    typed = {"name": "张三", "document_kind": "111", "number": LI.number, "matter": "newborn", "seen": "1"}
    page = clerk.post("/admin/counter/start/", typed)
    assert set(page.context["problems"]) == {"name"}


def test_the_clerk_accepts_and_returns_to_the_counter(town: Town, clerk: Client) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    number = town.part(bundle, "birth_cert").number
    answer = clerk.post(
        f"/review/cases/{number}/accept/", {"next": "counter", **reading(town.part(bundle, "birth_cert"))}
    )
    assert answer.headers["Location"] == reverse("admin:counter_bundle", args=[bundle.number])
    assert town.part(bundle, "birth_cert").state == State.ACCEPTED


def test_the_clerk_enters_a_correction_for_who_came_to_the_counter(town: Town, clerk: Client) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    asked = request_correction(
        town.zhao, town.part(bundle, "birth_cert"), [Gap("field", "child:person.name", "请核对姓名")]
    )
    address = reverse("matters:correction", args=[bundle.number, asked.pk])
    assert "请核对姓名" in clerk.get(address).content.decode()
    clerk.post(address, {"child:person.name": "李小滿"})
    assert town.part(bundle, "birth_cert").state == State.RESUBMITTED


def test_an_online_applicants_correction_is_not_the_windows(town: Town, clerk: Client) -> None:
    bundle = town.submit()
    asked = request_correction(
        town.zhao, town.part(bundle, "birth_cert"), [Gap("field", "child:person.name", "请核对姓名")]
    )
    assert clerk.get(reverse("matters:correction", args=[bundle.number, asked.pk])).status_code == 404


def test_what_the_window_reads_to_correct_leaves_a_line(town: Town, clerk: Client) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    gap = Gap("field", "child:birth.hospital", "请核对医院")
    asked = request_correction(town.zhao, town.part(bundle, "birth_cert"), [gap])
    page = clerk.get(reverse("matters:correction", args=[bundle.number, asked.pk])).content.decode()
    assert CANARY_HEALTH in page
    read = AccessRecord.objects.get(subject=bundle.pk, reader=town.sun, purpose="counter")
    assert (read.fields, read.department) == (["child:birth.hospital"], "health")


def test_a_reviewer_answers_at_no_window(town: Town) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    gap = Gap("field", "child:birth.hospital", "请核对医院")
    asked = request_correction(town.zhao, town.part(bundle, "birth_cert"), [gap])
    police = Client()
    police.force_login(town.wang)
    address = reverse("matters:correction", args=[bundle.number, asked.pk])
    assert police.get(reverse("admin:counter_bundle", args=[bundle.number])).status_code == 404
    assert police.get(address).status_code == 404
    assert police.post(address, {"child:birth.hospital": "另一家"}).status_code == 404
    assert not AccessRecord.objects.filter(subject=bundle.pk, fields__contains=["child:birth.hospital"]).exists()


def test_the_receipt_is_printed_at_the_counter(town: Town, clerk: Client) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    page = clerk.get(reverse("matters:bundle_receipt", args=[bundle.number])).content.decode()
    assert bundle.number in page
    assert "户口簿.png" in page


@pytest.mark.parametrize("model", ["bundle", "subitem", "reviewtask", "decision", "correctionrequest"])
def test_the_console_lists_what_the_departments_take_part_in(town: Town, clerk: Client, model: str) -> None:
    bundle = town.submit()
    request_correction(town.zhao, town.part(bundle, "birth_cert"), [Gap("field", "child:person.name", "请核对姓名")])
    assert clerk.get(reverse(f"admin:matters_{model}_changelist")).status_code == 200
    assert clerk.get(reverse("admin:matters_bundle_change", args=[bundle.pk])).status_code == 200
    assert clerk.get(reverse("admin:matters_subitem_change", args=[town.part(bundle, "hukou").pk])).status_code == 200
    assert clerk.get(reverse(f"admin:matters_{model}_add")).status_code == 403


def test_the_console_is_empty_for_another_departments_bundle(town: Town) -> None:
    town.stranger.is_staff = True
    town.stranger.save()
    client = Client()
    client.force_login(town.stranger)
    assert client.get(reverse("admin:matters_bundle_changelist")).status_code == 403
