"""Parts of a definition on its page: cards that open to be edited, and the page that keeps what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from catalog.admin.history import WithHistory
from catalog.composing.form_context import FormContext
from catalog.composing.locking import changed_parts, fingerprint
from catalog.composing.part_forms import PartForm, PartFormSet, tidy_positions
from catalog.models import PartKind, part_of, prefetches


class Cards(admin.StackedInline):
    """The parts of one kind as cards, in their order. ``anchor``: the section's name on the page. ``joined``: what else a card shows."""

    template = "admin/catalog/compose/cards.html"
    form: type[PartForm] = PartForm
    formset: type[PartFormSet] = PartFormSet
    extra = 1  # for those without JavaScript; the script puts it away
    ordering = ("position", "pk")
    explained: Any = ""
    add_label: Any = gettext_lazy("加一个")
    joined: tuple[str, ...] = ()

    @property
    def part(self) -> PartKind:
        found = part_of(self.model, self.parent_model)
        assert found is not None
        return found

    @property
    def anchor(self) -> str:
        return self.part.name

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(*self.part.joined, *self.joined).prefetch_related(*prefetches(self.model))


def cards(
    model: type[models.Model], form: type[PartForm], formset: type[PartFormSet] = PartFormSet, **more: Any
) -> type[Cards]:
    """Return the inline for one kind of part."""
    given = {"model": model, "form": form, "formset": formset, "fk_name": more.pop("fk_name", None)}
    return type(f"{model.__name__}Cards", (Cards,), {**given, **more})


class ComposingAdmin(WithHistory):
    """A definition with its parts on one page. Saving compares what the page showed with what is stored now; the first that comes
    later is told so, with everything typed still there."""

    compares_by_itself = True

    def form_context_of(self, obj: Any) -> FormContext:
        raise NotImplementedError

    def side(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what stands beside the forms (``template`` names how)."""
        raise NotImplementedError

    class Media:
        css = {"all": ("css/compose.css", "css/flow.css")}
        js = ("js/composing.js", "js/compose.js", "js/rule_builder.js")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Departments and divisions are chosen here, not edited in passing."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """A definition gets its parts once it exists."""
        return super().get_inlines(request, obj) if obj is not None else ()

    def _form_context(self, request: HttpRequest, obj: Any) -> FormContext:
        contexts: dict[Any, FormContext] = request.__dict__.setdefault("_compose_contexts", {})
        key = obj.pk if obj is not None else None
        if key not in contexts:
            contexts[key] = self.form_context_of(obj)
        return contexts[key]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        parts = getattr(request, "_compose_conflict", [])
        return type(
            form.__name__, (form,), {"form_context": self._form_context(request, obj), "changed_meanwhile": parts}
        )

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)  # type: ignore[misc]
        return {**kwargs, "form_kwargs": {"form_context": self._form_context(request, obj)}}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        with transaction.atomic():
            obj = self.get_object(request, object_id) if object_id else None
            now = ""
            if obj is not None:
                if request.method == "POST":
                    type(obj)._default_manager.select_for_update(of=("self",)).only("pk").get(pk=obj.pk)
                now = fingerprint(obj)
                if request.method == "POST" and "seen" in request.POST:
                    request._compose_conflict = changed_parts(obj, request.POST["seen"], now)  # type: ignore[attr-defined]
            context = {"seen": now, **(extra_context or {})}
            if obj is not None and request.method == "POST" and "_look" in request.POST:
                return self._look_unsaved(request, obj, form_url, context)
            return super().changeform_view(request, object_id, form_url, context)

    def _look_unsaved(self, request: HttpRequest, obj: Any, form_url: str, context: dict[str, Any]) -> HttpResponse:
        """Answer with what stands beside the forms as if they had been saved; nothing is."""
        request._compose_conflict = []  # type: ignore[attr-defined]
        request._messages = _NoMessages()  # type: ignore[attr-defined]
        kept = transaction.savepoint()
        response = super().changeform_view(request, str(obj.pk), form_url, context)
        is_sound = isinstance(response, HttpResponseRedirect)
        side = self.side(request, type(obj)._default_manager.get(pk=obj.pk)) if is_sound else {}
        transaction.savepoint_rollback(kept)
        return render(request, "admin/catalog/compose/_side.html", {"side": side, "is_sound": is_sound})

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        form_context = self._form_context(request, obj)
        context |= {
            "show_save_and_add_another": False,
            "form_context": form_context,
            "side": self.side(request, obj) if obj is not None else {},
        }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if formset.has_changed():
                rows = formset.model._default_manager.filter(**{formset.fk.name: form.instance})
                tidy_positions(rows)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """After the head come the parts: stay on the page."""
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            sent = request.POST.copy()
            sent["_continue"] = "1"
            request.POST = sent  # type: ignore[assignment]
        return super().response_add(request, obj, post_url_continue)


class _NoMessages:
    """Takes messages and forgets them."""

    def add(self, *given: Any, **more: Any) -> None:
        return None

    def update(self, response: Any) -> None:
        return None
