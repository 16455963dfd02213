"""How many statements the pages of an application cost: the page of papers is drawn after each upload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.definitions import Exemption, MaterialNeed
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.matters.files.upload_corpus import pdf
from tests.worlds.cast import logged_in
from tests.worlds.settling import INSURE, REGISTER, VALUES, Case, build_case, draft_of, publish_settling, url


@pytest.fixture
def case(db: None) -> Case:
    case = build_case()
    ways = (Exemption("certificate", "marriage_booklet"), Exemption("commitment"))
    materials = (MaterialNeed("birth_record"), MaterialNeed("marriage", exemptions=ways))
    case.version = publish_settling(replace(REGISTER, materials=materials), INSURE)
    return case


def counted(client: Client, page: str, posted: Mapping[str, Any] | None = None) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(page) if posted is None else client.post(page, posted)
    assert answer.status_code in (200, 302), answer.content.decode()
    return [query["sql"] for query in queries]


def test_papers_are_read_once_for_a_page(case: Case) -> None:
    draft, client = draft_of(case, **VALUES), logged_in(case.li)
    upload(client, draft, ("a.jpg", PHOTO))
    client.get(url(draft, "materials"))  # the sentence about the upload is forgotten
    # Session, account, draft; what sources supply, consents, papers, library.
    assert len(seen := counted(client, url(draft, "materials"))) <= 7, seen
    # As many, and nothing of what would be asked at the next step.
    assert len(seen := counted(client, url(draft, "check"))) <= 6, seen
    # Session, account, draft; what sources supply, consents.
    assert len(seen := counted(client, url(draft, "form"))) <= 5, seen


def test_an_upload_looks_once_at_the_papers_under_the_lock(case: Case) -> None:
    draft, client = draft_of(case, **VALUES), logged_in(case.li)
    upload(client, draft, ("first.jpg", PHOTO))  # what is built once is built
    with CaptureQueriesContext(connection) as queries:
        upload(client, draft, ("b.pdf", pdf()))
    seen = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]  # the test's own transaction
    # Session, account, draft, papers; draft held, papers, the new one; the sentence for the next page.
    assert len(seen) <= 8, seen
