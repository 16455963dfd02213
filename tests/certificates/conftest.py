"""The cast: Li keeps a child's birth certificate; Wang may issue it, Zhao sits elsewhere, Sun is at the window."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from catalog.models import CertificateType, Department
from certificates.activities.issuing import HolderFacts, issue_certificate
from certificates.activities.rendering_work import render_certificates
from certificates.models import Certificate
from portal.accounts.models import Person, User
from portal.outbox.claiming import claim_batch
from tests.worlds.building import department_of
from tests.worlds.cast import LI, STRANGER, SUN, WANG, ZHAO, user_of

FACE = [
    {"code": "child_name", "label": "新生儿姓名", "label_en": "Name of child"},
    {"code": "sex", "label": "性别", "label_en": "Sex"},
    {"code": "birth_time", "label": "出生时间", "label_en": "Time of birth"},
    {"code": "birth_place", "label": "出生地", "label_en": "Place of birth"},
    {"code": "mother_name", "label": "母亲姓名", "label_en": "Name of mother"},
    {"code": "mother_id", "label": "母亲证件号码", "label_en": "Mother's document No."},
    {"code": "father_name", "label": "父亲姓名", "label_en": "Name of father"},
]
VALUES = {
    "child_name": "李䶮",
    "sex": "女",
    "birth_time": "2026年11月12日08时15分",
    "birth_place": "江西省南昌市西湖区",
    "mother_name": "王晓梅",
    "mother_id": "360102199203141225",
}
ISSUED_AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_counters() -> Iterator[None]:
    """Forget who has asked how often."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def health(db: None) -> Department:
    return department_of("health", "南昌市卫生健康委员会", "卫健")


@pytest.fixture
def police(db: None) -> Department:
    return department_of("police", "南昌市公安局", "公安")


@pytest.fixture
def birth_certificate(health: Department) -> CertificateType:
    return CertificateType.objects.create(
        slug="birth_certificate",
        code="11360100999991013W001",
        name="出生医学证明",
        name_en="Medical Certificate of Birth",
        department=health,
        face=FACE,
    )


@pytest.fixture
def li(db: None) -> User:
    return user_of(LI)


@pytest.fixture
def li_person(li: User) -> Person:
    return li.person


@pytest.fixture
def stranger(db: None) -> User:
    return user_of(STRANGER)


@pytest.fixture
def wang(health: Department) -> User:
    return user_of(WANG, (health, "reviewer"))


@pytest.fixture
def sun(health: Department) -> User:
    return user_of(SUN, (health, "clerk"))


@pytest.fixture
def zhao(police: Department) -> User:
    return user_of(ZHAO, (police, "reviewer"))


Issue = Callable[..., Certificate]


@pytest.fixture
def issue(birth_certificate: CertificateType, li_person: Person, health: Department, wang: User) -> Issue:
    """Return a function that issues a certificate; keywords replace what it is issued with."""

    def issue(**replaced: Any) -> Certificate:
        given: dict[str, Any] = {
            "certificate_type": birth_certificate,
            "applicant": li_person,
            "holders": [HolderFacts("李䶮")],
            "expires_on": None,
            "face": VALUES,
            "issuer": health,
            "decision_reference": "2026-1122-0001-01",
            "issued_at": ISSUED_AT,
            "issued_by": wang,
            **replaced,
        }
        with transaction.atomic():
            return issue_certificate(**given)

    return issue


@pytest.fixture
def certificate(issue: Issue) -> Certificate:
    return issue()


@pytest.fixture
def rendered(certificate: Certificate) -> Certificate:
    """A certificate whose file has been made by the real handler."""
    process()
    certificate.refresh_from_db()
    return certificate


def process() -> int:
    """Do all promised renderings; return how many."""
    claims = claim_batch("render_certificate")
    render_certificates(claims)
    return len(claims)


@pytest.fixture
def poppler(tmp_path: Path) -> Path:
    """A folder for Poppler's tools to work in; skips where they are not installed, except in CI."""
    import os

    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("poppler-utils is missing")
        pytest.skip("poppler-utils is not installed")
    return tmp_path
