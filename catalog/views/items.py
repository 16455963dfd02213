"""The public pages of service items: the list of all, and the guide of one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.browse.facets import FacetKind, narrow
from catalog.browse.themes import theme_kind
from catalog.guides.item import NoSuchItem, item_guide
from catalog.models import ServiceItem
from catalog.versions.items import published_items
from catalog.wording.limits import limit_words
from catalog.wording.translating import translate

FILTERS = ("department", "type", "theme", "subject")
PAGE = 60


@dataclass(frozen=True)
class ListedItem:
    """One line of the list; its attributes in the order of the columns that are read."""

    slug: str
    name: str
    department: str
    department_name: str
    type: str
    theme: str
    subjects: list[str]
    limit_days: int | None
    limit_unit: str

    @property
    def limit(self) -> str:
        return limit_words(self.limit_days, self.limit_unit)

    @property
    def type_words(self) -> str:
        return str(ServiceItem.Type(self.type).label) if self.type else ""


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """List the items by department, type, theme and subject, a page at a time. Cost: one query, one more after a publication."""
    given = {name: request.GET[name][:40] for name in FILTERS if request.GET.get(name)}
    rows = _rows()
    shown, facets, unknown = narrow(rows, _kinds(rows), given)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page", ""))
    query = next(iter(facets)).all_query if facets else ""
    chosen = {facet.name: given[facet.name] for facet in facets if facet.chosen}
    context = {
        "page": page,
        "facets": facets,
        "is_narrowed": bool(chosen),
        "unknown": unknown,
        "narrowed": f"{urlencode(chosen)}&" if chosen else "",
        "total": len(rows),
        "query": query,
    }
    return render(request, "catalog/browse/item_list.html", context)


@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the guide of one item. Cost: at most five queries, and one per version not yet compiled."""
    try:
        guide = item_guide(slug)
    except NoSuchItem as refusal:
        raise Http404(str(refusal)) from None
    return render(request, "catalog/guides/item.html", {"guide": guide, "item": guide.item})


def _rows() -> list[ListedItem]:
    items = sorted(published_items().items(), key=lambda each: (each[1].row.department.name, each[1].row.name, each[0]))
    return [
        ListedItem(
            slug,
            item.row.name,
            item.row.department.code,
            item.row.department.short_name,
            item.row.item_type,
            item.row.theme,
            item.row.subjects,
            item.row.promised_limit_days,
            item.row.limit_unit,
        )
        for slug, item in items
    ]


def _kinds(rows: list[ListedItem]) -> list[FacetKind[ListedItem]]:
    departments = {row.department: row.department_name for row in rows}
    return [
        FacetKind("subject", _("服务对象"), lambda row: row.subjects, translate),
        FacetKind("department", _("部门"), lambda row: [row.department], lambda code: translate(departments[code])),
        FacetKind(
            "type",
            _("事项类型"),
            lambda row: [row.type] if row.type else [],
            lambda code: str(ServiceItem.Type(code).label),
            ServiceItem.Type.values,
        ),
        theme_kind(),
    ]
