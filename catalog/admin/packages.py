"""Packages in the admin: hand one in, see what it would change, confirm; and take the catalog out as files.

For catalog managers. Whoever may publish alone (administrators) publishes by importing; a manager's import changes the drafts and proposes
them, for another person to review.
"""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Department, Matter, ServiceItem
from catalog.packages.exporting import export_files, export_workbook
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import ImportReport, import_package
from catalog.packages.reading import uploads
from catalog.packages.reporting import report_json, report_lines
from catalog.search.content import load_search_content
from catalog.staff.managers import PROPOSE, REVIEW
from portal.lib.admin_lists import console_page

# How many changed definitions the preview spells out; the rest are counted.
SHOWN = 300


class UploadForm(forms.Form):
    """One file: a folder packed as ZIP, or a workbook."""

    file = forms.FileField(
        label=gettext_lazy("事项包"),
        help_text=gettext_lazy("一个文件夹打成的 .zip，或者一本 .xlsx；不超过 20 MB"),
        error_messages={"required": gettext_lazy("没有收到文件。请选一个 .zip 或 .xlsx，不超过 20 MB。")},
        widget=forms.FileInput(attrs={"accept": ".zip,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if Path(str(file.name)).suffix.lower() not in uploads.KINDS:
            raise forms.ValidationError(_("只能收 .zip 和 .xlsx 文件。"), code="wrong_kind")
        return file


class ExportForm(forms.Form):
    """What to take out, and as which kind of file."""

    matter = forms.ModelChoiceField(
        Matter.objects.filter(is_listed=True),
        label=gettext_lazy("一件事"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("全部"),
    )
    department = forms.ModelChoiceField(
        Department.objects.order_by("code"),
        label=gettext_lazy("部门"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("全部"),
        help_text=gettext_lazy("只用于表格"),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("格式"),
        choices=[
            ("zip", gettext_lazy("文件夹（.zip，含全部定义）")),
            ("xlsx", gettext_lazy("表格（.xlsx，只含事项）")),
        ],
    )


def start(request: HttpRequest) -> HttpResponse:
    """Offer both ways; take an upload in."""
    _require(request, PROPOSE, REVIEW)
    form = UploadForm()
    if request.method == "POST":
        _require(request, PROPOSE)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            token = uploads.keep(form.cleaned_data["file"], request.user)  # type: ignore[arg-type]
            return redirect("catalog_package_preview", token)
    context = {"form": form, "export_form": ExportForm(), "may_import": request.user.has_perm(PROPOSE)}
    status = 422 if form.errors else 200
    return _page(request, "start", _("事项包：导入和导出"), context, status=status)


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an upload would change; once confirmed, change it. What changed since the preview is shown again first."""
    _require(request, PROPOSE)
    kept = uploads.find(token, request.user)  # type: ignore[arg-type]
    if kept is None:
        messages.error(request, _("这份文件已经过期或者用过了，请重新上传。"))
        return redirect("catalog_packages")
    agreed = str(request.POST.get("agreed", "")) if request.method == "POST" else None
    context: dict[str, Any] = {"name": uploads.shown_name(kept), "publishes": _publishes(request)}
    try:
        report = _import(request, kept, agreed)
    except PackageInvalid as refusal:
        return _page(request, "preview", _("还不能导入"), {**context, "problems": refusal.problems}, status=422)
    if agreed is not None and not report.is_dry_run:
        kept.unlink(missing_ok=True)
        load_search_content()
        messages.success(request, _("已导入：%(name)s。%(what)s") % {**context, "what": " ".join(_sentences(report))})
        return redirect("catalog_packages")
    context |= {
        "report": report,
        "agreed": _digest(report),
        "has_moved_on": agreed is not None,
        "shown": report.changes[:SHOWN],
        "more": max(0, len(report.changes) - SHOWN),
    }
    return _page(request, "preview", _("核对要导入的内容"), context)


def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give out the catalog, a matter or a department's items as one file."""
    _require(request, PROPOSE, REVIEW)
    form = ExportForm(request.GET)
    if not form.is_valid():
        messages.error(request, _("没有这个选项，请重新选择。"))
        return redirect("catalog_packages")
    matter: Matter | None = form.cleaned_data["matter"]
    department: Department | None = form.cleaned_data["department"]
    if form.cleaned_data["format"] == "xlsx":
        items = ServiceItem.objects.all()
        items = items.filter(matter_items__matter=matter).distinct() if matter else items
        items = items.filter(department=department) if department else items
        return workbook_response(request, items, matter.slug if matter else department.code if department else "items")
    return _zip_response(request, [matter.slug] if matter else None, matter.slug if matter else "catalog")


@admin.action(description=gettext_lazy("导出所选事项（.xlsx）"))
def export_items(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[ServiceItem]
) -> HttpResponse | FileResponse:
    """Give out the chosen items as a workbook."""
    return workbook_response(request, ServiceItem.objects.filter(pk__in=queryset.values("pk")), "items")


@admin.action(description=gettext_lazy("导出所选一件事（.zip）"))
def export_matters(model_admin: Any, request: HttpRequest, queryset: QuerySet[Matter]) -> HttpResponse:
    """Give out the folders of the chosen matters."""
    return _zip_response(request, list(queryset.values_list("slug", flat=True)), "matters")


def workbook_response(request: HttpRequest, items: QuerySet[ServiceItem], name: str) -> HttpResponse | FileResponse:
    """Return items as a workbook to be saved; where one cannot be written, a page that says why."""
    with tempfile.TemporaryDirectory(prefix="yijian-export-") as folder:
        file = Path(folder) / f"{name}.xlsx"
        try:
            export_workbook(file, items)
        except PackageInvalid as refusal:
            return _refused(request, refusal)
        return FileResponse(io.BytesIO(file.read_bytes()), as_attachment=True, filename=_dated(name, "xlsx"))


def _zip_response(request: HttpRequest, matters: list[str] | None, name: str) -> HttpResponse:
    try:
        texts = export_files(matters)
    except PackageInvalid as refusal:
        return _refused(request, refusal)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in texts.items():
            archive.writestr(file, text)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=_dated(name, "zip"))  # type: ignore[return-value]


def _refused(request: HttpRequest, refusal: PackageInvalid) -> HttpResponse:
    context = {"problems": refusal.problems, "is_export": True}
    return _page(request, "preview", _("还不能导出"), context, status=409)


def _import(request: HttpRequest, kept: Path, agreed: str | None) -> ImportReport:
    """Read, check and try an upload; make it final only where it still does what was agreed to."""
    note = "" if _publishes(request) else _("导入 %(name)s") % {"name": uploads.shown_name(kept)}
    with uploads.opened(kept) as root:
        return import_package(
            root,
            by=request.user,  # type: ignore[arg-type]
            dry_run=agreed is None,
            propose_as=note,
            accept=lambda report: _digest(report) == agreed,
        )


def _publishes(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _digest(report: ImportReport) -> str:
    """Return what identifies an import's effects: agreeing to one is not agreeing to another."""
    said = report_json(report)
    said.pop("dry_run")
    said["proposed"] = sorted(str(proposal.matter or proposal.item) for proposal in report.proposed)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _sentences(report: ImportReport) -> list[str]:
    lines = list(report_lines(report))
    if report.proposed:
        lines.append(_("%(count)d 份发布申请等待另一人审核") % {"count": len(report.proposed)})
    return [f"{line}。" for line in lines]


def _require(request: HttpRequest, *permissions: str) -> None:
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied


def _dated(name: str, suffix: str) -> str:
    return f"{name}-{timezone.localdate():%Y%m%d}.{suffix}"


def _page(request: HttpRequest, name: str, title: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return console_page(request, f"admin/catalog/packages/{name}.html", Matter, {"title": title, **context}, status)


urlpatterns = [
    path("", admin.site.admin_view(start), name="catalog_packages"),
    path("export/", admin.site.admin_view(export), name="catalog_package_export"),
    path("<str:token>/", admin.site.admin_view(preview), name="catalog_package_preview"),
]

__all__ = ["export_items", "export_matters", "urlpatterns"]
