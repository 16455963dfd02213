"""Many workers number documents at once, with real threads and real rows: no number is lost, none is given twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connections, transaction

from catalog.versions.matters import compiled
from matters.core.letters import LetterKind
from matters.dispatching.drawing_up import draw_up
from matters.models import OfficialDocument
from matters.tracking.opening import open_letter
from portal.ledger.models import Event
from tests.matters.reviewing.test_review_races import race
from tests.worlds.town import Town, build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORKERS = 4


@pytest.fixture
def committed_town(transactional_db: None) -> Iterator[Town]:
    """A town whose rows other connections see."""
    compiled.cache_clear()
    yield build_town()
    compiled.cache_clear()


def test_numbers_have_no_gap_and_no_twin(committed_town: Town) -> None:
    bundles = [committed_town.submit() for _each in range(3 * WORKERS)]
    shared = bundles[0].pk  # all of them find this one, too
    start = threading.Barrier(WORKERS)

    def work(place: int) -> None:
        start.wait(timeout=60)
        for bundle in bundles[place::WORKERS]:
            with transaction.atomic():
                draw_up([shared, bundle.pk])

    threads = [
        threading.Thread(target=lambda each=place: (work(each), connections.close_all())) for place in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    receipts = OfficialDocument.objects.filter(kind=LetterKind.RECEIPT)
    assert sorted(receipts.values_list("serial", flat=True)) == list(range(1, len(bundles) + 1))
    assert receipts.values("bundle").distinct().count() == len(bundles)


def test_one_opening_is_the_first(committed_town: Town) -> None:
    bundle = committed_town.submit()
    with transaction.atomic():
        (document,) = draw_up([bundle.pk])
    copies = [
        OfficialDocument.objects.select_related("department", "sub_item").get(pk=document.pk) for _each in range(2)
    ]
    won = race(*(lambda each=each: open_letter(committed_town.li, bundle, each) for each in copies))
    assert sorted(won) == [False, True]
    assert Event.objects.filter(chain_id=bundle.pk, kind="document_opened").count() == 1
