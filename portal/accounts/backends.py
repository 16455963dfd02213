"""Whose request it is: read at every request behind a login, so by one statement that is not built anew each time."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import BigAutoField

from portal.accounts.models import User
from portal.lib.prepared import BuiltOnce, Slot

_ACCOUNT = BuiltOnce(lambda: User.objects.filter(pk=Slot("pk", BigAutoField())).order_by())


class AccountBackend(ModelBackend):
    """Django's own way to log in with a name and a password."""

    def get_user(self, user_id: Any) -> User | None:
        found = _ACCOUNT(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
