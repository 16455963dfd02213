"""What is agreed to, declared and shown under a mandate names whom it is for, who does it and under which number."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from matters.models import Draft
from portal.accounts.mandates.activities import end
from portal.accounts.models import Mandate
from tests.matters.cases.test_mandates import draft_under, filed_under, mandate_of, zhang_for
from tests.matters.cases.test_principals import of_bundle
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.companies import Companies, build_companies


@pytest.fixture
def world(db: None) -> Companies:
    return build_companies()


@pytest.fixture
def mandate(world: Companies) -> Mandate:
    return mandate_of(world, world.li_person)


def read(client: Client, name: str, *args: object) -> str:
    return page_of(client.get(reverse(name, args=args)))


class TestTheAgentsPages:
    def test_the_last_page_and_the_form_say_who_declares_for_whom(self, world: Companies, mandate: Mandate) -> None:
        draft = draft_under(world, mandate, "招牌")
        declared = f"由代办人张经办依授权 {mandate.number} 代{world.li_person.name}确认。"
        check = read(zhang_for(world, mandate), "matters:check", draft.pk)
        assert declared in check
        assert f"张经办（授权编号 {mandate.number}" in check
        # What she files herself is her own word.
        assert "由代办人" not in read(logged_in(world.li), "matters:check", draft.pk)
        bundle = filed_under(world, mandate, "招牌")
        assert declared in bundle.documents.get(kind="form").document.text

    def test_what_was_submitted_goes_to_the_principal(self, world: Companies, mandate: Mandate) -> None:
        filed_under(world, mandate, "招牌")
        draft = Draft.objects.get()
        page = read(zhang_for(world, mandate), "matters:submitted", draft.pk)
        assert f"办好的电子证照归{world.li_person.name}" in page
        assert "这份授权不包括看证照" in page

    def test_lists_say_what_they_leave_out(self, world: Companies, mandate: Mandate) -> None:
        client, name = zhang_for(world, mandate), world.li_person.name
        assert f"所以{name}的证照这里不显示" in read(client, "certificates:library")
        assert f"{name}自己办的和请别人代办的不显示" in read(client, "matters:bundle_list")
        assert f"发给{name}的不显示" in read(client, "accounts:notices")
        for page in ("certificates:library", "matters:bundle_list", "accounts:notices"):
            said = read(client, page)
            assert not any(each in said for each in ("还没有电子证照", "您还没有办件", "会在这里告诉您"))


class TestThePrincipalsPages:
    def test_her_list_says_who_does_it(self, world: Companies, mandate: Mandate) -> None:
        draft_under(world, mandate, "草稿")
        filed_under(world, mandate, "招牌")
        assert read(logged_in(world.li), "matters:bundle_list").count(mandate.in_words) == 2


class TestOnceItIsOver:
    def test_the_agent_reads_so_and_nobody_else(self, world: Companies, mandate: Mandate) -> None:
        draft, bundle = draft_under(world, mandate, "草稿"), filed_under(world, mandate, "招牌")
        pages = [reverse("matters:form", args=[draft.pk]), of_bundle(bundle)[0]]
        end(mandate.pk, by=world.li_person)
        for page in pages:
            answer = logged_in(world.zhang).get(page)
            assert (answer.status_code, f"授权 {mandate.number}" in page_of(answer)) == (404, True)
            for other in (world.stranger, world.qian):
                told = logged_in(other).get(page)
                assert told.status_code == 404
                assert mandate.number not in page_of(told)

    def test_ending_asks_once(self, world: Companies, mandate: Mandate) -> None:
        li, page = logged_in(world.li), reverse("accounts:end_mandate")
        asked = li.post(page, {"mandate": str(mandate.pk)})
        assert "马上不能再代您办事" in page_of(asked)
        mandate.refresh_from_db()
        assert mandate.ended_at is None
        li.post(page, {"mandate": str(mandate.pk), "sure": "1"})
        mandate.refresh_from_db()
        assert mandate.ended_at is not None

    def test_a_stranger_is_not_asked(self, world: Companies, mandate: Mandate) -> None:
        answer = logged_in(world.stranger).post(reverse("accounts:end_mandate"), {"mandate": str(mandate.pk)})
        assert answer.status_code == 302


def test_all_matters_are_chosen_not_left_empty(world: Companies) -> None:
    li, page = logged_in(world.li), reverse("accounts:give_mandate")
    told = {"to": "person", "agent_name": "张经办", "until": "2099-01-01"}
    refused = li.post(page, told)
    assert (refused.status_code, "请勾选可以代办的事" in page_of(refused)) == (422, True)
    li.post(page, {**told, "every": "on"})
    assert world.li_person.mandates_offered.get().matters is None
