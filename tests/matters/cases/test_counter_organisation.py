"""At the window: an organisation is entered from its licence, and a case for it with one of its people standing there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from matters.models import Draft
from portal.accounts.models import Organisation
from portal.ledger.models import SecurityEvent
from tests.pages import page_of
from tests.worlds.cast import CHEN, STRANGER, logged_in, person_of
from tests.worlds.companies import SLUG, TRUCKS, Companies, build_companies

LICENCE: dict[str, Any] = {
    "name": "洪都小吃店",
    "code": "92360113MA9999021B",
    "person": CHEN.name,
    "document_kind": "111",
    "number": CHEN.number,
    "seen": "1",
}


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


class TestEntering:
    def test_a_clerk_who_saw_licence_and_document_enters_it(self, companies: Companies) -> None:
        sun = logged_in(companies.sun)
        assert sun.post(reverse("admin:counter_organisation"), LICENCE).status_code == 302
        made = Organisation.objects.get(credit_code=LICENCE["code"])
        assert (made.kind, made.legal_representative, made.checks.get().officer) == (
            "sole_trader",
            person_of(CHEN),
            companies.sun,
        )
        assert SecurityEvent.objects.filter(kind="organisation_registered", user=companies.sun).exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"code": "92360113MA9999021C"}, "统一社会信用代码"),
            ({"kind": "branch"}, "前两位和这个类型不一致"),
            ({"seen": ""}, "请当面核对营业执照"),
            ({"person": "另一个人"}, "登记的是另一个姓名"),
            ({"name": ""}, "请照营业执照填写名称"),
        ],
    )
    def test_what_is_wrong_is_told_beside_it(self, companies: Companies, changes: dict[str, str], said: str) -> None:
        person_of(CHEN)
        sent = {key: value for key, value in {**LICENCE, **changes}.items() if value}
        answer = logged_in(companies.sun).post(reverse("admin:counter_organisation"), sent)
        assert answer.status_code == 422
        assert said in page_of(answer)
        assert not Organisation.objects.filter(credit_code=LICENCE["code"]).exists()

    def test_nobody_else_enters_one(self, companies: Companies) -> None:
        for user in (companies.wang, companies.li):
            assert logged_in(user).post(reverse("admin:counter_organisation"), LICENCE).status_code in (302, 404)
        assert not Organisation.objects.filter(credit_code=LICENCE["code"]).exists()


class TestACaseForIt:
    def start(self, companies: Companies, organisation: Organisation) -> Any:
        return logged_in(companies.sun).post(
            reverse("admin:counter_start"),
            {
                "name": STRANGER.name,
                "document_kind": "111",
                "number": STRANGER.number,
                "matter": SLUG,
                "seen": "1",
                "organisation": str(organisation.pk),
            },
        )

    def test_with_one_of_its_people_there(self, companies: Companies) -> None:
        found = page_of(logged_in(companies.sun).get(reverse("admin:counter"), {"q": STRANGER.number}))
        found = page_of(logged_in(companies.sun).post(reverse("admin:counter"), {"q": STRANGER.number}))
        assert TRUCKS[0] in found
        assert self.start(companies, companies.trucks).status_code == 302
        draft = Draft.objects.get()
        assert (draft.organisation, draft.applicant, draft.channel) == (
            companies.trucks,
            companies.stranger.person,
            "counter",
        )

    def test_for_nobody_elses(self, companies: Companies) -> None:
        answer = self.start(companies, companies.noodles)
        assert answer.status_code == 422
        assert "不能替这个单位办这件事" in page_of(answer)
        assert not Draft.objects.exists()
