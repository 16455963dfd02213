"""Real processes for tests: a broker of one's own, and Celery workers on the running test's database."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import redis
from django.db import connection
from pytest_django import Settings

from portal.celery import app
from portal.embedded.servers import valkey_program
from portal.outbox.worker_notifier import _Notifier
from portal.settings.environment import broker_url

# How long a test waits for what it means. A test that passes never waits so long, however busy the machine is.
PATIENCE_SECONDS = 180
ROOT = Path(__file__).resolve().parent.parent


class Broker:
    """A Valkey that listens on a socket of its own and keeps nothing on disk."""

    def __init__(self) -> None:
        # Not pytest's tmp_path: the path of a socket may be no longer than 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="yj-broker-"))
        self.socket = self.folder / "s"
        self.url = f"unix://{self.socket}?db=0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Broker:
        self.process = subprocess.Popen(
            [valkey_program(), "--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", self.folder],
            stdout=subprocess.DEVNULL,
        )
        eventually(lambda: self.client().ping())
        return self

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=PATIENCE_SECONDS)

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Worker:
    """A Celery worker with its pool, in a process group of its own."""

    def __init__(self, broker_url: str, handlers: Mapping[str, str] | None, log: Path, concurrency: int = 2) -> None:
        self.log = log
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
            "CELERY_SKIP_CHECKS": "true",
            "YIJIAN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "YIJIAN_TEST_BROKER": broker_url,
            "YIJIAN_TEST_HANDLERS": json.dumps(handlers),
        }
        command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--loglevel", "INFO"]
        command += ["--concurrency", str(concurrency), "--without-gossip", "--without-mingle", "--without-heartbeat"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def kill(self) -> None:
        """kill -9, the whole group at once."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


@contextlib.contextmanager
def broker() -> Iterator[Broker]:
    """Start a broker and remove it afterwards."""
    running = Broker().start()
    try:
        yield running
    finally:
        running.remove()


@contextlib.contextmanager
def worker(
    broker_url: str, log: Path, handlers: Mapping[str, str] | None = None, concurrency: int = 2
) -> Iterator[Worker]:
    """Start a worker and kill it afterwards."""
    running = Worker(broker_url, handlers, log, concurrency)
    try:
        yield running
    finally:
        running.kill()


@contextlib.contextmanager
def broker_of_this_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """Start a broker that this process notifies, through a notifier of its own that ends up with nothing left to say."""
    notifier = _Notifier()
    with broker() as running:
        settings.REDIS_URL = running.url
        monkeypatch.setattr(app.conf, "broker_url", broker_url(running.url))
        monkeypatch.setattr("portal.outbox.worker_notifier._notifier", notifier)
        try:
            yield running
        finally:
            with notifier.something:
                notifier.waiting.clear()  # else it would be said to the broker of the next test


def eventually(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until ``condition`` is true without raising; fail after ``seconds``, far longer than a busy machine takes."""
    end = time.monotonic() + seconds
    error: Exception | None = None
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (redis.RedisError, OSError) as failed:
            error = failed
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s") from error
