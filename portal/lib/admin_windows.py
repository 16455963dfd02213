"""Two people on one page of the console: nothing that one of them saved is undone by the other unseen.

The page says what it showed (``portal.lib.shown``). What this window did not change keeps what another made of it; what both changed
is told beside its control, with what was typed still there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.lib.shown import NAME, UNSEEN, Shown, shown


class ComparesWindows(ModelForm):
    """A model's form that compares what is sent with what its page showed and with what is stored."""

    page: Shown = UNSEEN

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        cleaned: dict[str, Any] = self.cleaned_data if given is None else given
        sent = {name: cleaned[name] for name in stored_values(self) if name in cleaned}
        merged = self.page.merge(sent, stored_values(self))
        for name in merged.elsewhere:
            cleaned[name] = _as_cleaned(self.instance, name, merged.elsewhere[name])
        for name, value in merged.conflicts.items():
            sentence = _("这一项刚才由别人改成了“%(value)s”。下面是您在这里填的，再次保存就以这里为准。")
            self.add_error(name, sentence % {"value": _in_words(self.instance, name, value)})
        return cleaned


class TellsOfOtherWindows:
    """Gives the page of a row the comparison. The console puts it before every page it registers; a page that compares by itself says so."""

    model: type[Model]
    compares_by_itself = False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        if obj is None or self.compares_by_itself:
            return form
        page = Shown(request.POST.get(NAME, ""), _about(obj))
        return type(form.__name__, (ComparesWindows, form), {"page": page})

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Hold the row from the comparison to the saving."""
        show: Callable[..., Any] = super().changeform_view  # type: ignore[misc]
        if request.method != "POST" or object_id is None or self.compares_by_itself:
            return show(request, object_id, *args, **kwargs)
        with transaction.atomic():
            found: Any = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
            if found is not None:
                self.model._default_manager.select_for_update(of=("self",)).only("pk").filter(pk=found.pk).first()
            return show(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        form, obj = context["adminform"].form, context.get("original")
        if obj is not None and isinstance(form, ComparesWindows):
            context[NAME] = shown(stored_values(form), _about(obj))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]


def stored_values(form: ModelForm) -> Mapping[str, Any]:
    """Return what the row held when the form was made, for the fields of the form that are the row's own."""
    own = {field.name for field in [*form.instance._meta.fields, *form.instance._meta.many_to_many]}
    return {name: form.initial.get(name) for name in form.fields if name in own and name in form.initial}


def _about(obj: Model) -> str:
    return f"{obj._meta.label_lower}:{obj.pk}"


def _as_cleaned(instance: Model, name: str, value: Any) -> Any:
    """Return what is stored as the form's cleaning would have given it: rows for keys."""
    field: Any = instance._meta.get_field(name)
    if field.many_to_many:
        return list(value or ())
    return getattr(instance, name) if field.is_relation else value


def _in_words(instance: Model, name: str, value: Any) -> str:
    field: Any = instance._meta.get_field(name)
    if field.many_to_many:
        return pgettext("between names", "、").join(map(str, value or ())) or _("空")
    if field.is_relation:
        value = getattr(instance, name)
    if isinstance(value, bool):
        return pgettext("answer", "是") if value else pgettext("answer", "否")
    labels = dict(field.flatchoices)
    text = str(labels.get(value, "" if value is None else value))
    return text or _("空")
