"""Keeping what somebody typed while they log in again.

A form posted after the session has ended is not lost: its fields are sealed into the anonymous session, bound to the path of
their page, for half an hour. After login the page takes them back, once. Files and passwords are never kept.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from portal.lib.vault import SealBroken, seal, unseal

KEEP_SECONDS = 30 * 60
LARGEST_BYTES = 256 * 1024
MOST_PAGES = 3
SESSION_KEY = "pending_post"

View = Callable[..., HttpResponse]


def keep_post(request: HttpRequest, path: str = "") -> bool:
    """Seal the posted fields into the session for the page at `path` (default: the request's own).

    Returns whether they were kept: nothing is when there are none, or too much.
    """
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
    }
    if not fields:
        return False
    path = path or request.path
    sealed = base64.b64encode(seal({"at": int(time()), "fields": fields}, _context(path))).decode()
    if len(sealed) > LARGEST_BYTES:
        return False
    pages = {page: kept for page, kept in request.session.get(SESSION_KEY, {}).items() if page != path}
    pages[path] = sealed
    request.session[SESSION_KEY] = dict(list(pages.items())[-MOST_PAGES:])
    return True


def restored_post(request: HttpRequest, path: str = "") -> QueryDict | None:
    """Return, once, what was posted to the page at `path` (default: the request's own) before the login.

    None when nothing was kept or half an hour has passed.
    """
    path = path or request.path
    if path not in request.session.get(SESSION_KEY, {}):
        return None
    pages = request.session[SESSION_KEY]
    sealed = pages.pop(path)
    if pages:
        request.session.modified = True
    else:
        del request.session[SESSION_KEY]
    try:
        kept = unseal(base64.b64decode(sealed), _context(path))
    except (SealBroken, ValueError):
        return None
    if time() - kept["at"] > KEEP_SECONDS:
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        fields.setlist(name, values)
    return fields


def login_required_preserving_post(view: View | None = None, *, page: Callable[..., str] | str = "") -> Any:
    """Require a login without losing what was posted to the view.

    `page` names the page to return to, where it is not the view's own address: a URL name reversed with the view's
    arguments, or a function of the request and those arguments that returns a path. A call by script (JSON) is answered
    with 401 and the address of the login page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            target = request.get_full_path()
            if page:
                target = page(request, *args, **kwargs) if callable(page) else resolve_url(page, *args, **kwargs)
            if _is_by_script(request):
                login = redirect_to_login(target).headers["Location"]
                return JsonResponse(
                    {"code": "login_required", "message": _("登录已过期，请重新登录。"), "login": login}, status=401
                )
            if request.method == "POST":
                if not page:
                    target = request.path
                _tell_what_is_kept(request, kept=keep_post(request, target))
            return redirect_to_login(target)

        return guarded

    return decorate(view) if view is not None else decorate


def _tell_what_is_kept(request: HttpRequest, *, kept: bool) -> None:
    if not kept:
        messages.warning(request, _("登录已过期，请重新登录后再试一次。"))
    elif request.FILES:
        messages.info(request, _("登录已过期。您填写的内容已替您留着，登录后接着办；选好的文件需要重新选择。"))
    else:
        messages.info(request, _("登录已过期。您填写的内容已替您留着，登录后接着办。"))


def _is_by_script(request: HttpRequest) -> bool:
    return request.content_type == "application/json" or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _context(path: str) -> str:
    return f"pending_post:{path}"
