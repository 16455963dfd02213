"""Whose account it is, is proved at the window: by a clerk, with the document on the counter."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from certificates.models import Certificate
from matters.integrity.checking import check_integrity
from matters.models import Bundle, Channel
from matters.reviewing.review import accept, claim, decide
from matters.views.brakes import IDENTITIES
from matters.views.identity_sheet import identity_sheet
from portal.accounts.handing_over import PersonConflict
from portal.accounts.models import IdentityCheck, Person, PersonMerge, User
from portal.accounts.people import claim_person, find_person, prove_own, register_person
from portal.ledger.models import AccessRecord, Event, SecurityEvent
from portal.notices.inbox import send_message
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.worlds.cast import LI, logged_in
from tests.worlds.town import Town

NUMBER = "440524188001010014"
PAGE = "/admin/counter/identity/"
TYPED = {"username": "xiaohua", "name": "王小花", "document_kind": "111", "number": NUMBER, "seen": "1", "signed": "1"}


@pytest.fixture
def clerk(town: Town) -> Client:
    return logged_in(town.sun)


@pytest.fixture
def xiaohua(town: Town) -> User:
    user = User.objects.create_user("xiaohua", name="王小花")
    claim_person(name="王小花", document_kind="111", number=NUMBER, phone="13900139000", user=user)
    return user


def test_an_account_becomes_the_persons(town: Town, clerk: Client, xiaohua: User) -> None:
    assert "已核验" in clerk.post(PAGE, TYPED, follow=True).content.decode()
    check = IdentityCheck.objects.get(person__user=xiaohua)
    assert (check.method, check.officer, check.person.level) == ("counter", town.sun, 2)
    assert find_person("111", NUMBER) == xiaohua.person
    assert "已实名" in logged_in(xiaohua).get("/accounts/profile/").content.decode()


def test_what_the_window_did_for_the_person_before_is_the_accounts(town: Town, clerk: Client, xiaohua: User) -> None:
    known = register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
    bundle = town.submit(channel=Channel.COUNTER, applicant=known)
    assert logged_in(xiaohua).get(f"/bundles/{bundle.number}/").status_code == 404
    clerk.post(PAGE, TYPED)
    assert logged_in(xiaohua).get(f"/bundles/{bundle.number}/").status_code == 200
    known.refresh_from_db()
    assert (known.user, known.phone) == (xiaohua, "13900139000")
    assert Person.objects.filter(user=xiaohua).count() == 1


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"username": "nobody"}, "username"),
        ({"username": "li"}, "username"),
        ({"name": "王大花"}, "number"),
        ({"number": "110101194912310021"}, "number"),
        ({"number": LI.number}, "number"),
        ({"document_kind": "414"}, "number"),
        ({"document_kind": "x"}, "document_kind"),
        ({"seen": ""}, "seen"),
        ({"signed": ""}, "signed"),
        ({"original": "photo"}, "original"),
        ({"does": "open", "username": "a b"}, "username"),
        ({"does": "open", "username": "Xiaohua"}, "username"),
    ],
)
def test_what_does_not_agree_is_not_proved(clerk: Client, xiaohua: User, typed: dict[str, str], place: str) -> None:
    sent = {name: value for name, value in {**TYPED, **typed}.items() if value}
    page = clerk.post(PAGE, sent)
    assert (page.status_code, set(page.context["problems"])) == (422, {place})
    assert not IdentityCheck.objects.filter(person__user=xiaohua).exists()


def test_the_squatter_is_not_proved_by_the_owners_document(town: Town, clerk: Client, xiaohua: User) -> None:
    owner = User.objects.create_user("owner")
    register_person(name="王小花", document_kind="111", number=NUMBER, user=owner, method="demo")
    page = clerk.post(PAGE, TYPED)
    assert "已经有一个核验过的账号" in page.content.decode()
    assert find_person("111", NUMBER) == owner.person


def test_two_histories_become_one(town: Town, clerk: Client, xiaohua: User) -> None:
    known = register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
    hers = town.submit(applicant=xiaohua.person)
    windows = town.submit(channel=Channel.COUNTER, applicant=known)
    clerk.post(PAGE, TYPED)
    known.refresh_from_db()
    assert known.user == xiaohua
    for bundle in (hers, windows):
        assert logged_in(xiaohua).get(f"/bundles/{bundle.number}/").status_code == 200


def issued_to(person: Person, town: Town) -> Certificate:
    """Return a certificate that was issued to what an account only says of itself."""
    bundle = town.submit(applicant=person)
    for key in ("birth_cert",):
        claim(town.zhao, town.part(bundle, key))
        decide(town.zhao, accept(town.zhao, town.part(bundle, key)), "approved", outputs={"number": "P360123456"})
    process("fan_out")
    process("notify")
    return Certificate.objects.get(applicant=person)


class TestMerging:
    def test_what_was_issued_follows_the_person(self, town: Town, clerk: Client, xiaohua: User) -> None:
        known = register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
        certificate = issued_to(xiaohua.person, town)
        clerk.post(PAGE, TYPED)
        certificate.refresh_from_db()
        assert certificate.applicant == known
        merge = PersonMerge.objects.get(kept=known)
        assert (merge.officer, merge.closed, merge.merged.left_by) == (town.sun, None, xiaohua)
        assert Event.objects.filter(chain_id=merge.pk, kind="person_merged").count() == 1
        assert logged_in(xiaohua).get(certificate.get_absolute_url()).status_code == 200
        codes = {breach.code for breach in check_integrity(with_files=False).breaches}
        assert codes.isdisjoint({"certificate_of_other_holder", "decided_by_applicant", "text_unreadable"})

    def test_of_two_accounts_one_is_left(self, town: Town, clerk: Client, xiaohua: User) -> None:
        owner = User.objects.create_user("owner")
        known = register_person(name="王小花", document_kind="111", number=NUMBER, user=owner, method="demo")
        certificate = issued_to(xiaohua.person, town)
        said = clerk.post(PAGE, {**TYPED, "does": "merge"}, follow=True).content.decode()
        assert "那个账号不能再登录" in said
        certificate.refresh_from_db()
        xiaohua.refresh_from_db()
        assert (certificate.applicant, xiaohua.is_active, xiaohua.has_usable_password()) == (known, False, False)
        assert PersonMerge.objects.get().closed == xiaohua
        bundle = Bundle.objects.get(applicant=known)
        assert logged_in(owner).get(f"/bundles/{bundle.number}/").status_code == 200
        assert Message.objects.filter(recipient=owner).exists()
        assert not Message.objects.filter(recipient=xiaohua).exists()

    def test_the_sheet_to_be_signed_says_so(self, clerk: Client, xiaohua: User) -> None:
        answer = clerk.post(PAGE, {**TYPED, "does": "merge", "print": "1"})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")

    def test_who_has_but_one_account_has_nothing_to_merge(self, clerk: Client, xiaohua: User) -> None:
        page = clerk.post(PAGE, {**TYPED, "does": "merge"})
        assert (page.status_code, set(page.context["problems"])) == (422, {"username"})

    def test_the_database_lets_nothing_follow_without_that_row(self, town: Town, xiaohua: User) -> None:
        certificate = issued_to(xiaohua.person, town)
        for change in ({"applicant": town.li_person}, {"serial": "1"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Certificate.objects.filter(pk=certificate.pk).update(**change)
        merge = PersonMerge.objects.create(kept=town.li_person, merged=xiaohua.person, officer=town.sun)
        with pytest.raises(IntegrityError), transaction.atomic():
            merge.delete()

    def test_the_word_of_a_platform_merges_nothing_that_was_issued(self, town: Town, xiaohua: User) -> None:
        register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
        issued_to(xiaohua.person, town)
        with pytest.raises(PersonConflict, match="has_cases"):
            prove_own(xiaohua, name="王小花", document_kind="111", number=NUMBER, method="platform", reference="x")


@pytest.mark.parametrize("case", ["has_account", "differs"])
def test_to_be_told_that_a_number_is_registered_leaves_a_line(
    town: Town, clerk: Client, xiaohua: User, case: str
) -> None:
    owner = User.objects.create_user("owner") if case == "has_account" else None
    name = "王大花" if case == "differs" else "王小花"
    known = register_person(name=name, document_kind="111", number=NUMBER, user=owner, method="demo")
    assert clerk.post(PAGE, TYPED).status_code == 422
    line = AccessRecord.objects.get(subject=known.pk, reader=town.sun)
    assert (line.purpose, line.fields, line.department) == ("counter", ["document"], "health")


def test_numbers_cannot_be_tried_one_after_the_other(clerk: Client, xiaohua: User, limits_of_one_minute: None) -> None:
    for _ in range(IDENTITIES.by_person):
        clerk.post(PAGE, {**TYPED, "name": "王大花"})
    assert "核验得太快了" in clerk.post(PAGE, TYPED).content.decode()
    assert not IdentityCheck.objects.filter(person__user=xiaohua).exists()


def test_it_is_the_windows_alone(town: Town, xiaohua: User) -> None:
    assert logged_in(town.zhao).post(PAGE, TYPED).status_code == 404
    assert logged_in(town.li).post(PAGE, TYPED).status_code == 302
    assert not IdentityCheck.objects.filter(person__user=xiaohua).exists()


def test_the_row_says_what_was_seen_and_that_the_person_signed(clerk: Client, xiaohua: User) -> None:
    clerk.post(PAGE, {**TYPED, "original": "household_book"})
    check = IdentityCheck.objects.get(person__user=xiaohua)
    assert (check.seen, check.signed, check.document_kind) == ("household_book", True, "111")


class TestWithoutAnAccount:
    def test_one_is_opened_whose_owner_chooses_the_password(self, town: Town, clerk: Client) -> None:
        known = register_person(name="王小花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
        page = clerk.post(PAGE, {**TYPED, "does": "open"}).content.decode()
        known.refresh_from_db()
        assert known.user is not None
        assert (known.user.username, known.phone, known.user.has_usable_password()) == ("xiaohua", "", False)
        assert "/accounts/new-password/" in page
        assert SecurityEvent.objects.filter(kind="link_made", user=known.user).exists()

    def test_somebody_new_gets_one_too(self, clerk: Client) -> None:
        clerk.post(PAGE, {**TYPED, "does": "open"})
        person = find_person("111", NUMBER)
        assert person is not None
        assert (person.level, person.user and person.user.username) == (2, "xiaohua")

    def test_who_wants_none_is_proved_all_the_same(self, clerk: Client) -> None:
        clerk.post(PAGE, {**TYPED, "does": "none", "username": ""})
        person = find_person("111", NUMBER)
        assert person is not None
        assert (person.level, person.user) == (2, None)

    @pytest.mark.parametrize("does", ["open", "none"])
    def test_another_name_than_the_registered_one_is_refused(self, town: Town, clerk: Client, does: str) -> None:
        register_person(name="王大花", document_kind="111", number=NUMBER, method="counter", officer=town.sun)
        page = clerk.post(PAGE, {**TYPED, "does": does})
        assert (page.status_code, set(page.context["problems"])) == (422, {"name"})
        assert not User.objects.filter(username="xiaohua").exists()


class TestTheSquatter:
    """Somebody filed in the owner's name from an account of his own; the owner comes to the window."""

    @pytest.fixture
    def bundle(self, town: Town, xiaohua: User) -> Bundle:
        """What the squatter filed; a message about it waits in his inbox, and another draft lies open."""
        bundle = town.submit(applicant=xiaohua.person)
        send_message(xiaohua.pk, "squatted", "bundle_received", {"matter": "…", "number": bundle.number})
        return bundle

    @pytest.mark.parametrize("does", ["open", "none"])
    def test_loses_sight_of_everything(self, clerk: Client, xiaohua: User, bundle: Bundle, does: str) -> None:
        squatter = logged_in(xiaohua)
        assert squatter.get(f"/bundles/{bundle.number}/").status_code == 200
        clerk.post(PAGE, {**TYPED, "does": does, "username": "owner"})
        assert squatter.get(f"/bundles/{bundle.number}/").status_code == 404
        assert squatter.get(f"/bundles/{bundle.number}/receipt/").status_code == 404
        pages = ("/bundles/", "/accounts/profile/", "/accounts/notices/", "/certificates/", "/accounts/readings/", "/")
        for page in pages:
            shown = squatter.get(page).content.decode()
            assert bundle.number not in shown, page
            assert NUMBER[-4:] not in shown, page
        assert "已由本人" in squatter.get("/accounts/profile/").content.decode()
        assert squatter.get("/apply/town/").status_code in (403, 404)
        lost = SecurityEvent.objects.get(kind="identity_lost")
        assert lost.user == xiaohua

    def test_leaves_nothing_to_the_owner_that_she_did_not_do(
        self, clerk: Client, xiaohua: User, bundle: Bundle
    ) -> None:
        clerk.post(PAGE, {**TYPED, "does": "open", "username": "owner"})
        owner = User.objects.get(username="owner")
        assert logged_in(owner).get(f"/bundles/{bundle.number}/").status_code == 404
        bundle.refresh_from_db()
        assert bundle.applicant.level == 0

    def test_is_told_to_the_clerk(self, clerk: Client, xiaohua: User) -> None:
        page = clerk.post(PAGE, {**TYPED, "does": "none", "username": ""}, follow=True).content.decode()
        assert "另有 1 个账号填写过这个证件号码，已经收回" in page


class TestTheSheet:
    def test_it_is_printed_before_anybody_signed_and_proves_nothing(self, clerk: Client, xiaohua: User) -> None:
        sent = {name: value for name, value in TYPED.items() if name not in ("seen", "signed")}
        before = IdentityCheck.objects.count()
        answer = clerk.post(PAGE, {**sent, "print": "1"})
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
            200, "application/pdf", "private, no-store",
        )  # fmt: skip
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            assert pdf.Root.Lang == "zh-hans"
        xiaohua.person.refresh_from_db()
        assert (IdentityCheck.objects.count(), xiaohua.person.level) == (before, 0)

    def test_it_says_who_by_which_document_and_what_is_asked(self) -> None:
        typed = {"name": "王小花", "document_kind": "111", "number": NUMBER, "username": "xiaohua"}
        now = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
        text = identity_sheet(typed, "original", "open", office="市公安局", officer="孙窗口", now=now).text
        for said in (
            "王小花",
            NUMBER,
            "xiaohua",
            "市公安局",
            "孙窗口",
            "2026年11月30日 09:05",
            "为我开通账号",
            "本人签名",
        ):
            assert said in text
        without = identity_sheet(typed, "original", "none", office="市公安局", officer="孙窗口", now=now).text
        assert "xiaohua" not in without

    def test_what_is_wrong_is_said_before_it_is_printed(self, clerk: Client) -> None:
        page = clerk.post(PAGE, {**TYPED, "number": "1", "print": "1"})
        assert (page.status_code, set(page.context["problems"])) == (422, {"number"})
