"""报错: anybody may say what is wrong; the department that answers for it hears of it, nobody else; the reader is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from catalog.models import Department, Matter, Membership, MistakeReport, ServiceItem
from catalog.reports.reporting import AlreadyHandled, contact_of, handle, reports_for
from catalog.staff.managers import MANAGERS, appoint
from catalog.staff.memberships import enroll
from portal.accounts.models import User
from portal.lib.vault import seal
from portal.notices.models import Message

pytestmark = pytest.mark.django_db

GOOD = {"kind": "limit", "text": "承诺是 3 天，窗口说 5 天", "contact": "13800138000", "item": ""}


@pytest.fixture(autouse=True)
def unhurried() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def officer(name: str, department: str, role: str = Membership.Role.REVIEWER) -> User:
    user = User.objects.create_user(username=name, password="x", is_staff=True)
    enroll(user, Department.objects.get(code=department), role)
    return user


def post(client: Client, status: int = 302, url: str = "/matters/opening/mistake/", **changes: str) -> str:
    response = client.post(url, {**GOOD, **changes})
    assert response.status_code == status
    return response.content.decode()


def test_anybody_may_report_and_the_lead_department_gets_it(opening: Matter, client: Client) -> None:
    post(client)
    report = MistakeReport.objects.get()
    assert (report.matter, report.item, report.department.code) == (opening, None, "market")
    assert report.reported_by is None
    assert report.state == MistakeReport.State.OPEN


def test_a_report_about_an_item_goes_to_the_items_department(opening: Matter, client: Client) -> None:
    post(client, item="invoicing")
    post(client, url="/items/invoicing/mistake/")
    assert {report.department.code for report in MistakeReport.objects.all()} == {"tax"}


def test_what_they_left_to_be_reached_by_is_sealed(opening: Matter, client: Client) -> None:
    post(client)
    report = MistakeReport.objects.get()
    assert b"13800138000" not in bytes(report.contact or b"")
    assert contact_of(report) == "13800138000"
    other = MistakeReport(pk=report.pk + 1, contact=report.contact)
    assert contact_of(other) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "请写几个字"),
        ({"text": " \x07\x0b "}, "请写几个字"),
        ({"text": "长" * 501}, "最多 500 个字，现在有 501 个"),
        ({"text": "长" * 5000}, "最多 500 个字"),
        ({"kind": ""}, "请选一项"),
        ({"kind": "nothing"}, "没有这一项"),
        ({"item": "nothing"}, "这件事里没有这个事项"),
        ({"contact": "1" * 81}, "联系方式最多 80 个字"),
    ],
)
def test_each_mistake_in_the_form_is_told_and_nothing_is_lost(
    opening: Matter, client: Client, changes: dict[str, str], sentence: str
) -> None:
    page = post(client, 422, **changes)
    assert sentence in page
    kept = {**GOOD, **changes}["text"].strip(" \x0b\x07")
    assert kept in page
    assert not MistakeReport.objects.exists()


def test_control_characters_go_and_emoji_stay(opening: Matter, client: Client) -> None:
    post(client, text="地址\x07不对😀\r\n第二行\x0b")
    assert MistakeReport.objects.get().text == "地址不对😀\n第二行"


def test_whoever_reports_too_often_is_asked_to_wait_and_keeps_their_words(opening: Matter, client: Client) -> None:
    for _ in range(10):
        post(client)
    assert "您写的内容还在" in post(client, 429)
    assert MistakeReport.objects.count() == 10


def test_a_forged_post_is_refused(opening: Matter) -> None:
    assert Client(enforce_csrf_checks=True).post("/matters/opening/mistake/", GOOD).status_code == 403


def test_the_reader_hears_of_the_answer_once(opening: Matter, client: Client) -> None:
    li = User.objects.create_user(username="li", password="x")
    client.force_login(li)
    post(client)
    report = MistakeReport.objects.get()
    wang = officer("wang", "market")
    handle(report, state=MistakeReport.State.CORRECTED, answer="已改为 5 天", by=wang)
    message = Message.objects.get(recipient=li)
    assert (message.kind, message.link) == ("mistake_corrected", "/matters/opening/")
    assert "已改为 5 天" in client.get(reverse("accounts:notices")).content.decode()
    with pytest.raises(AlreadyHandled):
        handle(MistakeReport.objects.get(), state=MistakeReport.State.ANSWERED, answer="又一次", by=wang)


class TestConsole:
    @pytest.fixture
    def report(self, opening: Matter) -> MistakeReport:
        return MistakeReport.objects.create(
            matter=opening, department=Department.objects.get(code="market"), kind="limit", text="时限不对"
        )

    def url(self, report: MistakeReport) -> str:
        return reverse("admin:catalog_mistakereport_change", args=[report.pk])

    def test_the_departments_staff_answer_it(self, report: MistakeReport, client: Client) -> None:
        wang = officer("wang", "market")
        client.force_login(wang)
        listed = client.get(reverse("admin:catalog_mistakereport_changelist")).content.decode()
        assert "时限不对" in listed
        response = client.post(self.url(report), {"state": "answered", "answer": "确是 3 天"})
        assert response.status_code == 302
        report.refresh_from_db()
        assert (report.state, report.answer, report.handled_by) == ("answered", "确是 3 天", wang)
        assert report.handled_at is not None

    @pytest.mark.parametrize("sent", [{"state": "open", "answer": "看看"}, {"state": "answered", "answer": " "}])
    def test_an_answer_needs_a_state_and_words(
        self, report: MistakeReport, client: Client, sent: dict[str, Any]
    ) -> None:
        client.force_login(officer("wang", "market"))
        assert client.post(self.url(report), sent).status_code == 200
        report.refresh_from_db()
        assert report.state == MistakeReport.State.OPEN

    @pytest.mark.parametrize("who", ["zhao", "clerk", "supervisor", "root"])
    def test_for_everybody_else_it_is_not_there(self, report: MistakeReport, client: Client, who: str) -> None:
        if who == "root":
            user = User.objects.create_superuser(username="root", password="x")
        elif who == "clerk":
            user = officer("clerk", "market", Membership.Role.WINDOW_CLERK)
        elif who == "supervisor":
            user = officer("supervisor", "market", Membership.Role.SUPERVISOR)
        else:
            user = officer("zhao", "tax")
        client.force_login(user)
        assert client.get(self.url(report)).status_code == 404
        assert client.post(self.url(report), {"state": "answered", "answer": "x"}).status_code == 404
        assert list(reports_for(user)) == []

    def test_who_writes_the_catalog_reads_it_and_does_not_answer(self, report: MistakeReport, client: Client) -> None:
        tang = User.objects.create_user(username="tang", password="x", is_staff=True)
        appoint(tang, MANAGERS)
        report.contact = seal("13800138000", f"mistake.contact:{report.pk}")
        report.save(update_fields=["contact"])
        client.force_login(tang)
        assert "时限不对" in client.get(reverse("admin:catalog_mistakereport_changelist")).content.decode()
        page = client.get(self.url(report)).content.decode()
        assert "时限不对" in page
        assert "13800138000" not in page
        client.post(self.url(report), {"state": "answered", "answer": "x"})
        report.refresh_from_db()
        assert report.state == MistakeReport.State.OPEN

    def test_an_answered_report_is_not_rewritten(self, report: MistakeReport, client: Client) -> None:
        wang = officer("wang", "market")
        handle(report, state="answered", answer="第一次", by=wang)
        client.force_login(wang)
        client.post(self.url(report), {"state": "corrected", "answer": "第二次"})
        report.refresh_from_db()
        assert report.answer == "第一次"


def test_reports_of_unknown_guides_are_not_found(client: Client) -> None:
    assert client.get("/matters/nothing/mistake/").status_code == 404
    assert client.get("/items/nothing/mistake/").status_code == 404
    assert ServiceItem.objects.count() == 0
