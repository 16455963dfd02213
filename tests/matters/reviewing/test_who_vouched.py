"""Who saw the applicant's document at a window decides no part of that applicant's case, by whichever door it came."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from matters.core.states import AMENDING, TRANSITIONS, Party
from matters.models import Amendment, CorrectionRequest, Decision
from matters.reviewing import review
from matters.wording.refusals import NotAllowed
from portal.accounts.models import User
from portal.accounts.people import claim_person, prove_account
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

NUMBER = "440524188001010014"
DECIDING = {"start_review", "approve", "reject", "refuse_acceptance"}


def test_who_proved_an_account_decides_no_part_of_what_it_applies_for(town: Town) -> None:
    enroll(town.zhao, town.departments["health"], "clerk")
    account = User.objects.create_user("selfmade", name="王小花")
    claim_person(name="王小花", document_kind="111", number=NUMBER, user=account)
    person = prove_account(username="selfmade", name="王小花", document_kind="111", number=NUMBER, officer=town.zhao)
    dismiss(town.zhao, town.departments["health"], "clerk")  # also who serves at no window any more
    birth = town.part(town.submit(applicant=person), "birth_cert")
    with pytest.raises(NotAllowed, match="身份是您在窗口核验的"):
        review.refuse_acceptance(town.zhao, birth, "材料不实")
    review.accept(town.zhao, birth)
    for outcome in ("approved", "rejected"):
        with pytest.raises(NotAllowed, match="身份是您在窗口核验的"):
            review.decide(town.zhao, birth, outcome, "材料不实", {"number": "P360000001"})
    page = logged_in(town.zhao).get(reverse("matters:case", args=[birth.number]))
    assert not DECIDING & page.context["transitions"]
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        Decision.objects.create(sub_item=birth, outcome="approved", decided_by=town.zhao, decided_at=timezone.now())
    asked = CorrectionRequest.objects.create(sub_item=birth, requested_by=town.zhao, requested_at=timezone.now())
    amendment = Amendment.objects.create(sub_item=birth, request=asked, changes_sealed=b"", opened_at=timezone.now())
    amendment.handled_by = town.zhao
    with pytest.raises(IntegrityError, match="nobody decides"), transaction.atomic():
        amendment.save(update_fields=["handled_by"])


def test_every_step_that_decides_bars_whoever_put_in_a_word_of_their_own() -> None:
    words = {Party.APPLICANT, Party.ANSWERER, Party.ENTERER, Party.VOUCHER, Party.RELATED}
    for step in [*(TRANSITIONS[name] for name in DECIDING), AMENDING]:
        assert words <= step.barred, step.name
