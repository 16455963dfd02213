"""Servers start with the first user and stop with the last, whoever starts at the same time."""

from __future__ import annotations

import stat
from collections.abc import Iterator

import pytest
import redis

from portal.embedded.paths import POSTGRES, VALKEY
from tests.portal.embedded.users import (
    Holder,
    Place,
    eventually,
    main_server,
    servers,
    statement,
    supervisors,
    temporary_place,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def postgres() -> Iterator[Place]:
    with temporary_place(POSTGRES) as place:
        yield place


@pytest.fixture
def valkey() -> Iterator[Place]:
    with temporary_place(VALKEY) as place:
        yield place


def test_it_starts_a_durable_postgresql_without_a_port(postgres: Place) -> None:
    holder = Holder(postgres).wait()
    for name, value in {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "server_encoding": "UTF8",
        "unix_socket_permissions": "0700",
    }.items():
        assert statement(postgres, f"SHOW {name}") == value, name
    assert statement(postgres, "SHOW server_version").startswith("18.")
    assert stat.S_IMODE(postgres.socket.parent.stat().st_mode) == 0o700
    holder.leave()


def test_it_starts_a_valkey_without_a_port_that_refuses_rather_than_forgets(valkey: Place) -> None:
    holder = Holder(valkey).wait()
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        assert client.config_get("*") | {
            "appendonly": "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "port": "0",
        } == client.config_get("*")
    assert stat.S_IMODE(valkey.socket.parent.stat().st_mode) == 0o700
    holder.leave()


def test_it_starts_one_server_for_many_users_at_once(valkey: Place, postgres: Place) -> None:
    for place in (valkey, postgres):
        holders = [Holder(place) for _ in range(4)]
        for holder in holders:
            holder.wait()
        main_server(place)
        assert len(supervisors(place)) == 1
        for holder in holders[1:]:
            holder.leave()
        main_server(place)
        holders[0].leave()
        assert servers(place) == []
        eventually(lambda place=place: not supervisors(place))  # type: ignore[misc]


def test_it_keeps_what_was_written_for_the_next_user(postgres: Place) -> None:
    first = Holder(postgres).wait()
    statement(postgres, "CREATE TABLE kept AS SELECT 42 AS answer")
    first.leave()
    second = Holder(postgres).wait()
    assert statement(postgres, "SELECT answer FROM kept") == "42"
    second.leave()


def test_it_stops_after_the_last_user_was_killed(valkey: Place) -> None:
    Holder(valkey).wait().kill()
    eventually(lambda: not servers(valkey) and not supervisors(valkey))


def test_it_runs_on_while_a_forked_child_lives(valkey: Place) -> None:
    holder = Holder(valkey, children=1).wait()
    holder.end_parent_only()
    with pytest.raises(AssertionError, match="in time"):
        eventually(lambda: not servers(valkey), seconds=5)
    holder.process.communicate()  # closes the child's input: it ends
    eventually(lambda: not servers(valkey))


def test_a_temporary_place_is_removed_with_its_last_user(valkey: Place) -> None:
    holder = Holder(valkey).wait()
    valkey.paths.temporary_mark.touch()
    holder.leave()
    eventually(lambda: not valkey.paths.var.exists())
