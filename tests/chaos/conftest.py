"""Long and random: only when asked for by name (``make chaos``)."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if any("chaos" in argument for argument in config.args) else True


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say what was counted: how many were sent, with which answers, from which seed."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, counted in (
                getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ()
            ):
                terminalreporter.write_line(f"{name}: {counted}")
