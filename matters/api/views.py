"""The applications of whoever is logged in, for whom they act now: themselves, an organisation, or a person under a mandate."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import RefusalSerializer
from matters.api.serializers import ApplicationSerializer
from matters.cases.access import get_bundle_for
from matters.cases.applying import who_applies
from matters.models import Bundle
from matters.wording.titles import title

PAGE = 50
BEFORE = OpenApiParameter("before", str, description="The number of the last application read: those before it.")


class OwnView(APIView):
    """What is of an account. A method that is not offered is said to be so (405) before a login is asked for (403)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not hasattr(self, str(request.method).lower()):
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *args, **kwargs)


class ApplicationListView(OwnView):
    @extend_schema(
        operation_id="applications_list",
        parameters=[BEFORE],
        responses={200: ApplicationSerializer(many=True), 403: RefusalSerializer},
    )
    def get(self, request: Request) -> Response:
        """List the applications of whom the account acts for now, the latest first, 50 at a time. Cost: two queries, three with ``before``."""
        user: Any = request.user
        found = Bundle.objects.of_applicant(user)
        if before := request.query_params.get("before", "").replace("\0", ""):
            found = found.filter(pk__lt=_read(found.filter(number=before)).pk)
        shown = [application(bundle) for bundle in found.order_by("-id").for_list()[:PAGE]]
        return Response(ApplicationSerializer(shown, many=True).data)


class ApplicationView(OwnView):
    @extend_schema(
        operation_id="applications_retrieve",
        responses={200: ApplicationSerializer, 403: RefusalSerializer, 404: RefusalSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        """Return an application of whom the account acts for now; 404 for everybody else's. Cost: two queries."""
        user: Any = request.user
        return Response(ApplicationSerializer(application(get_bundle_for(user, number.replace("\0", "")))).data)


def application(bundle: Bundle) -> dict[str, Any]:
    """Return an application as the API tells it. ``bundle`` brings its parts with departments (``for_list``)."""
    return {
        "number": bundle.number,
        "matter": bundle.matter_version.matter.slug,
        "name": title(bundle),
        "version": bundle.matter_version.number,
        "channel": bundle.channel,
        "applies": who_applies(bundle),
        "submitted_at": bundle.submitted_at,
        "promised_on": bundle.promised_on,
        "concluded_at": bundle.concluded_at,
        "parts": [
            {
                "number": part.number,
                "item": part.key,
                "name": part.name,
                "department": part.department.code,
                "state": part.state,
                "accepted_at": part.accepted_at,
                "due_on": part.due_on,
                "concluded_at": part.concluded_at,
            }
            for part in bundle.sub_items.all()
        ],
    }


def _read(found: Any) -> Bundle:
    bundle: Bundle | None = found.only("pk").first()
    if bundle is None:
        raise Http404
    return bundle
