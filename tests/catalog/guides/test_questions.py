"""The guide questions one at a time: an address for each step, answers that can be changed, and no answer taken that is none."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Matter
from tests.pages import page_of

pytestmark = pytest.mark.django_db

HERE = "/matters/opening/situation/"


def page(client: Client, status: int = 200, **query: str) -> str:
    response = client.get(HERE, query)
    assert response.status_code == status, response.headers.get("Location")
    return page_of(response)


def test_it_asks_one_question_and_says_how_many_there_are(opening: Matter, client: Client) -> None:
    text = page(client)
    assert "要领用发票吗" in text
    assert "企业开在哪里" not in text
    assert "第 1 问，共约 1 问" in text


def test_a_follow_up_is_asked_next_with_the_answers_so_far(opening: Matter, client: Client) -> None:
    text = page(client, invoices="yes", asked="invoices")
    assert "<legend" in text
    assert "企业开在哪里" in re.search(r"<legend.*?</legend>", text, re.DOTALL)[0]  # type: ignore[index]
    assert '<input type="hidden" name="invoices" value="yes">' in text
    assert "第 2 问，共约 2 问" in text
    assert f"{HERE}?invoices=yes&amp;change=invoices" in text


def test_complete_answers_lead_to_the_checklist(opening: Matter, client: Client) -> None:
    response = client.get(HERE, {"invoices": "yes", "place": "here", "asked": "place"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/matters/opening/checklist/?invoices=yes&place=here"


def test_an_answer_can_be_changed_and_shows_what_was_chosen(opening: Matter, client: Client) -> None:
    text = page(client, invoices="yes", place="here", change="invoices")
    assert re.search(r'value="yes" checked', text)
    assert "本市" in text  # the other answer is kept and listed


def test_a_follow_up_that_is_not_asked_any_more_is_dropped(opening: Matter, client: Client) -> None:
    response = client.get("/matters/opening/checklist/", {"invoices": "no", "place": "here"})
    text = page_of(response)
    assert response.status_code == 200
    assert "改了前面的回答" in text
    assert "place=here" not in text.split("<main")[1]


def test_an_answer_that_stops_says_kindly_where_to_turn(opening: Matter, client: Client) -> None:
    text = page(client, invoices="yes", place="there")
    assert "外省企业请到当地办理" in text
    assert "12345" in text
    assert "在线办理" not in text
    assert "change=place" in text


def test_a_step_without_an_answer_asks_for_one(opening: Matter, client: Client) -> None:
    assert "请先选一个回答" in page(client, 422, asked="invoices")


@pytest.mark.parametrize("answer", ["maybe", "x" * 5000, "<script>alert(1)</script>", "😀", "1 OR 1=1", "\x07"])
def test_an_answer_that_is_not_an_option_is_refused_in_words(opening: Matter, client: Client, answer: str) -> None:
    text = page(client, 422, invoices=answer)
    assert "“要领用发票吗”没有这个选项" in text
    assert answer not in text.split("<main")[1]


def test_a_nul_character_is_no_answer(opening: Matter, client: Client) -> None:
    assert client.get(f"{HERE}?invoices=%00").status_code == 400


def test_a_question_nobody_asks_is_named_and_left_out(opening: Matter, client: Client) -> None:
    text = page_of(client.get(HERE, {"stranger": "yes", "\x07": "1"}))
    assert "“stranger”不是这件事的问题" in text


def test_ten_thousand_unknown_questions_are_told_of_in_a_few_lines(opening: Matter, client: Client) -> None:
    query = urlencode([(f"q{number}", "1") for number in range(900)])
    response = client.get(f"{HERE}?{query}")
    assert page_of(response).count("不是这件事的问题") <= 5


def test_the_guide_refuses_a_wrong_answer_in_words_and_shows_the_usual_situation(
    opening: Matter, client: Client
) -> None:
    response = client.get(reverse("catalog:matter", args=["opening"]), {"invoices": "maybe"})
    assert response.status_code == 200
    assert "没有这个选项" in page_of(response)


def test_the_questions_of_an_unknown_matter_are_not_found(client: Client) -> None:
    for name in ("situation", "checklist", "checklist_pdf"):
        assert client.get(reverse(f"catalog:{name}", args=["nothing"])).status_code == 404
