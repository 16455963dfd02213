"""A correction of what was decided on goes to who decided: they re-issue or refuse, and no two valid certificates disagree meanwhile."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalog.models import Department
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.cases.department_view import CaseRow, read_case
from matters.cases.sealed_form import open_bundle_form
from matters.integrity import check_integrity
from matters.models import Amendment, Bundle, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.amending import agree_to_amendment, refuse_amendment
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.transitions import offered_transitions
from matters.wording.refusals import AmendmentAwaited, NotAllowed, ReasonMissing, StateChanged, TakenByAnother
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.worlds.building import CREDIT_CODES
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import VALUES, Town, advance

NAME, SEX, ADDRESS = "child:person.name", "child:person.sex", "household:hukou.address"
NEW = "李小荷"


@pytest.fixture
def bundle(town: Town) -> Bundle:
    """An application whose birth certificate is there; the police have it."""
    submitted = town.submit()
    approve_birth(town, town.part(submitted, "birth_cert"))
    return submitted


def corrected(town: Town, bundle: Bundle, key: str = "hukou", **answer: str) -> SubItem:
    """Let the department of ``key`` ask for these fields and Li answer; return its part, ready to be decided."""
    answer = answer or {NAME: NEW}
    officer = {"hukou": town.wang, "medical_ins": town.qian}[key]
    asked = request_correction(officer, town.part(bundle, key), [Gap("field", one, "请核对") for one in answer])
    answer_correction(town.li, asked, answer, {})
    review.accept(officer, town.part(bundle, key))
    return town.part(bundle, key)


def approve_hukou(town: Town, bundle: Bundle) -> None:
    part = town.part(bundle, "hukou")
    if part.state in ("queued", "resubmitted"):
        review.accept(town.wang, part)
    review.decide(town.wang, town.part(bundle, "hukou"), "approved", "", OUTPUTS)
    advance([bundle.pk])


def value(bundle: Bundle, key: str = NAME) -> Any:
    return open_bundle_form(Bundle.objects.get(pk=bundle.pk)).values.get(key)


def names_on_certificates(bundle: Bundle) -> dict[str, list[str]]:
    """Return type → the names on its certificates that are valid."""
    found: dict[str, list[str]] = {}
    numbers = SubItem.objects.filter(bundle=bundle).values_list("number", flat=True)
    valid = Certificate.objects.filter(decision_reference__in=list(numbers), status="valid")
    for one in valid.select_related("certificate_type"):
        [name] = [line.value for line in open_face(one).lines if line.code == "name"]
        assert one.holder_name == name
        found.setdefault(one.certificate_type.slug, []).append(name)
    return found


def test_the_change_goes_to_the_department_that_decided(town: Town, bundle: Bundle) -> None:
    hukou = corrected(town, bundle)
    [task] = ReviewTask.objects.filter(sub_item__key="birth_cert", closed_at=None)
    assert (task.department, task.stage) == (town.departments["health"], "amendment")
    amendment = Amendment.objects.get()
    assert (amendment.fields, amendment.outcome) == ([NAME], "")
    assert NEW.encode() not in bytes(amendment.changes_sealed)
    assert Event.objects.filter(chain_id=bundle.pk, kind="amendment_opened", sub_item="birth_cert").count() == 1
    assert OutboxMessage.objects.filter(kind="notify", payload__event="amendment_opened").count() == 1
    assert names_on_certificates(bundle) == {"birth_certificate": ["李小满"]}
    assert "approve" not in offered_transitions(town.wang, hukou)
    with pytest.raises(AmendmentAwaited):
        review.decide(town.wang, hukou, "approved", "", OUTPUTS)
    assert check_integrity().breaches == []


def test_who_asked_sees_that_it_disagrees_until_it_is_settled(town: Town, bundle: Bundle) -> None:
    hukou = corrected(town, bundle)
    client = logged_in(town.wang)

    def checks() -> dict[str, bool | None]:
        page = client.get(reverse("matters:case", args=[hukou.number]))
        return {check.text: check.passed for check in page.context["checks"]}

    assert checks()["与前项证照不一致：姓名"] is False
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    assert checks()["与前项证照一致：姓名"] is True


def test_agreeing_replaces_the_certificate(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle)
    old = Certificate.objects.get()
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    old.refresh_from_db()
    assert old.status == "deregistered"
    new = Certificate.objects.get(status="valid")
    assert (new.edition, new.holder_name, new.expires_on) == (2, NEW, old.expires_on)
    approve_hukou(town, bundle)
    assert names_on_certificates(bundle) == {"birth_certificate": [NEW], "household_register": [NEW]}
    assert OutboxMessage.objects.filter(kind="notify", payload__event="amended").count() == 1
    assert not ReviewTask.objects.filter(sub_item__key="birth_cert", closed_at=None).exists()
    with pytest.raises(StateChanged):
        agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))


def test_what_takes_its_place_bears_the_code_of_who_decided(town: Town, bundle: Bundle) -> None:
    """A department that got another credit code since prints its earlier decisions as they were, and later ones under the new one."""
    Department.objects.filter(code="health").update(credit_code="11360100999991056A")
    corrected(town, bundle)
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    new = Certificate.objects.get(status="valid")
    assert CREDIT_CODES["health"] in new.identifier
    later = town.submit()
    approve_birth(town, town.part(later, "birth_cert"))
    assert "11360100999991056A" in Certificate.objects.latest("issued_at").identifier


def test_refusing_puts_the_form_back_and_tells_why(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle, **{NAME: NEW, ADDRESS: "南昌市西湖区二号"})
    with pytest.raises(ReasonMissing):
        refuse_amendment(town.zhao, town.part(bundle, "birth_cert"), " ")
    refuse_amendment(town.zhao, town.part(bundle, "birth_cert"), "医院记录是李小满")
    assert (value(bundle), value(bundle, ADDRESS)) == ("李小满", "南昌市西湖区二号")
    approve_hukou(town, bundle)
    assert names_on_certificates(bundle) == {"birth_certificate": ["李小满"], "household_register": ["李小满"]}
    page = logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])).content.decode()
    assert "医院记录是李小满" in page


def test_what_was_put_back_does_not_stand_as_corrected(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle, **{NAME: NEW})

    def row_of_the_name() -> CaseRow:
        form = read_case(town.part(bundle, "birth_cert"))
        return next(row for section in form.sections for row in section.rows if row.key == NAME)

    assert (row_of_the_name().is_corrected, row_of_the_name().before) == (True, "李小满")
    refuse_amendment(town.zhao, town.part(bundle, "birth_cert"), "医院记录是李小满")
    assert (row_of_the_name().text, row_of_the_name().is_corrected) == ("李小满", False)


def test_what_nobody_decided_on_asks_nobody(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle, **{ADDRESS: "南昌市西湖区二号"})
    assert not Amendment.objects.exists()
    approve_hukou(town, bundle)


def test_a_change_that_is_taken_back_is_asked_no_more(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle)
    corrected(town, bundle, **{NAME: "李小满"})
    assert Amendment.objects.get().outcome == "dropped"
    assert not ReviewTask.objects.filter(stage="amendment", closed_at=None).exists()
    approve_hukou(town, bundle)


def test_all_who_decided_on_it_must_agree_before_anything_is_replaced(town: Town, bundle: Bundle) -> None:
    approve_hukou(town, bundle)
    insurance = corrected(town, bundle, "medical_ins")
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    assert names_on_certificates(bundle) == {"birth_certificate": ["李小满"], "household_register": ["李小满"]}
    with pytest.raises(AmendmentAwaited):
        review.decide(town.qian, insurance, "approved")
    agree_to_amendment(town.wang, town.part(bundle, "hukou"))
    assert names_on_certificates(bundle) == {"birth_certificate": [NEW], "household_register": [NEW]}
    review.decide(town.qian, town.part(bundle, "medical_ins"), "approved")
    assert check_integrity().breaches == []


def test_one_refusal_counts_for_all(town: Town, bundle: Bundle) -> None:
    approve_hukou(town, bundle)
    corrected(town, bundle, "medical_ins")
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    refuse_amendment(town.wang, town.part(bundle, "hukou"), "户口簿上是李小满")
    assert names_on_certificates(bundle) == {"birth_certificate": ["李小满"], "household_register": ["李小满"]}
    assert value(bundle) == "李小满"
    assert not Amendment.objects.open().exists()


def test_only_who_may_decide_there_settles_it(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle)
    part = town.part(bundle, "birth_cert")
    for user in (town.wang, town.sun, town.li, town.stranger):
        with pytest.raises(NotAllowed):
            agree_to_amendment(user, part)
        with pytest.raises(NotAllowed):
            refuse_amendment(user, part, "理由")


def test_what_a_colleague_holds_is_theirs(town: Town, bundle: Bundle) -> None:
    approve_hukou(town, bundle)
    corrected(town, bundle, "medical_ins", **{NAME: NEW})
    part = town.part(bundle, "hukou")
    review.claim(town.zhang, part)
    with pytest.raises(TakenByAnother):
        agree_to_amendment(town.wang, part)


def test_it_stands_in_the_queue_and_is_settled_on_the_page(town: Town, bundle: Bundle) -> None:
    other = town.submit()
    corrected(town, bundle)
    client, part = logged_in(town.zhao), town.part(bundle, "birth_cert")
    queue = client.get(reverse("matters:queue", args=["health"]) + "?filter=amendment").content.decode()
    assert "起核对改动，没有规定期限" in queue
    assert "没有公布承诺时限" not in queue
    assert part.number in queue
    assert town.part(other, "birth_cert").number not in queue
    assert "待更正" in queue
    page = client.get(reverse("matters:case", args=[part.number])).content.decode()
    assert NEW in page
    assert "请核对" in page  # why it was asked
    refused = client.post(reverse("matters:case_action", args=[part.number, "keep"]), {"reason": " ", **reading(part)})
    assert refused.status_code == 422
    version = Amendment.objects.get().version
    client.post(reverse("matters:case_action", args=[part.number, "amend"]), {"amendment": version, **reading(part)})
    assert names_on_certificates(bundle) == {"birth_certificate": [NEW]}


def test_nobody_agrees_to_or_refuses_changes_that_their_page_did_not_show(town: Town, bundle: Bundle) -> None:
    """The applicant answers another correction while the officer reads: what is re-issued would bear what nobody has seen."""
    corrected(town, bundle)
    client, part = logged_in(town.zhao), town.part(bundle, "birth_cert")
    page = client.get(reverse("matters:case", args=[part.number])).content.decode()
    seen = Amendment.objects.get().version
    assert page.count(f'name="amendment" value="{seen}"') == 2
    corrected(town, bundle, **{NAME: "李小何"})
    assert Amendment.objects.get().version != seen
    for action in ("amend", "keep"):
        for sent in ({"amendment": seen}, {}):
            client.post(
                reverse("matters:case_action", args=[part.number, action]),
                {"reason": "不同意", **reading(part), **sent},
            )
    assert Amendment.objects.open().filter(agreed_at=None).count() == 1
    assert names_on_certificates(bundle) == {"birth_certificate": ["李小满"]}


def test_the_applicant_is_told_before_and_after(town: Town, bundle: Bundle) -> None:
    asked = request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", NAME, "请核对")])
    client = logged_in(town.li)
    address = reverse("matters:correction", args=[bundle.number, asked.pk])
    page = client.get(address).content.decode()
    assert "已经用在办好的“出生医学证明”里" in page
    page = client.post(address, {NAME: NEW}, follow=True).content.decode()
    assert "先由市卫生健康委员会核对" in page  # and not that the police go on with it
    assert "现在由市卫生健康委员会核对改动过的内容：姓名。" in page
    assert "现在由市公安局" not in page
    assert "会接着办理" not in page
    assert "转给市卫生健康委员会核对" in page


def test_the_database_keeps_one_valid_certificate_a_decision(town: Town, bundle: Bundle) -> None:
    corrected(town, bundle)
    agree_to_amendment(town.zhao, town.part(bundle, "birth_cert"))
    old = Certificate.objects.get(edition=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=old.pk).update(status="valid")
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=old.pk).update(edition=3)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_valid_certificates_agree(town: Town, bundle: Bundle, seed: int) -> None:
    chance = random.Random(seed)
    names = ["李小满", NEW, "李小何"]

    def correct() -> None:
        key = chance.choice(["hukou", "medical_ins"])
        part = town.part(bundle, key)
        asked_before = part.correction_requests.count()  # a third round is the head's to allow
        if part.state in ("queued", "resubmitted", "accepted") and asked_before < 2:
            wanted = chance.choice([name for name in names if name != value(bundle)])
            corrected(town, bundle, key, **{NAME: wanted})

    def decide() -> None:
        key = chance.choice(["hukou", "medical_ins"])
        part, officer = town.part(bundle, key), {"hukou": town.wang, "medical_ins": town.qian}[key]
        if part.state in ("queued", "resubmitted"):
            review.accept(officer, part)
        if town.part(bundle, key).state != "accepted":
            return
        try:
            review.decide(officer, town.part(bundle, key), "approved", "", OUTPUTS if key == "hukou" else {})
        except AmendmentAwaited:
            assert Amendment.objects.open().exists()
        advance([bundle.pk])

    def settle() -> None:
        waiting = list(Amendment.objects.open().filter(agreed_at=None).select_related("sub_item"))
        if waiting:
            key = chance.choice(waiting).sub_item.key
            officer = {"birth_cert": town.zhao, "hukou": town.wang, "medical_ins": town.qian}[key]
            if chance.random() < 0.3:
                refuse_amendment(officer, town.part(bundle, key), "不同意")
            else:
                agree_to_amendment(officer, town.part(bundle, key))

    for _step in range(10):
        chance.choice([correct, decide, settle])()
        found = names_on_certificates(bundle)
        assert all(len(each) == 1 for each in found.values())
        assert len({name for each in found.values() for name in each}) == 1
    assert VALUES[NAME] == "李小满"
    assert check_integrity().breaches == []
