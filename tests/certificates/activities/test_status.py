"""Revoking, rescinding, recalling, deregistering."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Department
from catalog.staff.memberships import enroll
from certificates.activities.issuing import HolderFacts
from certificates.activities.library import own_certificates
from certificates.activities.status import (
    StatusChangeRefused,
    carry_suspension,
    change_status,
    change_status_together,
    supersede,
)
from certificates.models import Certificate, StatusChange
from portal.accounts.models import User
from portal.accounts.people import register_person
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.notices.wording import words
from tests.certificates.conftest import Issue

pytestmark = pytest.mark.django_db


def test_it_appends_a_row_and_an_event(certificate: Certificate, wang: User) -> None:
    change = change_status(certificate, "revoked", " 查明转借他人使用 ", wang)
    certificate.refresh_from_db()
    assert certificate.status == "revoked"
    assert (change.status, change.reason, change.changed_by) == ("revoked", "查明转借他人使用", wang)
    event = Event.objects.filter(chain_id=certificate.pk).latest("sequence")
    assert (event.kind, event.actor, event.data["from"], event.data["to"]) == (
        "certificate_status_changed",
        wang,
        "valid",
        "revoked",
    )
    assert verify_chain(certificate.pk) == []


def test_whoever_applied_for_it_is_told(certificate: Certificate, wang: User, li: User) -> None:
    change_status(certificate, "revoked", "查明转借他人使用", wang)
    message = Message.objects.get(recipient=li, kind="certificate_closed")
    assert message.link == certificate.get_absolute_url()
    said = words(message.kind, message.data)
    assert said.title == "您的出生医学证明不能再用了"
    assert "查明" not in said.text  # the reason stays on the certificate's page


def test_a_replacement_is_told_of_elsewhere(certificate: Certificate, wang: User) -> None:
    supersede(certificate, wang)
    assert not Message.objects.filter(kind="certificate_closed").exists()


@pytest.mark.parametrize("who", ["sun", "zhao", "stranger", "li"])
def test_only_who_may_issue_may_change_it(certificate: Certificate, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(StatusChangeRefused) as refusal:
        change_status(certificate, "revoked", "理由", request.getfixturevalue(who))
    assert refusal.value.code == "not_allowed"
    assert not StatusChange.objects.exists()


def test_nobody_changes_their_own_in_office(certificate: Certificate, li: User, issue: Issue) -> None:
    """As applicant, and as whom it is about once that is proved; neither does the console list it to them."""
    enroll(li, certificate.issuer, "lead")
    li = User.objects.get(pk=li.pk)
    with pytest.raises(StatusChangeRefused) as refusal:
        change_status(certificate, "deregistered", "理由", li)
    assert refusal.value.code == "own"
    assert list(Certificate.objects.filter(pk__in=own_certificates(li))) == [certificate]
    holder = User.objects.create_user("holder", is_staff=True)
    number = "360103202402299984"
    register_person(name="李小满", document_kind="111", number=number, user=holder, method="demo")
    theirs = issue(decision_reference="another", holders=[HolderFacts("李小满", "111", number)])
    assert list(Certificate.objects.filter(pk__in=own_certificates(holder))) == [theirs]


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [("revoked", "  ", "reason_missing"), ("valid", "理由", "not_possible"), ("unheard of", "理由", "not_possible")],
)
def test_it_refuses_what_cannot_be(certificate: Certificate, wang: User, status: str, reason: str, code: str) -> None:
    with pytest.raises(StatusChangeRefused) as refusal:
        change_status(certificate, status, reason, wang)
    assert refusal.value.code == code
    assert refusal.value.message


def test_after_the_three_only_deregistration_follows(certificate: Certificate, wang: User) -> None:
    change_status(certificate, "recalled", "法规修改", wang)
    with pytest.raises(StatusChangeRefused):
        change_status(certificate, "revoked", "理由", wang)
    change_status(certificate, "deregistered", "办理注销", wang)
    assert [change.status for change in certificate.status_changes.all()] == ["recalled", "deregistered"]


def test_a_suspension_ends_and_both_are_told(certificate: Certificate, wang: User, li: User) -> None:
    change_status(certificate, "suspended", "停业整顿三个月", wang, " 卫健暂字〔2026〕3号 ")
    change = change_status(certificate, "valid", "整顿合格", wang)
    again = change_status(certificate, "suspended", "又被查出", wang)
    assert [(each.status, each.document_number) for each in certificate.status_changes.all()] == [
        ("suspended", "卫健暂字〔2026〕3号"),
        ("valid", ""),
        ("suspended", ""),
    ]
    assert change.authority_name == again.authority_name == "南昌市卫生健康委员会"
    told = Message.objects.filter(recipient=li).order_by("pk")
    assert [each.kind for each in told] == ["certificate_suspended", "certificate_reinstated", "certificate_suspended"]
    assert [words(each.kind, each.data).title for each in told][:2] == [
        "您的出生医学证明被暂扣",
        "您的出生医学证明恢复有效",
    ]
    change_status(certificate, "revoked", "拒不整改", wang)
    with pytest.raises(StatusChangeRefused):
        change_status(certificate, "valid", "理由", wang)


def test_a_correction_ends_no_suspension(certificate: Certificate, issue: Issue, wang: User) -> None:
    change_status(certificate, "suspended", "停业整顿三个月", wang, "卫健暂字〔2026〕3号")
    supersede(certificate, wang)
    new = issue(replaces=certificate)
    carry_suspension(certificate, new, wang)
    new.refresh_from_db()
    (change,) = new.status_changes.all()
    assert (new.status, change.reason, change.document_number) == ("suspended", "停业整顿三个月", "卫健暂字〔2026〕3号")
    change_status(new, "valid", "整顿合格", wang)
    supersede(new, wang)
    last = issue(replaces=new)
    carry_suspension(new, last, wang)
    assert last.status == "valid"


def test_several_end_as_one_act_or_none_does(certificate: Certificate, issue: Issue, wang: User) -> None:
    others = [issue(decision_reference=f"2026-1122-000{number}-01") for number in (2, 3)]
    change_status(others[1], "deregistered", "先前已注销", wang)
    with pytest.raises(StatusChangeRefused) as refusal:
        change_status_together([certificate, *others], "deregistered", "企业注销", wang)
    assert (refusal.value.code, refusal.value.certificate) == ("not_possible", others[1])
    assert StatusChange.objects.count() == 1
    assert set(Certificate.objects.filter(status="valid")) == {certificate, others[0]}
    fresh = Certificate.objects.filter(status="valid").select_related("issuer")
    assert len(change_status_together(fresh, "deregistered", "企业注销", wang, "市监销字〔2026〕1号")) == 2
    assert not Certificate.objects.exclude(status="deregistered").exists()
    assert StatusChange.objects.filter(document_number="市监销字〔2026〕1号").count() == 2


def test_one_of_another_department_keeps_all_as_they_are(
    certificate: Certificate, issue: Issue, wang: User, police: Department
) -> None:
    theirs = issue(decision_reference="2026-1122-0002-01", issuer=police)
    with pytest.raises(StatusChangeRefused) as refusal:
        change_status_together([certificate, theirs], "deregistered", "企业注销", wang)
    assert (refusal.value.code, refusal.value.certificate) == ("not_allowed", theirs)
    assert not StatusChange.objects.exists()


def test_the_second_of_two_is_told(certificate: Certificate, wang: User) -> None:
    stale = Certificate.objects.select_related("issuer").get(pk=certificate.pk)
    change_status(certificate, "revoked", "理由", wang)
    with pytest.raises(StatusChangeRefused) as refusal:
        change_status(stale, "rescinded", "理由", wang)
    assert refusal.value.code == "not_possible"
    assert StatusChange.objects.count() == 1


@pytest.mark.parametrize(
    "change", ["UPDATE certificates_statuschange SET status = 'valid'", "DELETE FROM certificates_statuschange"]
)
def test_the_history_is_never_rewritten(certificate: Certificate, wang: User, change: str) -> None:
    change_status(certificate, "revoked", "理由", wang)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
