"""Yellow and red cards (红黄牌): who handles a case and their chief are told before its limit and after it, once each.

The days are those of the database's clock. A clock that jumped, or workers that stood still for days, may not put cards on a whole
town at once: more than ``YIJIAN_CARDS_AT_ONCE`` wait for a person (``manage.py give_cards``), and the log says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from catalog.models import Department, Membership
from catalog.staff.memberships import who_may
from catalog.staff.telling import staff_messages
from matters.calendars.limits import due_after, is_provisional
from matters.core.clocks import SHANGHAI
from matters.core.states import AFTER_ACCEPTANCE
from matters.models import Bundle, DeadlineCard, ReviewTask
from matters.models.querysets import own_bundles
from portal.ledger.chain import NewEvent, append_events_to_many
from portal.notices.inbox import send_messages
from portal.notices.models import Message
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import enqueue

log = structlog.get_logger(__name__)

KIND = "give_cards"
Colour = DeadlineCard.Colour


def look_for_cards() -> int:
    """Enqueue the search for cards once an hour; for the reconciler. One statement."""
    hour = _database_now()
    enqueue(KIND, f"{hour:%Y-%m-%dT%H}")
    return 0


def give_due_cards(claims: Sequence[Claim]) -> None:
    """Handle ``give_cards``. Raises ``StaleLease`` with nothing done."""
    with transaction.atomic():
        complete(claims)
        give_cards()


@transaction.atomic
def give_cards(at_most: int | None = None) -> int:
    """Give every card that is due and was not given; return how many. More than ``at_most`` at once are held and said in the log.

    Cost: some statements, however many cards.
    """
    at_most = settings.YIJIAN_CARDS_AT_ONCE if at_most is None else at_most
    found = due_cards(at_most + 1)
    if len(found) > at_most:
        log.error("cards_held", more_than=at_most, remedy="manage.py give_cards")
        return 0
    return _give(found)


def due_cards(at_most: int | None = None) -> list[tuple[str, ReviewTask]]:
    """Return the cards that are due and were not given, by colour, the most urgent first; none in a year without its calendar."""
    today = _database_now().date()
    if is_provisional(today):
        log.error("cards_held", reason="calendar", day=str(today))
        return []
    red = [(Colour.RED.value, task) for task in _without(Colour.RED, Q(due_on__lt=today))[:at_most]]
    return red + [(Colour.YELLOW.value, task) for task in _yellow(today)[:at_most]]


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now.astimezone(SHANGHAI)


def _without(colour: str, due: Q) -> QuerySet[ReviewTask]:
    """Return the open tasks after acceptance that are due so and have no such card yet, the most urgent first."""
    given = DeadlineCard.objects.filter(sub_item=OuterRef("sub_item"), colour=colour, due_on=OuterRef("due_on"))
    tasks = ReviewTask.objects.filter(due, closed_at__isnull=True, stage=ReviewTask.Stage.REVIEW, due_on__isnull=False)
    tasks = tasks.filter(~Exists(given), sub_item__state__in=sorted(AFTER_ACCEPTANCE))
    return tasks.select_related("sub_item__bundle").order_by("due_on", "id")


def _yellow(today: date) -> QuerySet[ReviewTask]:
    """Due from today on, as near as each department has set; a department with no days has no yellow cards."""
    near = Q(pk__in=[])
    by_days: dict[int, list[int]] = defaultdict(list)
    for pk, days in Department.objects.filter(card_days__gt=0).values_list("pk", "card_days"):
        by_days[days].append(pk)
    for days, departments in by_days.items():
        near |= Q(department__in=departments, due_on__lte=due_after(today, days).date)
    return _without(Colour.YELLOW, near & Q(due_on__gte=today))


def _give(found: Iterable[tuple[str, ReviewTask]]) -> int:
    now = timezone.now()
    cards = [
        DeadlineCard(
            sub_item=task.sub_item,
            department_id=task.department_id,
            colour=colour,
            due_on=due_on,
            holder_id=task.claimed_by_id,
            given_at=now,
        )
        for colour, task in found
        if (due_on := task.due_on) is not None
    ]
    # Another worker that gives the same card at the same moment is waited for, and then there is nothing to write.
    DeadlineCard.objects.bulk_create(cards, ignore_conflicts=True)
    own = set(DeadlineCard.objects.filter(given_at=now).values_list("sub_item", "colour"))
    cards = [card for card in cards if (card.sub_item_id, card.colour) in own]
    send_messages(_told_of(cards))
    codes = dict(Department.objects.filter(pk__in={card.department_id for card in cards}).values_list("pk", "code"))
    events: dict[UUID, list[NewEvent]] = defaultdict(list)
    for card in cards:
        data = {"colour": str(card.colour), "due_on": str(card.due_on)}
        one = NewEvent("card_given", department=codes[card.department_id], sub_item=card.sub_item.key, data=data)
        events[card.sub_item.bundle_id].append(one)
    append_events_to_many(events)
    for card in cards:
        log.warning("card_given", sub_item=card.sub_item.number, colour=str(card.colour))
    return len(cards)


def _told_of(cards: Iterable[DeadlineCard]) -> list[Message]:
    """Return the messages to who holds each case and to its department's leads: three queries for a department, one for each who is told."""
    by_department: dict[int, list[DeadlineCard]] = defaultdict(list)
    for card in cards:
        by_department[card.department_id].append(card)
    messages: list[Message] = []
    for department, given in by_department.items():
        able, posts = who_may(department, "review"), Membership.objects.filter(department=department)
        leads = {*posts.filter(role=Membership.Role.LEAD).values_list("user", flat=True)}
        told = able & (leads | {card.holder_id for card in given})
        bundles = {card.sub_item.bundle_id for card in given}
        own = {
            one: {*Bundle.objects.filter(pk__in=own_bundles(one)).filter(pk__in=bundles).values_list("pk", flat=True)}
            for one in told
        }
        for card in given:
            messages += staff_messages(
                f"card_{card.colour}",
                {"item": card.sub_item.name, "number": card.sub_item.number, "due": card.due_on.isoformat()},
                key=f"card:{card.sub_item_id}:{card.colour}:{card.due_on}",
                link=reverse("matters:case", args=[card.sub_item.number]),
                accounts=leads | {card.holder_id},
                now_may={one for one in told if card.sub_item.bundle_id not in own[one]},
            )
    return messages
