"""The whole site as a newcomer starts it, and a browser to use it with."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 400
# How long a browser test waits for what it means; one that passes never waits so long, however busy the machine is.
PATIENCE_MILLISECONDS = 60_000


@dataclass(frozen=True, slots=True)
class Site:
    """The running site: its address, its data folder and how to call its command line."""

    address: str
    var: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Run web, worker and beat with the demo town, on servers and data of their own."""
    var = Path(tempfile.mkdtemp(prefix="yijian-journey-"))
    var.chmod(0o711)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL", "YIJIAN_TEST_RUN"}
    }
    environment |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "VAR": str(var),
        "PORT": str(port),
        "PUBLIC_URL": address,
    }
    log = var / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while "Ready:" not in log.read_text():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the site did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.2)
        yield Site(address, var, environment)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium. In CI its absence is a failure, elsewhere a clear skip.

    For one module only: while Playwright's loop runs in this thread, nothing else may run one, sealing included.
    """
    if CHROMIUM is None:
        message = "Chromium is not installed: sudo apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread from here on; tests that ask the database do so beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        yield chromium
        chromium.close()
