"""The parts that pages are made of, each with believable values: for whoever works on them."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from portal.front.component_examples import examples

_INPUTS = re.compile(r"\{% comment %\}(.*?)\{% endcomment %\}", re.DOTALL)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component. Only where DEBUG is set; elsewhere there is no such page."""
    if not settings.DEBUG:
        raise Http404
    shown = []
    for example in examples():
        template = get_template(f"components/{example.name}")
        stated = _INPUTS.search(template.template.source)  # type: ignore[attr-defined]
        html = template.render(dict(example.values), request)
        shown.append((example, stated[1].strip() if stated else "", html))
    return render(request, "portal/components.html", {"shown": shown})
