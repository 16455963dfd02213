"""A real web server under files that are small on the wire and huge when decoded: it keeps answering, stays small, and serves neighbours."""

from __future__ import annotations

import http.client
import io
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from matters.drafts.profile import profile_of
from matters.drafts.saving import start_draft
from matters.models import Draft
from portal.accounts.models import User
from tests.matters.files import upload_corpus as corpus
from tests.processes import ROOT, eventually
from tests.worlds.cast import logged_in
from tests.worlds.settling import ANSWERS, Case, build_case, counter_draft, draft_of, url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TOKEN = "t" * 32
ALLOWED_GROWTH = 100_000_000


def pdf_of_objects(count: int = 95_000) -> bytes:
    """A file of one megabyte with as many objects as are let in, packed in streams."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.X = pikepdf.Array(
        document.make_indirect(pikepdf.Dictionary(A=number, B=pikepdf.Array([number, number, number])))
        for number in range(count)
    )
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def citizens_draft(case: Case, citizen: User) -> Draft:
    """Return somebody's draft for themselves."""
    person = citizen.person
    assert person is not None
    return start_draft(
        version=case.version, applicant=person, entered_by=citizen, answers=ANSWERS, profile=profile_of(person)
    )


class Site:
    """Gunicorn on the running test's database."""

    def __init__(self, workers: int = 1) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            self.port = listener.getsockname()[1]
            command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--worker-class", "gthread"]
            command += [
                "--workers",
                str(workers),
                "--threads",
                "8",
                "--no-control-socket",
                "--bind",
                f"fd://{listener.fileno()}",
            ]
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
                "YIJIAN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
                "YIJIAN_TEST_BROKER": "redis://127.0.0.1:1/0",
            }
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                pass_fds=[listener.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def worker(self) -> psutil.Process:
        return psutil.Process(self.process.pid).children()[0]

    def get(self, path: str) -> int:
        return self._ask("GET", path, b"", {})

    def upload(self, client: Client, path: str, content: bytes) -> int:
        session = client.cookies["sessionid"].value
        sent = {"material": "birth_record", "csrfmiddlewaretoken": TOKEN, "files": SimpleUploadedFile("a", content)}
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "Content-Type": MULTIPART_CONTENT}
        return self._ask("POST", path, encode_multipart(BOUNDARY, sent), headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        try:
            talk.request(method, path, body, headers)
            answer = talk.getresponse()
            answer.read()
            return answer.status
        finally:
            talk.close()


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    running = Site(getattr(request, "param", 1))
    try:
        eventually(lambda: running.get("/livez") == 200)
        yield running
    finally:
        running.process.terminate()
        running.process.wait()


@pytest.mark.parametrize("kind", ["pictures", "documents"])
def test_it_stays_small_and_answers_under_24_hostile_uploads(site: Site, kind: str) -> None:
    case = build_case()
    hostile = (
        [corpus.png(7200, 7200, mode) for mode in ("RGB", "RGBA", "P", "L")]
        if kind == "pictures"
        else [pdf_of_objects(), corpus.pdf_bomb()]
    )
    attacker, attacked = logged_in(case.li), url(draft_of(case), "materials")
    neighbour, own = logged_in(case.sun), url(counter_draft(case), "materials")
    assert site.upload(attacker, attacked, corpus.jpeg()) == 302
    worker = site.worker
    before = peak = worker.memory_info().rss
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.is_set():
            peak = max(peak, worker.memory_info().rss)
            over.wait(0.02)

    watching = threading.Thread(target=watch)
    watching.start()
    answered, taken = 0, []
    with ThreadPoolExecutor(24) as pool:
        attack = [pool.submit(site.upload, attacker, attacked, hostile[number % len(hostile)]) for number in range(24)]
        while not all(one.done() for one in attack):
            assert site.get("/livez") == 200
            answered += 1
            taken.append(site.upload(neighbour, own, corpus.jpeg(320 + answered, 200)))
            time.sleep(0.1)
    over.set()
    watching.join()
    assert {one.result() for one in attack} <= {302, 422, 429}
    assert answered >= 3
    assert 302 in taken
    assert set(taken) <= {302, 422, 429}
    assert peak - before < ALLOWED_GROWTH
    assert worker.is_running()  # the same one as at the beginning


@pytest.mark.parametrize("site", [1, 2], indirect=True, ids=["one process", "two processes"])
def test_two_who_post_all_the_time_keep_no_neighbour_from_handing_in(site: Site) -> None:
    case = build_case()
    hostile = corpus.png(7200, 7200)
    attackers = [
        (logged_in(person), url(citizens_draft(case, person), "materials")) for person in (case.li, case.stranger)
    ]
    neighbour, own = logged_in(case.sun), url(counter_draft(case), "materials")
    assert site.upload(neighbour, own, corpus.jpeg()) == 302
    over = threading.Event()

    def attack(client: Client, path: str) -> set[int]:
        answers = set()
        while not over.is_set():
            answers.add(site.upload(client, path, hostile))
        return answers

    with ThreadPoolExecutor(8) as pool:
        attacks = [pool.submit(attack, *attacker) for attacker in attackers for _n in range(4)]
        taken = [site.upload(neighbour, own, corpus.jpeg(320 + number, 200)) for number in range(8)]
        over.set()
    assert {status for one in attacks for status in one.result()} <= {302, 422, 429}
    assert taken == [302] * 8
