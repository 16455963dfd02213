"""A department's queue: counts that equal the lists, pages by keyset, the same cost at any depth."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matters.models import Bundle, PersonCheck, ReviewTask, RuleEvaluation, SubItem, SupervisoryOrder
from matters.reviewing import queue, review
from matters.reviewing.advice import ask_advice
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.extending import ask_extension
from matters.reviewing.queue import Line, queue_counts, queue_page
from matters.reviewing.queueing.lists import LISTS, given, rows_of, sort_of
from portal.identifiers.masking import mask_name
from portal.lib.uuid7 import uuid7
from tests.worlds.cast import LI, logged_in
from tests.worlds.town import Town


def fill(town: Town, count: int, *, together: bool = False) -> None:
    """Put many sub-items of health into its queue by raw rows; ``together``: all in one moment."""
    pattern = town.submit(dispatch=False)
    now = timezone.now() - timedelta(days=1)
    bundles, sub_items, tasks = [], [], []
    for place in range(count):
        bundle = Bundle(
            number=f"Q{place:07d}", matter_version=town.version, applicant=town.li_person, entered_by=town.li,
            idempotency_key=uuid7(), form_sealed=bytes(pattern.form_sealed), submitted_at=now,
        )  # fmt: skip
        state = ("queued", "accepted", "under_review", "resubmitted")[place % 4]
        due_on = date(2026, 1, 5) + timedelta(days=place % 9) if place % 4 in (1, 2) else None
        sub_item = SubItem(
            bundle=bundle, key="birth_cert", number=f"{bundle.number}-01", name="出生医学证明",
            department=town.departments["health"], state=state, state_since=now, promised_limit_days=1, due_on=due_on,
        )  # fmt: skip
        at = now if together else now + timedelta(seconds=place)
        stage = "review" if due_on else "acceptance"
        holder = town.zhao if place % 5 == 0 else None
        tasks.append(
            ReviewTask(
                sub_item=sub_item,
                department=sub_item.department,
                opened_at=at,
                stage=stage,
                due_on=due_on,
                claimed_by=holder,
                claimed_at=now if holder else None,
                claim_lapses_at=now + timedelta(days=1) if holder else None,
            )
        )
        bundles.append(bundle)
        sub_items.append(sub_item)
    Bundle.objects.bulk_create(bundles)
    SubItem.objects.bulk_create(sub_items)
    ReviewTask.objects.bulk_create(tasks)


def walk(town: Town, name: str, sort: str = "", *, size: int = 7) -> Iterator[list[Line]]:
    """Yield the pages of a list from first to last."""
    after = ""
    while True:
        page = queue_page(town.departments["health"], filter=name, sort=sort, user=town.zhao, after=after, size=size)
        yield page.lines
        if not page.next_cursor:
            return
        after = page.next_cursor


def fill_every_list(town: Town, *, together: bool = False) -> None:
    """Put something into each list of health's queue."""
    fill(town, 60, together=together)
    request_correction(town.zhao, town.part(town.submit(), "birth_cert"), [Gap("field", "child:person.name", "请核对")])
    parts = [town.part(town.submit(), "birth_cert") for _place in range(6)]
    tasks = ReviewTask.objects.filter(closed_at=None)
    tasks.filter(sub_item=parts[0]).update(stage=ReviewTask.Stage.AMENDMENT)
    tasks.filter(sub_item=parts[4]).update(stage=ReviewTask.Stage.CHECK)
    tasks.filter(sub_item=parts[5]).update(stage=ReviewTask.Stage.SIGNING)
    ask_extension(town.zhao, review.accept(town.zhao, parts[1]), "3", "等外地核实")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    ask_advice(town.zhao, town.part(parts[1].bundle, "birth_cert"), "police", "这个地址有人落户吗？", [], tomorrow)
    SupervisoryOrder.objects.create(
        sub_item=parts[2],
        department=parts[2].department,
        text="请说明为什么还没有受理",
        ordered_by=town.sun,
        ordered_at=timezone.now(),
        due_on=timezone.localdate(),
    )
    tasks.filter(sub_item=parts[2]).update(due_on=timezone.localdate())
    decision = review.decide(town.zhao, review.accept(town.zhao, parts[3]), "rejected", "不符合规定")
    now = timezone.now()
    ruled = RuleEvaluation(sub_item=parts[3], why="decided", decision=decision, share=0, draw=0, at=now)
    ruled.seal_trace({})
    ruled.save()
    PersonCheck.objects.create(evaluation=ruled, cause=PersonCheck.Cause.ASKED, opened_at=now)
    SubItem.objects.filter(number__in=["Q0000000-01", "Q0000003-01"]).update(state="waiting")
    tasks.filter(number__in=["Q0000000-01", "Q0000003-01"]).update(closed_at=timezone.now())


EVERY_ORDER = [(name, sort) for name, each in LISTS.items() for sort in each.sorts]


@pytest.mark.parametrize("together", [False, True])
def test_a_count_is_the_length_of_its_list_in_every_order(town: Town, together: bool) -> None:
    fill_every_list(town, together=together)
    counts = queue_counts(town.departments["health"], user=town.zhao)
    for name, sort in EVERY_ORDER:
        numbers = [line.sub_item.number for lines in walk(town, name, sort) for line in lines]
        assert len(numbers) == len(set(numbers)) > 0, (name, sort)
        assert (counts[name].number, counts[name].capped) == (len(numbers), False), (name, sort)


def test_beyond_the_cap_a_count_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(town, 12)
    monkeypatch.setattr(queue, "COUNT_CAP", 10)
    counts = queue_counts(town.departments["health"], user=town.zhao)
    assert str(counts["all"]) == "10+"
    assert str(counts["mine"]) == "3"


@pytest.mark.parametrize("together", [False, True])
def test_going_back_shows_the_pages_that_were_shown_before(town: Town, together: bool) -> None:
    fill(town, 40, together=together)
    SubItem.objects.filter(number__in=[f"Q{place:07d}-01" for place in range(15)]).update(
        state="rejected", concluded_at=timezone.now()
    )
    health = town.departments["health"]
    for name, sort in [("all", "since"), ("all", "number"), ("overdue", "left"), ("decided", "since")]:
        shown: dict[str, Any] = {"filter": name, "sort": sort, "user": town.zhao, "size": 6}
        pages = [queue_page(health, **shown)]
        while pages[-1].next_cursor:
            pages.append(queue_page(health, after=pages[-1].next_cursor, **shown))
        assert len(pages) > 1
        assert pages[0].previous_cursor == ""
        for earlier, later in itertools.pairwise(pages):
            back = queue_page(health, before=later.previous_cursor, **shown)
            assert [line.sub_item for line in back.lines] == [line.sub_item for line in earlier.lines]
            assert bool(back.previous_cursor) is (earlier is not pages[0])
            assert back.next_cursor == earlier.next_cursor


def test_each_order_is_what_it_is_called(town: Town) -> None:
    fill_every_list(town)
    health = town.departments["health"]
    for name, sort in EVERY_ORDER:
        lines = queue_page(health, filter=name, sort=sort, user=town.zhao).lines
        keys: dict[str, list[Any]] = {
            "since": [line.since for line in lines],
            "left": [line.due_on or date.max for line in lines],
            "number": [line.sub_item.number for line in lines],
        }
        assert keys[sort] == sorted(keys[sort], reverse=LISTS[name].newest_first), (name, sort)


def test_today_and_overdue_are_told_apart(town: Town) -> None:
    fill_every_list(town)
    health, today = town.departments["health"], timezone.localdate()
    assert {line.due_on for line in queue_page(health, filter="today", user=town.zhao).lines} == {today}
    assert all(line.due_on < today for line in queue_page(health, filter="overdue", user=town.zhao).lines)  # type: ignore[operator]


def test_what_was_decided_leaves_its_list_after_thirty_days(town: Town) -> None:
    decided = review.accept(town.zhao, town.part(town.submit(), "birth_cert"))
    review.decide(town.zhao, decided, "rejected", "不符合规定")
    shown: dict[str, Any] = {"filter": "decided", "user": town.zhao}
    assert [line.sub_item for line in queue_page(town.departments["health"], **shown).lines] == [decided]
    later = timezone.now() + timedelta(days=31)
    assert queue_page(town.departments["health"], now=later, **shown).lines == []


def test_an_order_that_a_list_has_not_is_refused_with_a_sentence(town: Town) -> None:
    assert sort_of("all", "number") == ("number", "")
    assert sort_of("today", "since") == ("left", "“今日到期”不能按进入时间排列，现在按剩余时间排列。")
    address = reverse("matters:queue", args=["health"])
    page = logged_in(town.zhao).get(address, {"filter": "unclaimed", "sort": "number"})
    assert "“待认领”不能按编号排列，现在按进入时间排列。" in page.content.decode()


@pytest.mark.parametrize("cursor", ["x", "!!!", "bnVsbA", "WzEsMl0", "W10", "WyIyMDI2IiwgIngiXQ", "A" * 5000])
def test_a_cursor_not_made_here_starts_at_the_beginning(town: Town, cursor: str) -> None:
    fill(town, 3)
    for name in ("all", "returned", "today", "decided"):
        page = queue_page(town.departments["health"], filter=name, user=town.zhao, after=cursor)
        assert page.previous_cursor == ""


@pytest.mark.parametrize("length", [1, 120])
def test_the_page_costs_at_most_six_queries_however_long_the_queue(
    town: Town, length: int, django_assert_max_num_queries: Any
) -> None:
    fill(town, length)
    client = Client()
    client.force_login(town.zhao)
    with django_assert_max_num_queries(6):
        page = client.get(reverse("matters:queue", args=["health"]))
    assert page.status_code == 200
    assert len(page.context["page"].lines) == min(length, 50)


def test_the_page_never_fetches_a_sealed_form_or_a_plan(town: Town, django_assert_max_num_queries: Any) -> None:
    fill(town, 5)
    client = Client()
    client.force_login(town.zhao)
    with django_assert_max_num_queries(6) as queries:
        client.get(reverse("matters:queue", args=["health"]))
    sent = " ".join(query["sql"] for query in queries.captured_queries)
    assert "form_sealed" not in sent
    assert '"plan"' not in sent


def test_a_deep_page_starts_in_the_index_at_its_place(town: Town) -> None:
    fill(town, 2500, together=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE matters_reviewtask")
        cursor.execute("ANALYZE matters_subitem")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        for name, sort in EVERY_ORDER:
            shown: dict[str, Any] = {"filter": name, "sort": sort, "user": town.zhao, "size": 400}
            place = queue_page(town.departments["health"], **shown)
            rows, key = rows_of(name, sort, **given(town.departments["health"].pk, town.zhao.pk))
            after = queue._read_cursor(place.next_cursor, rows, key) if place.next_cursor else None
            beyond = queue.keyset(rows, key, after=after, newest_first=LISTS[name].newest_first)
            sql, params = beyond[:51].query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            index = {
                "returned": "sub_item_returned",
                "others": "sub_item_waits_for_others",
                "decided": "sub_item_concluded",
                "person_check": "person_check_asked",
            }
            assert index.get(name, "review_queue") in plan, (name, sort)
            assert "Sort" not in plan, (name, sort)
            if after is not None:
                assert "ROW(" in plan.split("Index Cond")[1].splitlines()[0], (name, sort)


def test_claiming_moves_a_line_to_mine(town: Town) -> None:
    sub_item = town.part(town.submit(), "birth_cert")
    review.claim(town.zhao, sub_item)
    [line] = queue_page(town.departments["health"], filter="mine", user=town.zhao).lines
    assert line.holder == town.zhao


def test_names_on_the_list_are_masked(town: Town) -> None:
    town.submit()
    client = Client()
    client.force_login(town.zhao)
    page = client.get(reverse("matters:queue", args=["health"])).content.decode()
    assert mask_name(LI.name) in page
    assert LI.name not in page


@pytest.mark.parametrize("days", [None, 200])
def test_what_waits_for_the_applicant_says_until_when(town: Town, days: int | None) -> None:
    returned = town.part(town.submit(), "birth_cert")
    gap = Gap("field", "child:person.name", "请核对")
    answer_by = timezone.localdate() + timedelta(days=days) if days else None
    request_correction(town.zhao, returned, [gap], answer_by=answer_by)
    page = logged_in(town.zhao).get(reverse("matters:queue", args=["health"]), {"filter": "returned"}).content.decode()
    until = f"{answer_by.year}年{answer_by.month}月{answer_by.day}日前" if answer_by else ""
    assert (f"等申请人补正，{until}" if until else "等申请人补正，没有规定期限") in page
    assert "没有公布承诺时限" not in page
