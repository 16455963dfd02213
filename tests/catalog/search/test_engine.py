"""The words in the database are what the search of every process knows, seconds after they change."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from catalog.models import SearchPhrase, SearchRevision, SearchTarget, SynonymGroup
from catalog.search import engine
from catalog.search.content import load_search_content
from catalog.search.engine import ENGINE, Engine, search

pytestmark = pytest.mark.django_db


@pytest.fixture
def target() -> SearchTarget:
    target = SearchTarget.objects.create(slug="item:kite", kind="item", name="放风筝登记")
    SearchPhrase.objects.create(target=target, text="放风筝登记", kind="name")
    return target


def found(query: str) -> list[str]:
    return [result.target.slug for result in search(query).results]


@pytest.mark.usefixtures("target")
def test_a_changed_phrase_counts_without_building_everything_anew(
    monkeypatch: pytest.MonkeyPatch, target: SearchTarget
) -> None:
    assert found("纸鸢") == []
    before = ENGINE.state().index
    SearchPhrase.objects.create(target=target, text="纸鸢怎么放")
    monkeypatch.setattr(engine, "PATIENCE", 0)
    assert found("纸鸢") == ["item:kite"]
    assert ENGINE.state().index is before
    SearchPhrase.objects.filter(text="纸鸢怎么放").update(is_active=False)
    assert found("纸鸢") == []


@pytest.mark.usefixtures("target")
def test_it_looks_at_the_database_at_most_every_two_seconds() -> None:
    search("风筝")
    with connection.execute_wrapper(refuse):
        assert found("风筝") == ["item:kite"]


def refuse(*_args: object) -> None:
    raise AssertionError("a query")


@pytest.mark.usefixtures("target")
def test_new_synonyms_reach_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("纸鹞") == []
    SynonymGroup.objects.create(name="风筝", words="风筝 纸鹞")
    monkeypatch.setattr(engine, "PATIENCE", 0)
    assert found("纸鹞") == ["item:kite"]


def test_a_target_that_is_switched_off_is_not_found(monkeypatch: pytest.MonkeyPatch, target: SearchTarget) -> None:
    assert found("放风筝登记") == ["item:kite"]
    SearchTarget.objects.filter(pk=target.pk).update(is_active=False)
    monkeypatch.setattr(engine, "PATIENCE", 0)
    assert found("放风筝登记") == []


@pytest.mark.parametrize("change", ["insert", "update", "delete"])
def test_every_change_renews_the_revision_in_its_transaction(target: SearchTarget, change: str) -> None:
    before = SearchRevision.objects.get().token
    if change == "insert":
        SearchPhrase.objects.bulk_create([SearchPhrase(target=target, text="风筝线")])
    elif change == "update":
        SearchPhrase.objects.update(is_active=False)
    else:
        SearchPhrase.objects.all().delete()
    assert SearchRevision.objects.get().token != before


@pytest.mark.django_db(transaction=True)
def test_a_phrase_of_one_process_is_seen_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    target = SearchTarget.objects.create(slug="item:kite", kind="item", name="放风筝登记")
    SearchPhrase.objects.create(target=target, text="放风筝登记", kind="name")
    other = Engine()
    assert not other.search("纸鸢").results
    SearchPhrase.objects.create(target=target, text="纸鸢怎么放")
    monkeypatch.setattr(engine, "PATIENCE", 0)
    assert [result.target.slug for result in other.search("纸鸢").results] == ["item:kite"]
    SearchTarget.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_threads_search_while_phrases_change(monkeypatch: pytest.MonkeyPatch) -> None:
    target = SearchTarget.objects.create(slug="item:kite", kind="item", name="放风筝登记")
    SearchPhrase.objects.create(target=target, text="放风筝登记", kind="name")
    monkeypatch.setattr(engine, "PATIENCE", 0)
    failures: list[BaseException] = []

    def look() -> None:
        try:
            for _turn in range(40):
                assert search("放风筝").results
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _number in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        SearchPhrase.objects.create(target=target, text=f"风筝线第{number}卷")
    for thread in threads:
        thread.join()
    assert failures == []
    SearchTarget.objects.all().delete()


def test_the_content_loads_twice_alike_and_leaves_the_managers_rows() -> None:
    first = load_search_content()
    assert first.created > 4000
    target = SearchTarget.objects.get(slug="newborn")
    SearchPhrase.objects.create(target=target, text="火星宝宝落地")
    SearchPhrase.objects.filter(target=target, kind="alias").update(is_active=False)
    again = load_search_content()
    assert (again.created, again.changed, again.deleted) == (0, 0, 0)
    assert SearchPhrase.objects.filter(text="火星宝宝落地").exists()
    assert not SearchPhrase.objects.filter(target=target, kind="alias", is_active=True).exists()


def test_it_asks_one_question_back_when_several_fit() -> None:
    load_search_content()
    for query, labels in (
        ("医保怎么办", {"居民医保参保缴费", "看病住院报销", "灵活就业自己参保"}),
        ("过户", {"房子", "车"}),
        ("公司搬家", {"还在同一辖区，只改地址", "搬到别的区县或城市"}),
    ):
        answer = search(query)
        assert answer.ask
        assert labels <= {choice.label for choice in answer.choices}
