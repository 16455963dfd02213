"""The search page: one box for everything that can be applied for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.cards import matter_cards

LONGEST_QUERY = 100


def search(request: HttpRequest) -> HttpResponse:
    """Show the matters whose name, items or departments share most with the query."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    wanted = {query[index : index + 2] for index in range(len(query) - 1)} or {query}
    ranked = []
    for card in matter_cards():
        text = " ".join((card.matter.name, *(item.name for item in card.plan.items), *card.department_short_names))
        score = sum(1 for pair in wanted if pair and pair in text)
        if score:
            ranked.append((-score, card.slug, card))
    found = [card for _score, _slug, card in sorted(ranked, key=lambda row: row[:2])]
    return render(request, "portal/search.html", {"query": query, "cards": found})
