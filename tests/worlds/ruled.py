"""A matter that a rule decides: a vaccination record for a child whose birth the hospitals' register knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from catalog.definitions import (
    DecisionClause,
    DecisionFact,
    DecisionRule,
    DepartmentDefinition,
    ElementDefinition,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    ResultDefinition,
    ReviewPoint,
    RoleDefinition,
    SectionDefinition,
)
from matters.dispatching.fanout import advance_bundles
from matters.drafts.profile import profile_of
from matters.drafts.saving import save_values, start_draft
from matters.models import Bundle, SubItem
from matters.submitting.submission import submit_bundle
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.fetching import ask, write_fetches
from portal.sharing.models import DataSource
from tests.worlds.building import FaceData, World, publish
from tests.worlds.cast import LI
from tests.worlds.keeping import kept
from tests.worlds.sources import Listed, open_source

BORN = "2026-11-02T08:15"
RULE = DecisionRule(
    clauses=(
        DecisionClause("born", "孩子有出生登记，出生未满 100 年", {"<": [{"years_between": [{"var": "facts.born"}, {"var": "today"}]}, 100]}),
        DecisionClause("girl_or_boy", "性别已填写", {"in": [{"var": "child:person.sex"}, ["1", "2"]]}),
    ),
    facts=(DecisionFact("born", "element:birth.time", "health", "child", ("applicant",)),),
    outputs={"number": "serial:YM", "born": "fact:born", "issued_on": "today"},
    share=100,
)  # fmt: skip
RECORD = ItemDefinition(
    slug="record",
    name="预防接种证",
    department="police",
    lines=(
        LineDefinition("XM", "child", "person.name", "孩子姓名", section="child", order=1),
        LineDefinition("XB", "child", "person.sex", "孩子性别", section="child", order=2, required=False),
        LineDefinition("CSSJ", "child", "birth.time", "出生时间", section="child", order=3),
    ),
    outputs=(
        OutputDefinition("number", "接种证编号", constraints={"pattern": "YM[0-9]{12}"}, series="booklet"),
        OutputDefinition("born", "出生时间", "datetime"),
        OutputDefinition("issued_on", "建证日期", "date"),
    ),
    results=(
        ResultDefinition(
            "vaccination_record", {"number": "output:number", "name": "field:child:person.name"}, holder="child"
        ),
    ),
    promised_limit_days=1,
    decision_rule=RULE,
    review_points=(ReviewPoint("vaccinated", "孩子已接种第一针"),),
)
ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("person.sex", "性别", "select", (Option("1", "男"), Option("2", "女"))),
    ElementDefinition("birth.time", "出生时间", "datetime", constraints={"not_future": True}),
)
DEFINITION = MatterDefinition(
    slug="ruled",
    name="接种登记",
    lead_department="police",
    roles=(RoleDefinition("applicant", "申请人", is_applicant=True), RoleDefinition("child", "孩子")),
    items=(MatterItemDefinition("record"),),
    sections=(SectionDefinition("child", "孩子"),),
    departments=(
        DepartmentDefinition("police", "市公安局", "公安"),
        DepartmentDefinition("health", "市卫健委", "卫健"),
    ),
)
FACES = (FaceData("vaccination_record", "预防接种证", "police", ("number", "name")),)
POSTS = {"wang": (("police", "reviewer"),), "zhou": (("police", "lead"),), "zhao": (("health", "reviewer"),)}
VALUES: dict[str, Any] = {"child:person.name": "李小满", "child:person.sex": "2", "child:birth.time": BORN}


class Ruled(World):
    """Wang reviews for the police, Zhou leads them; the births' register is the health commission's."""

    @property
    def source(self) -> DataSource:
        return DataSource.objects.get(department=self.departments["health"])

    def submit(self, told: Iterable[dict[str, Any]] = ({"birth.time": BORN},), **values: Any) -> SubItem:
        """File Li's application on what the register told, and let its part enter the queue. ``told``: one answer after the other."""
        draft = start_draft(
            version=self.version,
            applicant=self.li_person,
            entered_by=self.li,
            answers={},
            profile=profile_of(self.li_person),
        )
        save_values(draft, {**VALUES, **values}, seen=draft.revision)
        subject = DataSubject("111", LI.number, LI.name)
        for record in told:
            Listed.records = {LI.number: {"name": LI.name, **record}}
            consent = give_consent(
                person=self.li_person,
                case=draft.submission_key,
                source=self.source,
                asked=["element:birth.time"],
                subjects=[subject],
                items=["record"],
                text="我同意查询出生登记。",
                by=self.li,
            )
            write_fetches([ask(consent, subject, [Wanted("element:birth.time", "birth.time")], consent.text)])
        bundle: Bundle = submit_bundle(draft=draft, by=self.li)
        with transaction.atomic():
            advance_bundles([bundle.pk])
        return SubItem.objects.for_case().get(bundle=bundle)


def build_ruled() -> Ruled:
    """Publish the matter, register the people and open the register."""
    return kept("ruled", _build)


def _build() -> Ruled:
    world = Ruled.build(publish(DEFINITION, RECORD, elements=ELEMENTS, materials=()), POSTS, FACES)
    open_source(world.departments["health"])
    return world
