"""What a window is shown of an application it fills in leaves a line that the applicant reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Channel, Draft
from portal.accounts.models import IdentityCheck
from portal.ledger.models import AccessRecord
from tests.worlds.cast import LI, logged_in
from tests.worlds.town import Town, picture


def draft_of(town: Town, channel: str) -> Draft:
    return start_draft(
        version=town.version,
        applicant=town.li_person,
        entered_by=town.sun if channel == Channel.COUNTER else town.li,
        answers={},
        profile=profile_of(town.li_person),
        channel=channel,
    )


@pytest.mark.parametrize("step", ["situation", "form", "materials", "check"])
def test_each_opening_of_a_page_leaves_one_line_with_the_site(town: Town, step: str) -> None:
    draft = draft_of(town, Channel.COUNTER)
    assert logged_in(town.sun).get(reverse(f"matters:{step}", args=[draft.pk])).status_code == 200
    line = AccessRecord.objects.get(subject=town.li_person.pk, reader=town.sun)
    assert (line.purpose, line.department) == ("counter_draft", "health")
    assert "name" in line.fields
    assert LI.number not in "".join(line.fields)
    shown = logged_in(town.li).get("/accounts/readings/").content.decode()
    assert "窗口代为填写申请" in shown
    assert town.departments["health"].name in shown


def test_a_form_sent_back_and_a_paper_leave_one_too(town: Town) -> None:
    draft, sun = draft_of(town, Channel.COUNTER), logged_in(town.sun)
    assert sun.post(reverse("matters:form", args=[draft.pk]), {"action": "check"}).status_code == 422
    paper = take_upload(draft, "household_book", picture(), accept=("image/png",))
    sun.get(reverse("matters:material_file", args=[draft.pk, paper.pk]))
    lines = AccessRecord.objects.filter(subject=town.li_person.pk, reader=town.sun)
    assert lines.count() == 2
    assert lines.filter(fields__contains=["material:household_book"]).exists()


def test_what_saving_exchanges_leaves_one_a_day_for_each_draft(town: Town) -> None:
    draft, sun = draft_of(town, Channel.COUNTER), logged_in(town.sun)
    save_values(draft, {"child:person.name": "李小宝"}, seen=draft.revision)
    address = reverse("matters:autosave", args=[draft.pk])
    for _ in range(3):
        assert "李小宝" in str(sun.get(f"{address}?since=0").json()["elsewhere"])
    line = AccessRecord.objects.get(subject=town.li_person.pk, reader=town.sun)
    assert (line.purpose, line.department) == ("counter_draft", "health")
    assert set(line.fields) > {"name"}
    sun.get(reverse("matters:autosave", args=[draft_of(town, Channel.COUNTER).pk]))
    assert AccessRecord.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        logged_in(town.sun).get(address)
    assert AccessRecord.objects.count() == 3


def test_the_applicant_leaves_none(town: Town) -> None:
    draft = draft_of(town, Channel.ONLINE)
    own = logged_in(town.li)
    own.get(reverse("matters:form", args=[draft.pk]))
    own.get(reverse("matters:autosave", args=[draft.pk]))
    assert not AccessRecord.objects.exists()


def test_an_application_for_a_proved_person_demands_the_document_too_and_names_the_site(town: Town) -> None:
    typed = {
        "name": LI.name,
        "document_kind": "111",
        "number": LI.number,
        "phone": "",
        "matter": town.version.matter.slug,
    }
    sun = logged_in(town.sun)
    found = sun.post("/admin/counter/", {"q": LI.number}).content.decode()
    assert 'name="seen"' in found
    assert LI.phone not in found
    AccessRecord.objects.filter(reader=town.sun, department="health", fields=["bundles", "document", "name"]).get()
    unseen = sun.post("/admin/counter/start/", typed)
    assert (unseen.status_code, set(unseen.context["problems"])) == (422, {"seen"})
    assert LI.phone not in unseen.content.decode()
    assert not Draft.objects.exists()
    assert sun.post("/admin/counter/start/", {**typed, "seen": "1"}).status_code == 302
    assert IdentityCheck.objects.filter(person=town.li_person, officer=town.sun, method="counter").count() == 1
    line = AccessRecord.objects.filter(subject=town.li_person.pk, reader=town.sun).order_by("-pk")[0]
    assert (line.purpose, line.department) == ("counter", "health")
    assert set(line.fields) == {"name", "document", "phone"}
    shown = logged_in(town.li).get("/accounts/readings/").content.decode()
    assert "窗口核对身份" in shown
    assert town.departments["health"].name in shown


def test_to_be_told_that_a_number_is_registered_is_a_reading_too(town: Town) -> None:
    typed = {"name": "李另一", "document_kind": "111", "number": LI.number, "phone": "", "seen": "1"}
    sun = logged_in(town.sun)
    refused = sun.post("/admin/counter/start/", {**typed, "matter": town.version.matter.slug})
    assert (refused.status_code, set(refused.context["problems"])) == (422, {"name"})
    (line,) = AccessRecord.objects.filter(subject=town.li_person.pk, reader=town.sun)
    assert (line.purpose, line.department, line.fields) == ("counter", "health", ["document"])
