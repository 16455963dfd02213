"""What happens to what somebody holds when they may hold it no longer."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.module_loading import import_string


def release_holdings(user: AbstractBaseUser, by: AbstractBaseUser | None = None) -> int:
    """Let each function of ``YIJIAN_RELEASES`` give back what an account holds without the right to; return how much.

    They take (user, by) and return how many things they released, so that the floors above say what can be held.
    """
    return sum(import_string(dotted)(user, by) for dotted in settings.YIJIAN_RELEASES)
