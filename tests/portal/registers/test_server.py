"""The sandbox registers as a process and as a server: they answer who signs, and misbehave as they are told."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest
from django.core.cache import cache
from django.test import override_settings

from portal.front.demo.people import CITIZENS
from portal.lib.uuid7 import uuid7
from portal.registers.connections import read_connections, write_connections
from portal.registers.modes import REGISTERS, Modes, mode_of
from portal.registers.tell import control_request, tell
from portal.settings.base import BASE_DIR
from portal.settings.connections import connection_faults, sharing_connections
from portal.sharing.adapters import http_json
from portal.sharing.core.inquiry import DataSubject, Inquiry, Reply, Wanted
from tests.portal.registers.running import running_registers

LI = CITIZENS[0]
WANTED = (
    Wanted("element:person.address", "record.address"),
    Wanted("element:household.number", "record.household.number"),
    Wanted("material:resident_id_card", "record.documents.resident_id_card"),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Running registers, by the file that leads to them."""
    with running_registers(tmp_path_factory.mktemp("registers")) as file:
        yield file


@pytest.fixture(autouse=True)
def normal(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "file" in request.fixturenames:
        tell(request.getfixturevalue("file"), {"*": "normal"})
    cache.clear()


def ask(file: Path, register: str = "population", subject: DataSubject | None = None) -> Reply:
    about = subject or DataSubject("111", LI.number, LI.name)
    inquiry = Inquiry(uuid7().hex, register, about, WANTED, ("hukou",), "办理出生登记", "consent", "fetch")
    with override_settings(YIJIAN_SHARING_CONNECTIONS=sharing_connections(str(file))):
        return http_json.HttpJson().ask(inquiry)


def test_a_register_answers_about_people_of_the_town(file: Path) -> None:
    reply = ask(file)
    assert reply.outcome == "found"
    assert reply.elements["household.number"] == "3601030218"
    assert reply.documents["resident_id_card"]["number"] == LI.number
    assert ask(file, subject=DataSubject("111", LI.number, "佚名")).outcome == "not_found"
    assert ask(file, subject=DataSubject("414", "E12345678", "SMITH")).outcome == "not_found"


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [("down", "away"), ("dead", "away"), ("garbage", "unreadable"), ("huge", "unreadable"), ("wrong", "unreadable")],
)
def test_it_misbehaves_as_it_is_told_and_the_others_do_not(file: Path, mode: str, outcome: str) -> None:
    tell(file, {"population": mode})
    assert ask(file).outcome == outcome
    assert ask(file, "marriage").outcome == "found"
    assert tell(file, {"population": "normal"})["population"] == "normal"
    assert ask(file).outcome == "found"


@pytest.mark.parametrize("mode", ["slow:30", "drip"])
def test_slow_is_slower_than_anybody_waits(file: Path, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_json, "WHOLE_SECONDS", 0.3)
    tell(file, {"*": mode})
    assert ask(file).outcome == "away"


def test_contradictory_tells_the_same_person_otherwise(file: Path) -> None:
    before = ask(file)
    tell(file, {"population": "contradictory"})
    after = ask(file)
    assert after.outcome == "found"
    assert after.elements["person.address"] != before.elements["person.address"]
    assert after.documents == before.documents


class TestSignature:
    def test_a_stranger_is_answered_nothing(self, file: Path, tmp_path: Path) -> None:
        other = tmp_path / "registers.json"
        write_connections(other, int(read_connections(file)[0].rpartition(":")[2]))  # another key
        assert ask(other).outcome == "refused"
        with pytest.raises(ValueError, match="signature"):
            tell(other, {"*": "down"})
        assert ask(file).outcome == "found"

    def test_a_request_without_a_signature_is_answered_nothing(self, file: Path) -> None:
        address, _key = read_connections(file)
        for path in ("/population", "/_control"):
            with pytest.raises(HTTPError, match="401") as refused:
                urlopen(Request(f"{address}{path}", data=b"{}", method="POST"), timeout=5)
            refused.value.close()

    def test_a_request_is_taken_once(self, file: Path) -> None:
        asked = control_request(file, {})
        request = Request(asked.url, data=asked.body, headers=asked.headers, method="POST")
        urlopen(request, timeout=5).close()
        with pytest.raises(HTTPError, match="409") as refused:
            urlopen(request, timeout=5)
        refused.value.close()


class TestModes:
    @pytest.mark.parametrize("told", ["population", "population=fast", "no=down", "population=slow:-1", "*=down:3"])
    def test_what_is_none_is_refused(self, told: str) -> None:
        with pytest.raises(ValueError, match=r"none of|between|could not"):
            Modes(told)

    def test_they_are_read_from_words(self) -> None:
        modes = Modes("*=down, population=slow:2.5")
        assert modes.of("population") == replace(mode_of("slow"), seconds=2.5)
        assert set(modes.all().values()) == {"down", "slow:2.5"}
        assert modes.all().keys() == set(REGISTERS)


def test_as_a_process_it_is_small_ready_at_once_and_ends_when_told(tmp_path: Path) -> None:
    file = tmp_path / "registers.json"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        write_connections(file, listener.getsockname()[1])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        command = [sys.executable, "-m", "portal.registers", "--fd", str(listener.fileno()), "--connections", str(file)]
        process = subprocess.Popen(
            command, cwd=BASE_DIR, pass_fds=[listener.fileno()], env={**os.environ, "REGISTERS_MODES": "marriage=down"}
        )
    try:
        with urlopen(f"{read_connections(file)[0]}/readyz", timeout=20) as answer:
            assert answer.status == 200
        assert (ask(file).outcome, ask(file, "marriage").outcome) == ("found", "away")
        assert psutil.Process(process.pid).memory_info().rss < 40 * 1024 * 1024
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_no_real_deployment_would_take_the_registers_elsewhere(tmp_path: Path) -> None:
    write_connections(tmp_path / "registers.json", 8100)
    connections = sharing_connections(str(tmp_path / "registers.json"))
    assert connection_faults(connections) == []  # this machine itself
    elsewhere = {name: replace(each, url="http://registers.example/") for name, each in connections.items()}
    assert len(connection_faults(elsewhere)) == len(REGISTERS)
