"""Everything is whole again after any of it was killed in mid work."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psycopg2
import pytest
import redis

from portal.embedded.places import DATABASE_USER, POSTGRES, VALKEY, Place
from portal.embedded.processes import end_all
from tests.portal.embedded.holders import (
    Holder,
    answers,
    eventually,
    guardian,
    guardians,
    main_server,
    servers,
    statement,
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
    main_server(postgres).send(signal.SIGKILL)
    eventually(lambda: answers(postgres, COUNT, "1000"))
    holder.leave()


def test_it_takes_over_from_a_killed_guardian_without_a_pause(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    server, killed = main_server(postgres), guardian(postgres)
    killed.send(signal.SIGKILL)
    eventually(lambda: [found.pid for found in guardians(postgres)] not in ([], [killed.pid]))
    eventually(postgres.ready_mark.exists)
    assert main_server(postgres) == server
    holder.leave()
    assert servers(postgres) == []


def test_it_replaces_a_killed_guardian_although_children_were_forked_meanwhile(valkey: Place) -> None:
    holder = Holder(valkey, children=3).wait()
    for _ in range(2):
        killed = guardian(valkey)
        end_all([killed], (signal.SIGKILL, 5))
        eventually(lambda gone=killed: [found.pid for found in guardians(valkey)] not in ([], [gone.pid]))  # type: ignore[misc]
    holder.leave()


def test_it_starts_after_everything_was_killed_at_once(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    statement(postgres, "CREATE TABLE written AS SELECT 1 AS row")
    for process in (guardian(postgres), main_server(postgres)):
        process.send(signal.SIGKILL)
    holder.kill()
    again = Holder(postgres).wait()
    assert statement(postgres, COUNT) == "1"
    again.leave()


def test_it_ends_an_orphan_that_still_has_the_data_open(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    connection = psycopg2.connect(host=str(postgres.socket_folder), user=DATABASE_USER, dbname="postgres")
    orphan = connection.get_backend_pid()
    os.kill(orphan, signal.SIGSTOP)  # as stuck as a long statement
    main_server(postgres).send(signal.SIGKILL)
    eventually(lambda: answers(postgres, "SELECT 1", "1"))
    assert orphan not in [process.pid for process in servers(postgres)]
    connection.close()
    holder.leave()


def test_it_does_not_take_a_reused_pid_for_the_postmaster(postgres: Place) -> None:
    mark = postgres.data / "postmaster.pid"
    mark.write_text(f"{os.getppid()}\n{postgres.data}\n1700000000\n5432\n{postgres.socket_folder}\n\n\nready\n")
    holder = Holder(postgres).wait()
    assert statement(postgres, "SELECT 1") == "1"
    holder.leave()


def test_it_begins_again_after_half_a_creation() -> None:
    with temporary_place(POSTGRES) as place:
        half = place.folder / "data.new-1"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        holder = Holder(place).wait()
        assert statement(place, "SELECT 1") == "1"
        assert not half.exists()
        holder.leave()


def test_it_comes_back_with_what_valkey_had_logged(valkey: Place) -> None:
    holder = Holder(valkey).wait()
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        client.rpush("bell", "rung")
    log = next(valkey.data.glob("appendonlydir/*.incr.aof"))
    eventually(lambda: b"rung" in log.read_bytes())
    main_server(valkey).send(signal.SIGKILL)
    eventually(lambda: _ping(valkey))
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        assert client.lrange("bell", 0, -1) == [b"rung"]
    holder.leave()


def test_it_starts_with_a_log_that_was_cut_off(valkey: Place) -> None:
    Holder(valkey).wait().leave()
    log = next(valkey.data.glob("appendonlydir/*.incr.aof"))
    log.write_bytes(b"*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$5\r\nRPUSH\r\n$4\r\nbe")
    holder = Holder(valkey).wait()
    assert _ping(valkey)
    holder.leave()


def test_it_sets_aside_a_log_that_cannot_be_read(valkey: Place) -> None:
    Holder(valkey).wait().leave()
    log = next(valkey.data.glob("appendonlydir/*.incr.aof"))
    log.write_bytes(b"not a log at all\r\n" * 10)
    holder = Holder(valkey).wait()
    assert _ping(valkey)
    assert list(valkey.folder.glob("data.unreadable-*"))
    holder.leave()


def _ping(place: Place) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(place.socket)) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
