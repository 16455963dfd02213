"""The catalog's public pages: the zone of matters and the guide of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from catalog.browse.cards import listed
from catalog.browse.zone import Zone, zone
from catalog.guides.answers import division_of, given_answers, query_of
from catalog.guides.matter import Guide
from catalog.guides.places import places
from catalog.models import Matter, MatterVersion
from catalog.versions.matters import NotPublished, compiled, current_version

FILTERS = ("subject", "stage", "theme", "department", "standing")


@require_safe
def matter_list(request: HttpRequest) -> HttpResponse:
    """Show the zone, narrowed by the filters in the query string. Cost: one query."""
    given = {name: request.GET[name][:40] for name in FILTERS if request.GET.get(name)}
    state = listed()

    def shown() -> Zone:
        try:
            return zone(state, given)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # A template takes these for "there is no such variable", and would keep an empty page.
            raise RuntimeError("the zone cannot be shown") from error

    # Not made where the page is kept already.
    return render(
        request, "catalog/browse/matter_list.html", {"zone": SimpleLazyObject(shown), "state": state, "given": given}
    )


@require_safe
def matter(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the guide of a matter; the query string may hold answers to its guide questions. Cost: one query.

    What cannot be applied for online yet is described by its version all the same; what is only coming, in a few words.
    """
    try:
        version = current_version(slug, division_of(request.GET))
    except NotPublished as refusal:
        raise Http404(str(refusal)) from None
    if version.status == Matter.Status.COMING:
        return _coming(request, version)
    plan = compiled(version.pk)
    given = given_answers(plan, request.GET)
    is_open = version.status == Matter.Status.OPEN
    guide = Guide(plan, given.answers, is_open=is_open)
    division = version.division_id or ""
    query = query_of(plan, given.answers, division=given.division)
    context = {
        "guide": guide,
        "version": version,
        "status": "" if is_open else str(Matter.Status(version.status).label),
        "can_apply": is_open and not guide.stops,
        "start_query": f"?{query}" if division or not guide.is_typical else "",
        "ask_query": f"?division={division}" if division else "",
        "carried": [("division", division)] if division else [],
        "refused": [*given.refused.values(), *given.notes],
        "places": places(version, plan, given.answers),
    }
    return render(request, "catalog/guides/matter.html", context)


def _coming(request: HttpRequest, version: MatterVersion) -> HttpResponse:
    """Describe a matter that is only announced by what was published of it."""
    matter = compiled(version.pk)
    context = {
        "matter": matter,
        "lead": matter.departments.get(matter.lead_department),
        "items": [(item, matter.departments[item.department]) for item in matter.items.values()],
        "departments": [(each, matter.facts["departments"].get(code, {})) for code, each in matter.departments.items()],
    }
    return render(request, "catalog/guides/matter_coming.html", context)
