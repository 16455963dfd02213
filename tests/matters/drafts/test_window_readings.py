"""What a window is shown of an application it fills in leaves a line that the applicant reads."""

from __future__ import annotations

import pytest
from django.urls import reverse

from matters.drafts.profile import profile_of
from matters.drafts.saving import start_draft
from matters.drafts.uploads import take_upload
from matters.models import Channel, Draft
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


def test_neither_autosave_nor_the_applicant_leaves_one(town: Town) -> None:
    logged_in(town.sun).get(reverse("matters:autosave", args=[draft_of(town, Channel.COUNTER).pk]))
    logged_in(town.li).get(reverse("matters:form", args=[draft_of(town, Channel.ONLINE).pk]))
    assert not AccessRecord.objects.exists()


def test_an_application_begun_for_a_proved_person_names_the_site(town: Town) -> None:
    typed = {
        "name": LI.name,
        "document_kind": "111",
        "number": LI.number,
        "phone": "",
        "matter": town.version.matter.slug,
    }
    assert logged_in(town.sun).post("/admin/counter/start/", typed).status_code == 302
    line = AccessRecord.objects.get(subject=town.li_person.pk, reader=town.sun)
    assert (line.purpose, line.department) == ("counter", "health")
    shown = logged_in(town.li).get("/accounts/readings/").content.decode()
    assert "窗口核对身份" in shown
    assert town.departments["health"].name in shown
