"""The history of a definition in the admin: who changed what, when and from where; and any two versions side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.composing.choosing import CarefulChoices
from catalog.composing.finding_links import linked
from catalog.composing.reviewing import content_of_version, difference
from catalog.history.timeline import Filter, people_of, timeline_of
from catalog.models import ItemVersion, Matter, MatterVersion, ServiceItem
from catalog.publishing.proposing import draft_content
from catalog.publishing.publishing import PublishingRefused
from portal.lib.admin_lists import console_page
from portal.lib.whole_numbers import whole_number

DRAFT = "draft"


class FilterForm(forms.Form):
    """Whose changes, of which days."""

    user = forms.TypedChoiceField(label=gettext_lazy("谁改的"), coerce=int, required=False, empty_value=None)
    since = forms.DateField(
        label=gettext_lazy("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, people: tuple[tuple[int, str], ...]) -> None:
        super().__init__(data, label_suffix="")
        choices = [("", pgettext("people", "所有人")), *((str(pk), name) for pk, name in people)]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Filter:
        """Return the filter; what cannot be read counts as not given (its error stands beside it)."""
        self.is_valid()
        held: dict[str, Any] = getattr(self, "cleaned_data", {})
        user, since, until = held.get("user"), held.get("since"), held.get("until")
        return Filter(user if isinstance(user, int) else None, _day(since), _day(until))


class WithHistory(CarefulChoices):
    """An admin whose history page is the definition's own history, written by the database."""

    def get_urls(self) -> list[URLPattern]:
        name = f"catalog_{self.opts.model_name}_compare"
        own = [path("<path:object_id>/history/compare/", self.admin_site.admin_view(self.compare_view), name=name)]
        return [*own, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self._definition(request, object_id)
        people = people_of(obj)
        form = FilterForm(request.GET, people)
        page = whole_number(request.GET.get("page", ""), 6) or 1
        context = {
            "title": _("变更历史：%(name)s") % {"name": obj},
            "object": obj,
            "timeline": timeline_of(obj, form.chosen(), page, people),
            "form": form,
            "page": page,
            "items": _items(obj),
            "query": _query(request),
            "versions": _versions(obj),
            "compare_url": reverse(f"admin:catalog_{self.opts.model_name}_compare", args=[obj.pk]),
            "DRAFT": DRAFT,
        }
        return console_page(
            request, "admin/catalog/history/history.html", self.model, {**context, **(extra_context or {})}
        )

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        obj = self._definition(request, object_id)
        if not isinstance(obj, Matter | ServiceItem):
            raise Http404
        versions = _versions(obj)
        numbers = [str(version.number) for version in versions]
        after = request.GET.get("to", DRAFT)
        before = request.GET.get("from", numbers[0] if numbers else "")
        if (before not in numbers and before) or after not in (DRAFT, *numbers):
            raise Http404
        findings: Any = ()
        change = None
        try:
            content = draft_content(obj) if after == DRAFT else content_of_version(obj, int(after))
        except PublishingRefused as refusal:
            findings = linked(refusal.findings, obj)
        else:
            assert content is not None
            change = difference(content_of_version(obj, int(before)) if before else None, content)
        context = {
            "title": _("比较版本：%(name)s") % {"name": obj},
            "object": obj,
            "versions": versions,
            "before": before,
            "after": after,
            "difference": change,
            "findings": findings,
            "DRAFT": DRAFT,
        }
        return console_page(request, "admin/catalog/history/compare.html", self.model, context)

    def _definition(self, request: HttpRequest, object_id: str) -> Model:
        key = unquote(object_id)
        if self.opts.pk is not None and self.opts.pk.get_internal_type() != "CharField" and whole_number(key) is None:
            raise Http404
        obj: Model = get_object_or_404(self.model._default_manager.all(), pk=key)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return obj


def _versions(obj: Model) -> list[MatterVersion] | list[ItemVersion]:
    """Return the published versions of a matter or an item, the latest first."""
    if not isinstance(obj, Matter | ServiceItem):
        return []
    joined = ("published_by", "division") if isinstance(obj, Matter) else ("published_by",)
    versions: Any = obj.versions
    return list(versions.select_related(*joined).defer("content").order_by("-number"))


def _items(obj: Model) -> list[ServiceItem]:
    """Return the items of a matter: shared definitions, each with a history of its own."""
    if not isinstance(obj, Matter):
        return []
    return list(ServiceItem.objects.filter(matter_items__matter=obj).order_by("matter_items__position").only("name"))


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None
