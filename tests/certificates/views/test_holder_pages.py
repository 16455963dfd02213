"""The library, one certificate, its file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from structlog.testing import capture_logs

from certificates.activities import library
from certificates.activities.dossier import readings_of_certificates
from certificates.activities.library import certificates_of
from certificates.activities.status import change_status, supersede
from certificates.models import Certificate
from portal.accounts.models import User
from portal.ledger.models import AccessRecord
from tests.certificates.conftest import VALUES, Issue

pytestmark = pytest.mark.django_db


def pages(certificate: Certificate) -> list[str]:
    return [reverse(f"certificates:{name}", args=[certificate.pk]) for name in ("detail", "pdf")]


def test_the_library_shows_ones_own_certificates_and_no_others(
    client: Client, rendered: Certificate, li: User, stranger: User
) -> None:
    client.force_login(li)
    page = client.get(reverse("certificates:library")).content.decode()
    assert "出生医学证明" in page
    assert "李䶮" in page
    client.force_login(stranger)
    page = client.get(reverse("certificates:library")).content.decode()
    assert "出生医学证明" not in page
    assert "还没有电子证照" in page


def test_the_library_costs_the_same_however_many_there_are(
    client: Client, issue: Issue, li: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        issue(decision_reference=f"2026-1122-{number:04d}-01")
    client.force_login(li)
    with django_assert_max_num_queries(5):
        assert client.get(reverse("certificates:library")).status_code == 200


def test_the_library_is_read_page_by_page(
    client: Client, issue: Issue, li: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "PAGE_SIZE", 2)
    made = [str(issue(decision_reference=f"2026-1122-{number:04d}-02").pk) for number in range(5)]
    client.force_login(li)
    seen: list[str] = []
    for size in (2, 2, 1):
        page = client.get(reverse("certificates:library"), {"before": seen[-1]} if seen else {}).content.decode()
        shown = [pk for pk in re.findall(r'<a href="/certificates/([0-9a-f-]{36})/"', page) if pk in made]
        assert len(shown) == size
        assert ("更早的证照" in page) is (len(seen) < 3)
        seen += shown
    assert sorted(seen) == sorted(made)
    for nonsense in ("x", str(uuid4())):
        assert seen[0] in client.get(reverse("certificates:library"), {"before": nonsense}).content.decode()


def test_the_holder_sees_the_whole_face(client: Client, rendered: Certificate, li: User) -> None:
    client.force_login(li)
    page = client.get(rendered.get_absolute_url()).content.decode()
    for value in VALUES.values():
        assert value in page
    assert rendered.identifier in page
    assert reverse("certificates:verify", args=[rendered.verification_token]) in page


def test_the_page_of_a_certificate_costs_few_queries(
    client: Client, rendered: Certificate, li: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(li)
    with django_assert_max_num_queries(5):
        client.get(rendered.get_absolute_url())


def test_the_holder_opens_the_sealed_file(client: Client, rendered: Certificate, li: User) -> None:
    client.force_login(li)
    answer = client.get(reverse("certificates:pdf", args=[rendered.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")  # type: ignore[attr-defined]
    assert "no-store" in answer["Cache-Control"]
    assert rendered.serial in answer["Content-Disposition"]


@pytest.mark.parametrize("damage", ["lost", "changed", "cut short"])
def test_a_file_that_is_not_what_was_sealed_is_never_handed_out(
    client: Client, rendered: Certificate, li: User, damage: str
) -> None:
    name, whole = str(rendered.file.name), rendered.file.read()
    default_storage.delete(name)
    if damage != "lost":
        default_storage.save(name, ContentFile(whole + b"\n" if damage == "changed" else whole[:-1]))
    client.force_login(li)
    with capture_logs() as lines:
        answer = client.get(reverse("certificates:pdf", args=[rendered.pk]))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "文件暂时不能下载" in page
    assert f'href="{rendered.get_absolute_url()}"' in page
    told = [(line["event"], line["file"], line["reason"]) for line in lines if line["log_level"] == "error"]
    assert told == [("kept_file_damaged", name, "missing" if damage == "lost" else "changed")]
    assert client.get(rendered.get_absolute_url()).status_code == 200


def test_while_it_is_made_the_holder_is_told_so(client: Client, certificate: Certificate, li: User) -> None:
    client.force_login(li)
    answer = client.get(reverse("certificates:pdf", args=[certificate.pk]))
    assert answer.status_code == 202
    assert "制证中" in answer.content.decode()
    assert "制证中" in client.get(reverse("certificates:library")).content.decode()
    assert "制证中" in client.get(certificate.get_absolute_url()).content.decode()


def test_a_file_that_is_late_is_not_promised_within_seconds(client: Client, certificate: Certificate, li: User) -> None:
    issued = certificate.issued_at
    with time_machine.travel(issued + timedelta(seconds=20)):
        client.force_login(li)
        assert "一般几秒钟就好" in client.get(reverse("certificates:library")).content.decode()
    with time_machine.travel(issued + timedelta(minutes=6)):
        page = client.get(reverse("certificates:library")).content.decode()
    assert "几秒钟" not in page
    assert f"{date_format(timezone.localtime(issued), 'SHORT_DATETIME_FORMAT')} 签发后还没有做好" in page


def test_a_rare_character_is_named_as_the_reason(client: Client, certificate: Certificate, li: User) -> None:
    Certificate.objects.update(set_aside_at="2026-11-22T00:00Z", set_aside_reason="rare_characters")
    client.force_login(li)
    for address in [reverse("certificates:library"), *pages(certificate)]:
        assert "制证中（含生僻字，人工处理）" in client.get(address).content.decode()


def test_the_holder_reads_why_a_status_changed(client: Client, rendered: Certificate, li: User, wang: User) -> None:
    change_status(rendered, "rescinded", "查明申报材料虚假", wang)
    client.force_login(li)
    page = client.get(rendered.get_absolute_url()).content.decode()
    assert page.count("已撤销") == 2  # how it stands, and its history, in one word
    assert page.count("撤销") == 2 + page.count("被签发机构撤销")
    assert "查明申报材料虚假" in page


@pytest.mark.parametrize("who", ["stranger", "zhao"])
def test_strangers_get_404(client: Client, rendered: Certificate, who: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))
    for address in pages(rendered):
        assert client.get(address).status_code == 404
    assert client.get(f"/certificates/{uuid4()}/").status_code == 404


def test_nobody_logged_in_is_asked_to_log_in(client: Client, rendered: Certificate) -> None:
    for address in [reverse("certificates:library"), *pages(rendered)]:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("who", ["wang", "sun"])
def test_staff_of_the_issuer_open_the_file_and_leave_a_line(
    client: Client, rendered: Certificate, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("certificates:pdf", args=[rendered.pk])).status_code == 200
    record = AccessRecord.objects.get(subject=rendered.pk)
    assert (record.purpose, record.department) == ("certificate_file", "health")
    lines = readings_of_certificates(rendered.applicant, None, 10)
    assert [line.about for line in lines] == ["出生医学证明"]
    assert client.get(rendered.get_absolute_url()).status_code == 404


def test_ones_own_reading_leaves_no_line(client: Client, rendered: Certificate, li: User) -> None:
    client.force_login(li)
    client.get(reverse("certificates:pdf", args=[rendered.pk]))
    assert not AccessRecord.objects.exists()


def test_certificates_of_lists_the_newest_first(issue: Issue) -> None:
    first, second = issue(), issue(decision_reference="2026-1122-0002-01")
    assert list(certificates_of(first.applicant)) == [second, first]


def test_of_a_replaced_one_the_holder_is_led_to_the_new_one_and_shown_around_with_neither(
    client: Client, rendered: Certificate, issue: Issue, li: User, wang: User
) -> None:
    client.force_login(li)
    assert "请对方扫一扫" in client.get(rendered.get_absolute_url()).content.decode()
    supersede(rendered, wang)
    new = issue(replaces=rendered)
    page = client.get(rendered.get_absolute_url()).content.decode()
    assert "后换发了新的证照" in page
    assert f'href="{new.get_absolute_url()}"' in page
    assert "请对方扫一扫" not in page
    assert "内容更正后" not in client.get(new.get_absolute_url()).content.decode()
