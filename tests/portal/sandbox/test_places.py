"""Whose turn it is at the places of a host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.sandbox.places import Places, Ticket
from tests.processes import ROOT

HOLDER = """
import sys
from pathlib import Path
from portal.sandbox.places import Places
places = Places(Path(sys.argv[1]), 1)
ticket = places.line_up("li", 600)
print(places.start(ticket) if "run" in sys.argv else False, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "places", 1)


def line_up(places: Places, lane: str, seconds: float = 600, spent: int = 0) -> Ticket:
    """Join as another process of the host does: with a view of its own on the folder."""
    return Places(places.folder, places.count).line_up(lane, seconds, spent)


def end(places: Places, ticket: Ticket) -> None:
    os.close(ticket.descriptor)
    places.forget(ticket)


def order_of(places: Places, *tickets: Ticket) -> list[int]:
    """Run all of them, one after the other, and return the order."""
    waiting, order = list(tickets), []
    while waiting:
        started = [ticket for ticket in waiting if places.start(ticket)]
        assert len(started) == 1
        order.append(tickets.index(started[0]))
        waiting.remove(started[0])
        end(places, started[0])
    return order


def test_who_came_first_goes_first(places: Places) -> None:
    assert order_of(places, line_up(places, "li"), line_up(places, "chen"), line_up(places, "wu")) == [0, 1, 2]


def test_a_further_file_waits_behind_everybody_who_has_none(places: Places) -> None:
    tickets = [line_up(places, lane) for lane in ("li", "li", "chen", "chen", "ouyang")]
    assert order_of(places, *tickets) == [0, 2, 4, 1, 3]


def test_a_further_file_stays_one_after_the_first_is_done(places: Places) -> None:
    first, further = line_up(places, "li"), line_up(places, "li")
    assert places.start(first)
    end(places, first)
    neighbour = line_up(places, "ouyang")
    assert not places.start(further)
    assert places.start(neighbour)
    end(places, neighbour)
    assert places.start(further)
    end(places, further)


def test_who_has_cost_much_lately_waits_behind_who_has_not(places: Places) -> None:
    assert order_of(places, line_up(places, "li", spent=5), line_up(places, "ouyang")) == [1, 0]


def test_of_one_person_one_runs_at_a_time_though_places_are_free(tmp_path: Path) -> None:
    places = Places(tmp_path, 3)
    first, further = line_up(places, "li"), line_up(places, "li")
    assert places.start(first)
    assert not places.start(further)
    places.leave(first)
    assert not places.start(further)
    end(places, first)
    assert places.start(further)
    end(places, further)


def test_who_is_slow_leaves_the_place_to_others_but_only_so_many_do(places: Places) -> None:
    slow, neighbour, third = (line_up(places, lane) for lane in ("li", "ouyang", "wu"))
    assert places.start(slow)
    assert not places.start(neighbour)
    places.leave(slow)
    assert places.start(neighbour)
    places.leave(neighbour)  # stays
    assert not places.start(third)
    for ticket in (slow, neighbour, third):
        end(places, ticket)


def test_nobody_waits_for_who_is_past_their_time(places: Places) -> None:
    gone, neighbour = line_up(places, "li", seconds=-1), line_up(places, "ouyang")
    assert places.start(neighbour)
    for ticket in (gone, neighbour):
        end(places, ticket)


@pytest.mark.parametrize("state", ["run", "wait"])
def test_of_a_process_that_was_killed_nothing_holds_others_up(places: Places, state: str) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, places.folder, state],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    assert other.stdin is not None
    with other.stdin, other.stdout:
        assert other.stdout.readline().strip() == str(state == "run").encode()
        neighbour = line_up(places, "ouyang")
        assert not places.start(neighbour)
        other.kill()
        other.wait()
        assert places.start(neighbour)
        end(places, neighbour)
    assert {path.name for path in places.folder.iterdir()} == {"line"}
