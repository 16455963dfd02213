"""N 件事自由组合: choose matters or single items, see what they come to as one application, and apply."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from catalog.basket.combinations import CannotCombine, Combination, freeze
from catalog.basket.session import add_to, keep_basket, read_basket
from catalog.browse.cards import MatterCard, matter_cards
from catalog.combining import Namesake
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from catalog.wording.absences import absence_sentences
from catalog.wording.limits import before_after
from catalog.wording.translating import translator_for
from portal.accounts.people import person_of
from portal.lib.braking import Brake, is_braked

# What is frozen for an application is never removed; whoever applies needs a few.
COMBINATIONS = Brake("combination", by_person=30, by_address=300, window=60 * 60)


@dataclass(frozen=True)
class Choice:
    """One item that can be chosen, or a whole matter (``item`` empty)."""

    value: str
    name: str
    department: str
    is_chosen: bool


@dataclass(frozen=True)
class MatterChoices:
    """A matter with its items, to choose from."""

    card: MatterCard
    whole: Choice
    items: list[Choice]

    @property
    def is_open(self) -> bool:
        return self.whole.is_chosen or any(item.is_chosen for item in self.items)


@dataclass(frozen=True)
class PersonChoice:
    """Two people of one name; ``value`` is what the form sends when they are the same."""

    value: str
    label: str
    first: str
    second: str
    is_same: bool


@dataclass(frozen=True)
class Outcome:
    """What the chosen things come to in the simplest situation, beside applying for each of them alone."""

    matter: CompiledMatter
    plan: Plan

    @property
    def items(self) -> list[tuple[str, str, int | None]]:
        """Return (item, department, promised limit) in the order of the plan."""
        translate = translator_for(self.matter)
        return [
            (
                translate(item.name),
                translate(item.department_short_name or item.department_name),
                item.promised_limit_days,
            )
            for item in self.plan.items
        ]

    @property
    def absent(self) -> list[str]:
        """Return which of the chosen things the simplest situation leaves out, and why."""
        return absence_sentences(self.matter, self.plan, translator_for(self.matter))

    @property
    def figures(self) -> list[tuple[int | None, int | None, str]]:
        """Return (before, after, unit) of forms, facts to fill in, papers, visits and working days."""
        figures = self.plan.figures
        fields = figures.fields
        return [
            (figures.forms.before, figures.forms.after, ngettext("张表", "张表", figures.forms.after)),
            (fields.before, fields.after, ngettext("项要填", "项要填", fields.after)),
            (figures.materials.before, figures.materials.after, ngettext("份材料", "份材料", figures.materials.after)),
            *(
                before_after(key, figure.before, figure.after, len(figure.more["unknown"]))
                for key, figure in (("visits", figures.visits), ("days", figures.days))
            ),
        ]


@require_http_methods(["GET", "POST"])
def basket(request: HttpRequest) -> HttpResponse:
    """Show and change what is in the basket. Cost: three queries, and compiling in memory."""
    if request.method == "POST":
        keep_basket(request, request.POST.getlist("chosen"), request.POST.getlist("same"))
        return redirect(f"{reverse('catalog:basket')}#outcome")
    return _page(request, read_basket(request))


@require_POST
def add_to_basket(request: HttpRequest) -> HttpResponse:
    """Put one thing (``chosen``) beside what is there, from a guide's page."""
    add_to(request, request.POST.getlist("chosen"))
    return redirect("catalog:basket")


@require_POST
def apply_for_basket(request: HttpRequest) -> HttpResponse:
    """Freeze what was put together and begin its application; a visitor logs in first and comes back to the basket as it was ticked."""
    if not request.user.is_authenticated:
        if "chosen" in request.POST:
            keep_basket(request, request.POST.getlist("chosen"), request.POST.getlist("same"))
        return redirect_to_login(reverse("catalog:basket"))
    combination = read_basket(request)
    if person_of(request.user) is None:
        messages.error(request, _("网上办理要用本人的账户。工作人员为来窗口的人代办，请从收件台新办。"))
        return _page(request, combination, status=422)
    if is_braked(request, COMBINATIONS):
        messages.error(request, _("您放在一起办的事太多、太快，这一次还没有开始；选的内容都在。请过一小时再试。"))
        return _page(request, combination, status=429)
    try:
        version = freeze(combination)
    except CannotCombine:
        return _page(request, combination, status=422)
    return redirect("matters:start", version.matter.slug)


def _page(request: HttpRequest, combination: Combination, status: int = 200) -> HttpResponse:
    refusal = None
    outcome = None
    if combination.parts:
        try:
            matter = combination.compiled()
        except CannotCombine as caught:
            refusal = caught
        else:
            outcome = Outcome(matter, matter.plan_for(typical_answers(matter, _wanted(combination))))
    context = {
        "matters": [_choices(card, combination) for card in matter_cards() if card.is_open],
        "combination": combination,
        "chosen": _chosen(combination),
        "people": [_person(pair, combination) for pair in combination.namesakes],
        "refusal": refusal,
        "outcome": outcome,
    }
    return render(request, "catalog/basket/basket.html", context, status=status)


def _choices(card: MatterCard, combination: Combination) -> MatterChoices:
    held, translate = combination.choices.get(card.slug), translator_for(card.matter)
    items = [
        Choice(
            f"{card.slug}/{slug}",
            translate(item.name),
            translate(card.matter.departments[item.department]["short_name"]),
            held is not None and slug in held,
        )
        for slug, item in card.matter.items.items()
    ]
    return MatterChoices(card, Choice(card.slug, card.name, "", held == ()), items)


def _chosen(combination: Combination) -> list[Choice]:
    """Return what is in the basket, in the order of choosing."""
    found = []
    for part in combination.parts:
        matter, translate = part.matter, translator_for(part.matter)
        if part.chosen is None:
            found.append(Choice(matter.slug, translate(matter.name), "", True))
        for use in part.uses if part.chosen is not None else ():
            item = matter.items[use.item]
            department = matter.departments[item.department]["short_name"]
            found.append(Choice(f"{matter.slug}/{item.slug}", translate(item.name), translate(department), True))
    return found


def _person(pair: Namesake, combination: Combination) -> PersonChoice:
    matters = {part.matter.slug: part.matter for part in combination.parts}
    first, second = matters[pair.first[0]], matters[pair.second[0]]
    return PersonChoice(
        f"{'.'.join(pair.first)}={'.'.join(pair.second)}",
        translator_for(first)(pair.label),
        translator_for(first)(first.name),
        translator_for(second)(second.name),
        (pair.first, pair.second) in combination.same,
    )


def _wanted(combination: Combination) -> list[str]:
    """Return the items that were chosen by name."""
    return [item for part in combination.parts for item in sorted(part.chosen or ())]
