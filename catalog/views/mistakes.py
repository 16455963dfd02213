"""报错: the page on which a reader says what is wrong in a guide."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.models import Matter, ServiceItem
from catalog.reports.form import MistakeForm
from catalog.reports.reporting import report_mistake
from catalog.versions.items import published_items
from catalog.versions.matters import compiled
from catalog.versions.names import department_names
from catalog.wording.translating import translate
from portal.accounts.models import User
from portal.lib.throttling import is_too_fast

REPORTS_AN_HOUR = 10
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def matter_mistake(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a mistake in a matter's guide, or in one of its items'. Cost: two queries, two more to write."""
    matter = Matter.objects.filter(slug=slug, current_version__is_listed=True).select_related("lead_department").first()
    if matter is None or matter.current_version_id is None:
        raise Http404(_("没有找到这件事。"))
    published = compiled(matter.current_version_id)
    rows = ServiceItem.objects.select_related("department").in_bulk(list(published.items), field_name="slug")
    items = {slug: (rows[slug], item.name) for slug, item in published.items.items() if slug in rows}
    return _page(request, matter, None, items, translate(published.name), reverse("catalog:matter", args=[slug]))


@require_http_methods(["GET", "HEAD", "POST"])
def item_mistake(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a mistake in an item's guide. Cost: one query, two more to write."""
    item = ServiceItem.objects.filter(slug=slug).select_related("department").first()
    published = published_items(slug).get(slug)
    if item is None or published is None:
        raise Http404(_("没有找到这个事项。"))
    return _page(request, None, item, {}, translate(published.row.name), reverse("catalog:item", args=[slug]))


def _page(
    request: HttpRequest,
    matter: Matter | None,
    item: ServiceItem | None,
    items: dict[str, tuple[ServiceItem, str]],
    name: str,
    back: str,
) -> HttpResponse:
    choices = [(slug, translate(shown)) for slug, (_row, shown) in items.items()]
    initial = {"item": request.GET.get("item", "")} if request.GET.get("item") in items else None
    form = MistakeForm(request.POST if request.method == "POST" else None, items=choices, initial=initial)
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = item or items.get(form.cleaned_data.get("item", ""), (None, ""))[0]
            department = chosen.department if chosen else matter.lead_department if matter else None
            if department is None:
                department = next((row.department for row, _shown in items.values()), None)
            if department is None:
                refusal = _("这件事还没有确定由哪个部门负责，请直接拨打 12345 反映。")
            elif is_too_fast(request, "catalog:mistake", REPORTS_AN_HOUR, HOUR):
                status, refusal = 429, _("您报得太密了，请过一会儿再试；您写的内容还在下面。着急的话，请拨打 12345。")
            else:
                report_mistake(
                    matter=matter,
                    item=chosen,
                    department=department,
                    kind=form.cleaned_data["kind"],
                    text=form.cleaned_data["text"],
                    contact=form.cleaned_data["contact"],
                    by=request.user if isinstance(request.user, User) else None,
                )
                thanks = _("谢谢您。%(department)s会核对，需要的会更正。") % {
                    "department": translate(department_names()[department.code])
                }
                if request.user.is_authenticated:
                    thanks += _("有了答复，会在您的消息里告诉您。")
                messages.success(request, thanks)
                return redirect(back)
    context = {"form": form, "name": name, "back": back, "refusal": refusal}
    return render(request, "catalog/reports/mistake.html", context, status=status)
