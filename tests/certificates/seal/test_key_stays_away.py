"""The seal's private key is in the signer's memory and in no other: real processes are searched for it."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db import connection

from certificates.models import Certificate
from certificates.seal.pki import KEY_FILE
from matters.reviewing.review import accept, claim, decide, start_review
from tests.processes import ROOT, broker, eventually, worker
from tests.worlds.town import build_town

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="memory is read through /proc"),
]
HANDLERS = {"render_certificate": "certificates.activities.rendering_work.render_certificates"}


@contextlib.contextmanager
def running(command: list[str], log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def memory_holds(pid: int, wanted: list[bytes]) -> bool:
    """Whether any of `wanted` stands in what a process can write to or has read."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            start, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()  # type: ignore[union-attr]
            if not rights.startswith("r") or "[v" in line:
                continue
            try:
                memory.seek(int(start, 16))
                held = memory.read(int(end, 16) - int(start, 16))
            except (OSError, ValueError, OverflowError):
                continue
            if held and any(one in held for one in wanted):
                return True
    return False


def forms_of_the_key(path: Path) -> list[bytes]:
    """The scalar as numbers are kept, big end and little end first, and the key as its file has it."""
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    scalar = key.private_numbers().private_value.to_bytes(32)  # type: ignore[union-attr]
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return [scalar, scalar[::-1], base64.b64encode(der)[40:100]]


def family(process: subprocess.Popen[bytes]) -> list[int]:
    return [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]


def test_neither_web_nor_worker_ever_holds_the_key(tmp_path: Path) -> None:
    town = build_town()
    bundle = town.submit()
    for act in (claim, accept, start_review):
        act(town.zhao, town.part(bundle, "birth_cert"))
    folder = Path(tempfile.mkdtemp(prefix="yj-sign-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with broker() as bus:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
            "YIJIAN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "YIJIAN_TEST_BROKER": bus.url,
            "YIJIAN_TEST_SIGNER": str(folder / "s" / "socket"),
        }
        os.environ["YIJIAN_TEST_SIGNER"] = environment["YIJIAN_TEST_SIGNER"]
        web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--workers", "1", "--threads", "2", "--preload"]
        web += ["--no-control-socket", "--bind", f"127.0.0.1:{port}"]
        log = tmp_path / "log"
        try:
            with (
                running([sys.executable, "-m", "django", "run_signer"], log, environment) as signer,
                running(web, log, environment) as gunicorn,
                worker(bus.url, log, HANDLERS, concurrency=1) as celery,
            ):
                key = settings.VAR_DIR / "pki" / KEY_FILE
                eventually(lambda: (folder / "s" / "socket").exists())
                decide(town.zhao, town.part(bundle, "birth_cert"), "approved", "", {"number": "P360000001"})
                eventually(lambda: Certificate.objects.get().is_rendered)
                made = Certificate.objects.get()
                site = f"http://127.0.0.1:{port}"
                eventually(lambda: requests.get(f"{site}/livez", timeout=30).ok)
                assert requests.get(f"{site}/verify/{made.verification_token}/", timeout=60).ok
                form = requests.Session()
                form.get(f"{site}/verify/", timeout=60)
                verdict = form.post(
                    f"{site}/verify/",
                    data={"csrfmiddlewaretoken": form.cookies["csrftoken"]},
                    files={"file": ("a.pdf", (settings.VAR_DIR / "media" / str(made.file.name)).read_bytes())},
                    headers={"Accept-Language": "zh-hans", "Referer": f"{site}/verify/"},
                    timeout=60,
                )
                assert made.serial in verdict.text
                wanted = forms_of_the_key(key)
                assert any(memory_holds(pid, wanted) for pid in family(signer)), "or the search finds nothing anywhere"
                for pid in [*family(gunicorn), *family(celery.process)]:
                    assert not memory_holds(pid, wanted), psutil.Process(pid).cmdline()
        except AssertionError as failed:
            raise AssertionError(log.read_text()[-5000:]) from failed
        finally:
            del os.environ["YIJIAN_TEST_SIGNER"]
