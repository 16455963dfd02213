"""Nothing is agreed to and nobody is asked in a dead person's name, also where the application was begun while they lived."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department
from catalog.wording.translating import translator_for
from matters.drafts.inquiring import SheetLine, agree, have_asked, sheet_of
from matters.drafts.saving import get_draft_for, plan_of, read_form
from matters.models import Draft
from matters.wording.refusals import ApplicantDead
from portal.accounts.models import Death
from portal.outbox.processing import process
from portal.sharing.consents import PersonDead, give_consent
from portal.sharing.models import SharingConsent
from portal.sharing.organisations import NotOpened, open_organisation
from portal.sharing.parents import record_children
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of, url
from tests.worlds.sources import ADAPTERS, Listed, open_source


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    open_source(civil, "marriage", items=("register",))
    yield case
    Listed.forget()


def dies(case: Case) -> None:
    day = timezone.localdate()
    Death.objects.create(
        person=case.li_person, died_on=day, paper="居民死亡医学证明书", officer=case.sun, confirmed_by=case.wang
    )


def lines(draft: Draft) -> list[SheetLine]:
    return sheet_of(draft, plan_of(draft), read_form(draft), translator_for(draft.matter_version_id))


def test_an_open_draft_offers_and_takes_no_consent(case: Case) -> None:
    draft = draft_of(case, **VALUES)
    offered = lines(draft)
    assert offered
    dies(case)
    li = logged_in(case.li)
    assert "同意向市民政局查询" not in page_of(li.get(url(draft, "materials")))
    assert lines(get_draft_for(case.li, draft.pk)) == []
    li.post(url(draft, "materials"), {"action": "agree-all"})
    with pytest.raises(ApplicantDead):
        agree(draft, offered, case.li)  # a page that was drawn before
    assert not SharingConsent.objects.exists()


def test_what_was_agreed_to_before_has_nobody_asked(case: Case) -> None:
    Listed.records = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}
    draft = draft_of(case, **VALUES)
    agree(draft, lines(draft), case.li)
    dies(case)
    have_asked(draft, [])
    process("fetch")
    assert not Listed.asked


def test_neither_activities_nor_the_database_take_one(case: Case) -> None:
    draft = draft_of(case, **VALUES)
    agree(draft, lines(draft), case.li)
    given = SharingConsent.objects.get()
    dies(case)
    with pytest.raises(PersonDead):
        give_consent(
            person=case.li_person, case=given.case, source=given.source, asked=["x"], subjects=[], items=["y"],
            text="我同意", by=case.sun,
        )  # fmt: skip
    given.pk = None
    with pytest.raises(IntegrityError, match="dead person"), transaction.atomic():
        given.save(force_insert=True)
    with pytest.raises(NotOpened, match="dead"):
        record_children(case.li_person, case.li)
    with pytest.raises(NotOpened, match="dead"):
        open_organisation(case.li_person, case.li, name="清风面馆有限公司", code="91360102MA9999013M")
