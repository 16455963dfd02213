"""The whole site as a newcomer starts it, on servers and data of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.processes import ROOT

START_SECONDS = 400
KINDS = (
    ("postgres", "database"),
    ("valkey", "broker"),
    ("celery", "worker"),
    ("gunicorn", "web"),
    ("run_signer", "signer"),
    ("portal.registers", "registers"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """The running site: its address, its data folder, its first process, and how to call its command line."""

    address: str
    var: Path
    environment: dict[str, str]
    pid: int
    root: Path = ROOT

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def processor_seconds(self) -> Counter[str]:
        """Return the processor time used so far by kind of process: web, worker, database, broker, signer, registers, other."""
        used: Counter[str] = Counter()
        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                line = " ".join(process.cmdline())
                kind = next((name for word, name in KINDS if word in line), "other")
                used[kind] += times.user + times.system
        return used

    def memory(self) -> Counter[str]:
        """Return the proportional memory (PSS, bytes) by kind of process."""
        held: Counter[str] = Counter()
        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                line = " ".join(process.cmdline())
                kind = next((name for word, name in KINDS if word in line), "other")
                held[kind] += process.memory_full_info().pss
        return held

    def _processes(self) -> list[psutil.Process]:
        found = {}
        first = psutil.Process(self.pid)
        # The embedded servers outlive who started them, so they are no children: their folder tells whose they are.
        own = [
            each for each in psutil.process_iter(["cmdline"]) if str(self.var) in " ".join(each.info["cmdline"] or [])
        ]
        for process in (first, *own):
            with contextlib.suppress(psutil.Error):
                for each in (process, *process.children(recursive=True)):
                    found[each.pid] = each
        return list(found.values())


@contextlib.contextmanager
def running_site(settings: str = "portal.settings.dev", root: Path = ROOT, **environment: str) -> Iterator[Site]:
    """Run web, worker, beat and signer with the demo town until the block ends. Raises ``RuntimeError`` with the log's end."""
    var = Path(tempfile.mkdtemp(prefix="yijian-site-"))
    var.chmod(0o711)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    left_out = {"DATABASE_URL", "REDIS_URL", "YIJIAN_TEST_RUN"}
    environment = {key: value for key, value in os.environ.items() if key not in left_out} | environment
    environment |= {"DJANGO_SETTINGS_MODULE": settings, "VAR": str(var), "PORT": str(port), "PUBLIC_URL": address}
    log = var / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=root,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while "Ready:" not in log.read_text():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the site did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.2)
        yield Site(address, var, environment, process.pid, root)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(var, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
