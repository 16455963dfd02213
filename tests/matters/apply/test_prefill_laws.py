"""Whatever people agree to, type and take back, and however sources fail: no value without its row, and nobody else reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings as SettingsWrapper

from catalog.wording.translating import translator_for
from matters.cases.department_view import read_case
from matters.cases.sealed_form import open_bundle_form
from matters.core.draft_document import SHARED
from matters.drafts.inquiring import SheetLine, agree, have_asked, sheet_of, withdraw
from matters.drafts.prefilling import fill_nothing
from matters.drafts.saving import plan_of, read_form, save_values
from matters.models import Draft
from matters.submitting.submission import DraftChanged, SubmissionInvalid, submit_bundle
from matters.views.apply_inquiries import up_to_date_form
from portal.outbox.processing import process
from portal.sharing.models import DataSource, Fetch, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.apply.test_prefill import ADDRESS, CONSENTS, ROLES, TYPED, UNMARRIED
from tests.worlds.building import publish
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import DEFINITION, ELEMENTS, INSURE, MATERIALS, POSTS, REGISTER, Case, draft_of
from tests.worlds.sources import ADAPTERS, Listed, supply

CANARY = "西湖区金丝雀路 77 号"
HELD = {LI.number: {"name": LI.name, "address": CANARY}}
OWN = "东湖区手填路 2 号"
STEPS = st.sampled_from(
    [
        *("agree", "withdraw", "ask", "ask", "found", "found", "not_found", "away", "unreadable", "close", "open"),
        *("type", "clear", "blank"),
    ]
)


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    definition = replace(DEFINITION, slug="prefilled", roles=ROLES)
    case = Case.build(publish(definition, REGISTER, INSURE, elements=ELEMENTS, materials=MATERIALS), POSTS)
    supply(case.departments["police"], {"address": "address"}, ("register",), name="人口登记")
    yield case
    Listed.forget()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEPS, min_size=2, max_size=10))
def test_no_row_no_value(case: Case, steps: list[str]) -> None:
    with transaction.atomic():
        draft = draft_of(case, answers=UNMARRIED, **TYPED)
        upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
        draft.refresh_from_db()
        Listed.forget()
        typed: str | None = None
        for step in steps:
            typed = _do(step, case, draft, typed)
            _check(draft, typed)
        _submit(case, draft)
        transaction.set_rollback(True)


def _do(step: str, case: Case, draft: Draft, typed: str | None) -> str | None:
    """Do one step and return what stands in the field by the applicant's own hand."""
    draft.refresh_from_db()
    before = len(Listed.asked)
    if step == "agree":
        agree(draft, [line for line in _sheet(draft) if line.consent is None], case.li)
    elif step == "withdraw":
        withdraw(draft, _sheet(draft))
    elif step == "ask":
        have_asked(draft, _sheet(draft))
        process("fetch")
        is_agreed = SharingConsent.objects.filter(withdrawn_at=None).exists()
        assert is_agreed or len(Listed.asked) == before  # without consent nobody is asked, after withdrawal neither
    elif step in ("close", "open"):
        DataSource.objects.update(is_open=step == "open")
    elif step in ("type", "clear"):
        typed = OWN if step == "type" else None
        save_values(draft, {ADDRESS: typed}, seen=draft.revision)
    elif step == "blank":
        fill_nothing(draft)
    else:
        Listed.says, Listed.records = ("", HELD) if step == "found" else (step, {})
    return typed


def _check(draft: Draft, typed: str | None) -> None:
    draft.refresh_from_db()
    document, _lines, answers = up_to_date_form(draft)
    readable = {str(fetch.pk): fetch for fetch in answers.fetches}
    for key, fact in document.known.items():
        if fact["source"] == SHARED:
            fetch = readable[fact["fetch"]]
            assert fetch.is_in_force
            assert Fetch.objects.get(pk=fetch.pk).answer["elements"] == {"address": fact["value"]}
            assert key == ADDRESS
    assert document.values.get(ADDRESS) == typed or document.known[ADDRESS]["value"] == CANARY
    if typed is not None:
        assert document.values[ADDRESS] == typed  # what was typed is never written over
    assert len(Listed.asked) == Fetch.objects.count()  # every question left its row


def _submit(case: Case, draft: Draft) -> None:
    draft.refresh_from_db()
    try:
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
    except (SubmissionInvalid, DraftChanged):
        return
    form = open_bundle_form(bundle)
    assert form.values[ADDRESS] in (OWN, CANARY)
    assert form.values[ADDRESS] == OWN or ADDRESS in form.known
    for part in bundle.sub_items.all():
        rows = [row for section in read_case(part).sections for row in section.rows]
        assert any(row.key == ADDRESS for row in rows) == (part.key == "register")
        assert part.key == "register" or not any(CANARY in row.text + row.told for row in rows)


def _sheet(draft: Draft) -> list[SheetLine]:
    return sheet_of(draft, plan_of(draft), read_form(draft), translator_for(draft.matter_version_id))
