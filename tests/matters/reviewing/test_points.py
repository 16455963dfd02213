"""Each review point is passed or failed before anybody decides; what fails is named for correction, or grounds a refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from lxml import html

from catalog.definitions import ItemDefinition, ReviewPoint
from matters.core.states import State
from matters.models import PointVerdict, SubItem
from matters.reviewing import review
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.points import Judgement, check_points, points_of
from matters.wording.refusals import NotAllowed, PointsInvalid, StateChanged, TakenByAnother
from portal.ledger.models import Event
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.building import publish
from tests.worlds.keeping import kept
from tests.worlds.reading import reading
from tests.worlds.town import CERTIFICATE_TYPES, CHILD_NUMBER, ELEMENTS, ITEMS, MATERIALS, MATTER, POSTS, Town

PASS, FAIL = Judgement(True), Judgement(False, "门牌号不对")
OUTPUTS = {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"}
POINTS = (
    ReviewPoint("here", "户口在本辖区", "户口不在本辖区，请核对", ("household:hukou.address",), ("household_book",)),
    ReviewPoint("new", "孩子没有登记过户口"),
)


def _pointed(item: ItemDefinition) -> ItemDefinition:
    return replace(item, review_points=POINTS) if item.slug == "hukou" else item


@pytest.fixture
def town(db: None) -> Town:
    def build() -> Town:
        version = publish(MATTER, *map(_pointed, ITEMS), elements=ELEMENTS, materials=MATERIALS)
        town = Town.build(version, POSTS, CERTIFICATE_TYPES)
        approve_birth(town, town.part(town.submit(), "birth_cert"))
        return town

    return kept("a town with review points", build)


@pytest.fixture
def hukou(town: Town) -> SubItem:
    """The police's sub-item, accepted."""
    found = SubItem.objects.for_case().get(key="hukou")
    review.accept(town.wang, found)
    return found


@pytest.fixture
def wang(town: Town) -> Client:
    client = Client()
    client.force_login(town.wang)
    return client


def url(sub_item: SubItem, action: str = "") -> str:
    return f"/review/cases/{sub_item.number}/{action}"


def test_nothing_is_approved_before_each_point_is_passed(town: Town, hukou: SubItem) -> None:
    for given, left in (({}, {"here", "new"}), ({"here": PASS}, {"new"}), ({"new": FAIL}, {"new"})):
        check_points(town.wang, hukou, given)
        with pytest.raises(PointsInvalid) as refused:
            review.decide(town.wang, hukou, "approved", "", OUTPUTS)
        assert set(refused.value.problems) == {f"point.{key}" for key in left}
    check_points(town.wang, hukou, {"new": PASS})
    assert review.decide(town.wang, hukou, "approved", "", OUTPUTS).outcome == "approved"


def test_a_rejection_has_looked_at_each_point_and_may_rest_on_one(town: Town, hukou: SubItem) -> None:
    check_points(town.wang, hukou, {"here": FAIL})
    with pytest.raises(PointsInvalid) as refused:
        review.decide(town.wang, hukou, "rejected", "不在本辖区")
    assert set(refused.value.problems) == {"point.new"}
    check_points(town.wang, hukou, {"new": PASS})
    assert review.decide(town.wang, hukou, "rejected", "不在本辖区").outcome == "rejected"


def test_who_found_what_when_is_kept_and_told_by_an_event(town: Town, hukou: SubItem) -> None:
    assert check_points(town.wang, hukou, {"here": FAIL, "new": PASS, "foreign": PASS}) == 2
    assert check_points(town.wang, hukou, {"here": FAIL, "new": PASS}) == 0  # nothing new was said
    assert check_points(town.wang, hukou, {"here": PASS}) == 1
    rows = PointVerdict.objects.order_by("pk").values_list("point", "is_passed", "judged_by")
    assert sorted(rows[:2]) == [("here", False, town.wang.pk), ("new", True, town.wang.pk)]
    assert rows[2] == ("here", True, town.wang.pk)
    told = Event.objects.filter(kind="points_checked").order_by("sequence").values_list("data__points", flat=True)
    assert list(told) == [{"here": False, "new": True}, {"here": True}]
    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_or(position('门牌号'::bytea in note_sealed) > 0) FROM matters_pointverdict")
        assert cursor.fetchone() == (False,)


def test_what_was_found_stays(town: Town, hukou: SubItem) -> None:
    check_points(town.wang, hukou, {"here": PASS})
    for change in ("UPDATE matters_pointverdict SET is_passed = false", "DELETE FROM matters_pointverdict"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_only_who_may_decide_and_holds_the_case_judges(town: Town, hukou: SubItem) -> None:
    for who, refusal in ((town.zhao, NotAllowed), (town.sun, NotAllowed), (town.zhang, TakenByAnother)):
        with pytest.raises(refusal):
            check_points(who, hukou, {"here": PASS})
    request_correction(town.wang, hukou, [Gap("field", "household:hukou.address", "不清楚")])
    with pytest.raises(StateChanged):
        check_points(town.wang, hukou, {"here": PASS})
    assert not PointVerdict.objects.exists()


def test_a_point_is_judged_again_after_what_it_is_about_was_corrected(town: Town, hukou: SubItem) -> None:
    check_points(town.wang, hukou, {"here": PASS, "new": PASS})
    request = request_correction(town.wang, hukou, [Gap("field", "household:hukou.address", "不清楚")])
    answer_correction(town.li, request, {"household:hukou.address": "南昌市西湖区二号"}, {})
    hukou = town.part(hukou.bundle, "hukou")
    assert {one.point.key: one.stands for one in points_of(hukou)} == {"here": False, "new": True}


def test_the_page_takes_ticks_along_and_says_beside_the_point_what_is_missing(hukou: SubItem, wang: Client) -> None:
    typed = {"output.id_number": CHILD_NUMBER, "output.registered_on": "2026-11-20", "point.here": "pass"}
    typed |= reading(hukou)
    answer = wang.post(url(hukou, "approve/"), typed)
    assert answer.status_code == 422
    page = html.fromstring(answer.content)
    (wrong,) = page.xpath('//li[contains(@class, "point")][contains(@class, "err")]')
    assert wrong.get("id") == "point.new"
    assert "孩子没有登记过户口" in wrong.text_content()
    assert page.xpath('//*[@class="error-summary"]//a/@href') == ["#point.new"]
    assert page.xpath('//input[@name="output.id_number"]/@value') == [CHILD_NUMBER]
    assert page.xpath('//input[@name="point.here"][@checked]/@value') == ["pass"]
    assert wang.post(url(hukou, "approve/"), {**typed, "point.new": "pass"}).status_code == 302
    hukou.refresh_from_db()
    assert hukou.state == State.APPROVED
    shown = html.fromstring(wang.get(url(hukou)).content).xpath('//li[@class="point"]')
    assert ["✓" in each.text_content() and "王" in each.text_content() for each in shown] == [True, True]


def test_what_fails_is_filled_in_for_correction_and_refusal(hukou: SubItem, wang: Client) -> None:
    found = {"point.here": "fail", "note.here": "门牌号不对", "point.new": "fail"}
    answer = wang.post(url(hukou, "check/"), found | reading(hukou))
    assert answer.status_code == 302
    page = html.fromstring(wang.get(url(hukou)).content)
    chosen = page.xpath('//input[@name="gap"][@checked]/@value')
    assert chosen == ["field:household:hukou.address", "material:household_book"]
    assert {page.xpath(f'//input[@name="reason:{name}"]/@value')[0] for name in chosen} == {"门牌号不对"}
    grounds = page.xpath('//textarea[@id="reject-reason"]')[0].text_content().strip()
    assert grounds == "户口在本辖区：门牌号不对\n孩子没有登记过户口"


def test_leaving_the_page_keeps_ticks_quietly(hukou: SubItem, wang: Client) -> None:
    sent = {"point.here": "pass", "quiet": "1", **reading(hukou)}
    assert wang.post(url(hukou, "check/"), sent).status_code == 204
    assert PointVerdict.objects.filter(is_passed=True).count() == 1
    assert "messages" not in wang.session
    assert wang.post(url(hukou, "check/"), {"point.here": "fail", "note.here": "字" * 301}).status_code == 422
