"""The demo town's telephones: what short messages were sent in the last half hour."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.notices.texting import demo_texts


@never_cache
@require_GET
def demo_phone(request: HttpRequest) -> HttpResponse:
    """Show them where the demo town's own gateway sends; 404 everywhere else."""
    if not settings.YIJIAN_DEMO or not str(settings.YIJIAN_TEXT_GATEWAY).endswith(".DemoGateway"):
        raise Http404
    return render(request, "portal/demo_phone.html", {"texts": demo_texts()})
