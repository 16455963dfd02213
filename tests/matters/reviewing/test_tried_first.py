"""What would be refused is told before the ten seconds in which a decision can be taken back, and trying it changes nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from certificates.models import Certificate
from matters.models import Bundle, Decision, SubItem
from matters.reviewing import review
from matters.wording.refusals import NotDivisible
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import CHILD_NUMBER, Town

pytestmark = pytest.mark.django_db
RIGHT = {"output.id_number": CHILD_NUMBER, "output.registered_on": "2026-11-20"}


def kept(part: SubItem) -> tuple[int, ...]:
    chain = Event.objects.filter(chain_id=part.bundle_id)
    return chain.count(), OutboxMessage.objects.count(), Certificate.objects.count(), Decision.objects.count()


@pytest.mark.parametrize(
    ("action", "sent", "status"),
    [
        ("reject", {"reason": " "}, 409),
        ("reject", {"reason": "户口不在本辖区"}, 204),
        ("refuse", {"reason": "户口不在本辖区"}, 409),  # it was accepted
        ("approve", {}, 409),
        ("approve", RIGHT, 204),
        ("approve", {**RIGHT, "in_part": "1"}, 409),  # without its grounds
        ("approve", {**RIGHT, "in_part": "1", "reason": "只登记户口，不立户"}, 204),
    ],
)
def test_whether_it_would_be_refused(
    turn_of_the_police: tuple[Town, Bundle], action: str, sent: dict[str, str], status: int
) -> None:
    town, bundle = turn_of_the_police
    part = review.accept(town.wang, town.part(bundle, "hukou"))
    client, before = logged_in(town.wang), kept(part)
    address = reverse("matters:case_action", args=[part.number, action])
    answer = client.post(address, {**sent, **reading(part), "try": "ask"})
    assert (answer.status_code, answer.content, kept(part)) == (status, b"", before)
    shown = client.post(address, {**sent, **reading(part), "try": "show"}, follow=True).content.decode()
    assert ("现在可以办理，请再确认一次" in shown) == (status == 204)
    assert kept(part) == before


def test_what_is_granted_whole_or_not_at_all_is_not_granted_in_part(town: Town) -> None:
    """The box is not on the page; whoever sends it all the same is refused by the activity."""
    part = review.accept(town.zhao, town.part(town.submit(), "birth_cert"))
    outputs = {"number": "P360000001"}
    with pytest.raises(NotDivisible):
        review.decide(town.zhao, part, "approved", "只给一半", outputs, in_part=True)
    address = reverse("matters:case_action", args=[part.number, "approve"])
    sent = {"output.number": "P360000001", "reason": "只给一半", "in_part": "1"}
    assert "只能全部准予" in logged_in(town.zhao).post(address, {**sent, **reading(part)}, follow=True).content.decode()
    assert not Decision.objects.filter(sub_item=part).exists()
    approve_birth(town, town.part(town.submit(), "birth_cert"))
