"""A correction is answered by the applicant or the window that entered the case, never by who asked, reviews or decides."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import Department
from catalog.staff.memberships import dismiss, enroll
from matters.core.states import TRANSITIONS, Party
from matters.drafts.saving import get_draft_for, save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Channel, CorrectionRequest, Decision, SubItem, SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.corrections import answer_correction, may_answer, request_correction
from matters.reviewing.transitions import parties_to
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import NotAllowed
from portal.accounts.models import User
from portal.ledger.models import AccessRecord
from tests.matters.reviewing.test_corrections import BOOK, NAME
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.town import VALUES, Town, advance, picture

ANSWER = {NAME.key: "李大满"}


@pytest.fixture
def hukou(town: Town) -> SubItem:
    """The police's part of a case that Sun entered at the window."""
    bundle = town.submit(channel=Channel.COUNTER)
    approve_birth(town, town.part(bundle, "birth_cert"))
    return town.part(bundle, "hukou")


def page_of(request: CorrectionRequest) -> str:
    return reverse("matters:correction", args=[request.sub_item.bundle.number, request.pk])


def test_who_asked_does_not_answer_though_they_serve_at_the_window_as_well(town: Town, hukou: SubItem) -> None:
    enroll(town.wang, town.departments["health"], "clerk")  # the site of the case
    request = request_correction(town.wang, hukou, [NAME])
    assert not may_answer(town.wang, hukou)
    with pytest.raises(NotAllowed, match=r"您提出的|您在这个部门审查"):
        answer_correction(town.wang, request, ANSWER, {})
    assert logged_in(town.wang).post(page_of(request), ANSWER).status_code == 404


def test_nor_does_a_clerk_who_asked(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.sun, hukou, [NAME])
    with pytest.raises(NotAllowed, match="您提出的"):
        answer_correction(town.sun, request, ANSWER, {})


@pytest.mark.parametrize("role", ["reviewer", "lead"])
def test_nor_does_whoever_may_review_or_decide_it(town: Town, hukou: SubItem, role: str) -> None:
    request = request_correction(town.wang, hukou, [NAME])
    enroll(town.zhang, town.departments["health"], "clerk")
    enroll(town.sun, town.departments["police"], role)
    for officer in (town.zhang, town.sun):
        assert not may_answer(officer, hukou)
        with pytest.raises(NotAllowed):
            answer_correction(officer, request, ANSWER, {})


def test_a_window_elsewhere_does_not_answer(town: Town, hukou: SubItem) -> None:
    elsewhere = User.objects.create_user("elsewhere", is_staff=True)
    enroll(elsewhere, town.departments["police"], "clerk")
    request = request_correction(town.wang, hukou, [NAME])
    assert hukou.bundle.site == town.departments["health"]
    with pytest.raises(NotAllowed):
        answer_correction(elsewhere, request, ANSWER, {})


def test_applicant_and_window_answer_and_it_is_written_who(town: Town, hukou: SubItem) -> None:
    first = request_correction(town.wang, hukou, [NAME])
    assert answer_correction(town.sun, first, ANSWER, {}).answered_by == town.sun
    second = request_correction(town.wang, town.part(hukou.bundle, "hukou"), [NAME])
    answer_correction(town.li, second, {NAME.key: "李小曼"}, {})
    assert CorrectionRequest.objects.get(pk=second.pk).answered_by == town.li


def test_who_answered_for_the_applicant_does_not_decide_later(town: Town, hukou: SubItem) -> None:
    answer_correction(town.sun, request_correction(town.wang, hukou, [NAME]), ANSWER, {})
    enroll(town.sun, town.departments["police"], "reviewer")
    again = town.part(hukou.bundle, "hukou")
    with pytest.raises(NotAllowed, match="代申请人提交"):
        review.refuse_acceptance(town.sun, again, "材料不实")
    review.accept(town.wang, again)
    review.hand_back(town.wang, again)
    with pytest.raises(NotAllowed, match="代申请人提交"):
        review.decide(town.sun, again, "approved", "", OUTPUTS)
    page = logged_in(town.sun).get(reverse("matters:case", args=[again.number]))
    assert not {"approve", "reject", "refuse_acceptance"} & page.context["transitions"]
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        Decision.objects.create(sub_item=again, outcome="approved", decided_by=town.sun, decided_at=timezone.now())


def test_who_entered_a_case_at_the_window_decides_no_part_of_it(town: Town, hukou: SubItem) -> None:
    enroll(town.sun, town.departments["police"], "reviewer")
    with pytest.raises(NotAllowed, match="在窗口经手"):
        review.refuse_acceptance(town.sun, hukou, "材料不实")
    review.accept(town.wang, hukou)
    review.hand_back(town.wang, hukou)
    for outcome in ("approved", "rejected"):
        with pytest.raises(NotAllowed, match="在窗口经手"):
            review.decide(town.sun, hukou, outcome, "材料不实", OUTPUTS)
    page = logged_in(town.sun).get(reverse("matters:case", args=[hukou.number]))
    assert not {"start_review", "approve", "reject", "refuse_acceptance"} & page.context["transitions"]
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        Decision.objects.create(sub_item=hukou, outcome="approved", decided_by=town.sun, decided_at=timezone.now())
    for department in Department.objects.filter(memberships__user=town.sun, memberships__role="clerk"):
        dismiss(town.sun, department, "clerk")  # also who serves at no window any more
    with pytest.raises(NotAllowed, match="在窗口经手"):
        review.decide(town.sun, hukou, "approved", "", OUTPUTS)


def test_the_database_refuses_it_too(town: Town, hukou: SubItem) -> None:
    request = CorrectionRequest.objects.filter(pk=request_correction(town.wang, hukou, [NAME]).pk)
    now = timezone.now()
    with pytest.raises(IntegrityError, match="correction_not_answered_by_who_asked"), transaction.atomic():
        request.update(answered_at=now, answered_by=town.wang)
    with pytest.raises(IntegrityError, match="answered by somebody"), transaction.atomic():
        request.update(answered_at=now)


def test_the_database_lets_nobody_else_answer_an_online_application_nor_decide_their_own(town: Town) -> None:
    hukou = town.part(town.submit(), "birth_cert")
    request = CorrectionRequest.objects.filter(pk=request_correction(town.zhao, hukou, [NAME]).pk)
    with pytest.raises(IntegrityError, match="by its applicant"), transaction.atomic():
        request.update(answered_at=timezone.now(), answered_by=town.sun)
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        Decision.objects.create(sub_item=hukou, outcome="approved", decided_by=town.li, decided_at=timezone.now())


def test_the_table_bars_the_applicant_from_every_officers_step() -> None:
    for transition in TRANSITIONS.values():
        assert not transition.rights or Party.APPLICANT in transition.barred
        assert Party.ASKER in transition.barred or transition.name != "resubmit"


def test_the_first_file_stays_readable_for_reviewer_and_applicant(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [BOOK])
    old = SubmittedMaterial.objects.get(bundle=hukou.bundle, material="household_book")
    answer_correction(town.li, request, {}, {"household_book": [picture("新户口簿.png", colour="red")]})
    new = SubmittedMaterial.objects.get(bundle=hukou.bundle, material="household_book", replaced_at=None)
    wang, li = logged_in(town.wang), logged_in(town.li)
    for client, page, file in (
        (wang, reverse("matters:case", args=[hukou.number]), "matters:case_paper"),
        (li, reverse("matters:bundle", args=[hukou.bundle.number]), "matters:bundle_paper"),
    ):
        number = hukou.number if client is wang else hukou.bundle.number
        shown = client.get(page).content.decode()
        assert "早先交的" in shown
        for paper in (old, new):
            address = reverse(file, args=[number, paper.pk])
            assert address in shown
            assert client.get(address).status_code == 200
    assert AccessRecord.objects.filter(subject=hukou.bundle_id, reader=town.wang, purpose="material").count() == 2


def test_who_answered_for_one_part_decides_no_other(town: Town, hukou: SubItem) -> None:
    """The answer changed a field that several parts read; of another part its writer was a stranger to the table."""
    answer_correction(town.sun, request_correction(town.wang, hukou, [NAME]), ANSWER, {})
    other = town.part(hukou.bundle, "medical_ins")
    assert Party.ANSWERER in parties_to(town.sun, other)
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        Decision.objects.create(sub_item=other, outcome="approved", decided_by=town.sun, decided_at=timezone.now())


def test_who_filled_in_what_a_colleague_sent_decides_no_part_of_it(town: Town) -> None:
    colleague = town.zhang
    enroll(colleague, town.departments["health"], "clerk")
    draft = start_draft(
        version=town.version,
        applicant=town.li_person,
        entered_by=colleague,
        answers={},
        profile={},
        channel=Channel.COUNTER,
    )
    save_values(get_draft_for(colleague, draft.pk), VALUES, seen=1)
    sent = get_draft_for(town.sun, draft.pk)
    take_upload(sent, "household_book", picture(), accept=("image/png",))
    bundle = submit_bundle(draft=sent, by=town.sun)
    advance([bundle.pk])
    birth = town.part(bundle, "birth_cert")
    assert (birth.bundle.entered_by, set(birth.bundle.clerks)) == (town.sun, {colleague.pk, town.sun.pk})
    enroll(colleague, birth.department, "reviewer")
    with pytest.raises(NotAllowed, match="在窗口经手"):
        review.refuse_acceptance(colleague, birth, "材料不实")
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        Decision.objects.create(sub_item=birth, outcome="approved", decided_by=colleague, decided_at=timezone.now())
