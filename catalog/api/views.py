"""Read the catalog, and try answers on it, without an account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import (
    MatterSerializer,
    MatterSummarySerializer,
    PlanRequestSerializer,
    PlanSerializer,
    RefusalSerializer,
)
from catalog.merging.compiled import CompiledMatter
from catalog.merging.plan_json import plan_as_json
from catalog.models import Matter, MatterVersion
from catalog.versions.matters import NotPublished, compiled, guide_version, listed_versions
from catalog.wording.problems import sentence

IN_DIVISION = OpenApiParameter(
    "division",
    str,
    description="Six digits (GB/T 2260): as the matter is done there, or else in the nearest place around it.",
)


class PublicView(APIView):
    """A view that anyone may call; no session, therefore no token against forged requests."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class MatterListView(PublicView):
    @extend_schema(
        operation_id="matters_list", responses={200: MatterSummarySerializer(many=True), 400: RefusalSerializer}
    )
    def get(self, request: Request) -> Response:
        """List the published matters; those of status ``open`` can be applied for online. Cost: one query."""
        rows = listed_versions().exclude(status=Matter.Status.COMING)
        return Response(MatterSummarySerializer([_summary(version) for version in rows], many=True).data)


class MatterView(PublicView):
    @extend_schema(
        operation_id="matters_retrieve",
        parameters=[IN_DIVISION],
        responses={200: MatterSerializer, 400: RefusalSerializer, 404: RefusalSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return a matter with its guide questions and items. Cost: one query, two with a division."""
        try:
            version = guide_version(slug, request.query_params.get("division", ""))
        except NotPublished as refusal:
            return _refused(404, refusal.code, str(refusal))
        content = compiled(version.pk).content
        definitions = [entry["definition"] for entry in content["items"]]
        shown = {
            **_summary(version),
            "lead_department": content["matter"]["lead_department"],
            "conditions": content["matter"]["facts"]["conditions"],
            "questions": content["questions"],
            "items": definitions,
        }
        return Response(MatterSerializer(shown).data)


class PlanView(PublicView):
    @extend_schema(
        operation_id="matters_plan",
        parameters=[IN_DIVISION],
        request=PlanRequestSerializer,
        responses={200: PlanSerializer, 400: RefusalSerializer, 404: RefusalSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Return the plan that answers lead to, with a problem for each answer that is missing or not possible. Changes nothing."""
        try:
            version = guide_version(slug, request.query_params.get("division", ""))
        except NotPublished as refusal:
            return _refused(404, refusal.code, str(refusal))
        given = PlanRequestSerializer(data=request.data)
        if not given.is_valid():
            return _refused(400, "bad_request", _("请求的格式不对：answers 应是“问题: 答案”。"), dict(given.errors))
        return Response(_plan(compiled(version.pk), version, given.validated_data["answers"]))


def _plan(matter: CompiledMatter, version: MatterVersion, answers: dict[str, Any]) -> dict[str, Any]:
    labels = {question.key: question.text for question in matter.questions}
    problems = [
        {"question": each.field, "code": each.code, "message": sentence(each, labels.get(each.field, each.field))}
        for each in matter.check_answers(answers)
    ]
    return {"version": version.number, "problems": problems, **plan_as_json(matter.plan_for(answers))}


def _summary(version: MatterVersion) -> dict[str, Any]:
    matter = compiled(version.pk)
    return {
        "slug": matter.slug,
        "name": matter.name,
        "subject": matter.subject,
        "stage": matter.stage,
        "standing": version.status,
        "summary": matter.summary,
        "version": version.number,
        "content_hash": version.content_hash,
    }


def _refused(status: int, code: str, message: str, details: dict[str, Any] | None = None) -> Response:
    return Response({"code": code, "message": message, "details": details or {}}, status=status)
