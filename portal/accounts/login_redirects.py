"""Where somebody arrives after logging in."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.module_loading import import_string

from portal.accounts.models import User


def login_redirect_url(user: User) -> str:
    """Return the first place that a function of ``YIJIAN_LOGIN_REDIRECTS`` names for this user, else the home page.

    The functions take the user and return a URL name or "". They belong to upper floors, which know who works where.
    """
    for dotted in settings.YIJIAN_LOGIN_REDIRECTS:
        if place := import_string(dotted)(user):
            return resolve_url(place)
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def console(user: User) -> str:
    """Send staff to the console."""
    return "admin:index" if user.is_staff else ""
