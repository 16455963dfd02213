"""What a source says of somebody is found with whom it was asked for, and nowhere else: no page, file, message, log line, job, cache."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department
from matters.drafts.inquiring import agree, have_asked
from matters.drafts.saving import read_form
from matters.models import Bundle, Draft
from matters.submitting.submission import submit_bundle
from portal.accounts.models import FileExport, User
from portal.accounts.own_file.exports import ask_for_export
from portal.lib.shared_cache import SharedCache
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from portal.settings.connections import Connection
from portal.sharing.core.inquiry import Inquiry, Reply
from portal.sharing.models import DataSource, Fetch
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.apply.test_prefill import ADDRESS, CONSENTS, ROLES, TYPED
from tests.matters.apply.test_sharing_laws import _sheet
from tests.portal.sharing.sources import KEY, answer, source
from tests.processes import Broker, broker_of_this_process, eventually
from tests.worlds.building import publish
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import DEFINITION, ELEMENTS, INSURE, MATERIALS, POSTS, REGISTER, Case, draft_of
from tests.worlds.sources import open_source, supply

CANARIES = STREET, PAPER, UNASKED = ("西湖区金丝雀路 77 号", "J360103-2020-金丝雀", "金丝雀银行卡")
RECORD = {"address": STREET, "marriage": {"number": PAPER}, "card": UNASKED}
ELSEWHERE = ("/review/insurance/", "/review/inspection/", "/sharing/", "/dossier/", "/accounts/notices/")
CONSOLE = ("sharing/fetch", "sharing/sharingconsent", "matters/bundle", "matters/subitem", "outbox/outboxmessage")


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Case:
    definition = replace(DEFINITION, slug="prefilled", roles=ROLES)
    case = Case.build(publish(definition, REGISTER, INSURE, elements=ELEMENTS, materials=MATERIALS), POSTS)
    supply(case.departments["police"], {"address": "address"}, ("register",), name="人口登记")
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    open_source(civil, "marriage", items=("register",))
    DataSource.objects.update(adapter="http_json", address="here")
    return case


@pytest.fixture
def own_broker(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """Jobs are told of, and what is shared is kept, in a Valkey of the test's own."""
    with broker_of_this_process(settings, monkeypatch) as running:
        options = {"serializer": "portal.lib.shared_cache.JsonSerializer"}
        monkeypatch.setattr(SharedCache, "away_until", 0.0)
        own = {"BACKEND": "portal.lib.shared_cache.SharedCache", "LOCATION": running.url, "OPTIONS": options}
        settings.CACHES = {"default": own}
        yield running


@pytest.mark.slow
def test_what_a_source_said_is_found_with_whom_it_was_asked_for_alone(
    case: Case,
    own_broker: Broker,
    settings: SettingsWrapper,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    caplog.set_level(logging.DEBUG)
    with source(answer({"found": True, "record": {**RECORD, "name": LI.name}})) as register:
        settings.YIJIAN_SHARING_CONNECTIONS = {"here": Connection(f"http://127.0.0.1:{register.port}/", key=KEY)}
        with django_capture_on_commit_callbacks(execute=True):
            bundle = file_on_what_is_told(case)
    assert register.asked
    part, other = (bundle.sub_items.get(key=key) for key in ("register", "insure"))
    wang, zhao, stranger = (logged_in(one) for one in (case.wang, case.zhao, case.stranger))
    page = wang.get(f"/review/cases/{part.number}/").content.decode()
    assert STREET in page
    assert PAPER in page  # the canaries are alive

    root = logged_in(User.objects.create_superuser("root", name="管理员"))
    ask_for_export(case.stranger.person, case.stranger)
    process("export_file")
    export = FileExport.objects.get()
    filed = [f"documents/{one.pk}/" for one in bundle.documents.all()]
    seen = [
        *(zhao.get(address) for address in ELSEWHERE),
        *(zhao.get(f"/review/cases/{number}/{name}") for number in (part.number, other.number) for name in ("", *filed)),
        *(zhao.get(f"/review/cases/{other.number}/{name}?as=txt") for name in filed),
        *(stranger.get(f"/dossier/exports/{export.pk}/{kind}/") for kind in ("json", "pdf")),
        *(stranger.get(f"/bundles/{bundle.number}/{name}") for name in ("", "receipt/", *filed)),
        *(root.get(f"/admin/{name}/") for name in CONSOLE),
        *(root.get(f"/admin/{name}/{row.pk}/change/") for name, row in (("matters/bundle", bundle), ("matters/subitem", part))),
    ]  # fmt: skip
    everywhere = {
        "pages": [answered.content for answered in seen],
        "files": [default_storage.open(paper.file.name).read() for paper in bundle.materials.all()],
        "log": [caplog.text.encode()],
        "broker and cache": _everything_in(own_broker),
    }
    for place, contents in everywhere.items():
        assert [canary for canary in CANARIES for content in contents if _holds(content, canary)] == [], place
    with connection.cursor() as cursor:  # rows of every table: jobs, messages, events and readings among them
        for table in connection.introspection.table_names():
            for canary in CANARIES:
                cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [f"%{canary}%"])
                assert cursor.fetchone() == (0,), table


class Quoting:
    """An adapter that fails as a careless one would: in words that quote the answer."""

    def ask(self, inquiry: Inquiry) -> Reply:
        raise ValueError(f"could not convert string to float: '{STREET}'")


def test_an_adapter_that_fails_quotes_no_answer(
    case: Case, settings: SettingsWrapper, caplog: pytest.LogCaptureFixture
) -> None:
    settings.YIJIAN_SHARING_ADAPTERS = {"quoting": "tests.matters.apply.test_canary.Quoting"}
    DataSource.objects.update(adapter="quoting")
    draft = draft_of(case, **TYPED)
    agree(draft, _sheet(draft), case.li)
    have_asked(draft, _sheet(draft))
    process("fetch")
    assert {fetch.outcome for fetch in Fetch.objects.all()} == {"unreadable"}
    assert not OutboxMessage.objects.filter(kind="fetch", done_at=None).exists()
    assert "adapter_failed" in caplog.text
    assert STREET not in caplog.text


def file_on_what_is_told(case: Case) -> Bundle:
    """File Li's application as the registers fill it in, and let its parts enter their queues."""
    draft = draft_of(case, **TYPED)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    draft.refresh_from_db()
    agree(draft, _sheet(draft), case.li)
    have_asked(draft, _sheet(draft))
    process("fetch")
    assert read_form(Draft.objects.get(pk=draft.pk)).values[ADDRESS] == STREET
    draft.refresh_from_db()
    bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
    for kind in ("fan_out", "notify"):
        process(kind)
    return bundle


def _everything_in(broker: Broker) -> list[bytes]:
    """Return every key and value of a Valkey that has been told of the jobs."""
    client = broker.client()
    eventually(lambda: client.exists("yijian:celery"))
    assert any(key != b"yijian:celery" for key in client.scan_iter())  # what the site counts stands here too
    found = []
    for key in client.scan_iter():
        kind = client.type(key)
        whole = {b"list": lambda key: client.lrange(key, 0, -1), b"set": client.smembers, b"hash": client.hgetall}
        found.append(repr((key, whole.get(kind, client.get)(key))).encode())
    return found


def _holds(content: bytes, canary: str) -> bool:
    """Whether a text stands in a content, as it is or as JSON and Python write it for seven bits."""
    forms = (canary.encode(), json.dumps(canary)[1:-1].encode(), repr(canary.encode())[2:-1].encode())
    return any(form in content for form in forms)
