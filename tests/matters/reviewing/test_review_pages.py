"""The reviewers' pages: what they show, to whom, and what each button does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from matters.core.states import State
from matters.models import Bundle, SubItem, SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from portal.ledger.models import AccessRecord
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.reading import reading
from tests.worlds.town import CANARY_HEALTH, CANARY_INSURANCE, CANARY_POLICE, CHILD_NUMBER, Town, advance

Login = Callable[[Any], Client]


@pytest.fixture
def login() -> Login:
    """Return a browser in which a user is logged in."""

    def logged_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    """The police's sub-item, in their queue."""
    town, bundle = turn_of_the_police
    return town.part(bundle, "hukou")


def case(sub_item: SubItem) -> str:
    return reverse("matters:case", args=[sub_item.number])


def act(client: Client, sub_item: SubItem, action: str, **data: Any) -> Any:
    return client.post(reverse("matters:case_action", args=[sub_item.number, action]), reading(sub_item) | data)


def test_a_department_sees_its_own_form_and_nothing_else(town: Town, hukou: SubItem, login: Login) -> None:
    page = login(town.wang).get(case(hukou)).content.decode()
    assert CANARY_POLICE in page
    assert CANARY_HEALTH not in page
    assert CANARY_INSURANCE not in page
    assert "户口所在地址" in page


def test_each_department_is_kept_from_the_others_facts(town: Town, hukou: SubItem, login: Login) -> None:
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "approved", "", {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"})
    advance([hukou.bundle_id])
    page = login(town.qian).get(case(town.part(hukou.bundle, "medical_ins"))).content.decode()
    assert CANARY_INSURANCE in page
    assert CHILD_NUMBER in page
    assert "来自户口登记" in page
    assert CANARY_POLICE not in page
    assert CANARY_HEALTH not in page
    page = login(town.zhao).get(case(town.part(hukou.bundle, "birth_cert"))).content.decode()
    assert CANARY_HEALTH in page
    assert CHILD_NUMBER not in page


@pytest.mark.parametrize("who", ["stranger", "li", "zhao", "qian"])
def test_others_get_404_from_every_address_of_the_case(town: Town, hukou: SubItem, login: Login, who: str) -> None:
    client = login(getattr(town, who))
    paper = SubmittedMaterial.objects.get(bundle=hukou.bundle)
    assert client.get(case(hukou)).status_code == 404
    assert client.get(reverse("matters:case_paper", args=[hukou.number, paper.pk])).status_code == 404
    for action in ("claim", "accept", "approve", "correct", "reject", "refuse", "hand-back", "start"):
        assert act(client, hukou, action).status_code == 404
    assert client.get(reverse("matters:queue", args=["police"])).status_code == 404
    assert client.post(reverse("matters:next_case", args=["police"])).status_code == 404


def test_who_is_not_logged_in_is_asked_to(town: Town, hukou: SubItem) -> None:
    assert Client().get(case(hukou)).status_code == 302


def test_a_case_that_does_not_exist_looks_the_same(town: Town, login: Login) -> None:
    assert login(town.wang).get("/review/cases/20261122-360100-0000001-1-013/").status_code == 404


def test_opening_a_case_leaves_a_line_with_its_purpose(town: Town, hukou: SubItem, login: Login) -> None:
    login(town.wang).get(case(hukou))
    record = AccessRecord.objects.get(subject=hukou.bundle_id, reader=town.wang)
    assert (record.purpose, record.department) == ("review", "police")
    assert "child:person.name" in record.fields
    assert "material:household_book" in record.fields
    assert "child:birth.hospital" not in record.fields


def test_a_paper_opens_safely_and_leaves_a_line(town: Town, hukou: SubItem, login: Login) -> None:
    paper = SubmittedMaterial.objects.get(bundle=hukou.bundle)
    answer = login(town.wang).get(reverse("matters:case_paper", args=[hukou.number, paper.pk]))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert AccessRecord.objects.filter(subject=hukou.bundle_id, reader=town.wang, purpose="material").exists()
    answer.close()


def test_a_paper_of_another_item_is_not_found(town: Town, hukou: SubItem, login: Login) -> None:
    paper = SubmittedMaterial.objects.get(bundle=hukou.bundle)
    birth = town.part(hukou.bundle, "birth_cert")
    assert login(town.zhao).get(reverse("matters:case_paper", args=[birth.number, paper.pk])).status_code == 404


def test_the_buttons_are_those_the_table_allows(town: Town, hukou: SubItem, login: Login) -> None:
    client = login(town.wang)
    assert client.get(case(hukou)).context["transitions"] >= {"accept", "request_correction", "refuse_acceptance"}
    act(client, hukou, "accept")
    offered = client.get(case(hukou)).context["transitions"]
    assert offered >= {"approve", "reject", "request_correction", "start_review"}
    assert "accept" not in offered
    other = login(town.zhang).get(case(hukou))
    assert other.context["transitions"] == set()
    assert "正在由王警官办理" in other.content.decode()


def test_the_case_is_worked_through_by_its_buttons(town: Town, hukou: SubItem, login: Login) -> None:
    client = login(town.wang)
    for action in ("claim", "accept", "start"):
        assert act(client, hukou, action).headers["Location"] == case(hukou)
    data = {"output.id_number": CHILD_NUMBER, "output.registered_on": "2026-11-20", "reason": "材料齐全"}
    act(client, hukou, "approve", **data)
    assert town.part(hukou.bundle, "hukou").state == State.APPROVED
    page = client.get(case(hukou)).content.decode()
    assert "材料齐全" in page
    assert "下一件" in page


def test_a_wrong_output_keeps_what_was_typed_beside_its_sentence(town: Town, hukou: SubItem, login: Login) -> None:
    client = login(town.wang)
    act(client, hukou, "accept")
    page = act(client, hukou, "approve", **{"output.id_number": "36010", "output.registered_on": "2026-11-20"})
    assert page.status_code == 422
    assert 'value="36010"' in page.content.decode()
    assert set(page.context["problems"]) == {"id_number"}
    assert town.part(hukou.bundle, "hukou").state == State.ACCEPTED


def test_several_gaps_are_named_at_once_on_the_page(town: Town, hukou: SubItem, login: Login) -> None:
    client = login(town.wang)
    page = act(client, hukou, "correct", gap=["field:child:person.name"])
    assert page.status_code == 422
    assert page.context["opened"] == "correct"
    data = {
        "gap": ["field:child:person.name"],
        "reason:field:child:person.name": "与出生医学证明不一致",
        "reason:material:household_book": "请重拍",
    }
    act(client, hukou, "correct", **data)
    sub_item = town.part(hukou.bundle, "hukou")
    assert sub_item.state == State.RETURNED
    assert {item.key for item in sub_item.correction_requests.get().items.all()} == {
        "child:person.name",
        "household_book",
    }
    assert "等申请人补正" in client.get(case(hukou)).content.decode()


def test_a_rejection_without_grounds_is_asked_for_them(town: Town, hukou: SubItem, login: Login) -> None:
    client = login(town.wang)
    act(client, hukou, "accept")
    page = act(client, hukou, "reject", reason=" ")
    assert page.status_code == 422
    assert "请写明理由" in page.content.decode()


def test_the_second_reviewer_is_told_in_a_sentence(town: Town, hukou: SubItem, login: Login) -> None:
    act(login(town.wang), hukou, "refuse", reason="户口不在本辖区")
    client = login(town.zhang)
    act(client, hukou, "accept")
    assert "已由王警官办结" in client.get(case(hukou)).content.decode()


def test_an_action_that_does_not_exist_is_not_found(town: Town, hukou: SubItem, login: Login) -> None:
    assert act(login(town.wang), hukou, "explode").status_code == 404
    looked = login(town.wang).get(reverse("matters:case_action", args=[hukou.number, "claim"]))
    assert (looked.status_code, looked["Location"]) == (302, reverse("matters:case", args=[hukou.number]))


def test_what_was_corrected_shows_with_what_it_was(town: Town, hukou: SubItem, login: Login) -> None:
    asked = request_correction(town.wang, hukou, [Gap("field", "child:person.name", "请核对")])
    answer_correction(town.li, asked, {"child:person.name": "李小滿"}, {})
    page = login(town.zhang).get(case(hukou)).content.decode()
    assert "原为“李小满”" in page
    assert "第 2 稿" in page


def test_the_history_tells_this_department_no_others_steps(town: Town, hukou: SubItem, login: Login) -> None:
    events = login(town.wang).get(case(hukou)).context["events"]
    assert {event.sub_item for event in events} <= {"", "hukou"}


def test_my_departments_are_listed_with_their_counts(town: Town, hukou: SubItem, login: Login) -> None:
    page = login(town.wang).get(reverse("matters:review_home"))
    [desk] = page.context["desks"]
    assert desk["department"].code == "police"
    assert {name: str(count) for name, _label, count in desk["counts"]}["acceptance"] == "1"
    assert login(town.stranger).get(reverse("matters:review_home")).context["desks"] == []


def test_the_case_page_costs_a_fixed_number_of_queries(
    town: Town, hukou: SubItem, login: Login, django_assert_max_num_queries: Any
) -> None:
    client = login(town.wang)
    client.get(case(hukou))
    for _ in range(3):
        other = town.submit()
        approve_birth(town, town.part(other, "birth_cert"))
    with django_assert_max_num_queries(26):
        assert client.get(case(hukou)).status_code == 200
    assert Bundle.objects.count() == 4
