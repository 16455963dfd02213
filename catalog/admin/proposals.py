"""Proposals in the admin: proposed with a note, looked at by another person, approved or sent back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.composing.finding_links import linked
from catalog.composing.reviewing import Definition, draft_difference, review_of
from catalog.models import Division, ItemVersion, Matter, Proposal, ServiceItem
from catalog.publishing.proposing import (
    AlreadyProposed,
    ProposalRefused,
    approve,
    findings_of,
    propose,
    send_back,
    withdraw,
)
from catalog.publishing.publishing import PublishingRefused
from catalog.staff.managers import PROPOSE, REVIEW
from catalog.versions.regional import divisions_of
from portal.accounts.pending_post import posted_from, restored_post
from portal.lib.admin_lists import LookOnly, console_page
from portal.lib.whole_numbers import whole_number

_MODELS: dict[str, type[Definition]] = {"matter": Matter, "item": ServiceItem}


class NoteForm(forms.Form):
    """Why: of a proposal what was changed and for what reason, of a decision what the other should know."""

    note = forms.CharField(
        label=gettext_lazy("修改说明"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        help_text=gettext_lazy("改了什么，为什么改；审核的人和以后查历史的人都会看到。"),
        error_messages={"required": gettext_lazy("请写明改了什么、为什么改。")},
    )


class DecisionForm(forms.Form):
    """The reviewer's words: a reason when it is sent back."""

    note = forms.CharField(
        label=gettext_lazy("审核意见"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        help_text=gettext_lazy("退回时必须写明哪里要改；通过时可以不写。"),
    )


def _address_of(request: HttpRequest, pk: int) -> str:
    return _address(pk)


def _kept(request: HttpRequest) -> dict[str, str]:
    """Return what was typed before a login that nobody expected."""
    kept = restored_post(request) if request.method == "GET" else None
    return {name: str(text) for name, text in kept.items()} if kept is not None else {}


@admin.register(Proposal)
class ProposalAdmin(LookOnly):
    """What waits for review comes first."""

    list_display = ("what", "note", "state", "proposed_by", "proposed_at", "reviewed_by", "reviewed_at", "published_as")
    list_select_related = ("matter", "item", "division", "proposed_by", "reviewed_by", "matter_version", "item_version")
    list_filter = ("state", "proposed_at")
    search_fields = ("matter__name", "matter__slug", "item__name", "item__slug", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return super().get_queryset(request).defer("content", "matter_version__content", "item_version__content")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [Case(When(state=Proposal.State.OPEN, then=Value(0)), default=Value(1)), "-proposed_at", "-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Proposal | None = None) -> bool:
        return (
            request.user.has_perm(PROPOSE) or request.user.has_perm(REVIEW) or super().has_view_permission(request, obj)
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("一件事或事项"))
    def what(self, obj: Proposal) -> str:
        name = str(obj.matter or obj.item)
        return f"{name}（{obj.division}）" if obj.division else name

    @admin.display(description=gettext_lazy("发布为"))
    def published_as(self, obj: Proposal) -> str:
        version = obj.matter_version or obj.item_version
        return f"v{version.number}" if version else "–"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("new/<str:kind>/<int:pk>/", wrap(self.propose_view), name="catalog_propose"),
            path("<int:pk>/approve/", wrap(self.approve_view), name="catalog_approve"),
            path("<int:pk>/send-back/", wrap(self.send_back_view), name="catalog_send_back"),
            path("<int:pk>/withdraw/", wrap(self.withdraw_view), name="catalog_withdraw"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        number = whole_number(object_id)
        if number is None:
            raise Http404
        return self._page(request, self._get(request, number), DecisionForm(initial=_kept(request)))

    def propose_view(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Show what a draft changes, and propose it."""
        if not request.user.has_perm(PROPOSE):
            raise PermissionDenied
        if kind not in _MODELS:
            raise Http404
        model: Any = _MODELS[kind]
        definition: Definition = get_object_or_404(model, pk=pk)
        form = NoteForm(request.POST or None, initial=_kept(request))
        division = _division(request, definition)
        findings: Any = ()
        if request.method == "POST" and form.is_valid():
            try:
                proposal = propose(definition, by=request.user, note=form.cleaned_data["note"], division=division)  # type: ignore[arg-type]
            except AlreadyProposed as refusal:
                messages.warning(request, str(refusal))
                return HttpResponseRedirect(_address(refusal.proposal.pk))
            except (PublishingRefused, ProposalRefused) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("已提出，请另一位目录审核员审核。"))
                return HttpResponseRedirect(_address(proposal.pk))
        try:
            change = draft_difference(definition, division)
            findings = linked(findings_of(definition, division), definition)
        except PublishingRefused as refusal:
            change, findings = None, linked(refusal.findings, definition)
        has_errors = any(finding.severity == "error" for finding in findings)
        context = {
            "title": _("提出发布：%(name)s") % {"name": definition},
            "definition": definition,
            "change_url": reverse(f"admin:catalog_{definition._meta.model_name}_change", args=[definition.pk]),
            "preview_url": _preview(definition),
            "difference": change,
            "findings": findings,
            "has_errors": has_errors,
            "division": division,
            "divisions": divisions_of(definition) if isinstance(definition, Matter) else [],
            "form": form,
        }
        return console_page(request, "admin/catalog/proposals/propose.html", Proposal, context)

    @posted_from(_address_of)
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        def do(proposal: Proposal, note: str) -> str:
            version = approve(proposal, by=request.user, note=note)  # type: ignore[arg-type]
            return _("已发布：%(version)s。新的申请按它办理，已经提交的仍按原来的版本。") % {"version": version}

        return self._decide(request, pk, do)

    @posted_from(_address_of)
    def send_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        def do(proposal: Proposal, note: str) -> str:
            send_back(proposal, by=request.user, reason=note)  # type: ignore[arg-type]
            return _("已退回。")

        return self._decide(request, pk, do, needs_reason=True)

    @posted_from(_address_of)
    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        def do(proposal: Proposal, note: str) -> str:
            withdraw(proposal, by=request.user)  # type: ignore[arg-type]
            return _("已撤回，草稿还在。")

        return self._decide(request, pk, do)

    def _decide(
        self, request: HttpRequest, pk: int, do: Callable[[Proposal, str], str], *, needs_reason: bool = False
    ) -> HttpResponse:
        proposal = self._get(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(_address(pk))
        form = DecisionForm(request.POST)
        if form.is_valid():
            note = form.cleaned_data["note"]
            if needs_reason and not note:
                form.add_error("note", _("请写明哪里要改，提出的人才知道怎么办。"))
            else:
                try:
                    messages.success(request, do(proposal, note))
                except (PublishingRefused, ProposalRefused) as refusal:
                    messages.error(request, str(refusal))
                return HttpResponseRedirect(_address(pk))
        proposal.refresh_from_db()
        return self._page(request, proposal, form)

    def _page(self, request: HttpRequest, proposal: Proposal, form: forms.Form) -> HttpResponse:
        definition = proposal.matter or proposal.item
        assert definition is not None  # the database demands one of the two
        is_open = proposal.state == Proposal.State.OPEN
        is_own = proposal.proposed_by_id == request.user.pk
        context = {
            "title": _("发布申请：%(name)s") % {"name": definition},
            "review": review_of(proposal),
            "proposal": proposal,
            "definition": definition,
            "change_url": reverse(f"admin:catalog_{definition._meta.model_name}_change", args=[definition.pk]),
            "preview_url": _preview(definition, proposal) if is_open else "",
            "form": form,
            "may_review": is_open and not is_own and request.user.has_perm(REVIEW),
            "may_withdraw": is_open and is_own,
            "is_own": is_own,
        }
        return console_page(request, "admin/catalog/proposals/proposal.html", Proposal, context)

    def _get(self, request: HttpRequest, pk: int) -> Proposal:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Proposal.objects.select_related("matter", "item", "division", "proposed_by", "reviewed_by")
        return get_object_or_404(rows.select_related("matter_version", "item_version").defer(*_LARGE), pk=pk)


@admin.register(ItemVersion)
class ItemVersionAdmin(LookOnly):
    """Published versions of items can be read, never changed: the database would refuse."""

    list_display = ("item", "number", "content_hash", "published_at", "published_by")
    list_select_related = ("item", "published_by")
    search_fields = ("item__name", "item__slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemVersion]:
        return super().get_queryset(request).defer("content")


def _division(request: HttpRequest, definition: Definition) -> Division | None:
    """Return the division whose own version is proposed, if the address names one that has its own."""
    code = request.GET.get("division", "")
    if not code:
        return None
    known = {each.code: each for each in divisions_of(definition)} if isinstance(definition, Matter) else {}
    if code not in known:
        raise Http404
    return known[code]


_LARGE = ("matter_version__content", "item_version__content")


def _address(pk: int) -> str:
    return reverse("admin:catalog_proposal_change", args=[pk])


def _preview(definition: Definition, proposal: Proposal | None = None) -> str:
    """Return where a matter is seen as applicants will see it: the draft, or exactly what was proposed."""
    if not isinstance(definition, Matter):
        return ""
    address = reverse("admin:catalog_preview", args=[definition.pk])
    return f"{address}?proposal={proposal.pk}" if proposal is not None else address
