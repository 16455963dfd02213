"""System checks name what a deployment lacks."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from portal import checks


def test_it_says_that_pango_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PANGO", ("libno-such-thing.so.0",))
    (message,) = checks.check_libraries(None)
    assert message.id == "portal.W001"


def test_it_says_that_the_subsetter_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PANGO", ())
    monkeypatch.setattr(checks, "SUBSETTER", "libno-such-thing.so.0")
    (message,) = checks.check_libraries(None)
    assert message.hint == "sudo apt-get install libharfbuzz-subset0"


def test_it_names_the_packages_of_missing_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "FONTS", {"No Such Font": "fonts-no-such"})
    (message,) = checks.check_fonts(None)
    assert message.hint is not None
    assert "fonts-no-such" in message.hint


def test_it_refuses_keys_that_seal_nothing(settings: Settings) -> None:
    assert checks.check_keys(None) == []
    settings.YIJIAN_DATA_KEYS = {"old": "c2hvcnQ="}
    (message,) = checks.check_keys(None)
    assert message.id == "portal.E001"
    assert "old" in message.msg
