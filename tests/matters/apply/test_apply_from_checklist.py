"""From the checklist to the application: the answers arrive, and a draft goes on on the phone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Matter, MatterVersion
from matters.models import Draft
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.settling import SLUG, Case, build_case, draft_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


START = reverse("matters:start", args=[SLUG])
QUERY = "?married=yes&follows=yes"


def test_the_answers_of_a_checklist_are_chosen_already(case: Case) -> None:
    page = page_of(logged_in(case.li).get(START + QUERY))
    assert 'name="married" value="yes" checked' in page


def test_several_answers_to_one_question_arrive_too(case: Case) -> None:
    version = case.version
    questions = [{**each, "multiple": each["key"] == "married"} for each in version.content["questions"]]
    content = {**version.content, "questions": questions}
    Matter.objects.filter(pk=version.matter_id).update(
        current_version=MatterVersion.objects.create(
            matter=version.matter, number=2, content=content, content_hash="2" * 64
        )
    )
    page = page_of(logged_in(case.li).get(START + "?married=yes&married=no"))
    assert 'name="married" value="yes" checked' in page
    assert 'name="married" value="no" checked' in page
    assert "至少选一项" in page
    assert "也可以不选" not in page


def test_they_survive_the_login(case: Case) -> None:
    response = Client().get(START + QUERY)
    assert response.status_code == 302
    assert "married%3Dyes" in response.headers["Location"]


def test_an_open_draft_is_offered_first_and_a_new_one_keeps_the_answers(case: Case) -> None:
    draft_of(case)
    page = page_of(logged_in(case.li).get(START + QUERY))
    assert "接着办" in page
    assert "married=yes" in page.split('class="start-new"')[1]


@pytest.mark.parametrize("query", ["?married=" + "x" * 5000, "?married=%07", "?married=nothing", "?stranger=1"])
def test_what_is_no_answer_is_not_taken(case: Case, query: str) -> None:
    response = logged_in(case.li).get(START + query)
    assert response.status_code == 200
    assert " checked" not in page_of(response).split("<main")[1]
    assert not Draft.objects.exists()


def test_each_step_of_a_draft_has_the_code_to_go_on_by_phone(case: Case) -> None:
    draft = draft_of(case)
    for step in ("form", "materials"):
        page = page_of(logged_in(case.li).get(url(draft, step)))
        assert "在手机上继续" in page
        assert 'class="code"' in page


def test_the_code_leads_to_nobody_elses_draft(case: Case) -> None:
    draft = draft_of(case)
    assert Client().get(url(draft, "form")).status_code == 302
    assert logged_in(case.stranger).get(url(draft, "form")).status_code == 404
