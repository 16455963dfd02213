"""The chief's page: who holds what, who is away, and moving work between people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matters.models import ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.loads import loads_of
from matters.reviewing.standing_in import record_absence
from portal.notices.models import Message
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
ADDRESS = reverse("matters:people", args=["police"])


@pytest.fixture
def parts(town: Town) -> list[SubItem]:
    """Two parts of the police: Wang holds the first, which is late, nobody the second."""
    found = []
    for _number in range(2):
        birth = town.part(town.submit(), "birth_cert")
        approve_birth(town, birth)
        found.append(town.part(birth.bundle, "hukou"))
    review.accept(town.wang, found[0])
    late = timezone.localdate() - timedelta(days=1)
    ReviewTask.objects.filter(sub_item=found[0], closed_at=None).update(due_on=late)
    return found


def test_it_shows_what_everybody_holds_and_who_is_away(town: Town, parts: list[SubItem]) -> None:
    today = timezone.localdate()
    record_absence(town.zhou, town.zhang, town.departments["police"], town.wang, today, today + timedelta(days=3))
    loads = {one.user: one for one in loads_of(town.zhou, town.departments["police"], today)}
    assert (loads[town.wang].held, loads[town.wang].late) == (1, 1)
    assert loads[None].held == 1
    assert loads[town.zhang].away is not None
    page = logged_in(town.zhou).get(ADDRESS, {"person": town.wang.pk}).content.decode()
    assert parts[0].number in page
    assert parts[1].number not in page
    assert parts[1].number in logged_in(town.zhou).get(ADDRESS, {"person": "0"}).content.decode()


def test_work_is_moved_and_each_case_says_what_became_of_it(town: Town, parts: list[SubItem]) -> None:
    chief = logged_in(town.zhou)
    nothing = chief.post(ADDRESS, {"person": town.wang.pk, "to": town.zhang.pk})
    assert nothing.status_code == 422
    assert "请勾选要转的办件" in nothing.content.decode()
    nobody = chief.post(ADDRESS, {"person": town.wang.pk, "case": parts[0].number})
    assert nobody.status_code == 422
    assert "checked" in nobody.content.decode()  # what was ticked stays
    sent = {"person": town.wang.pk, "case": [part.number for part in parts], "to": town.zhang.pk}
    moved = chief.post(ADDRESS, sent, follow=True)
    assert "2 件" in moved.content.decode()
    held = ReviewTask.objects.filter(closed_at=None, claimed_by=town.zhang)
    assert held.count() == 2
    assert Message.objects.filter(recipient=town.zhang, kind="case_reassigned").count() == 2
    again = chief.post(ADDRESS, sent, follow=True).content.decode()
    assert "不用转交" in again


def test_only_the_head_sees_it(town: Town, parts: list[SubItem]) -> None:
    for nobody in (town.wang, town.zhao, town.sun, town.li):
        assert logged_in(nobody).get(ADDRESS).status_code == 404
