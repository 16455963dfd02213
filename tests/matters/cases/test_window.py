"""The window: a case is open to whoever entered it and to their site; a reviewer sees a department's projection and nothing else."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from catalog.models import Department, DepartmentGroupObjectPermission, Membership
from catalog.staff.memberships import dismiss, enroll
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Bundle, Channel, CorrectionRequest, Draft
from matters.reviewing.corrections import Gap, request_correction
from matters.submitting.submission import submit_bundle
from portal.accounts.models import User
from portal.ledger.models import AccessRecord, Event
from tests.worlds.cast import logged_in
from tests.worlds.town import CANARY_POLICE, VALUES, Town, advance, picture

REASON = "户口本上的门牌和所填的不一致"


@dataclass
class Hall:
    """A township whose department takes part in nothing, its two clerks, and the case that the first of them entered."""

    town: Town
    site: Department
    clerk: User
    colleague: User
    bundle: Bundle
    asked: CorrectionRequest

    @property
    def pages(self) -> dict[str, str]:
        number = self.bundle.number
        return {
            "counter": reverse("admin:counter_bundle", args=[number]),
            "receipt": reverse("matters:bundle_receipt", args=[number]),
            "correction": reverse("matters:correction", args=[number, self.asked.pk]),
        }


def staff(name: str, *posts: tuple[Department, str]) -> User:
    user = User.objects.create_user(name, name=name, is_staff=True)
    for department, role in posts:
        enroll(user, department, role)
    return user


def entered(town: Town, by: User) -> Bundle:
    draft = start_draft(
        version=town.version,
        applicant=town.li_person,
        entered_by=by,
        answers={},
        profile={},
        channel=Channel.COUNTER,
    )
    save_values(draft, VALUES, seen=draft.revision)
    take_upload(draft, "household_book", picture(), accept=("image/png",))
    bundle = submit_bundle(draft=draft, by=by)
    advance([bundle.pk])
    return bundle


@pytest.fixture
def hall(town: Town) -> Hall:
    site = Department.objects.create(code="township", name="桃花镇人民政府", short_name="桃花镇")
    clerk, colleague = (staff(name, (site, Membership.Role.WINDOW_CLERK)) for name in ("镇上小何", "镇上小易"))
    bundle = entered(town, clerk)
    gap = Gap("field", "child:person.name", REASON)
    asked = request_correction(town.zhao, town.part(bundle, "birth_cert"), [gap])
    return Hall(town, site, clerk, colleague, bundle, asked)


def status_of(user: User, address: str) -> int:
    return int(logged_in(user).get(address).status_code)


@pytest.mark.parametrize("page", ["counter", "receipt", "correction"])
def test_whoever_entered_a_case_and_her_site_reach_it_whoever_takes_part(hall: Hall, page: str) -> None:
    assert hall.bundle.site == hall.site
    for user in (hall.clerk, hall.colleague):
        assert status_of(user, hall.pages[page]) == 200, user


@pytest.mark.parametrize("page", ["counter", "receipt", "correction"])
def test_no_reviewer_reaches_a_page_of_the_window(hall: Hall, page: str) -> None:
    for user in (hall.town.wang, hall.town.zhao, hall.town.qian, hall.town.zhou, hall.town.stranger):
        client = logged_in(user)
        answer = client.get(hall.pages[page])
        assert answer.status_code in (404, 302), user
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/admin/login/")
        assert client.post(hall.pages[page], {"child:person.name": "别人"}).status_code in (302, 404, 405)
    hall.asked.refresh_from_db()
    assert hall.asked.answered_at is None


def test_a_window_of_one_department_sees_its_part_of_a_case_entered_elsewhere(hall: Hall) -> None:
    police = staff("公安窗口", (hall.town.departments["police"], Membership.Role.WINDOW_CLERK))
    client = logged_in(police)
    page = client.get(hall.pages["counter"]).content.decode()
    assert "市公安局" in page
    assert "市卫生健康委员会" not in page
    assert REASON not in page
    assert client.get(hall.pages["receipt"]).status_code == 404
    assert client.get(hall.pages["correction"]).status_code == 404
    number = hall.town.part(hall.bundle, "birth_cert").number
    assert client.get(f"/review/cases/{number}/").status_code == 404


def test_the_search_at_the_counter_shows_what_the_window_sees(hall: Hall) -> None:
    police = logged_in(staff("公安窗口", (hall.town.departments["police"], Membership.Role.WINDOW_CLERK)))
    other = logged_in(staff("别镇", (Department.objects.create(code="other-town", name="梅岭镇"), "clerk")))
    found = police.post("/admin/counter/", {"q": "36010219920815422X"}).context["found"]
    assert [[part.key for part in parts] for _bundle, parts in found] == [["hukou"]]
    found = logged_in(hall.colleague).post("/admin/counter/", {"q": "36010219920815422X"}).context["found"]
    assert [len(parts) for _bundle, parts in found] == [3]
    answer = other.post("/admin/counter/", {"q": hall.bundle.number})
    assert answer.status_code == 200
    assert answer.context["problem"]


def test_every_reading_of_the_window_leaves_a_line(hall: Hall) -> None:
    for page in hall.pages.values():
        logged_in(hall.colleague).get(page)
    lines = AccessRecord.objects.filter(subject=hall.bundle.pk, reader=hall.colleague)
    assert lines.count() == 3
    assert {line.department for line in lines} == {"township", "health"}
    seen = logged_in(hall.town.li).get(reverse("matters:bundle_readings", args=[hall.bundle.number])).content.decode()
    assert "桃花镇人民政府" in seen
    assert "申请人姓名" in seen


def test_a_dismissed_clerk_reaches_nothing_of_what_she_entered(hall: Hall) -> None:
    draft = start_draft(
        version=hall.town.version,
        applicant=hall.town.li_person,
        entered_by=hall.clerk,
        answers={},
        profile={},
        channel=Channel.COUNTER,
    )
    form = reverse("matters:form", args=[draft.pk])
    assert status_of(hall.clerk, form) == 200
    dismiss(hall.clerk, hall.site, Membership.Role.WINDOW_CLERK)
    for page in (*hall.pages.values(), form):
        assert status_of(hall.clerk, page) == 404
    assert status_of(hall.colleague, form) == 200
    assert status_of(hall.town.wang, form) == 404


def test_a_clerk_of_several_departments_says_at_which_window_it_is(town: Town) -> None:
    client = logged_in(town.sun)
    typed = {"name": "王小花", "document_kind": "111", "number": "440524188001010014", "matter": "newborn", "seen": "1"}
    client.post("/admin/counter/start/", {**typed, "site": "police"})
    assert Draft.objects.get().site == town.departments["police"]
    assert client.get("/admin/counter/").context["typed"]["site"] == "police"
    client.post("/admin/counter/start/", typed)
    assert set(Draft.objects.values_list("site__code", flat=True)) == {"police"}


def test_the_window_that_submits_is_led_to_a_page_of_its_own(hall: Hall) -> None:
    draft = Draft.objects.get(submission_key=hall.bundle.idempotency_key)
    client = logged_in(hall.clerk)
    for name in ("matters:submitted", "matters:receipt"):
        page = client.get(reverse(name, args=[draft.pk])).content.decode()
        assert f'href="{hall.pages["counter"]}"' in page
        assert f'href="{reverse("matters:bundle", args=[hall.bundle.number])}"' not in page


def console_page(user: User, bundle: Bundle) -> tuple[Client, str]:
    client = logged_in(user)
    return client, client.get(reverse("admin:matters_bundle_change", args=[bundle.pk])).content.decode()


def test_the_console_shows_a_reviewer_her_departments_parts_and_no_others(hall: Hall) -> None:
    _client, page = console_page(hall.town.wang, hall.bundle)
    assert hall.town.part(hall.bundle, "hukou").number in page
    for key in ("birth_cert", "medical_ins"):
        assert hall.town.part(hall.bundle, key).number not in page
        assert key not in page
    assert hall.pages["counter"] not in page
    assert AccessRecord.objects.filter(subject=hall.bundle.pk, reader=hall.town.wang, purpose="console").exists()


def test_the_console_finds_a_case_by_its_number_however_it_is_typed(hall: Hall) -> None:
    client, number = logged_in(hall.town.wang), hall.bundle.number
    for typed in (number, number.replace("-", " "), number.replace("-", ""), f"编号：{number.replace('-', '—')}"):
        page = client.get(reverse("admin:matters_bundle_changelist"), {"q": typed}).content.decode()
        assert reverse("admin:matters_bundle_change", args=[hall.bundle.pk]) in page


def test_the_console_shows_the_site_all_of_it(hall: Hall) -> None:
    client, page = console_page(hall.colleague, hall.bundle)
    for key in ("hukou", "birth_cert", "medical_ins"):
        assert hall.town.part(hall.bundle, key).number in page
    assert hall.pages["counter"] in page
    assert client.get(hall.pages["counter"]).status_code == 200
    assert CANARY_POLICE not in page


def test_reading_a_reason_in_the_console_leaves_a_line(hall: Hall) -> None:
    address = reverse("admin:matters_correctionrequest_change", args=[hall.asked.pk])
    assert REASON in logged_in(hall.town.zhao).get(address).content.decode()
    line = AccessRecord.objects.get(subject=hall.bundle.pk, reader=hall.town.zhao, purpose="console")
    assert (line.fields, line.department) == (["reason"], "health")
    assert logged_in(hall.town.wang).get(address).status_code == 302


def test_the_colleague_answers_and_the_event_names_her(hall: Hall) -> None:
    client = logged_in(hall.colleague)
    client.post(hall.pages["correction"], {"child:person.name": "李小滿"})
    hall.asked.refresh_from_db()
    assert hall.asked.answered_at is not None
    assert Event.objects.get(chain_id=hall.bundle.pk, kind="resubmitted").actor == hall.colleague


def test_clerks_and_cases_of_before_keep_what_they_reach(hall: Hall) -> None:
    DepartmentGroupObjectPermission.objects.filter(permission__codename="serve_department").delete()
    Bundle.objects.update(site=None)
    Draft.objects.update(site=None)
    assert status_of(hall.colleague, hall.pages["counter"]) == 404
    rights = importlib.import_module("catalog.migrations.0013_right_to_serve")
    rights.give_it_to_the_clerks(apps, None)
    apps.get_app_config("catalog").models_module = importlib.import_module("catalog.models")
    for operation in importlib.import_module("matters.migrations.0006_sites_of_old_rows").Migration.operations:
        with connection.cursor() as cursor:
            cursor.execute(operation.sql)
    hall.bundle.refresh_from_db()
    assert hall.bundle.site == hall.site
    assert Draft.objects.get().site == hall.site
    assert status_of(hall.colleague, hall.pages["counter"]) == 200
    assert status_of(hall.town.wang, hall.pages["counter"]) == 404
