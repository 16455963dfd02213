"""A step on a case is taken on what its page showed: what another department's correction changed meanwhile is read first."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from matters.cases.sealed_form import open_bundle_form
from matters.core.states import State
from matters.models import Bundle, CorrectionRequest, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.as_read import NotAsRead, as_read
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.views.case_actions import ACTIONS, WHATEVER_IT_SAYS
from tests.matters.reviewing.test_review_races import ROUNDS, committed_town, race
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

__all__ = ["committed_town"]
NAME = "child:person.name"
NEW = "李小荷"
GROUNDS = "房屋不在本辖区"


@pytest.fixture
def asked(town: Town) -> CorrectionRequest:
    """The health department asks for the child's name, while the police have the same application before them."""
    return both_at_once(town)


def both_at_once(town: Town) -> CorrectionRequest:
    bundle = town.submit()
    hukou = town.part(bundle, "hukou")
    SubItem.objects.filter(pk=hukou.pk).update(state="queued")
    ReviewTask.objects.create(sub_item=hukou, department=hukou.department, opened_at=hukou.state_since)
    return request_correction(town.zhao, town.part(bundle, "birth_cert"), [Gap("field", NAME, "请核对姓名")])


class Page:
    """The police's page of a case as a browser holds it."""

    def __init__(self, town: Town, bundle: Bundle) -> None:
        self._client, self.number = logged_in(town.wang), town.part(bundle, "hukou").number
        self.read(self._client.get(reverse("matters:case", args=[self.number])))

    def read(self, answer: Any) -> Any:
        self.text = answer.content.decode()
        if marks := set(re.findall(r'name="read" value="([^"]+)"', self.text)):
            [self.mark] = marks
        return answer

    def send(self, action: str, **sent: str) -> int:
        answer = self._client.post(
            reverse("matters:case_action", args=[self.number, action]), {"read": self.mark, **sent}
        )
        return int(self.read(answer).status_code)


def test_what_changed_while_an_officer_read_is_named_and_read_before_anything_is_done(
    town: Town, asked: CorrectionRequest
) -> None:
    bundle = asked.sub_item.bundle
    page = Page(town, bundle)
    answer_correction(town.li, asked, {NAME: NEW}, {})
    assert page.send("refuse", reason=GROUNDS) == 422
    shown = page_of_text(page.text)
    assert "您打开以后，这一件有变动：姓名。" in shown
    assert NEW in shown
    assert GROUNDS in shown  # what was typed is still there
    assert shown.count("您打开以后有变动") == 1
    assert town.part(bundle, "hukou").state == State.QUEUED
    # What stands there now was read: sent again, it is done.
    assert page.send("refuse", reason=GROUNDS) == 302
    assert town.part(bundle, "hukou").state == State.NOT_ACCEPTED


def test_no_step_is_taken_on_a_page_that_is_old_or_says_nothing(town: Town, asked: CorrectionRequest) -> None:
    bundle = asked.sub_item.bundle
    waiting = Page(town, bundle)
    answer_correction(town.li, asked, {NAME: NEW}, {})
    old, steps = waiting.mark, ACTIONS.keys() - WHATEVER_IT_SAYS
    for state in (State.QUEUED, State.UNDER_REVIEW):
        if state == State.UNDER_REVIEW:
            review.start_review(town.wang, review.accept(town.wang, town.part(bundle, "hukou")))
        for mark in (old, "", "***", "QUJD"):
            for action in sorted(steps):
                assert waiting.send(action, read=mark, reason=GROUNDS) == 422, (state, action, mark)
        assert town.part(bundle, "hukou").state == state
    assert {"accept", "approve", "reject", "propose", "sign", "correct", "check-promise", "extend"} <= steps


def test_what_rests_on_nothing_that_the_page_says_is_done_all_the_same(town: Town, asked: CorrectionRequest) -> None:
    page = Page(town, asked.sub_item.bundle)
    answer_correction(town.li, asked, {NAME: NEW}, {})
    assert page.send("note", note="请张警官看一下") == 302
    assert page.send("claim") == 302


def test_an_answer_that_changes_nothing_here_stops_nobody(town: Town, asked: CorrectionRequest) -> None:
    page = Page(town, asked.sub_item.bundle)
    answer_correction(town.li, asked, {}, {}, unchanged_is_right=True)
    assert page.send("accept") == 302


def test_another_language_shows_the_same(town: Town, asked: CorrectionRequest) -> None:
    part = town.part(asked.sub_item.bundle, "hukou")
    client = logged_in(town.wang)
    client.cookies["django_language"] = "en"
    page = page_of(client.get(reverse("matters:case", args=[part.number])))
    assert f'name="read" value="{reading(part)["read"]}"' in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_step_and_an_answer_at_the_same_moment(committed_town: Town) -> None:
    """Whichever is first: nothing is refused or accepted on a name that its officer has not read."""
    town = committed_town
    for _round in range(ROUNDS):
        asked = both_at_once(town)
        bundle = asked.sub_item.bundle
        part = town.part(bundle, "hukou")
        mark, before = reading(part)["read"], open_bundle_form(bundle).values[NAME]
        said: list[str] = []

        def step(part: SubItem = part, mark: str = mark, said: list[str] = said) -> None:
            with as_read(part, mark):
                said.append(open_bundle_form(Bundle.objects.get(pk=part.bundle_id)).values[NAME])
                review.accept(town.wang, part)
                said.append(open_bundle_form(Bundle.objects.get(pk=part.bundle_id)).values[NAME])

        stepped, answered = race(step, lambda asked=asked: answer_correction(town.li, asked, {NAME: NEW}, {}))
        assert not isinstance(answered, Exception), answered
        assert stepped is None or isinstance(stepped, NotAsRead), stepped
        assert said == ([before, before] if stepped is None else [])


def page_of_text(text: str) -> str:
    return re.sub(r"\s+", " ", text)
