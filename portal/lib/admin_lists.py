"""What the lists of the staff console share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin import DateFieldListFilter
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, SuspiciousOperation, ValidationError
from django.core.paginator import Paginator
from django.db import DataError
from django.db.models import DateTimeField, ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone


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


class OfferedChangeList(ChangeList):
    """A list that takes from its address what it offers: words, order, page, and what its own filters and dates take.

    Django takes every lookup of the model's own columns besides. Whoever saw a list could so ask, letter by letter, for columns that it
    hides, without a line of the reading; and most of the lookups broke on a value they did not expect. Any other name is refused (400); a
    value that what is offered cannot read leads back to the whole list, as Django does.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        asked = self.get_filters_params()
        try:
            found = super().get_filters(request)
        except IncorrectLookupParameters as error:
            if isinstance(error.__cause__, FieldDoesNotExist):
                raise DisallowedModelAdminLookup("a name that the list does not offer") from error
            raise
        for spec in found[0]:
            if isinstance(spec, DateFieldListFilter):
                spec.used_parameters = {name: _moments(spec, name) for name in spec.used_parameters}
        # What a filter took is gone by now; a date hierarchy leaves its two bounds, written by Django in place of what was sent.
        bounds = {f"{self.date_hierarchy}__{side}" for side in ("gte", "lt")}
        if f"{self.date_hierarchy}__year" not in asked:
            bounds = set()
        if found[2].keys() - bounds:
            raise DisallowedModelAdminLookup("a lookup that the list does not offer")
        return found

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        try:
            return super().get_queryset(request, exclude_parameters)
        except SuspiciousOperation:
            raise
        except (ValueError, OverflowError) as error:  # a year of eleven digits, a day before the first
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (ValueError, OverflowError, DataError) as error:  # what only the database cannot read
            raise IncorrectLookupParameters(error) from error


def _moments(spec: DateFieldListFilter, name: str) -> Any:
    """Return the values of one bound of a filter by dates as moments; a day or a time without a zone is one here.

    Django passes on what was sent, and the database took it for a time of its own zone. Raises `IncorrectLookupParameters`.
    """
    sent: Any = spec.used_parameters[name]
    if not isinstance(spec.field, DateTimeField) or name.endswith("__isnull"):
        return sent
    try:
        read = [spec.field.to_python(one) for one in (sent if isinstance(sent, list) else [sent])]
        return [timezone.make_aware(one) if one is not None and timezone.is_naive(one) else one for one in read]
    except (ValidationError, ValueError, OverflowError) as error:
        raise IncorrectLookupParameters(error) from error


class OfferedLookups:
    """Gives an admin page the list that takes only what it offers. The console puts it before every page it registers."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find a row by the field that its address names; one that is named by nothing is the key's (Django breaks on it)."""
        return super().get_object(request, object_id, from_field or None)  # type: ignore[misc]

    def get_changelist(self, request: HttpRequest, **named: Any) -> type[ChangeList]:
        plain: type[ChangeList] = super().get_changelist(request, **named)  # type: ignore[misc]
        return OfferedChangeList if plain is ChangeList else type(plain.__name__, (OfferedChangeList, plain), {})


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


def may_open(request: HttpRequest, row: Model | None) -> bool:
    """Return whether the reader may open a row's own page in the console. Cost: at most one query."""
    if row is None or not admin.site.is_registered(type(row)):
        return False
    console = admin.site.get_model_admin(type(row))
    return console.has_view_permission(request, row) and console.get_queryset(request).filter(pk=row.pk).exists()


class LinksWhatMayBeOpened:
    """Name what a row refers to without a link where the reader may not open it: Django links whatever the console knows.

    For pages and inlines whose rows are only looked at.
    """

    model: type[Model]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (title, {**options, "fields": [self._unlinked(request, obj, each) for each in options["fields"]]})
            for title, options in super().get_fieldsets(request, obj)  # type: ignore[misc]
        ]

    def _unlinked(self, request: HttpRequest, obj: Any, name: Any) -> Any:
        if obj is None or not isinstance(name, str):
            return name
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return name
        if not isinstance(field, ForeignKey) or (isinstance(obj, self.model) and may_open(request, getattr(obj, name))):
            return name

        @admin.display(description=field.verbose_name, empty_value="-")
        def plain(row: Any) -> Any:
            return getattr(row, name)

        plain.__name__ = name
        return plain


class LookOnly(LinksWhatMayBeOpened, admin.ModelAdmin):
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
