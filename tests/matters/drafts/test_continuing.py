"""Going on with what was not granted: a new application for the rest, with what was said, decided and handed in."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from catalog.definitions import (
    DepartmentDefinition,
    ElementDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
)
from catalog.models import Matter
from catalog.versions.matters import compiled
from matters.drafts.continuing import continue_with_rest
from matters.drafts.saving import plan_of, read_form, save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Bundle, Draft, SubItem
from matters.reviewing import review
from matters.reviewing.withdrawal import withdraw, withdraw_with_followers
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import NothingLeft
from portal.ledger.models import Event
from portal.notices.models import Message
from tests.matters.cases.test_mandates import filed_under, mandate_of, zhang_for
from tests.matters.reviewing.test_review import approve_birth
from tests.matters.reviewing.test_review_races import race
from tests.pages import page_of
from tests.worlds.building import World, publish
from tests.worlds.cast import logged_in
from tests.worlds.companies import Companies, build_companies
from tests.worlds.town import VALUES, Town, advance, build_town, picture

pytestmark = pytest.mark.django_db

CARD_ELEMENTS = (
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("delivery.method", "领取方式", "text"),
    ElementDefinition("delivery.address", "寄送地址", "text"),
)
BIRTH = ItemDefinition(
    "birth", "出生登记", "police", lines=(LineDefinition("MQ", "mother", "person.name", "母亲姓名"),)
)
CARD_ITEM = ItemDefinition(
    "card",
    "社会保障卡",
    "police",
    lines=(
        LineDefinition("XM", "carer", "person.name", "监护人姓名"),
        LineDefinition("FS", "guardian", "delivery.method", "领卡方式"),
        LineDefinition("DZ", "guardian", "delivery.address", "寄卡地址"),
    ),
)
IS_MOTHER = {"==": [{"var": "answers.relation"}, "mother"]}
CARD = MatterDefinition(
    slug="card-matter",
    name="新生儿",
    lead_department="police",
    roles=(
        RoleDefinition("mother", "母亲", is_applicant=IS_MOTHER),
        RoleDefinition("father", "父亲", is_applicant={"!": [IS_MOTHER]}),
        RoleDefinition("guardian", "申请人", is_applicant=True),
        RoleDefinition("carer", "监护人", is_applicant=True, same_as={"if": [IS_MOTHER, "mother", "father"]}),
    ),
    questions=(
        GuideQuestion("relation", "您是", options=(GuideOption("mother", "母亲"), GuideOption("father", "父亲"))),
    ),
    items=(MatterItemDefinition("birth"), MatterItemDefinition("card")),
    departments=(DepartmentDefinition("police", "市公安局", "公安"),),
)
POSTS = {"wang": (("police", "reviewer"),)}


@pytest.fixture
def refused(town: Town) -> Bundle:
    """The birth is certified, the register refused; the insurance, which waits for the register, has ended with it."""
    Matter.objects.filter(pk=town.version.matter_id).update(status=Matter.Status.OPEN)
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    part = review.accept(town.wang, town.part(bundle, "hukou"))
    review.decide(town.wang, part, "rejected", "地址写得不全")
    advance([bundle.pk])
    return Bundle.objects.get(pk=bundle.pk)


def _page(town: Town, bundle: Bundle) -> str:
    return logged_in(town.li).get(reverse("matters:bundle", args=[bundle.number])).content.decode()


def test_the_rest_begins_anew_with_all_that_was_said_and_handed_in(town: Town, refused: Bundle) -> None:
    assert "办理其余事项" in _page(town, refused)
    answer = logged_in(town.li).post(reverse("matters:bundle_rest", args=[refused.number]))
    draft = Draft.objects.get(submitted_at=None)
    assert answer.url == reverse("matters:form", args=[draft.pk])
    assert {item.key for item in plan_of(draft).items} == {"hukou", "medical_ins"}
    values = read_form(draft).values
    assert values["household:hukou.address"] == VALUES["household:hukou.address"]
    assert values["child:person.name"] == VALUES["child:person.name"]
    assert "child:birth.hospital" not in values  # asked by what was granted alone
    assert [paper.material for paper in draft.materials.all()] == ["household_book"]
    event = Event.objects.get(chain_id=refused.pk, kind="rest_begun")
    assert event.data["items"] == ["hukou", "medical_ins"]


def test_begun_twice_it_is_one(town: Town, refused: Bundle) -> None:
    first = continue_with_rest(town.li, refused)
    assert first.is_new
    assert continue_with_rest(town.li, refused) == (first.draft, False)
    again = logged_in(town.li).post(reverse("matters:bundle_rest", args=[refused.number]), follow=True)
    assert "还没有提交，请接着办这一份" in again.content.decode()


def test_a_blank_draft_that_lies_open_is_not_taken_for_it(town: Town) -> None:
    bundle = town.submit()
    withdraw(town.li, bundle)
    advance([bundle.pk])
    lying = start_draft(version=town.version, applicant=bundle.applicant, entered_by=town.li, answers={}, profile={})
    draft, is_new = continue_with_rest(town.li, Bundle.objects.get(pk=bundle.pk))
    assert is_new
    assert draft != lying
    assert read_form(draft).values["child:person.name"] == VALUES["child:person.name"]


def test_the_granted_part_stays_and_the_new_application_goes_its_way(town: Town, refused: Bundle) -> None:
    draft, _is_new = continue_with_rest(town.li, refused)
    # No part of this application makes it any more.
    take_upload(draft, "birth_paper", picture("出生医学证明.png"), accept=("image/png",))
    again = submit_bundle(draft=draft, by=town.li)
    advance([again.pk])
    assert SubItem.objects.get(bundle=refused, key="birth_cert").state == "approved"
    assert SubItem.objects.get(bundle=again, key="hukou").state == "queued"


def test_while_something_is_under_way_or_all_is_granted_there_is_no_rest(town: Town) -> None:
    Matter.objects.filter(pk=town.version.matter_id).update(status=Matter.Status.OPEN)
    bundle = town.submit()
    assert "办理其余事项" not in _page(town, bundle)
    with pytest.raises(NothingLeft):
        continue_with_rest(town.li, bundle)


def test_where_nothing_was_granted_the_rest_is_the_matter_itself(town: Town) -> None:
    bundle = town.submit()
    withdraw(town.li, bundle)
    advance([bundle.pk])
    draft, _is_new = continue_with_rest(town.li, Bundle.objects.get(pk=bundle.pk))
    assert draft.matter_version.matter == town.version.matter


def test_it_is_the_applicants_alone(town: Town, refused: Bundle) -> None:
    for user in (town.stranger, town.wang, town.sun):
        assert logged_in(user).post(reverse("matters:bundle_rest", args=[refused.number])).status_code == 404


def test_what_a_granted_part_decided_comes_with_its_decision_and_is_not_typed_otherwise(town: Town) -> None:
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    part = review.accept(town.wang, town.part(bundle, "hukou"))
    review.decide(town.wang, part, "approved", "", {"id_number": "360103202611120012", "registered_on": "2026-11-30"})
    advance([bundle.pk])
    insured = review.accept(town.qian, town.part(bundle, "medical_ins"))
    review.decide(town.qian, insured, "rejected", "类别不对")
    advance([bundle.pk])
    draft, _is_new = continue_with_rest(town.li, Bundle.objects.get(pk=bundle.pk))
    key, document = "child:person.id_number", read_form(draft)
    known = document.known[key]
    assert (document.values[key], known["source"], known["sub_item"]) == ("360103202611120012", "granted", part.number)
    assert known["fact"] == f"decision:{part.number}:id_number"
    save_values(draft, {key: "360103202611120039"}, seen=draft.revision)
    assert read_form(draft).values[key] == "360103202611120012"
    page = page_of(logged_in(town.li).get(reverse("matters:form", args=[draft.pk])))
    assert f"{part.name} · " in page


def test_choices_come_along_whoever_is_who_in_the_rest(db: None) -> None:
    """Which parent the guardian is hangs on a question that the card alone does not ask; their lines are told by the card's own codes."""
    world = World.build(publish(CARD, BIRTH, CARD_ITEM, elements=CARD_ELEMENTS, materials=()), POSTS, ())
    answers = {"relation": "mother"}
    draft = start_draft(
        version=world.version, applicant=world.li_person, entered_by=world.li, answers=answers, profile={}
    )
    typed = {"mother:person.name": "李明慧", "guardian:delivery.method": "post", "guardian:delivery.address": "一号"}
    save_values(draft, typed, seen=draft.revision)
    bundle = submit_bundle(draft=draft, by=world.li)
    advance([bundle.pk])
    birth = review.accept(world.wang, SubItem.objects.for_case().get(bundle=bundle, key="birth"))
    review.decide(world.wang, birth, "approved", "")
    withdraw_with_followers(world.li, Bundle.objects.for_page().get(pk=bundle.pk), bundle.sub_items.get(key="card"))
    advance([bundle.pk])
    rest, _is_new = continue_with_rest(world.li, Bundle.objects.get(pk=bundle.pk))
    values, plan = read_form(rest).values, plan_of(rest)
    lines = {line.code: values.get(line.field) for line in plan.own_form("card")}
    assert lines == {"XM": "李明慧", "FS": "post", "DZ": "一号"}


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


def _begun(client: Client, bundle: Bundle) -> Draft:
    client.post(reverse("matters:bundle_rest", args=[bundle.number]))
    return Draft.objects.get(submitted_at=None)


def test_for_an_organisation_whoever_goes_on_applies(companies: Companies) -> None:
    noodles = companies.noodles
    bundle = companies.submit(companies.li_person, noodles, "招牌一")
    withdraw(companies.li, bundle)
    advance([bundle.pk])
    draft = _begun(companies.client(companies.zhang, noodles), bundle)
    assert (draft.applicant, draft.organisation) == (companies.zhang_person, noodles)
    values = read_form(draft).values
    assert values["company:sign.text"] == "招牌一"
    assert values["agent:person.name"] == companies.zhang_person.name


def test_under_a_mandate_its_principal_applies_and_is_told(companies: Companies) -> None:
    mandate = mandate_of(companies, companies.li_person)
    bundle = filed_under(companies, mandate, "招牌一")
    withdraw(companies.li, bundle)
    advance([bundle.pk])
    draft = _begun(zhang_for(companies, mandate), bundle)
    assert (draft.applicant, draft.mandate) == (companies.li_person, mandate)
    link = reverse("matters:form", args=[draft.pk])
    assert Message.objects.filter(kind="mandate_draft", recipient=companies.li, link=link).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestCommitted:
    @pytest.fixture
    def town(self, transactional_db: None) -> Iterator[Town]:
        compiled.cache_clear()
        yield build_town()
        compiled.cache_clear()

    def test_of_presses_at_once_one_begins_it_and_it_is_on_record(self, town: Town) -> None:
        bundle = town.submit()
        withdraw(town.li, bundle)
        advance([bundle.pk])
        bundle = Bundle.objects.get(pk=bundle.pk)
        results = race(*[functools.partial(continue_with_rest, town.li, bundle)] * 3)
        assert sorted(one.is_new for one in results) == [False, False, True]
        assert len({one.draft.pk for one in results}) == 1
        event = Event.objects.get(chain_id=bundle.pk, kind="rest_begun")
        assert event.data["draft"] == str(results[0].draft.pk)
