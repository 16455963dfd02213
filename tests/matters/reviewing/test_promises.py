"""Accepting on a promise: what may follow does, with a day, a letter, a page, a reminder, a check, and what follows where it does not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.definitions import Exemption, MaterialDefinition, MaterialNeed
from matters.calendars.limits import due_after
from matters.core.letters import LetterKind
from matters.drafts.documents import commitment_document
from matters.drafts.saving import save_commitment, save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.integrity import check_integrity
from matters.models import (
    Bundle,
    FiledDocument,
    OfficialDocument,
    PaperPromise,
    ReviewTask,
    SubItem,
)
from matters.reviewing import review
from matters.reviewing.breaking import end_unkept, look_at_promises, open_missing_checks, remind
from matters.reviewing.disputing import answer_dispute, open_dispute
from matters.reviewing.handing_in import hand_in
from matters.reviewing.promise_checks import check_promise
from matters.reviewing.withdrawal import withdraw
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import (
    Invalid,
    NotAllowed,
    PaperAwaited,
    PromiseRefused,
    PromisesBarred,
    StateChanged,
)
from portal.accounts.own_file.parts import FileSubject
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.keeping import kept
from tests.worlds.reading import reading
from tests.worlds.town import (
    CERTIFICATE_TYPES,
    ELEMENTS,
    ITEMS,
    MATERIALS,
    MATTER,
    POSTS,
    VALUES,
    Town,
    advance,
    picture,
)

pytestmark = pytest.mark.django_db
LEASE, INCOME = "lease", "income"
COMMITTED = "收入情况属实"


def build() -> Town:
    """The town where the police let a lease follow before the result, health a photo after it, and take a commitment for one's income."""
    needs = {
        "birth_cert": (MaterialNeed("photo", necessity="deferrable", deferred_days=5, result_waits=False),),
        "hukou": (
            *ITEMS[1].materials,
            MaterialNeed(LEASE, necessity="deferrable", deferred_days=7),
            MaterialNeed(INCOME, exemptions=(Exemption("commitment"),)),
        ),
    }
    items = [replace(item, materials=needs.get(item.slug, item.materials)) for item in ITEMS]
    materials = (
        *MATERIALS,
        MaterialDefinition(LEASE, "租房合同"),
        MaterialDefinition(INCOME, "收入证明"),
        MaterialDefinition("photo", "照片"),
    )
    return Town.build(publish(MATTER, *items, elements=ELEMENTS, materials=materials), POSTS, CERTIFICATE_TYPES)


@pytest.fixture
def town() -> Town:
    return kept("town with promises", build)


def submit(town: Town) -> Bundle:
    draft = start_draft(
        version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={}, channel="online"
    )
    save_values(draft, dict(VALUES), seen=draft.revision)
    take_upload(draft, "household_book", picture(), accept=("image/png",))
    whole = commitment_document(draft, INCOME, timezone.localdate(), timezone.now()).to_json()
    save_commitment(draft, INCOME, COMMITTED, whole)
    bundle = submit_bundle(draft=draft, by=town.li)
    advance([bundle.pk])
    return bundle


@pytest.fixture
def accepted(town: Town) -> SubItem:
    """The police's part, accepted by Wang on a lease that follows and a commitment; the photo of the birth came not yet."""
    birth = town.part(submit(town), "birth_cert")
    approve_birth(town, birth)
    return review.accept(town.wang, town.part(birth.bundle, "hukou"))


def _promise(part: SubItem, material: str = LEASE) -> PaperPromise:
    return PaperPromise.objects.get(sub_item__bundle=part.bundle_id, material=material)


def _post(user: Any, part: SubItem, action: str, **data: str) -> Any:
    return logged_in(user).post(reverse("matters:case_action", args=[part.number, action]), reading(part) | data)


def _page(user: Any, part: SubItem) -> str:
    return logged_in(user).get(reverse("matters:case", args=[part.number])).content.decode()


def _kinds(part: SubItem) -> list[str]:
    rows = Event.objects.filter(chain_id=part.bundle_id, sub_item=part.key).order_by("sequence")
    return list(rows.values_list("kind", flat=True))


def make_late(row: PaperPromise) -> None:
    """Let its day be over, and its reminder two days old."""
    PaperPromise.objects.filter(pk=row.pk).update(
        due_on=timezone.localdate() - timedelta(days=1), reminded_at=timezone.now() - timedelta(days=2)
    )


class TestTheWholeWay:
    def test_what_is_promised_is_read_before_it_is_submitted_and_kept(self, town: Town, accepted: SubItem) -> None:
        filed = FiledDocument.objects.filter(bundle=accepted.bundle_id, kind=FiledDocument.Kind.DEFERRAL)
        assert {row.sub_item for row in filed} == {"birth_cert", "hukou"}
        words = str(filed.get(sub_item="hukou").document.to_json())
        assert "租房合同" in words
        assert "受理后 7 个工作日内补交" in words

    def test_acceptance_writes_it_down_with_its_day_and_its_letters(self, town: Town, accepted: SubItem) -> None:
        row, word = _promise(accepted), _promise(accepted, INCOME)
        assert (row.kind, row.result_waits, row.due_on) == ("deferred", True, due_after(timezone.localdate(), 7).date)
        assert word.kind == "commitment"
        assert {"accepted", "papers_deferred", "commitments_taken"} <= set(_kinds(accepted))
        process("notify")
        process("draw_up")
        letters = {one.kind: one.letter for one in OfficialDocument.objects.filter(sub_item=accepted)}
        assert letters[LetterKind.DEFERRAL].title == "容缺承诺书"
        assert "租房合同" in str(letters[LetterKind.DEFERRAL].to_json())
        assert COMMITTED in str(letters[LetterKind.COMMITMENT].to_json())
        told = logged_in(town.li).get(reverse("matters:bundle", args=[accepted.bundle.number])).content.decode()
        assert "有材料等您补交" in told
        assert "容缺承诺书" in told
        assert check_integrity(with_files=False).breaches == []

    def test_there_is_no_result_before_the_paper_was_looked_at(self, town: Town, accepted: SubItem) -> None:
        part = town.part(accepted.bundle, "hukou")
        with pytest.raises(PaperAwaited):
            review.decide(town.wang, part, "approved", "", OUTPUTS)
        assert "确认准予" not in _page(town.wang, part)
        hand_in(town.li, _promise(accepted), [picture("合同.png", "blue")])
        with pytest.raises(PaperAwaited):
            review.decide(town.wang, part, "approved", "", OUTPUTS)
        check_promise(town.wang, part, str(_promise(accepted).pk), "kept", "")
        review.decide(town.wang, town.part(accepted.bundle, "hukou"), "approved", "", OUTPUTS)
        assert check_integrity(with_files=False).breaches == []

    def test_it_is_handed_in_on_its_page_told_and_checked_on_the_case(self, town: Town, accepted: SubItem) -> None:
        address = reverse("matters:later_papers", args=[accepted.bundle.number])
        li, row = logged_in(town.li), _promise(accepted)
        assert "租房合同" in li.get(address).content.decode()
        empty = li.post(address, {"promise": row.pk})
        assert empty.status_code == 422
        assert "请选择要补交的文件" in empty.content.decode()
        assert li.post(address, {"promise": row.pk, "files": picture("合同.png", "blue")}).status_code == 302
        assert _promise(accepted).handed_in_at is not None
        assert "已补交，等部门核对" in li.get(address).content.decode()
        assert Message.objects.filter(recipient=town.wang, kind="paper_handed_in").count() == 1
        part = town.part(accepted.bundle, "hukou")
        assert "符合" in _page(town.wang, part)
        wrong = _post(town.wang, part, "check-promise", promise=str(row.pk), verdict="again")
        assert wrong.status_code == 422
        assert "请写明哪里不符合" in wrong.content.decode()
        again = {"promise": str(row.pk), "verdict": "again", "promise_findings": "没有签字页"}
        assert _post(town.wang, part, "check-promise", **again).status_code == 302
        process("notify")
        [message] = Message.objects.filter(recipient=town.li, kind="paper_asked_again")
        assert message.link == address
        assert "没有签字页" in li.get(address).content.decode()
        li.post(address, {"promise": row.pk, "files": picture("合同2.png", "red")})
        _post(town.wang, part, "check-promise", promise=str(row.pk), verdict="kept")
        assert _promise(accepted).outcome == "kept"
        assert li.post(address, {"promise": row.pk, "files": picture("三.png", "green")}).status_code == 302
        assert _promise(accepted).outcome == "kept"

    def test_what_was_granted_first_is_checked_by_a_task_of_its_own(self, town: Town, accepted: SubItem) -> None:
        birth = town.part(accepted.bundle, "birth_cert")
        assert birth.state == "approved"
        assert not ReviewTask.objects.filter(sub_item=birth, closed_at=None).exists()
        hand_in(town.li, _promise(birth, "photo"), [picture("照片.png", "blue")])
        task = ReviewTask.objects.get(sub_item=birth, closed_at=None)
        assert (task.stage, task.due_on) == ("check", due_after(timezone.localdate(), 5).date)
        queue = logged_in(town.zhao).get(reverse("matters:queue", args=["health"]), {"filter": "check"})
        assert birth.number in queue.content.decode()
        assert check_integrity(with_files=False).breaches == []
        check_promise(town.zhao, birth, str(_promise(birth, "photo").pk), "kept", "")
        assert not ReviewTask.objects.filter(sub_item=birth, closed_at=None).exists()

    def test_a_commitment_is_checked_after_the_decision(self, town: Town, accepted: SubItem) -> None:
        hand_in(town.li, _promise(accepted), [picture("合同.png", "blue")])
        part = town.part(accepted.bundle, "hukou")
        check_promise(town.wang, part, str(_promise(accepted).pk), "kept", "")
        review.decide(town.wang, part, "approved", "", OUTPUTS)
        task = ReviewTask.objects.get(sub_item=part, closed_at=None)
        assert (task.stage, task.due_on) == ("check", _promise(accepted, INCOME).due_on)
        part = town.part(accepted.bundle, "hukou")
        found = {"promise": str(_promise(accepted, INCOME).pk), "verdict": "broken", "promise_findings": "收入不符"}
        assert _post(town.wang, part, "check-promise", **found).status_code == 302
        row = _promise(accepted, INCOME)
        assert (row.outcome, row.breach) == ("broken", "untrue")
        assert town.part(accepted.bundle, "hukou").state == "approved"  # whether it is rescinded is for its lead
        assert Message.objects.filter(recipient=town.zhou, kind="granted_on_broken_promise").count() == 1
        assert not ReviewTask.objects.filter(sub_item=part, closed_at=None).exists()
        assert check_integrity(with_files=False).breaches == []


class TestWhereNothingComes:
    def test_it_is_reminded_before_its_day_and_ended_after_it_with_what_waits(
        self, town: Town, accepted: SubItem
    ) -> None:
        row = _promise(accepted)
        assert remind() == 0
        PaperPromise.objects.filter(pk=row.pk).update(due_on=due_after(timezone.localdate(), 3).date)
        assert remind() == 1
        assert remind() == 0
        process("notify")
        assert Message.objects.filter(recipient=town.li, kind="paper_reminded").count() == 1
        assert end_unkept() == 0
        make_late(row)
        assert look_at_promises() == 1
        part = town.part(accepted.bundle, "hukou")
        assert part.state == "terminated"
        assert _kinds(part)[-2:] == ["promise_broken", "ended_unkept"]
        row.refresh_from_db()
        assert (row.outcome, row.breach) == ("broken", "late")
        assert _promise(accepted, INCOME).outcome == "dropped"
        process("fan_out")
        assert town.part(accepted.bundle, "medical_ins").state == "terminated"
        process("notify")
        assert Message.objects.filter(recipient=town.li, kind="ended_unkept").count() == 1
        told = logged_in(town.li).get(reverse("matters:bundle", args=[accepted.bundle.number])).content.decode()
        assert "没有按承诺补交材料" in told
        assert check_integrity(with_files=False).breaches == []

    def test_a_clock_that_jumps_reminds_first(self, town: Town, accepted: SubItem) -> None:
        row = _promise(accepted)
        PaperPromise.objects.filter(pk=row.pk).update(due_on=timezone.localdate() - timedelta(days=30))
        assert look_at_promises() == 1  # the reminder
        assert town.part(accepted.bundle, "hukou").state == "accepted"
        assert _promise(accepted).reminded_at is not None

    def test_many_at_once_wait_for_a_person(self, town: Town, accepted: SubItem, settings: Any) -> None:
        settings.YIJIAN_UNKEPT_AT_ONCE = 0
        make_late(_promise(accepted))
        assert end_unkept() == 0
        with pytest.raises(CommandError, match="not 2"):
            call_command("end_unkept", confirm=2)
        call_command("end_unkept", confirm=1)
        assert town.part(accepted.bundle, "hukou").state == "terminated"

    def test_what_came_late_but_before_that_counts(self, town: Town, accepted: SubItem) -> None:
        make_late(_promise(accepted))
        hand_in(town.li, _promise(accepted), [picture("合同.png", "blue")])
        assert end_unkept() == 0
        with pytest.raises(PromiseRefused):
            hand_in(town.li, _promise(accepted), [picture("合同2.png", "red")])

    def test_nothing_is_owed_of_what_was_withdrawn_or_refused(self, town: Town, accepted: SubItem) -> None:
        withdraw(town.li, accepted.bundle, town.part(accepted.bundle, "hukou"))
        assert {_promise(accepted).outcome, _promise(accepted, INCOME).outcome} == {"dropped"}
        other = town.part(submit(town), "birth_cert")
        review.accept(town.zhao, other)
        review.decide(town.zhao, town.part(other.bundle, "birth_cert"), "rejected", "不是本院出生")
        assert PaperPromise.objects.get(sub_item=other).outcome == "dropped"


class TestTheRecord:
    @pytest.fixture
    def broken(self, town: Town, accepted: SubItem) -> PaperPromise:
        """Li's promise of the lease, broken."""
        make_late(_promise(accepted))
        end_unkept()
        return _promise(accepted)

    def test_nothing_more_is_promised_until_it_lapses(self, town: Town, broken: PaperPromise) -> None:
        with pytest.raises(PromisesBarred, match="租房合同"):
            submit(town)
        PaperPromise.objects.filter(pk=broken.pk).update(bars_until=timezone.localdate() - timedelta(days=1))
        assert submit(town).number

    def test_its_person_reads_of_it_from_the_first_page_of_the_next_application_on(
        self, town: Town, broken: PaperPromise
    ) -> None:
        client, first = logged_in(town.li), reverse("matters:start", args=[MATTER.slug])
        for client_of, said in ((client, True), (logged_in(town.stranger), False)):
            page = client_of.get(first, {"new": "1"}).content.decode()
            assert ("没有履行承诺的记录" in page) is said
        page = client.get(first, {"new": "1"}).content.decode()
        assert all(name in page for name in ("照片", "租房合同", "收入证明"))
        draft = start_draft(
            version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={}, channel="online"
        )
        save_values(draft, dict(VALUES), seen=draft.revision)
        for step in ("situation", "form", "materials", "check"):
            page = client.get(reverse(f"matters:{step}", args=[draft.pk])).content.decode()
            assert "没有履行承诺的记录" in page, step
        PaperPromise.objects.filter(pk=broken.pk).update(bars_until=timezone.localdate() - timedelta(days=1))
        assert "没有履行承诺的记录" not in client.get(reverse("matters:form", args=[draft.pk])).content.decode()

    def test_an_officer_does_not_accept_on_it_either(self, town: Town, accepted: SubItem) -> None:
        other = town.part(submit(town), "birth_cert")
        make_late(_promise(accepted))
        end_unkept()
        with pytest.raises(PromisesBarred, match="照片"):
            review.accept(town.zhao, other)
        assert town.part(other.bundle, "birth_cert").state == "queued"

    def test_its_person_sees_it_disputes_it_and_it_is_struck_off(self, town: Town, broken: PaperPromise) -> None:
        page = logged_in(town.li).get(reverse("dossier:own_file")).content.decode()
        assert "到期没有补交" in page
        subject = FileSubject(town.li_person)
        dispute = open_dispute(subject, f"promise:{broken.pk}", "当天在窗口交过", town.li)
        answer_dispute(dispute, "corrected", "查实，已撤销", town.zhou)
        broken.refresh_from_db()
        assert broken.struck_at is not None
        assert _kinds(broken.sub_item)[-1] == "promise_struck"
        assert submit(town).number

    def test_one_that_is_kept_stays(self, town: Town, broken: PaperPromise) -> None:
        dispute = open_dispute(FileSubject(town.li_person), f"promise:{broken.pk}", "不对", town.li)
        answer_dispute(dispute, "kept", "没有交过", town.zhou)
        broken.refresh_from_db()
        assert broken.struck_at is None


class TestWho:
    def test_only_the_applicant_hands_in_and_only_who_reviews_checks(self, town: Town, accepted: SubItem) -> None:
        row = _promise(accepted)
        for nobody in (town.wang, town.zhao, town.stranger):
            with pytest.raises(NotAllowed):
                hand_in(nobody, row, [picture("合同.png", "blue")])
        address = reverse("matters:later_papers", args=[accepted.bundle.number])
        assert logged_in(town.stranger).get(address).status_code == 404
        hand_in(town.li, row, [picture("合同.png", "blue")])
        part = town.part(accepted.bundle, "hukou")
        for nobody in (town.zhao, town.li):
            with pytest.raises(NotAllowed):
                check_promise(nobody, part, str(row.pk), "kept", "")
        with pytest.raises(Invalid):
            check_promise(town.wang, part, str(row.pk), "broken", "不能这样")
        check_promise(town.wang, part, str(row.pk), "kept", "")
        with pytest.raises(PromiseRefused):
            check_promise(town.wang, part, str(row.pk), "kept", "")

    def test_a_case_that_is_over_is_not_checked(self, town: Town, accepted: SubItem) -> None:
        row = _promise(accepted, INCOME)
        withdraw(town.li, accepted.bundle, town.part(accepted.bundle, "hukou"))
        with pytest.raises(StateChanged):
            check_promise(town.wang, town.part(accepted.bundle, "hukou"), str(row.pk), "kept", "")

    def test_the_database_keeps_what_belongs_together(self, town: Town, accepted: SubItem) -> None:
        row = PaperPromise.objects.filter(pk=_promise(accepted).pk)
        for wrong in (
            {"outcome": "broken", "settled_at": timezone.now()},
            {"outcome": "kept", "settled_at": timezone.now()},
            {"outcome": "kept"},
            {"bars_until": date(2030, 1, 1)},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                row.update(**wrong)

    def test_a_check_that_lost_its_task_gets_it_again(self, town: Town, accepted: SubItem) -> None:
        birth = town.part(accepted.bundle, "birth_cert")
        hand_in(town.li, _promise(birth, "photo"), [picture("照片.png", "blue")])
        ReviewTask.objects.filter(sub_item=birth, closed_at=None).update(closed_at=timezone.now())
        assert open_missing_checks() == 1
        assert open_missing_checks() == 0
