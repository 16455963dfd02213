"""At the window: an organisation is entered from its licence, and a case for it with one of its people standing there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from matters.drafts.saving import change_draft, read_form, save_values
from matters.models import Draft
from portal.accounts.models import IdentityCheck, Organisation
from portal.ledger.models import SecurityEvent
from tests.pages import page_of
from tests.worlds.cast import CHEN, LI, STRANGER, logged_in, person_of
from tests.worlds.companies import NOODLES, SLUG, TRUCKS, Companies, build_companies

LICENCE: dict[str, Any] = {
    "name": "洪都小吃店",
    "code": "92360113MA9999021B",
    "person": CHEN.name,
    "document_kind": "111",
    "number": CHEN.number,
    "seen": "1",
    "original": "temporary",
    "signed": "1",
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
        check = person_of(CHEN).checks.get(method="counter")
        assert (check.seen, check.signed, check.officer) == ("temporary", True, companies.sun)
        assert SecurityEvent.objects.filter(kind="organisation_registered", user=companies.sun).exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"code": "92360113MA9999021C"}, "统一社会信用代码"),
            ({"kind": "branch"}, "前两位和这个类型不一致"),
            ({"seen": ""}, "请当面核对营业执照"),
            ({"signed": ""}, "请本人在核验单上签名"),
            ({"original": "photo"}, "请选择看到的是什么证件"),
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

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"name": "夺来的店"}, "登记的是另一个名称"),
            ({"name": NOODLES[0]}, "登记的法定代表人是另一位"),
        ],
    )
    def test_one_that_is_known_is_neither_renamed_nor_taken_over(
        self, companies: Companies, changes: dict[str, str], said: str
    ) -> None:
        answer = logged_in(companies.sun).post(
            reverse("admin:counter_organisation"), {**LICENCE, "code": NOODLES[1], **changes}
        )
        assert answer.status_code == 422
        assert said in page_of(answer)
        known = Organisation.objects.get(credit_code=NOODLES[1])
        assert (known.name, known.legal_representative, known.checks.count()) == (NOODLES[0], companies.li_person, 1)
        assert companies.handler(companies.li_person, known).role == "legal"
        assert not IdentityCheck.objects.filter(method="counter").exists()  # the person was refused with it

    def test_one_that_is_known_is_found_to_be_as_it_is(self, companies: Companies) -> None:
        sent = {**LICENCE, "name": NOODLES[0], "code": NOODLES[1], "person": LI.name, "number": LI.number}
        assert logged_in(companies.sun).post(reverse("admin:counter_organisation"), sent).status_code == 302
        assert companies.noodles.checks.order_by("at").last().source == "counter"  # type: ignore[union-attr]
        assert companies.handler(companies.li_person, companies.noodles).role == "legal"

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
        assert TRUCKS[0] not in found
        sent = {"q": STRANGER.number}
        assert TRUCKS[0] not in page_of(logged_in(companies.sun).post(reverse("admin:counter"), sent))
        assert TRUCKS[0] in page_of(logged_in(companies.sun).post(reverse("admin:counter"), {**sent, "seen": "1"}))
        assert self.start(companies, companies.trucks).status_code == 302
        draft = Draft.objects.get()
        assert (draft.organisation, draft.applicant, draft.channel) == (
            companies.trucks,
            companies.stranger.person,
            "counter",
        )

    def test_every_page_names_it_and_its_name_and_code_are_its_registers(self, companies: Companies) -> None:
        self.start(companies, companies.trucks)
        draft, window = Draft.objects.get(), logged_in(companies.sun)
        for step in ("situation", "form", "materials", "check"):
            answer = window.get(reverse(f"matters:{step}", args=[draft.pk]), follow=True)
            assert f"您正在窗口为 {TRUCKS[0]}（{TRUCKS[1]}，经办人" in page_of(answer), step
        name, code = "company:company.name", "company:company.credit_code"
        draft = Draft.objects.select_related("applicant", "organisation", "mandate").get()

        def told() -> tuple[Any, Any]:
            values = read_form(Draft.objects.get()).values
            return values.get(name), values.get(code)

        assert told() == TRUCKS
        save_values(draft, {name: "别的公司", code: "91360100MA1B2C3D4E"}, seen=draft.revision)
        assert told() == TRUCKS
        change_draft(draft, lambda document, revision: document.empty(revision))  # what was filled in is cleared
        save_values(draft, {name: "别的公司"}, seen=draft.revision)
        assert told() == TRUCKS

    def test_for_nobody_elses(self, companies: Companies) -> None:
        answer = self.start(companies, companies.noodles)
        assert answer.status_code == 422
        assert "不能替这一方办这件事" in page_of(answer)
        assert not Draft.objects.exists()
