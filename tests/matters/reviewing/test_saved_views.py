"""An officer's own views of a queue: what they show, what they leave out, and that reading in sealed forms is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.versions.matters import compiled
from matters.models import ReviewTask, SavedView, SubItem
from matters.reviewing.queueing import saved
from matters.reviewing.queueing.saved import narrowed, save_view, views_of
from matters.wording.refusals import Invalid
from portal.ledger.models import AccessRecord
from tests.matters.reviewing.test_queue import fill
from tests.matters.reviewing.test_review_races import race
from tests.worlds.cast import logged_in
from tests.worlds.town import CANARY_HEALTH, CANARY_POLICE, Town, build_town

NAME, HOSPITAL, ADDRESS = "child:person.name", "child:birth.hospital", "household:hukou.address"
EMPTY: dict[str, Any] = {
    "name": "看名字", "list_name": "all", "sort": "", "columns": [], "fields": [], "channel": "", "item": "", "field": "",
    "field_text": "", "is_default": "",
}  # fmt: skip


def kept(town: Town, **typed: Any) -> SavedView:
    return save_view(town.zhao, town.departments["health"], {**EMPTY, **typed}, [NAME, HOSPITAL])


def test_a_view_shows_its_columns_and_the_own_forms_in_few_statements(town: Town) -> None:
    for _case in range(3):
        town.submit()
    view = kept(town, columns=["item", "left"], fields=[NAME, HOSPITAL])
    zhao, address = logged_in(town.zhao), reverse("matters:queue", args=["health"])
    with CaptureQueriesContext(connection) as queries:
        page = zhao.get(address, {"view": view.pk}).content.decode()
    assert len(queries) <= 11, [query["sql"][:200] for query in queries]
    assert "李小满" in page
    assert CANARY_HEALTH in page
    assert CANARY_POLICE not in page
    assert "渠道</th>" not in page
    read = AccessRecord.objects.filter(reader=town.zhao, purpose="review")
    assert {tuple(record.fields) for record in read} == {(HOSPITAL, NAME)}
    assert read.count() == 3  # one for each application


def test_another_departments_lines_are_neither_shown_nor_offered(town: Town) -> None:
    town.submit()
    view = kept(town, fields=[NAME])
    SavedView.objects.filter(pk=view.pk).update(fields=[ADDRESS])
    zhao = logged_in(town.zhao)
    page = zhao.get(reverse("matters:queue", args=["health"]), {"view": view.pk}).content.decode()
    assert CANARY_POLICE not in page
    made = zhao.get(reverse("matters:saved_views", args=["health"])).content.decode()
    assert HOSPITAL in made
    kept_here = save_view(town.zhao, town.departments["health"], {**EMPTY, "name": "二", "fields": [ADDRESS]}, [NAME])
    assert kept_here.fields == []


def test_a_view_leaves_out_what_it_says_and_next_takes_from_it(town: Town) -> None:
    other = town.part(town.submit(), "birth_cert")
    wanted = town.part(town.submit(**{NAME: "王大力"}), "birth_cert")
    view = kept(town, field=NAME, field_text="大力")
    found = narrowed(town.zhao, town.departments["health"], view)
    assert found.keys == [ReviewTask.objects.get(sub_item=wanted, closed_at=None).pk]
    assert found.sentence == ""
    assert AccessRecord.objects.filter(subject=other.bundle_id, fields=[NAME]).count() == 1  # looked into as well
    zhao = logged_in(town.zhao)
    page = zhao.get(reverse("matters:queue", args=["health"]), {"view": view.pk}).content.decode()
    assert wanted.number in page
    assert other.number not in page
    taken = zhao.post(reverse("matters:next_case", args=["health"]), {"view": view.pk})
    assert f"/review/cases/{wanted.number}/" in taken["Location"]
    none = zhao.post(reverse("matters:next_case", args=["health"]), {"view": view.pk}, follow=True)
    assert "“看名字”里没有待认领的办件了。" in none.content.decode()


def test_by_channel_and_item_it_looks_through_the_first_and_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(town, 9)
    SubItem.objects.filter(number="Q0000002-01").update(name="别的事项")
    health = town.departments["health"]
    assert len(narrowed(town.zhao, health, kept(town, item="别的")).keys) == 1
    assert narrowed(town.zhao, health, kept(town, channel="counter")).keys == []
    monkeypatch.setattr(saved, "NARROWED_MOST", 4)
    found = narrowed(town.zhao, health, kept(town, item="出生"))
    assert (len(found.keys), found.sentence) == (3, "只看了这个列表的前 4 件。")
    page = logged_in(town.zhao).get(
        reverse("matters:queue", args=["health"]), {"view": views_of(town.zhao, health)[0].pk}
    )
    assert "只看了这个列表的前 4 件。" in page.content.decode()


def test_a_narrowed_view_is_turned_page_by_page(town: Town) -> None:
    fill(town, 60)
    view = kept(town, item="出生")
    zhao, address = logged_in(town.zhao), reverse("matters:queue", args=["health"])
    first = zhao.get(address, {"view": view.pk}).context["page"]
    second = zhao.get(address, {"view": view.pk, "after": first.next_cursor}).context["page"]
    assert [len(first.lines), len(second.lines)] == [50, 10]
    numbers = [line.sub_item.number for line in (*first.lines, *second.lines)]
    assert numbers == sorted(numbers)
    assert second.previous_cursor == "0"
    third = zhao.get(address, {"view": view.pk, "before": "50"}).context["page"]
    assert [line.sub_item for line in third.lines] == [line.sub_item for line in second.lines]
    for odd in ("x", "-1", "99999", "9" * 40):
        assert zhao.get(address, {"view": view.pk, "after": odd}).status_code == 200


def test_the_default_opens_first_and_there_is_one(town: Town) -> None:
    kept(town, name="甲", list_name="overdue", is_default="1")
    second = kept(town, name="乙", list_name="mine", is_default="1")
    assert [view.name for view in SavedView.objects.filter(is_default=True)] == ["乙"]
    zhao, address = logged_in(town.zhao), reverse("matters:queue", args=["health"])
    assert zhao.get(address).context["view"] == second
    assert zhao.get(address, {"filter": "all"}).context["view"] is None
    with pytest.raises(IntegrityError, match="saved_view_one_default"), transaction.atomic():
        SavedView.objects.update(is_default=True)


def test_what_cannot_stand_is_said_and_what_was_typed_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.submit()
    zhao, address = logged_in(town.zhao), reverse("matters:saved_views", args=["health"])
    refused = zhao.post(address, {"name": "", "list_name": "today", "sort": "number", "field": NAME, "item": "出生"})
    assert refused.status_code == 422
    page = refused.content.decode()
    for sentence in ("请给视图起个名字", "“今日到期”不能按编号排列", "按表单内容筛选，要选一项内容"):
        assert sentence in page
    assert 'value="出生"' in page
    monkeypatch.setattr(saved, "MOST_VIEWS", 1)
    kept(town)
    with pytest.raises(Invalid) as full:
        kept(town, name="另一个")
    assert set(full.value.problems) == {"name"}


def test_a_view_is_its_officers_alone(town: Town) -> None:
    view = kept(town, list_name="mine", is_default="1")
    zhao, address = logged_in(town.zhao), reverse("matters:saved_views", args=["health"])
    assert views_of(town.wang, town.departments["health"]) == []
    saved_again = zhao.post(address, {"name": "看名字", "list_name": "overdue", "columns": ["item"]})
    assert saved_again.status_code == 302
    view.refresh_from_db()
    assert (view.list_name, view.columns, view.is_default) == ("overdue", ["item"], False)
    zhao.post(address, {"remove": "1", "name": "看名字"})
    assert not SavedView.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def town(self, transactional_db: None) -> Iterator[Town]:
        compiled.cache_clear()
        yield build_town()
        compiled.cache_clear()

    def test_two_that_are_kept_under_one_name_at_once_are_one(self, town: Town) -> None:
        for turn in range(6):
            race(*[lambda turn=turn: kept(town, name=f"视图{turn}")] * 2)  # type: ignore[misc]
            assert SavedView.objects.filter(name=f"视图{turn}").count() == 1
