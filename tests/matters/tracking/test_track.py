"""The applicant's pages: what waits for them first, who has it, corrections, receipt, and who has read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from certificates.models import Certificate
from matters.core.states import State
from matters.models import Bundle, CorrectionRequest, Decision, SubItem, SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.withdrawal import withdraw
from matters.wording.refusals import ReasonMissing
from tests.worlds.town import CHILD_NUMBER, Town, advance, picture

NAME = Gap("field", "child:person.name", "与出生医学证明不一致，请核对")
BOOK = Gap("material", "household_book", "照片不清楚，请重拍")


@pytest.fixture
def li(town: Town) -> Client:
    """Applicant Li's browser."""
    client = Client()
    client.force_login(town.li)
    return client


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def bundle(turn_of_the_police: tuple[Town, Bundle]) -> Bundle:
    """Li's application: birth certificate approved, the police's turn."""
    return turn_of_the_police[1]


@pytest.fixture
def asked(town: Town, bundle: Bundle) -> CorrectionRequest:
    """The police want a name and a paper corrected."""
    return request_correction(town.wang, town.part(bundle, "hukou"), [NAME, BOOK])


def page_of(name: str, bundle: Bundle, *more: Any) -> str:
    return reverse(f"matters:{name}", args=[bundle.number, *more])


ADDRESSES = ("bundle", "bundle_receipt", "bundle_readings")


@pytest.mark.parametrize("name", ADDRESSES)
def test_strangers_get_404(town: Town, bundle: Bundle, name: str) -> None:
    client = Client()
    client.force_login(town.stranger)
    assert client.get(page_of(name, bundle)).status_code == 404
    assert Client().get(page_of(name, bundle)).status_code == 302


def test_reviewers_have_no_business_on_the_applicants_page(town: Town, bundle: Bundle) -> None:
    client = Client()
    client.force_login(town.wang)
    assert client.get(page_of("bundle", bundle)).status_code == 404
    assert client.get(page_of("bundle_readings", bundle)).status_code == 404


def test_strangers_withdraw_and_correct_nothing(town: Town, bundle: Bundle, asked: CorrectionRequest) -> None:
    client = Client()
    client.force_login(town.stranger)
    assert client.post(page_of("bundle_withdraw", bundle)).status_code == 404
    assert client.get(page_of("correction", bundle, asked.pk)).status_code == 404
    assert client.post(page_of("correction", bundle, asked.pk), {}).status_code == 404
    paper = SubmittedMaterial.objects.get(bundle=bundle)
    assert client.get(page_of("bundle_paper", bundle, paper.pk)).status_code == 404


def test_a_request_of_another_bundle_is_not_found(town: Town, li: Client, asked: CorrectionRequest) -> None:
    other = town.submit()
    assert li.get(page_of("correction", other, asked.pk)).status_code == 404


def test_what_waits_for_me_comes_first(town: Town, li: Client, bundle: Bundle, asked: CorrectionRequest) -> None:
    town.submit()
    cards = li.get(reverse("matters:bundle_list")).context["cards"]
    assert cards[0]["bundle"].number == bundle.number
    assert (cards[0]["state"], cards[0]["waits"]) == ("等您补正", True)


def test_without_applications_the_list_says_where_to_begin(town: Town, client: Client) -> None:
    client.force_login(town.stranger)
    assert "您还没有办件" in client.get(reverse("matters:bundle_list")).content.decode()


def test_progress_says_who_has_it_since_when_and_until_when(town: Town, li: Client, bundle: Bundle) -> None:
    review.accept(town.wang, town.part(bundle, "hukou"))
    page = li.get(page_of("bundle", bundle))
    text = page.content.decode()
    assert "现在由市公安局办理：户口登记" in text
    assert "受理，承诺" in text
    assert "还剩 5 个工作日" in text
    assert "等户口登记办完，自动开始" in text


def test_the_picture_and_the_list_say_the_same(town: Town, li: Client, bundle: Bundle) -> None:
    review.accept(town.wang, town.part(bundle, "hukou"))
    progress = li.get(page_of("bundle", bundle)).context["progress"]
    assert [lane.key for lane in progress.chart.lanes] == [step.sub_item.key for step in progress.steps]
    for lane, step in zip(progress.chart.lanes, progress.steps, strict=True):
        assert lane.label.startswith(step.heading)
    assert len(progress.chart.waits) == 2
    assert progress.chart.today_x is not None


def test_the_home_page_asks_for_a_correction_until_it_is_withdrawn(
    town: Town, li: Client, bundle: Bundle, asked: CorrectionRequest
) -> None:
    assert [todo.url for todo in li.get("/").context["todo"]] == [page_of("correction", bundle, asked.pk)]
    withdraw(town.li, bundle)
    assert li.get("/").context["todo"] == []


def test_withdrawing_one_part_names_what_ends_with_it(town: Town, li: Client) -> None:
    bundle = town.submit()
    text = " ".join(li.get(page_of("bundle", bundle)).content.decode().split())
    assert "出生医学证明 （户口登记、医保参保登记一起停办）</option>" in text
    assert "撤回“户口登记”，医保参保登记一起停办" in text
    assert "医保参保登记 </option>" in text
    sent = {"sub_item": town.part(bundle, "hukou").number}
    answer = li.post(page_of("bundle_withdraw", bundle), sent, follow=True)
    said = "已撤回：户口登记。要用到它的结果的事项一起停办：医保参保登记。"
    assert said in answer.content.decode()
    advance([bundle.pk])
    assert town.part(bundle, "medical_ins").state == State.TERMINATED
    assert town.part(bundle, "birth_cert").state == State.QUEUED


def test_withdrawing_everything_names_each_once(town: Town, li: Client) -> None:
    bundle = town.submit()
    text = li.post(page_of("bundle_withdraw", bundle), follow=True).content.decode()
    assert "已撤回：" in text
    assert "要用到它的结果的事项一起停办" not in text


def test_open_corrections_stand_on_top_with_their_reasons(li: Client, bundle: Bundle, asked: CorrectionRequest) -> None:
    text = li.get(page_of("bundle", bundle)).content.decode()
    assert "有 2 处要请您补正" in text
    assert BOOK.reason in text
    assert page_of("correction", bundle, asked.pk) in text


def test_only_what_was_named_is_open(li: Client, bundle: Bundle, asked: CorrectionRequest) -> None:
    page = li.get(page_of("correction", bundle, asked.pk))
    assert [entry.name for entry in page.context["entries"]] == ["child:person.name", "material:household_book"]
    text = page.content.decode()
    assert "hukou.address" not in text
    assert NAME.reason in text


def test_a_correction_is_answered_on_the_page(town: Town, li: Client, bundle: Bundle, asked: CorrectionRequest) -> None:
    data = {"child:person.name": "李小滿", "material:household_book": picture("重拍.png", "red")}
    answer = li.post(page_of("correction", bundle, asked.pk), data)
    assert answer.headers["Location"] == page_of("bundle", bundle)
    assert town.part(bundle, "hukou").state == State.RESUBMITTED
    again = li.post(page_of("correction", bundle, asked.pk), {"child:person.name": "李大满"})
    assert again.status_code == 302


def test_what_is_wrong_is_said_beside_it_and_kept(li: Client, bundle: Bundle, asked: CorrectionRequest) -> None:
    program = SimpleUploadedFile("户口簿.png", b"MZ" + b"\0" * 200, content_type="image/png")
    page = li.post(
        page_of("correction", bundle, asked.pk), {"child:person.name": "李1", "material:household_book": program}
    )
    assert page.status_code == 422
    [entry] = page.context["wrong"]
    assert entry.name == "material:household_book"
    assert 'value="李1"' in page.content.decode()
    page = li.post(page_of("correction", bundle, asked.pk), {"child:person.name": "李1"})
    [entry] = page.context["wrong"]
    assert entry.name == "child:person.name"
    assert 'value="李1"' in page.content.decode()


def test_sending_it_back_unchanged_asks_once(town: Town, li: Client, bundle: Bundle, asked: CorrectionRequest) -> None:
    page = li.post(page_of("correction", bundle, asked.pk), {"child:person.name": "李小满"})
    assert page.status_code == 422
    assert "还没有改动" in page.content.decode()
    li.post(page_of("correction", bundle, asked.pk), {"child:person.name": "李小满", "unchanged_is_right": "1"})
    assert town.part(bundle, "hukou").state == State.RESUBMITTED


def test_one_sub_item_or_all_may_be_withdrawn(town: Town, li: Client, bundle: Bundle) -> None:
    li.post(page_of("bundle_withdraw", bundle), {"sub_item": town.part(bundle, "medical_ins").number})
    assert town.part(bundle, "hukou").state == State.QUEUED
    li.post(page_of("bundle_withdraw", bundle), {"sub_item": ""})
    assert town.part(bundle, "hukou").state == State.WITHDRAWN
    text = li.post(page_of("bundle_withdraw", bundle), {"sub_item": ""}, follow=True).content.decode()
    assert "已经办结" in text


def test_certificates_and_rejections_are_shown_with_their_grounds(town: Town, li: Client, bundle: Bundle) -> None:
    hukou = town.part(bundle, "hukou")
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "rejected", "户口不在本辖区")
    advance([bundle.pk])
    text = li.get(page_of("bundle", bundle)).content.decode()
    assert "户口不在本辖区" in text
    assert "行政复议" in text
    assert "办好的证照" in text
    assert "终止办理" in text


def test_what_was_granted_in_part_is_told_with_what_was_not(town: Town, li: Client, bundle: Bundle) -> None:
    hukou = review.accept(town.wang, town.part(bundle, "hukou"))
    outputs = {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"}
    with pytest.raises(ReasonMissing):
        review.decide(town.wang, hukou, "approved", " ", outputs, in_part=True)
    decision = review.decide(town.wang, hukou, "approved", "只登记户口，不立户", outputs, in_part=True)
    assert (decision.outcome, decision.is_in_part) == ("approved", True)
    advance([bundle.pk])
    assert town.part(bundle, "medical_ins").state == State.QUEUED  # what waits for it goes on
    text = li.get(page_of("bundle", bundle)).content.decode()
    assert "部分准予" in text
    assert "只登记户口，不立户" in text
    assert "行政复议" in text
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(outcome="approved", reason=b"").update(is_in_part=True)


def test_a_refusal_to_accept_is_called_so(town: Town, li: Client, bundle: Bundle) -> None:
    hukou = town.part(bundle, "hukou")
    review.refuse_acceptance(town.wang, hukou, "户口不在本辖区")
    advance([bundle.pk])
    text = li.get(page_of("bundle", bundle)).content.decode()
    assert "不予受理" in text
    assert "户口不在本辖区" in text
    assert "不予办理" not in text


def test_a_certificate_that_waits_for_a_person_is_not_promised_soon(town: Town, li: Client, bundle: Bundle) -> None:
    hukou = town.part(bundle, "hukou")
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "approved", "", {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"})
    assert "制证中，一般几秒钟就好" in li.get(page_of("bundle", bundle)).content.decode()
    Certificate.objects.update(set_aside_at="2026-11-22T00:00Z", set_aside_reason="rare_characters")
    text = li.get(page_of("bundle", bundle)).content.decode()
    assert "含生僻字，人工处理" in text
    assert "几秒钟" not in text


def test_a_concluded_bundle_has_no_today(town: Town, li: Client, bundle: Bundle) -> None:
    hukou = town.part(bundle, "hukou")
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "approved", "", {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"})
    advance([bundle.pk])
    insurance = town.part(bundle, "medical_ins")
    review.accept(town.qian, insurance)
    review.decide(town.qian, insurance, "approved")
    advance([bundle.pk])
    progress = li.get(page_of("bundle", bundle)).context["progress"]
    assert progress.now_sentence == "全部事项都已办结。"
    assert progress.chart.today_x is None
    [card] = li.get(reverse("matters:bundle_list")).context["cards"]
    assert card["state"] == "全部办结"


def test_the_receipt_names_what_was_received(li: Client, bundle: Bundle) -> None:
    text = li.get(page_of("bundle_receipt", bundle)).content.decode()
    for expected in (bundle.number, "户口登记", "市公安局", "5 个工作日", "户口簿.png"):
        assert expected in text


def test_ones_own_paper_opens_safely(li: Client, bundle: Bundle) -> None:
    paper = SubmittedMaterial.objects.get(bundle=bundle)
    answer = li.get(page_of("bundle_paper", bundle, paper.pk))
    assert (answer.status_code, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    answer.close()


def test_every_reading_is_shown_to_the_applicant(town: Town, li: Client, bundle: Bundle) -> None:
    officer = Client()
    officer.force_login(town.wang)
    officer.get(reverse("matters:case", args=[town.part(bundle, "hukou").number]))
    text = li.get(page_of("bundle_readings", bundle)).content.decode()
    for expected in ("市公安局", "王警官", "审查办理", "姓名", "户口所在地址", "户口簿"):
        assert expected in text


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_words_and_its_place_in_the_picture(
    town: Town, li: Client, bundle: Bundle, state: State
) -> None:
    from django.utils import timezone

    from matters.core.states import CONCLUDED

    now = timezone.now()
    SubItem.objects.filter(bundle=bundle, key="hukou").update(
        state=state, concluded_at=now if state in CONCLUDED else None, due_on=None
    )
    page = li.get(page_of("bundle", bundle))
    assert page.status_code == 200
    step = page.context["progress"].steps[1]
    assert step.state
    assert step.sentence


@pytest.mark.parametrize(("name", "limit"), [("bundle", 18), ("bundle_list", 8)])
def test_the_pages_cost_a_fixed_number_of_queries(
    town: Town, li: Client, bundle: Bundle, name: str, limit: int, django_assert_max_num_queries: Any
) -> None:
    address = reverse(f"matters:{name}", args=[bundle.number] if name == "bundle" else [])
    li.get(address)
    for _ in range(3):
        town.submit()
    with django_assert_max_num_queries(limit):
        assert li.get(address).status_code == 200
