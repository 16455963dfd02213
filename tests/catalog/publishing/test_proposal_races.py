"""Two at once: one publishes, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from catalog.models import Matter, MatterVersion, Proposal
from catalog.packages.importing import import_package
from catalog.publishing.proposing import (
    AlreadyProposed,
    ProposalAlreadyDecided,
    PublishedMeanwhile,
    approve,
    propose,
    send_back,
)
from catalog.publishing.publishing import publish
from catalog.staff.managers import MANAGERS, REVIEWERS
from tests.worlds.cast import DENG, HE, TANG, Character, cataloguer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all at the same moment, each in a thread with a connection of its own; return what each gave or raised."""
    start = threading.Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(number: int, work: Callable[[], object]) -> None:
        try:
            start.wait()
            found[number] = work()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, work)) for number, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.fixture
def opening(tiny: Path) -> Matter:
    import_package(tiny)
    matter = Matter.objects.get(slug="opening")
    Matter.objects.filter(pk=matter.pk).update(name="开办公司")
    return matter


def test_of_two_reviewers_one_decides(opening: Matter) -> None:
    tang, deng, he = cataloguer(TANG, MANAGERS), cataloguer(DENG, REVIEWERS), cataloguer(HE, REVIEWERS)
    proposal = propose(opening, by=tang, note="改名")
    found = at_once(
        lambda: approve(Proposal.objects.get(pk=proposal.pk), by=deng),
        lambda: send_back(Proposal.objects.get(pk=proposal.pk), by=he, reason="再想想"),
    )
    refused = [each for each in found if isinstance(each, ProposalAlreadyDecided)]
    assert len(refused) == 1, found
    proposal.refresh_from_db()
    is_published = proposal.state == Proposal.State.PUBLISHED
    assert MatterVersion.objects.count() == (2 if is_published else 1)
    assert is_published == isinstance(found[0], MatterVersion)


def test_of_two_who_approve_one_publishes(opening: Matter) -> None:
    tang, deng, he = cataloguer(TANG, MANAGERS), cataloguer(DENG, REVIEWERS), cataloguer(HE, REVIEWERS)
    proposal = propose(opening, by=tang, note="改名")
    found = at_once(*(lambda by=by: approve(Proposal.objects.get(pk=proposal.pk), by=by) for by in (deng, he)))  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in found) == ["MatterVersion", "ProposalAlreadyDecided"]
    assert MatterVersion.objects.count() == 2


def test_of_two_who_propose_the_same_one_does(opening: Matter) -> None:
    tang, ma = cataloguer(TANG, MANAGERS), cataloguer(Character("ma", "马编目"), MANAGERS)
    found = at_once(*(lambda by=by: propose(Matter.objects.get(), by=by, note="改名") for by in (tang, ma)))  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in found) == ["AlreadyProposed", "Proposal"]
    assert AlreadyProposed in map(type, found)
    assert Proposal.objects.count() == 1


def test_a_direct_publication_at_the_same_moment_is_never_lost(opening: Matter) -> None:
    tang, deng = cataloguer(TANG, MANAGERS), cataloguer(DENG, REVIEWERS)
    proposal = propose(opening, by=tang, note="改名")
    found = at_once(
        lambda: approve(Proposal.objects.get(pk=proposal.pk), by=deng), lambda: publish(Matter.objects.get())
    )
    opening.refresh_from_db()
    assert MatterVersion.objects.count() == 2
    assert opening.current_version is not None
    assert opening.current_version.content_hash == proposal.content_hash
    assert isinstance(found[0], MatterVersion | PublishedMeanwhile)
    assert isinstance(found[1], MatterVersion)
