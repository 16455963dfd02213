"""Verification for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from certificates.activities.status import change_status, supersede
from certificates.models import Certificate
from portal.accounts.models import User
from tests.certificates.conftest import Issue
from tests.worlds.cast import LI

pytestmark = pytest.mark.django_db


def scan(client: Client, token: str) -> Any:
    return client.get(reverse("certificates:verify", args=[token]))


FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def ask(client: Client, number: str) -> Any:
    return client.post(reverse("certificates:verify_form"), {"number": number})


def hand_in(client: Client, content: bytes) -> Any:
    return client.post(reverse("certificates:verify_form"), {"what": "file", "file": ContentFile(content, "c.pdf")})


def expire(certificate: Certificate, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE certificates_certificate SET expires_on = %s WHERE id = %s", [day, str(certificate.pk)])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_valid_certificate_is_called_valid_with_its_facts(client: Client, certificate: Certificate) -> None:
    answer = scan(client, certificate.verification_token)
    assert answer.status_code == 200
    page = answer.content.decode()
    for fact in (
        "有效",
        "出生医学证明",
        "南昌市卫生健康委员会",
        certificate.serial,
        certificate.identifier,
        "2026年11月22日",
    ):
        assert fact in page


def test_it_shows_no_more_than_the_paper_and_the_name_masked(client: Client, certificate: Certificate) -> None:
    page = scan(client, certificate.verification_token).content.decode()
    assert "李䶮" not in page
    assert "*䶮" in page
    for secret in ("王晓梅", "360102199203141225", LI.name, "2026-1122-0001-01", str(certificate.pk)):
        assert secret not in page


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("suspended", "已暂扣"),
        ("revoked", "已吊销"),
        ("rescinded", "已撤销"),
        ("recalled", "已撤回"),
        ("deregistered", "已注销"),
    ],
)
def test_a_change_of_status_shows_at_once(
    client: Client, certificate: Certificate, wang: User, status: str, word: str
) -> None:
    assert "已" + word[1:] not in scan(client, certificate.verification_token).content.decode()
    change_status(certificate, status, "查明申报材料虚假", wang, "卫健字〔2026〕9号")
    page = scan(client, certificate.verification_token).content.decode()
    assert word in page
    assert "卫健字〔2026〕9号" in page
    assert "查明申报材料虚假" not in page  # the reason is for the holder


def test_what_was_suspended_is_valid_again_once_reinstated(
    client: Client, certificate: Certificate, wang: User
) -> None:
    change_status(certificate, "suspended", "停业整顿", wang)
    assert "不能使用" in scan(client, certificate.verification_token).content.decode()
    change_status(certificate, "valid", "整顿合格", wang)
    page = scan(client, certificate.verification_token).content.decode()
    assert "现在有效" in page
    assert "解除暂扣，恢复有效" in page


def test_of_a_replaced_certificate_it_is_said_that_there_is_a_new_one(
    client: Client, rendered: Certificate, issue: Issue, wang: User
) -> None:
    with rendered.file.open("rb") as file:
        content = file.read()
    supersede(rendered, wang)
    new = issue(replaces=rendered)
    for page in (scan(client, rendered.verification_token), ask(client, rendered.serial), hand_in(client, content)):
        assert "后换发了新的证照" in page.content.decode()
        assert new.serial not in page.content.decode()
    assert "有效" in scan(client, new.verification_token).content.decode()
    other = issue(decision_reference="2026-1122-0002-01")
    change_status(other, "deregistered", "持证人申请注销", wang)
    assert "换发" not in scan(client, other.verification_token).content.decode()


def test_an_expired_certificate_is_called_expired(client: Client, certificate: Certificate) -> None:
    expire(certificate, date(2026, 1, 1))
    assert "已过期" in scan(client, certificate.verification_token).content.decode()


@pytest.mark.parametrize("token", ["A" * 22, "x", "a" * 300, "..%2f..", "' OR 1=1 --", "＜ｓ＞"])
def test_unknown_and_malformed_codes_get_the_same_page(client: Client, db: None, token: str) -> None:
    answer = client.get(f"/verify/{token}/")
    unknown = scan(client, "B" * 22)
    assert answer.status_code == unknown.status_code == 404
    assert "查不到" in answer.content.decode()
    assert _without_time(answer.content.decode()) == _without_time(unknown.content.decode())


def _without_time(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "查询时间" not in line)


def test_unknown_costs_the_same_question_as_known(
    client: Client, certificate: Certificate, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the certificate, its last change
        scan(client, certificate.verification_token)
    with django_assert_num_queries(1):
        scan(client, "B" * 22)


def test_the_answer_is_not_kept_listed_or_passed_on(client: Client, certificate: Certificate) -> None:
    for token in (certificate.verification_token, "B" * 22):
        answer = scan(client, token)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"


def test_the_answer_asks_for_nothing(client: Client, certificate: Certificate) -> None:
    page = scan(client, certificate.verification_token).content.decode()
    assert "<form" not in page
    assert "/accounts/login/" not in page


def test_the_form_can_be_posted_where_its_referrer_policy_is_obeyed(client: Client, db: None) -> None:
    assert client.get(reverse("certificates:verify_form"))["Referrer-Policy"] == "same-origin"


def test_it_answers_identifier_and_number_however_they_are_typed(client: Client, certificate: Certificate) -> None:
    typed = [
        certificate.identifier,
        f"  {certificate.identifier.lower()} ",
        certificate.identifier.removeprefix("1.2.156.3005.2."),
        certificate.serial,
        certificate.serial.lower(),
        " ".join([certificate.serial[:8], certificate.serial[8:]]),
        certificate.identifier.translate(FULL_WIDTH),
        certificate.serial.translate(FULL_WIDTH),
        certificate.identifier.replace(".", "。"),
        f"证照编号：{certificate.serial}",
        f"证照编号 No. {certificate.serial}",
        f"电子证照标识 Identifier\n{certificate.identifier}",
        f"标识:{certificate.identifier}。",
        f"（{certificate.serial}）",
        f"【{certificate.identifier}】",
        "-".join(certificate.serial[place : place + 4] for place in range(0, 20, 4)),
        " — ".join([certificate.serial[:8], certificate.serial[8:]]),
        "－".join([certificate.serial[:4], certificate.serial[4:]]).replace("0", "O"),
        certificate.identifier.replace(certificate.serial, f"{certificate.serial[:8]}-{certificate.serial[8:]}"),
        certificate.serial.replace("0", "O").replace("1", "l"),
        certificate.identifier.rpartition(".")[0].replace("0", "o").replace("1", "I") + certificate.identifier[-2:],
    ]
    for number in typed:
        answer = ask(client, number)
        assert answer.status_code == 200, number
        assert certificate.serial in answer.content.decode()


@pytest.mark.parametrize(
    "form", ["https://example.org/verify/{}/", "扫码结果 http://localhost/verify/{}", "/verify/{}/\n"]
)
def test_the_address_of_the_code_is_understood_in_the_box(client: Client, certificate: Certificate, form: str) -> None:
    page = ask(client, form.format(certificate.verification_token))
    assert page.status_code == 200
    assert certificate.serial in page.content.decode()
    assert ask(client, form.format("A" * 22)).status_code == 404


def test_a_text_that_is_far_too_long_is_told_in_plain_words(client: Client, db: None) -> None:
    answer = ask(client, "8" * 151)
    assert answer.status_code == 422
    assert "请只输入一张证照的标识或编号" in answer.content.decode()


def test_a_slip_of_the_pen_is_told_from_an_unknown_certificate(client: Client, certificate: Certificate) -> None:
    last = certificate.identifier[-1]
    slipped = ask(client, certificate.identifier[:-1] + ("A" if last != "A" else "B"))
    assert slipped.status_code == 422
    assert "逐位核对" in slipped.content.decode()
    assert certificate.identifier[:-1] in slipped.content.decode()  # what was typed is still there
    assert ask(client, "20261122XXXXXXXXXXXX").status_code == 404
    assert "请输入" in ask(client, " ").content.decode()
    assert "请输入" in ask(client, "证照编号：").content.decode()
    assert ask(client, "1.2.3").status_code == 422


def test_three_answers_about_the_genuine_file(client: Client, rendered: Certificate, wang: User) -> None:
    with rendered.file.open("rb") as file:
        content = file.read()
    page = hand_in(client, content).content.decode()
    assert "就是签发时的那份文件" in page
    assert "没有被暂扣、吊销" in page
    assert "在有效期内" in page
    change_status(rendered, "revoked", "查明申报材料虚假", wang)
    page = hand_in(client, content).content.decode()
    assert "就是签发时的那份文件" in page
    assert "吊销" in page
    expire(rendered, date(2026, 1, 1))
    assert "已过期" in hand_in(client, content).content.decode()


def test_a_tampered_file_borrows_nothing(client: Client, rendered: Certificate) -> None:
    with rendered.file.open("rb") as file:
        content = file.read()
    for forged in (content + b" ", content.replace(b"/P 1", b"/P 2"), b"%PDF-1.7\n", b"MZ" * 100):
        page = hand_in(client, forged).content.decode()
        assert "不能确认" in page
        assert page.count("无法核对") == 2
        assert rendered.serial not in page


def test_a_sealed_file_that_no_row_knows_is_not_genuine(client: Client, rendered: Certificate, issue: Issue) -> None:
    from datetime import UTC, datetime

    from certificates.activities.library import open_face
    from certificates.pdf.rendering import render_certificate

    other = render_certificate(open_face(rendered), rendered.verification_token, moment=datetime.now(UTC))
    page = hand_in(client, other).content.decode()
    assert "不能确认" in page
    assert "库中没有这份文件" in page


def test_a_file_that_is_missing_empty_or_too_large_gets_a_sentence(client: Client, db: None) -> None:
    assert "请选择要核验的" in client.post(reverse("certificates:verify_form"), {"what": "file"}).content.decode()
    assert "空的" in hand_in(client, b"").content.decode()
    assert "超过 4 MB" in hand_in(client, b"0" * (4 * 1024 * 1024 + 1)).content.decode()


def test_who_asks_too_fast_is_told_to_wait(
    client: Client, certificate: Certificate, limits_of_one_minute: None
) -> None:
    answers = [ask(client, certificate.serial).status_code for _ in range(33)]
    assert answers[:30] == [200] * 30
    assert answers[-1] == 429
    waiting = ask(client, certificate.serial)
    assert waiting["Retry-After"] == "60"
    assert "过一分钟" in waiting.content.decode()
    assert scan(client, certificate.verification_token).status_code == 200  # a scan is counted by itself


def test_a_post_needs_its_token(certificate: Certificate) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict, certificate.serial).status_code == 403
