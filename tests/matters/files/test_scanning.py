"""The virus scanner is asked about every file as it came in; what it has not seen nobody opens."""

from __future__ import annotations

import socket

import pytest
from pytest_django import Settings as SettingsWrapper

from matters.files.checking import FileRefused, check_file
from matters.files.scanning import is_answering
from matters.models import Scan
from tests.matters.files import upload_corpus as corpus
from tests.matters.files.clamd import MARK, address, clamd


def closed_port() -> str:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{taken.getsockname()[1]}"


def test_it_is_asked_about_the_file_as_it_came_in(settings: SettingsWrapper) -> None:
    photo = corpus.jpeg(gps=True)
    with clamd() as daemon:
        settings.YIJIAN_CLAMAV_URL = address(daemon)
        assert is_answering()
        assert check_file(photo, "a.jpg").scan == Scan.CLEAN
        assert daemon.seen == [photo]


def test_what_it_finds_is_not_taken(settings: SettingsWrapper) -> None:
    with clamd() as daemon:
        settings.YIJIAN_CLAMAV_URL = address(daemon)
        with pytest.raises(FileRefused, match="virus"):
            check_file(corpus.jpeg() + MARK, "a.jpg")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK but\0"])
def test_no_verdict_is_not_a_clean_one(settings: SettingsWrapper, answer: bytes) -> None:
    with clamd(says=answer) as daemon:
        settings.YIJIAN_CLAMAV_URL = address(daemon)
        assert check_file(corpus.jpeg(), "a.jpg").scan == Scan.PENDING


def test_while_it_is_away_a_file_waits(settings: SettingsWrapper) -> None:
    settings.YIJIAN_CLAMAV_URL = closed_port()
    assert not is_answering()
    assert check_file(corpus.jpeg(), "a.jpg").scan == Scan.PENDING


def test_without_one_nothing_waits() -> None:
    assert check_file(corpus.jpeg(), "a.jpg").scan == Scan.NONE
