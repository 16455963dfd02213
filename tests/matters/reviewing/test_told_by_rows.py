"""A rule's facts stand in rows that are here already: a certificate that stood in for a paper, and the applicant's checked number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.definitions import (
    DecisionClause,
    DecisionFact,
    DecisionRule,
    ElementDefinition,
    Exemption,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
)
from catalog.models import CertificateType
from certificates.activities.issuing import HolderFacts
from certificates.models import Certificate
from matters.cases.rule_trace import rule_trace
from matters.dispatching.fanout import advance_bundles
from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.models import RuleEvaluation, SubItem
from matters.submitting.submission import submit_bundle
from portal.accounts.models import Level, Person
from portal.outbox.processing import process
from tests.matters.apply.test_standing_in import issue
from tests.worlds.building import publish
from tests.worlds.ruled import BORN, DEFINITION, ELEMENTS, FACES, POSTS, RECORD, VALUES, Ruled

CHILD_NUMBER = "360103202611020011"
RULE = DecisionRule(
    clauses=(
        DecisionClause("young", "孩子未满 3 周岁", {"<": [{"years_between": [{"var": "facts.born"}, {"var": "today"}]}, 3]}),
        DecisionClause("there", "有出生证", {"==": [{"var": "facts.paper"}, True]}),
        DecisionClause("grown", "申请人成年", {">=": [{"years_between": [{"var": "facts.own"}, {"var": "today"}]}, 18]}),
    ),
    facts=(
        DecisionFact("born", "element:birth.time", "health", "child"),
        DecisionFact("paper", "material:birth_paper", "health", "child"),
        DecisionFact("own", "element:person.birth_date", "police", "applicant"),
    ),
    outputs={"number": "serial:YM", "born": "fact:born", "issued_on": "today"},
    share=100,
)  # fmt: skip
ITEM = replace(
    RECORD,
    lines=(
        *RECORD.lines,
        LineDefinition("HM", "child", "person.id_number", "孩子的号码", section="child"),
        LineDefinition("CSRQ", "applicant", "person.birth_date", "出生日期", section="child"),
    ),
    materials=(MaterialNeed("birth_paper", role="child", exemptions=(Exemption("certificate", "birth_certificate"),)),),
    decision_rule=RULE,
)


@pytest.fixture
def ruled(db: None) -> Ruled:
    elements = (
        *ELEMENTS,
        ElementDefinition("person.birth_date", "出生日期", "date", known_from=("profile",), fixed=True),
        ElementDefinition("person.id_number", "号码", "id_number"),
    )
    version = publish(DEFINITION, ITEM, elements=elements, materials=(MaterialDefinition("birth_paper", "出生证"),))
    world = Ruled.build(version, POSTS, FACES)
    health = world.departments["health"]
    CertificateType.objects.create(
        slug="birth_certificate",
        code=f"{health.credit_code}009",
        name="出生医学证明",
        department=health,
        face=[{"code": "born", "label": "出生时间", "element": "birth.time"}],
    )
    return world


def submit(
    ruled: Ruled,
    *,
    number: str = CHILD_NUMBER,
    born: str = "2026年11月2日 08:15",
    issuer: str = "health",
    is_revoked: bool = False,
    **fields: Any,
) -> RuleEvaluation:
    """File Li's application on a birth certificate, and return what the rule came to."""
    issue(
        ruled,  # type: ignore[arg-type]
        ruled.li_person,
        HolderFacts(VALUES["child:person.name"], "111" if number else "", number),
        certificate_type=CertificateType.objects.get(slug="birth_certificate"),
        face={"born": born},
        issuer=ruled.departments[issuer],
        issued_at=timezone.now(),
    )
    draft = start_draft(
        version=ruled.version,
        applicant=ruled.li_person,
        entered_by=ruled.li,
        answers={},
        profile=profile_of(ruled.li_person),
    )
    save_values(draft, {**VALUES, "child:person.id_number": CHILD_NUMBER, **fields}, seen=draft.revision)
    bundle = submit_bundle(draft=draft, by=ruled.li)
    if is_revoked:
        Certificate.objects.update(status=Certificate.Status.REVOKED)
    with transaction.atomic():
        advance_bundles([bundle.pk])
    process("decide_by_rule")
    return RuleEvaluation.objects.get()


def test_both_rows_are_read_and_named_in_the_trace(ruled: Ruled) -> None:
    found = submit(ruled)
    part = SubItem.objects.for_case().get()
    assert (found.why, part.state) == ("decided", "approved")
    trace = rule_trace(part)
    assert trace is not None
    told = {value.source for clause in trace.clauses for value in clause.values if value.at}
    serial = Certificate.objects.get(certificate_type__slug="birth_certificate").serial
    assert told == {f"出生医学证明 {serial}", str(ruled.li_person.checks.get().get_method_display())}
    assert found.checks.get().cause == "drawn"  # a person looks at it afterwards
    assert Certificate.objects.get(certificate_type__slug="vaccination_record").status == "valid"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"born": "2020年11月2日 08:15", "child:birth.time": "2020-11-02T08:15"}, "false"),
        ({"child:birth.time": "2026-11-03T08:15"}, "differs"),  # the certificate says otherwise than the form
        ({"issuer": "police"}, "missing"),  # another department's word
        ({"is_revoked": True}, "missing"),
        ({"born": "不详"}, "missing"),
    ],
)
def test_whatever_is_false_missing_or_otherwise_is_a_persons(ruled: Ruled, changes: dict[str, Any], why: str) -> None:
    assert submit(ruled, **changes).why == why
    assert SubItem.objects.get().state == "queued"


def test_the_certificate_of_a_newborn_serves_once_the_child_has_a_number(ruled: Ruled) -> None:
    assert submit(ruled, number="").why == "decided"


def test_of_an_account_that_nobody_checked_the_number_tells_nothing(ruled: Ruled) -> None:
    Person.objects.filter(pk=ruled.li_person.pk).update(level=Level.CLAIMED)
    ruled.li_person.refresh_from_db()
    assert submit(ruled).why == "missing"


def test_the_day_that_the_number_tells_cannot_be_typed_otherwise(ruled: Ruled) -> None:
    found = submit(ruled, **{"applicant:person.birth_date": "1930-01-01"})
    assert found.why == "decided"
    assert BORN.startswith("2026")
