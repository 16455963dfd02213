"""The staff console: Django's admin, and inside it the counter (收件台)."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from portal.accounts.kept_in_console import TakesBackWhatWasTyped
from portal.accounts.pending_post import keeping_what_was_posted
from portal.lib.admin_json import ReadsStrictJson
from portal.lib.admin_lists import OfferedLookups
from portal.lib.admin_windows import TellsOfOtherWindows
from portal.lib.console_diary import NamesNobodyInTheDiary
from portal.lib.private_search import searching_privately


class Console(AdminSite):
    """The admin site with the counter's addresses, and on the first page everybody's work of the day."""

    site_header = _("一件 · 工作台")
    site_title = _("一件工作台")
    index_title = _("今天的工作")
    index_template = "matters/counter/console.html"
    # The admin's theme switch needs a script of its own; the tokens follow the reader's system instead.
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Let every list, also those of other people's applications, take from an address what it offers and nothing else, and every
        page of a row save what was changed on it and nothing else."""
        plain = admin_class or ModelAdmin
        guarded = type(
            plain.__name__,
            (OfferedLookups, ReadsStrictJson, TakesBackWhatWasTyped, TellsOfOtherWindows, NamesNobodyInTheDiary, plain),
            {"__module__": plain.__module__, "__doc__": plain.__doc__, "view_on_site": False},
        )
        super().register(model_or_iterable, guarded, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from matters.views import counter, counter_mandate, counter_organisation, counter_proposals, identity

        own = [
            path("counter/", self.admin_view(counter.counter), name="counter"),
            path("counter/start/", self.admin_view(counter.start_at_counter), name="counter_start"),
            path(
                "counter/organisation/",
                self.admin_view(counter_organisation.enter_organisation),
                name="counter_organisation",
            ),
            path("counter/mandate/", self.admin_view(counter_mandate.record_mandate), name="counter_mandate"),
            path("counter/death/", self.admin_view(counter_mandate.enter_death), name="counter_death"),
            path("counter/death/undo/", self.admin_view(counter_mandate.undo_death), name="counter_undo_death"),
            path("counter/proposals/", self.admin_view(counter_proposals.proposals), name="counter_proposals"),
            path("counter/mandate/end/", self.admin_view(counter_proposals.end_mandate), name="counter_end_mandate"),
            path("counter/identity/", self.admin_view(identity.prove_identity), name="counter_identity"),
            path("counter/bundles/<str:number>/", self.admin_view(counter.counter_bundle), name="counter_bundle"),
        ]
        # Django's way from a row to its page on the site: nobody needs it, and it says of any row whether it exists.
        return [*own, *(each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site")]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let every list be searched without what is looked for in the address. Refuse (400) an action on rows whose keys are
        none: Django's own actions ask the database for them as they come. What is posted after the session ended is kept."""
        model: Any = getattr(getattr(view, "__self__", None), "model", None)
        if getattr(view, "__name__", "") == "logout":  # who is logged out already has nothing to come back to
            return super().admin_view(view, cacheable)
        if model is None:
            return keeping_what_was_posted(super().admin_view(searching_privately(view), cacheable))

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                    model._meta.pk.to_python(key)
            except ValidationError:
                raise SuspiciousOperation("an action on a row that cannot be") from None
            return view(request, *args, **kwargs)

        return keeping_what_was_posted(super().admin_view(searching_privately(checked), cacheable))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the one login there is; whoever is logged in and does not work here is told so."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
        if self.has_permission(request):
            return redirect("admin:index")
        return render(request, "accounts/not_staff.html", status=403)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to the one page on which a password is changed: guessing the present one is slowed down there."""
        return redirect("accounts:password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("accounts:profile")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Ask what of the console somebody may see where it is shown: every page is given the list, and only the first ones show it."""
        whole = super().get_app_list
        return SimpleLazyObject(lambda: whole(request, app_label))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from matters.views.workplaces import workplaces_of

        return super().index(request, {"workplaces": workplaces_of(request.user), **(extra_context or {})})
