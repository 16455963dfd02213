"""What was typed on a row's page of the console before a login that nobody expected: shown again, to be saved by whoever typed it."""

from __future__ import annotations

from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.accounts.pending_post import restored_post

# Buttons that ask for something else than the page.
_OTHER_ANSWERS = ("_look", "_popup")


class OnlyShownAgain(ModelForm):
    """A form that is never valid: it shows what was typed, with everything that is wrong with it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self.add_error(None, _("登录过期了，这一页还没有保存。填写的都在，请核对后再保存。"))
        return cleaned


class TakesBackWhatWasTyped:
    """Shows on the page of a row what was posted to it when the session had ended. The console puts it before every page it registers."""

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        kept = restored_post(request) if request.method == "GET" else None
        if kept is not None:
            for name in _OTHER_ANSWERS:
                kept.pop(name, None)
            request.method, request.POST = "POST", kept  # type: ignore[assignment]
            request.is_only_shown_again = True  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, *args, **kwargs)  # type: ignore[misc]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        if getattr(request, "is_only_shown_again", False):
            form = type(form.__name__, (OnlyShownAgain, form), {})
        return form
