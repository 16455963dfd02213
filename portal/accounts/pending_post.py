"""Keeping what somebody typed while they log in again.

A form posted after the session has ended is not lost: its fields are sealed into the anonymous session, bound to the path of
their page and to the account whose session ended, for half an hour. When that account logs in, the page takes them back, once; when another
does, they are gone. Of a page that was shown to nobody known nothing is kept. Files and passwords never are.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import wraps
from time import time
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from portal.accounts.last_account import is_marked_as, last_mark, mark_of
from portal.accounts.models import User
from portal.lib.vault import SealBroken, seal, unseal

KEEP_SECONDS = 30 * 60
LARGEST_BYTES = 256 * 1024
MOST_PAGES = 3
SESSION_KEY = "pending_post"

View = Callable[..., HttpResponse]
_NOTHING: Mapping[str, str] = MappingProxyType({})


def keep_post(request: HttpRequest, path: str = "", owner: str = "", also: Mapping[str, str] = _NOTHING) -> bool:
    """Seal the posted fields into the session for the page at `path` (default: the request's own).

    `owner` is the mark of the account they are for (default: the one that logged in last in this browser). `also`: what the page is told
    besides, such as which of its forms was sent.

    Returns whether they were kept: nothing is when there are none, too much, or when it is not known whose they are.
    """
    owner = owner or last_mark(request)
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
    }
    if not fields or not owner:
        return False
    path = path or request.path
    fields |= {name: [value] for name, value in also.items()}
    sealed = base64.b64encode(seal({"at": int(time()), "fields": fields}, _context(path, owner))).decode()
    if len(sealed) > LARGEST_BYTES:
        return False
    pages = {page: kept for page, kept in request.session.get(SESSION_KEY, {}).items() if page != path}
    pages[path] = {"owner": owner, "sealed": sealed}
    request.session[SESSION_KEY] = dict(list(pages.items())[-MOST_PAGES:])
    return True


def restored_post(request: HttpRequest, path: str = "") -> QueryDict | None:
    """Return, once, what this account posted to the page at `path` (default: the request's own) before the login.

    None when nothing was kept or half an hour has passed.
    """
    path = path or request.path
    if not isinstance(request.user, User) or path not in request.session.get(SESSION_KEY, {}):
        return None
    pages = request.session[SESSION_KEY]
    page = pages.pop(path)
    _keep(request, pages)
    try:
        kept = unseal(base64.b64decode(page["sealed"]), _context(path, mark_of(request.user.pk)))
    except (SealBroken, ValueError, TypeError, KeyError):
        return None
    if time() - kept["at"] > KEEP_SECONDS:
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        fields.setlist(name, values)
    return fields


def _forget_what_is_anothers(sender: object, request: HttpRequest | None, user: User, **more: object) -> None:
    """At a login drop what was kept for any other account."""
    session = getattr(request, "session", None)
    if request is None or session is None or SESSION_KEY not in session:
        return
    pages = session[SESSION_KEY]
    _keep(request, {path: page for path, page in pages.items() if is_marked_as(user, _owner(page))})


def _owner(page: Any) -> str:
    """Return for whom a page is kept; what an older release kept was for nobody."""
    return str(page["owner"]) if isinstance(page, dict) else ""


def _keep(request: HttpRequest, pages: dict[str, Any]) -> None:
    if pages:
        request.session[SESSION_KEY] = pages
    else:
        del request.session[SESSION_KEY]


def listen() -> None:
    """Hear of every login, for as long as the process lives."""
    user_logged_in.connect(_forget_what_is_anothers, dispatch_uid="portal.accounts.pending_post")


def login_required_preserving_post(
    view: View | None = None,
    *,
    page: Callable[..., str] | str = "",
    also: Callable[..., Mapping[str, str]] | None = None,
    keeps: Callable[..., bool] | bool = True,
) -> Any:
    """Require a login without losing what was posted to the view.

    `page` names the page to return to, where it is not the view's own address: a URL name reversed with the view's
    arguments, or a function of the request and those arguments that returns a path. `also` (a function of the same) tells that page more, as
    for `keep_post`. `keeps` False: nothing is typed there, it is a button to be pressed again. A call by script (JSON) is answered
    with 401 and the address of the login page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            target = _place_of(page, request, args, kwargs)
            if not is_by_script(request) and request.method == "POST":
                is_kept = keeps(request, *args, **kwargs) if callable(keeps) else keeps
                more = also(request, *args, **kwargs) if also is not None else _NOTHING
                _tell_what_is_kept(request, kept=is_kept and keep_post(request, target, also=more))
            return _to_login(request, target)

        return guarded

    return decorate(view) if view is not None else decorate


def posted_from(page: Callable[..., str] | str) -> Callable[[View], View]:
    """Say from which page a view of the console is posted to, where it is not its own address; `page` as above."""

    def mark(view: View) -> View:
        view.posted_from = page  # type: ignore[attr-defined]
        return view

    return mark


def keeping_what_was_posted(view: View) -> View:
    """Let a view that sends away by itself whoever is not logged in do it without losing what was posted."""
    page = getattr(view, "posted_from", "")

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated or request.method != "POST":
            return view(request, *args, **kwargs)
        target = _place_of(page, request, args, kwargs)
        if not is_by_script(request):
            _tell_what_is_kept(request, kept=keep_post(request, target))
        return _to_login(request, target)

    return guarded


def _place_of(page: Callable[..., str] | str, request: HttpRequest, args: Any, kwargs: Any) -> str:
    if not page:
        # Whoever only looked comes back to the same query; a form is sent to the path alone.
        return request.path if request.method == "POST" else request.get_full_path()
    return page(request, *args, **kwargs) if callable(page) else resolve_url(page, *args, **kwargs)


def _to_login(request: HttpRequest, target: str) -> HttpResponse:
    return _login_required(target) if is_by_script(request) else redirect_to_login(target)


def _tell_what_is_kept(request: HttpRequest, *, kept: bool) -> None:
    if not kept:
        messages.warning(request, _("登录已过期，请重新登录后再试一次。"))
    elif request.FILES:
        messages.info(request, _("登录已过期。您填写的内容已替您留着，登录后接着办；选好的文件需要重新选择。"))
    else:
        messages.info(request, _("登录已过期。您填写的内容已替您留着，登录后接着办。"))


def log_out_and_ask_again(request: HttpRequest) -> HttpResponse:
    """End a session that may not go on, and lead to the login and back; what was posted is kept for the page it was posted from."""
    target = request.get_full_path()
    owner = mark_of(request.user.pk) if isinstance(request.user, User) else ""
    logout(request)
    if is_by_script(request):
        return _login_required(target)
    if request.method == "POST":
        target = _page_of(request)
        _tell_what_is_kept(request, kept=keep_post(request, target, owner))
    return redirect_to_login(target)


def _page_of(request: HttpRequest) -> str:
    """Return the path of our page that a form was posted from; the path posted to when the browser does not say."""
    try:
        said = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return request.path
    return said.path if said.path and said.netloc == request.get_host() else request.path


def _login_required(target: str) -> JsonResponse:
    login = redirect_to_login(target).headers["Location"]
    return JsonResponse(
        {"code": "login_required", "message": _("登录已过期，请重新登录。"), "login": login}, status=401
    )


def is_by_script(request: HttpRequest) -> bool:
    """Say whether a script asks, which reads JSON and shows no page."""
    return request.content_type == "application/json" or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _context(path: str, owner: str) -> str:
    return f"pending_post:{owner}:{path}"
