"""Everything is whole again after any of it was killed in mid work."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator

import psycopg2
import pytest
import redis

from portal.embedded.paths import DATABASE, POSTGRES, VALKEY
from tests.portal.embedded.users import (
    Holder,
    Place,
    answers,
    eventually,
    kill,
    main_server,
    servers,
    statement,
    supervisor,
    supervisors,
    temporary_place,
)

pytestmark = pytest.mark.slow

COUNT = "SELECT count(*) FROM written"


@pytest.fixture
def postgres() -> Iterator[Place]:
    with temporary_place(POSTGRES) as place:
        Holder(place).wait().leave()
        yield place


@pytest.fixture
def valkey() -> Iterator[Place]:
    with temporary_place(VALKEY) as place:
        yield place


def test_it_restarts_a_killed_postgresql_with_every_commit(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    statement(postgres, "CREATE TABLE written AS SELECT generate_series(1, 1000) AS row")
    kill(main_server(postgres))
    eventually(lambda: answers(postgres, COUNT, "1000"))
    holder.leave()


def test_it_takes_over_from_a_killed_supervisor_without_a_pause(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    server, killed = main_server(postgres), supervisor(postgres)
    kill(killed)
    eventually(lambda: [found.pid for found in supervisors(postgres)] not in ([], [killed.pid]))
    Holder(postgres).wait().leave()
    assert main_server(postgres) == server
    holder.leave()
    assert servers(postgres) == []


def test_it_replaces_a_killed_supervisor_although_children_were_forked_meanwhile(valkey: Place) -> None:
    holder = Holder(valkey, children=3).wait()
    for _ in range(2):
        killed = supervisor(valkey)
        kill(killed)
        eventually(lambda gone=killed: [found.pid for found in supervisors(valkey)] not in ([], [gone.pid]))  # type: ignore[misc]
    holder.leave()


def test_it_starts_after_everything_was_killed_at_once(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    statement(postgres, "CREATE TABLE written AS SELECT 1 AS row")
    kill(supervisor(postgres), main_server(postgres))
    holder.kill()
    again = Holder(postgres).wait()
    assert statement(postgres, COUNT) == "1"
    again.leave()


def test_it_ends_an_orphan_that_still_has_the_data_open(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    connection = psycopg2.connect(host=str(postgres.socket.parent), user=DATABASE, dbname="postgres")
    orphan = connection.get_backend_pid()
    os.kill(orphan, signal.SIGSTOP)  # as stuck as a long statement
    kill(main_server(postgres))
    eventually(lambda: answers(postgres, "SELECT 1", "1"))
    assert orphan not in [process.pid for process in servers(postgres)]
    connection.close()
    holder.leave()


def test_it_does_not_take_a_reused_pid_for_the_postmaster(postgres: Place) -> None:
    mark = postgres.data / "postmaster.pid"
    mark.write_text(f"{os.getppid()}\n{postgres.data}\n1700000000\n5432\n{postgres.socket.parent}\n\n\nready\n")
    holder = Holder(postgres).wait()
    assert statement(postgres, "SELECT 1") == "1"
    holder.leave()


def test_it_begins_again_after_half_a_creation() -> None:
    with temporary_place(POSTGRES) as place:
        half = place.data.with_name("data.new-1")
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        holder = Holder(place).wait()
        assert statement(place, "SELECT 1") == "1"
        assert not half.exists()
        holder.leave()


def test_it_restarts_a_killed_valkey(valkey: Place) -> None:
    holder = Holder(valkey).wait()
    killed = main_server(valkey)
    kill(killed)
    eventually(lambda: _ping(valkey))
    assert main_server(valkey) != killed
    holder.leave()


def test_it_starts_anew_when_the_sockets_were_removed(valkey: Place) -> None:
    holder = Holder(valkey).wait()
    shutil.rmtree(valkey.paths.sockets)
    eventually(lambda: _ping(valkey))
    holder.leave()
    assert servers(valkey) == []


def _ping(place: Place) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(place.socket)) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
