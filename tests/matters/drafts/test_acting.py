"""Who is who in a form under a mandate: the principal's facts stand where the principal is meant, the agent's where whoever acts is."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.definitions import GuideOption, GuideQuestion, LineDefinition, MatterItemDefinition, RoleDefinition
from matters.core.inquiries import fact_inquiries
from matters.drafts.profile import profile_of, subject_of_account
from matters.drafts.saving import plan_of, read_form, save_answers, save_values, start_draft
from matters.models import Draft
from portal.accounts.mandates.activities import (
    MandateScope,
    accept,
    end,
    offer,
    record_parent,
    scope,
)
from portal.accounts.mandates.two_people import confirm, propose_guardian
from portal.accounts.models import Mandate, Person
from portal.accounts.people import register_person
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.settling import ANSWERS, DEFINITION, ELEMENTS, INSURE, MATERIALS, POSTS, REGISTER, Case

CHILD_NUMBER = "360103202402299984"
BY_AGENT = GuideQuestion(
    "who", "您是", options=(GuideOption("self", "孩子本人"), GuideOption("agent", "家人或者单位代办"))
)
NUMBERED = replace(
    REGISTER,
    lines=(*REGISTER.lines, LineDefinition("HZHM", "child", "person.id_number", "孩子号码", section="child")),
    outputs=tuple(replace(output, feeds="") for output in REGISTER.outputs),
)
FIXED = tuple(replace(element, fixed=True) if element.known_from else element for element in ELEMENTS)
ONCE = (MatterItemDefinition("register"), MatterItemDefinition("insure"))
KIN = tuple(
    replace(role, kin="child", kin_of="applicant") if role.key == "child" else role for role in DEFINITION.roles
)
AGENT = (
    RoleDefinition("child", "办事人", is_applicant={"==": [{"var": "answers.who"}, "self"]}),
    RoleDefinition("applicant", "代办人", is_applicant={"==": [{"var": "answers.who"}, "agent"]}),
    RoleDefinition("household", "家庭户"),
)


def case_of(slug: str, **changes: Any) -> Case:
    definition = replace(DEFINITION, slug=slug, **changes)
    return Case.build(publish(definition, NUMBERED, INSURE, elements=FIXED, materials=MATERIALS), POSTS)


@pytest.fixture
def children(db: None) -> Case:
    return case_of("children", roles=KIN)


@pytest.fixture
def agents(db: None) -> Case:
    return case_of("agents", roles=AGENT, items=ONCE, questions=(*DEFINITION.questions, BY_AGENT))


def child() -> Person:
    return register_person(name="李小满", document_kind="111", number=CHILD_NUMBER, method="register")


def chen() -> Person:
    return register_person(name="陈思远", document_kind="111", number="360104199402189971", method="demo")


def begun(case: Case, mandate: Mandate, **answers: Any) -> Draft:
    principal = mandate.principal
    draft = start_draft(
        version=case.version,
        applicant=principal,
        entered_by=case.li,
        answers={**ANSWERS, **answers},
        profile=profile_of(principal),
        mandate=mandate,
    )
    return Draft.objects.select_related("applicant", "mandate").get(pk=draft.pk)


def numbers(draft: Draft) -> dict[str, Any]:
    values = read_form(draft).values
    return {role: values.get(f"{role}:person.id_number") for role in ("applicant", "child")}


class TestAParentForAChild:
    def test_the_parent_is_the_parent_and_the_child_the_child(self, children: Case) -> None:
        mandate = record_parent(child(), children.li_person, uuid.uuid4(), born=date(2024, 2, 29))
        draft = begun(children, mandate)
        own = profile_of(children.li_person)["person.id_number"]
        assert numbers(draft) == {"applicant": own, "child": CHILD_NUMBER}
        client = logged_in(children.li)
        client.post(reverse("accounts:act_for"), {"principal": str(mandate.pk)})
        page = page_of(client.get(reverse("matters:form", args=[draft.pk])))
        assert page.count("来自账户登记信息") >= 4
        save_values(draft, {"child:person.name": "别人", "applicant:person.name": "别人"}, seen=draft.revision)
        assert numbers(draft) == {"applicant": own, "child": CHILD_NUMBER}

    def test_a_register_is_asked_about_the_child_in_the_childs_role_alone(self, children: Case) -> None:
        draft = begun(children, record_parent(child(), children.li_person, uuid.uuid4(), born=date(2024, 2, 29)))
        asked_about = {
            (each.key.partition(":")[0], each.subject)
            for each in fact_inquiries(plan_of(draft), read_form(draft).values, subject_of_account(draft.applicant))
        }
        principal = subject_of_account(draft.applicant)
        assert {role for role, subject in asked_about if subject == principal} == {"child"}

    def test_of_twins_nobody_is_taken_for_the_principal(self, children: Case) -> None:
        mandate = record_parent(child(), children.li_person, uuid.uuid4(), born=date(2024, 2, 29))
        assert numbers(begun(children, mandate, children=2))["child"] is None

    def test_another_guardian_is_no_parent(self, children: Case) -> None:
        scope_ = MandateScope(None, None)
        told = {"kind": "guardian", "basis": "court", "paper": "判决书", "sites": ["police"]}
        proposal = propose_guardian(child(), chen(), scope_, officer=children.wang, **told)  # type: ignore[arg-type]
        confirm(proposal.pk, officer=children.sun, sites=["police"], window="市公安局")
        mandate = Mandate.objects.select_related("principal").get()
        assert numbers(begun(children, mandate)) == {"applicant": None, "child": CHILD_NUMBER}


class TestAnAgent:
    def mandate(self, case: Case) -> Mandate:
        agent = chen()
        until = timezone.localdate() + timedelta(days=30)
        return accept(agent, offer(case.li_person, scope(None, until), agent_name=agent.name)[1])

    def test_the_answer_says_whose_facts_stand_where(self, agents: Case) -> None:
        mandate = self.mandate(agents)
        assert mandate.agent is not None
        principals, agents_ = (profile_of(one)["person.id_number"] for one in (agents.li_person, mandate.agent))
        draft = begun(agents, mandate, who="agent")
        assert numbers(draft) == {"applicant": agents_, "child": principals}
        save_answers(draft, {"who": "self"}, profile_of(draft.applicant))
        assert numbers(draft) == {"applicant": None, "child": principals}

    def test_once_it_is_over_the_principal_goes_on_as_anybody(self, agents: Case) -> None:
        mandate = self.mandate(agents)
        draft = begun(agents, mandate, who="agent")
        end(mandate.pk, by=agents.li_person)
        draft = Draft.objects.select_related("applicant", "mandate").get(pk=draft.pk)
        save_answers(draft, {"who": "self"}, profile_of(draft.applicant))
        assert numbers(draft) == {"applicant": None, "child": profile_of(agents.li_person)["person.id_number"]}
