"""An application for what the applicant put together: submitted, dispatched and decided like any other."""

from __future__ import annotations

import pytest

from catalog.basket.combinations import freeze
from catalog.basket.session import make_combination
from catalog.models import Department, Division
from matters.cases.access import case_form
from matters.drafts.saving import save_values, start_draft
from matters.models import ReviewTask
from matters.submitting.submission import SubmissionInvalid, submit_bundle
from tests.worlds.town import CHILD_NUMBER, VALUES, Town, advance

pytestmark = pytest.mark.django_db


def test_single_items_of_a_matter_reach_their_departments_without_the_rest(town: Town) -> None:
    city = Division.objects.create(code="360100", name="南昌市", level="prefecture")
    Department.objects.filter(code="health").update(division=city)
    version = freeze(make_combination(["newborn/birth_cert", "newborn/medical_ins"]))
    draft = start_draft(version=version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    values = {key: value for key, value in VALUES.items() if not key.startswith("household")}
    # Nobody decides the child's number in this application, so it has to be filled in.
    save_values(draft, values, seen=draft.revision)
    with pytest.raises(SubmissionInvalid) as refusal:
        submit_bundle(draft=draft, by=town.li)
    assert {problem.field for problem in refusal.value.problems} == {"child:person.id_number"}
    draft.refresh_from_db()
    save_values(draft, {**values, "child:person.id_number": CHILD_NUMBER}, seen=draft.revision)
    bundle = submit_bundle(draft=draft, by=town.li)
    advance([bundle.pk])
    assert bundle.number.split("-")[1] == "360100"  # where the department that leads the first of them answers
    assert bundle.matter_version.matter.name == "出生医学证明、医保参保登记一起办"
    queues = ReviewTask.objects.filter(sub_item__bundle=bundle).values_list("sub_item__key", "department__code")
    assert set(queues) == {("birth_cert", "health"), ("medical_ins", "insurance")}
    form = case_form(town.qian, town.part(bundle, "medical_ins"), "review")
    assert CHILD_NUMBER in str(form)
