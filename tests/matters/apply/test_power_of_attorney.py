"""A power of attorney is met by the row that lets somebody act: the mandate, or that they are one of an organisation's people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.definitions import ElementDefinition, Exemption, LineDefinition, MaterialDefinition, MaterialNeed
from matters.cases.department_view import read_case
from matters.models import Bundle, Draft, MaterialSatisfaction
from matters.submitting.submission import MaterialsMissing, submit_bundle
from portal.accounts.models import Person
from portal.accounts.models.mandates import Mandate
from tests.matters.cases.test_mandates import draft_under, mandate_of, zhang_for
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import logged_in
from tests.worlds.companies import ELEMENTS, PERMIT, SIGNBOARD, Companies, build_companies
from tests.worlds.town import advance

PAPER = "power_of_attorney"
NUMBER = LineDefinition("ZJ", "agent", "person.id_number", "经办人证件号码", section="company", order=5)
ASKING = replace(
    PERMIT, lines=(*PERMIT.lines, NUMBER), materials=(MaterialNeed(PAPER, exemptions=(Exemption("mandate"),)),)
)


@pytest.fixture
def world(db: None) -> Companies:
    world = build_companies()
    elements = (*ELEMENTS, ElementDefinition("person.id_number", "证件号码", "id_number", known_from=("profile",)))
    world.version = publish(
        SIGNBOARD, ASKING, elements=elements, materials=(MaterialDefinition(PAPER, "授权委托书", ("pdf",)),)
    )
    return world


def paper_of(bundle: Bundle) -> str:
    """Return what a reviewer reads instead of the paper."""
    advance([bundle.pk])
    return next(each.exemption for each in read_case(bundle.sub_items.get()).papers if each.key == PAPER)


def as_sent(draft: Draft) -> str:
    return reverse("matters:materials", args=[draft.pk])


class TestUnderAMandate:
    def test_agent_applicant_and_reviewer_read_its_number_source_and_moment(self, world: Companies) -> None:
        mandate = mandate_of(world, world.li_person)
        draft = draft_under(world, mandate, "清风")
        said = f"免交 · 授权 {mandate.number}：张经办，本人网上授权，{timezone.localtime(mandate.given_at):%Y-%m-%d %H:%M} 登记"
        client = zhang_for(world, mandate)
        assert said in page_of(client.get(as_sent(draft)))
        bundle = submit_bundle(draft=draft, by=world.zhang)
        row = MaterialSatisfaction.objects.get(bundle=bundle)
        assert (row.kind, row.material, row.mandate, row.handler) == ("mandate", PAPER, mandate, None)
        assert said in paper_of(bundle)
        part = bundle.sub_items.get()
        for reader, address in (
            (client, f"/bundles/{bundle.number}/"),
            (logged_in(world.li), f"/bundles/{bundle.number}/"),
            (logged_in(world.wang), f"/review/cases/{part.number}/"),
        ):
            assert said in page_of(reader.get(address))

    def test_the_principal_who_files_it_herself_shows_none(self, world: Companies) -> None:
        draft = draft_under(world, mandate_of(world, world.li_person), "清风")
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=world.li)


class TestOneOfAnOrganisationsPeople:
    def test_the_handlers_row_stands_in(self, world: Companies) -> None:
        bundle = submit_bundle(draft=world.draft(world.zhang_person, world.noodles, "清风"), by=world.zhang)
        row = MaterialSatisfaction.objects.get(bundle=bundle)
        assert (row.mandate, row.handler) == (None, world.handler(world.zhang_person, world.noodles))
        assert paper_of(bundle).startswith("免交 · 清风面馆有限公司的经办人张经办，")

    def test_it_lets_nobody_else_act_whom_the_form_names(self, world: Companies) -> None:
        other = {"agent:person.id_number": "360113202402299987"}
        draft = world.draft(world.zhang_person, world.noodles, "清风", **other)
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=world.zhang)


class TestWithoutARow:
    def test_it_is_asked_for_with_the_reason(self, world: Companies) -> None:
        draft = world.draft(world.li_person, None, "清风")
        page = page_of(logged_in(world.li).get(as_sent(draft)))
        assert "不是按登记的授权" in page
        assert "免交 · 授权" not in page
        with pytest.raises(MaterialsMissing):
            submit_bundle(draft=draft, by=world.li)

    def test_the_database_wants_one_row(self, world: Companies) -> None:
        bundle = submit_bundle(draft=world.draft(world.zhang_person, world.noodles, "清风"), by=world.zhang)
        handler, mandate = world.handler(world.zhang_person, world.noodles), mandate_of(world, world.li_person)
        wrong: list[tuple[Mandate | None, Person | None]] = [(None, None), (mandate, world.zhang_person)]
        for by, both in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                MaterialSatisfaction.objects.create(
                    bundle=bundle,
                    material="other",
                    kind="mandate",
                    mandate=by,
                    handler=handler if both else None,
                    at=timezone.now(),
                )
