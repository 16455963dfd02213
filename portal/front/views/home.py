"""The home page: search first, then what waits for the visitor, then every matter."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.browse.cards import Card, Listed, listed
from catalog.browse.zone import Zone, zone
from catalog.wording.translating import translator_for
from matters.cases.gaps import named_gaps
from matters.models import CorrectionRequest, Draft
from matters.models.querysets import of_principal
from matters.wording.sub_items import sub_item_name
from matters.wording.titles import title
from portal.accounts.models import User

STROKE_STEP = 48
STROKE_TOP = 30
MOST_STROKES = 6
MOST_CARDS = 9


@dataclass(frozen=True, slots=True)
class Stroke:
    """One department's line in the picture: several run together into one."""

    name: str
    y: int

    @property
    def label_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits for the visitor, with the one thing to do about it."""

    title: str
    text: str
    action: str
    url: str
    urgent: bool


class Front:
    """What is the same for every visitor, made when it is asked for: the page keeps what it has made of it. ``state``: what it follows from."""

    def __init__(self, state: tuple[Listed, ...]) -> None:
        self.state = state

    @cached_property
    def zone(self) -> Zone:
        return zone(self.state)

    @cached_property
    def all_cards(self) -> list[Card]:
        return [card for subject in self.zone.subjects for stage in subject.stages for card in stage.cards]

    @property
    def total(self) -> int:
        return len(self.all_cards)

    @cached_property
    def cards(self) -> list[Card]:
        return [card for card in self.all_cards if card.is_open][:MOST_CARDS]

    @cached_property
    def strokes(self) -> list[Stroke]:
        return _strokes([card for card in self.all_cards if card.is_open])


def home(request: HttpRequest) -> HttpResponse:
    """Show the home page. Cost: one query (two while a matter is still coming), and three more for a visitor who is logged in."""
    return render(request, "portal/home.html", {"front": Front(listed()), "todo": _todo(request.user)})


def _strokes(cards: list[Card]) -> list[Stroke]:
    names = list(dict.fromkeys(name for card in cards for name in card.department_short_names))[:MOST_STROKES]
    top = STROKE_TOP + (MOST_STROKES - len(names)) * STROKE_STEP // 2
    return [Stroke(name, top + index * STROKE_STEP) for index, name in enumerate(names)]


def _todo(user: User | AnonymousUser) -> list[Todo]:
    if not user.is_authenticated:
        return []
    corrections = CorrectionRequest.objects.open().filter(of_principal(user, "sub_item__bundle__"))
    drafts = Draft.objects.open_of(user)
    return [
        Todo(
            _("请补正：%(name)s") % {"name": sub_item_name(request.sub_item, functools.partial(_in_words, request))},
            _("%(department)s请您补正：%(names)s。")
            % {
                "department": _in_words(request, request.sub_item.office.name),
                "names": pgettext("between names", "、").join(
                    gap.name for gap in named_gaps(request.sub_item.bundle, request).gaps
                ),
            },
            _("现在补正"),
            reverse("matters:correction", args=[request.sub_item.bundle.number, request.pk]),
            urgent=True,
        )
        for request in corrections.select_related("sub_item__bundle", "sub_item__department").prefetch_related("items")[
            :5
        ]
    ] + [
        Todo(
            _("接着填：%(name)s") % {"name": title(draft)},
            _("已为您保存，换一台设备也能接着填。"),
            _("继续填写"),
            reverse("matters:form", args=[draft.pk]),
            urgent=False,
        )
        for draft in drafts.defer("matter_version__content", "form_sealed")[:3]
    ]


def _in_words(request: CorrectionRequest, text: str) -> str:
    return translator_for(request.sub_item.bundle.matter_version_id)(text)
