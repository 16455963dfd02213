"""The search page: one box for everything that can be applied for, and suggestions while typing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.models import Matter, SearchTarget
from catalog.search.core.text import LONGEST, normalise
from catalog.search.engine import ENGINE, Answer, Result, Target, search
from catalog.search.misses import record_miss
from catalog.versions.items import published_items
from catalog.versions.matters import listed_versions
from catalog.wording.translating import translate
from portal.accounts.models import User
from portal.lib.private_numbers import holds_number

MOST_RESULTS: Final = 10
MOST_SUGGESTIONS: Final = 6
# So near the best, another suggestion fits as well; beside a phrase that was typed to the end only another such does.
AS_WELL: Final = 0.75
TYPED_OUT: Final = 0.95
MOST_USUAL: Final = 5
# Results far behind the best one are left out of the page.
WORTH_SHOWING: Final = 0.3
# Beside a question back only what comes close to the best is worth a line.
WORTH_BESIDES: Final = 0.6
MOST_GUESSES: Final = 5
ITEM_PREFIX: Final = "item:"
MAY_SEE_WHY: Final = "catalog.view_searchphrase"


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What a target leads to, under the name it was published with."""

    name: str
    url: str = ""
    status: str = ""

    @property
    def can_be_applied_for(self) -> bool:
        return bool(self.url) and not self.status


@dataclass(frozen=True, slots=True)
class Entry:
    """A result on the page. ``url`` is empty while the page is still to come; ``why`` is for catalog managers.

    ``status``: in words, of a matter that cannot be applied for online; else empty.
    """

    target: Target
    name: str
    url: str
    status: str
    why: Result | None
    shared: list[str]

    @property
    def is_matter(self) -> bool:
        return self.target.kind == SearchTarget.Kind.MATTER


@dataclass(frozen=True, slots=True)
class SuggestedOption:
    """One answer to the question asked back."""

    label: str
    name: str
    url: str


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Answer ``?q=`` with results, with one question back, or by saying that nothing was found and what is near.

    Cost: one query for each kind of result; two more for what was not found.
    """
    typed = _typed(request)
    if holds_number(typed):
        # Whatever it was meant for: it must not stay in an address that histories and links pass on.
        messages.warning(request, _("搜索框里请不要填写证件号码或手机号，写要办的事就行。"))
        return redirect("search")
    answer = search(typed, MOST_RESULTS)
    if typed and not answer.found:
        record_miss(typed)
    shown = _worth_showing(answer)
    targets = [*(result.target for result in shown), *(choice.target for choice in answer.choices)]
    pages = _pages(targets)
    sees_why = _sees_why(request.user)
    context = {
        "query": typed[:LONGEST],
        "is_cut": len(typed) > LONGEST,
        "is_found": answer.found,
        "elsewhere": answer.elsewhere,
        "usual": _usual() if typed and not shown and not answer.choices else [],
        "entries": [
            Entry(
                result.target,
                page.name,
                page.url,
                page.status,
                result if sees_why else None,
                ENGINE.explain(typed, result) if sees_why else [],
            )
            for result in shown
            for page in [_page_of(result.target, pages)]
        ],
        "ask": None if answer.ask is None else answer.ask or _("您想办的是哪一件？"),
        "options": [
            SuggestedOption(
                choice.label,
                page.name,
                page.url or _search_url(page.name),
            )
            for choice in answer.choices
            for page in [_page_of(choice.target, pages)]
        ],
    }
    return render(request, "portal/search.html", context)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Return ``{"query", "suggestions": [{"name", "kind", "label", "department", "url"}]}`` for what is being typed."""
    typed = _typed(request)
    if holds_number(typed):  # our page asks for none; whoever asks all the same reads nothing of it again
        return JsonResponse({"query": "", "suggestions": []})
    answer = search(typed, MOST_SUGGESTIONS)
    floor = WORTH_SHOWING * answer.results[0].score if answer.results else 0.0
    shown = [result for result in answer.results if result.score >= floor]
    if not answer.found and len(answer.query) > 1:
        # Half a word explains nothing yet; what begins with it may be what is being typed.
        shown = [result for result in shown if normalise(result.phrase).startswith(answer.query)]
    pages = _pages(result.target for result in shown)
    shown = _appliable_first(answer.query, shown, pages)
    suggestions = [
        {
            "name": translate(page.name),
            "kind": result.target.kind,
            "label": _("一件事") if result.target.kind == SearchTarget.Kind.MATTER else _("单项"),
            "department": translate(result.target.department),
            "url": page.url or _search_url(page.name),
        }
        for result in shown
        for page in [_page_of(result.target, pages)]
    ]
    return JsonResponse({"query": typed[:LONGEST], "suggestions": suggestions})


def _typed(request: HttpRequest) -> str:
    return "".join(char if char.isprintable() else " " for char in request.GET.get("q", "")).strip()


def _worth_showing(answer: Answer) -> list[Result]:
    results = answer.results
    if not results:
        return []
    floor = (WORTH_SHOWING if answer.ask is None else WORTH_BESIDES) * results[0].score
    offered = {choice.target.slug for choice in answer.choices}
    worth = [result for result in results if result.score >= floor and result.target.slug not in offered]
    return worth if answer.found else worth[:MOST_GUESSES]


def _appliable_first(query: str, results: list[Result], pages: Mapping[str, FoundPage]) -> list[Result]:
    """Return results with those that can be applied for before those that cannot, among all that fit as well as the best."""
    if not results:
        return []
    best = results[0]
    begun = best.likeness < TYPED_OUT and normalise(best.phrase).startswith(query)
    fit = [
        result
        for result in results
        if result.score >= AS_WELL * best.score or (begun and normalise(result.phrase).startswith(query))
    ]
    fit.sort(key=lambda result: not _page_of(result.target, pages).can_be_applied_for)
    return [*fit, *(result for result in results if result not in fit)]


def _usual() -> list[FoundPage]:
    """Return what most people come for, for those whose words led nowhere. Cost: one query."""
    rows = listed_versions().filter(status=Matter.Status.OPEN).order_by("matter__position", "matter_id")
    return [
        FoundPage(str(name), reverse("catalog:matter", args=[slug]))
        for slug, name in rows.values_list("matter__slug", "name")[:MOST_USUAL]
    ]


def _page_of(target: Target, pages: Mapping[str, FoundPage]) -> FoundPage:
    """Return the page of a target; without one, its own name and no address."""
    return pages.get(target.slug) or FoundPage(target.name)


def _pages(targets: Iterable[Target]) -> dict[str, FoundPage]:
    """Return slug → page of the targets that have one. Cost: one query for each kind of target there is."""
    matters, items = set(), set()
    for target in targets:
        if target.kind == SearchTarget.Kind.MATTER:
            matters.add(target.slug)
        else:
            items.add(target.slug.removeprefix(ITEM_PREFIX))
    pages: dict[str, FoundPage] = {}
    if matters:
        shown = listed_versions().filter(matter__slug__in=matters)
        found: Iterable[tuple[Any, ...]] = shown.values_list("matter__slug", "name", "status")
        for slug, name, status in found:
            words = "" if status == Matter.Status.OPEN else str(Matter.Status(status).label)
            pages[slug] = FoundPage(name, reverse("catalog:matter", args=[slug]), words)
    if items:
        for slug, item in published_items(*items).items():
            pages[f"{ITEM_PREFIX}{slug}"] = FoundPage(item.row.name, reverse("catalog:item", args=[slug]))
    return pages


def _search_url(query: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': query})}"


def _sees_why(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and user.has_perm(MAY_SEE_WHY)
