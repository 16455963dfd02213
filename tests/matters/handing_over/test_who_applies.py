"""A department's own system reads who applies as its reviewers would: the person, an organisation by its handler, and who acts under which mandate."""

from __future__ import annotations

from matters.handing_over.pushing import record_of
from matters.models import Bundle, DepartmentSystem, HandedOver, SubItem
from matters.submitting.submission import submit_bundle
from tests.matters.cases.test_mandates import draft_under, mandate_of
from tests.worlds.companies import NOODLES, build_companies


def sent(bundle: Bundle) -> dict[str, object]:
    part = SubItem.objects.for_case().get(bundle=bundle)
    told: dict[str, object] = record_of(HandedOver(sub_item=part, system=DepartmentSystem(code="desk")), part)[
        "applies"
    ]
    return told


def test_it_names_whoever_acts_and_on_what(db: None) -> None:
    world = build_companies()
    own = sent(world.submit(world.li_person, None, "本人"))
    assert own == {"name": world.li_person.name, "level": world.li_person.level}
    handled = sent(world.submit(world.zhang_person, world.noodles, "面馆"))
    assert (handled["name"], handled["credit_code"]) == NOODLES
    assert handled["handler"] == {"name": "张经办", "level": world.zhang_person.level}
    mandate = mandate_of(world, world.li_person)
    by_agent = sent(submit_bundle(draft=draft_under(world, mandate, "代办"), by=world.zhang))
    assert by_agent["name"] == world.li_person.name
    assert by_agent["agent"] == {
        "name": "张经办",
        "mandate": mandate.number,
        "kind": "authorised",
        "from": mandate.begins_on.isoformat(),
        "until": mandate.until.isoformat() if mandate.until else None,
        "rests_on": "online",
    }
