"""One-time links: with one, and with nothing else, the owner of an account chooses a password that nobody has typed for them.

A link is Django's signed reset token (``PASSWORD_RESET_TIMEOUT``: 7 days). No row keeps it: it ends with its first use, because the hash of
the password changes, and with the next link, because it stands on the event that it was made.

Whoever has just used one may also set up a first second factor, in the same session: a password that somebody else learned does not do.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from portal.accounts.models import User
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.notices.inbox import send_message

_USED = "one_time_link"


class _Tokens(PasswordResetTokenGenerator):
    """Unlike Django's own, a token outlives a login: staff without a second factor may log in before they open it."""

    key_salt = "portal.accounts.one_time_links"

    def _make_hash_value(self, user: User, timestamp: int) -> str:  # type: ignore[override]
        made = SecurityEvent.objects.filter(user_id=user.pk, kind=SecurityEvent.Kind.LINK_MADE)
        newest = made.order_by("-pk").values_list("pk", flat=True).first()
        return f"{user.pk} {user.password} {newest} {timestamp}"


tokens = _Tokens()


@transaction.atomic
def make_link(account: User, by: User | None, request: HttpRequest | None = None) -> str:
    """Return the path of a new link for an account; earlier ones end. An event says by whom (None: by a command), and the owner is told."""
    account = User.objects.select_for_update().get(pk=account.pk)  # its present password is what the token stands on
    record_security_event(
        SecurityEvent.Kind.LINK_MADE, request, user=account, by=by.pk if by is not None else "command"
    )
    if by is not None:
        send_message(account.pk, f"link_made:{uuid4()}", "link_made", {"by": by.username})
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    return reverse("accounts:new_password", args=[uid, tokens.make_token(account)])


@transaction.atomic
def use_link(account: User, token: str, password: str, request: HttpRequest) -> User | None:
    """Give an account the password that its owner chose; None when the token ended meanwhile. Its sessions end with the old password."""
    user = User.objects.select_for_update().get(pk=account.pk)
    if not user.is_active or not tokens.check_token(user, token):
        return None
    user.set_password(password)
    user.save(update_fields=["password"])
    record_security_event(SecurityEvent.Kind.LINK_USED, request, user=user)
    return user


def note_link_used(request: HttpRequest, user: User) -> None:
    """Keep in the session, for as long as the password stays, that it was chosen here with a link."""
    request.session[_USED] = user.get_session_auth_hash()


def forget_link_used(request: HttpRequest) -> None:
    """Let a link open one enrolment, not two."""
    request.session.pop(_USED, None)


def has_used_link(request: HttpRequest, user: User) -> bool:
    """Say whether this session's present password was chosen in it with a link. No query."""
    return constant_time_compare(request.session.get(_USED, ""), user.get_session_auth_hash())
