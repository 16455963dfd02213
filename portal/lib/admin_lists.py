"""What the lists of the staff console share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse


def console_page(
    request: HttpRequest, template: str, model: type[Model], context: dict[str, Any], status: int = 200
) -> TemplateResponse:
    """Return a page of our own in the staff console, among those of a model."""
    whole = {**admin.site.each_context(request), "opts": model._meta, **context}
    return TemplateResponse(request, template, whole, status=status)


class BoundedPaginator(Paginator):
    """Counts no further than it must: a table of millions opens as quickly as a small one."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: self.LIMIT].count()


class FindsWholeTexts:
    """A list in which sealed texts are found too, by the whole text: ``sealed_search`` names their blind indexes."""

    sealed_search: tuple[str, ...] = ()
    model: type[Model]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]
        for path in self.sealed_search if search_term.strip() else ():
            field: Any = get_fields_from_path(self.model, path)[-1]
            found = found | queryset.filter(**{path: field.index_of(search_term.strip())})
        return found, may_repeat


class LookOnly(admin.ModelAdmin):
    """A list of what the portal writes itself: people look and search, nobody adds, changes or deletes."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
