"""A code to the telephone that is known of an account's owner, for what a session alone is not proof enough: an account that has no password.

Six digits, good once, for five minutes and five tries, in the session that asked. Of the code only a keyed index is kept, of the telephone nothing. Its
count is the account's own, so that nobody else can use it up.
"""

from __future__ import annotations

import secrets
import time

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.lib.counting import count
from portal.lib.vault import blind_index
from portal.notices.texting import can_send, send_text

log = structlog.get_logger(__name__)
KEY = "owner_code"
TERM, HOUR = 300, 3600
MOST_TRIES, MOST_CODES = 5, 5


class CodeNotSent(Exception):
    """No code went out. ``code``: ``too_often``, ``away``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def can_ask(person: Person) -> bool:
    """Return whether a code can reach the owner: there is a gateway, and a telephone is known."""
    return bool(person.phone) and can_send()


def is_waiting(request: HttpRequest) -> bool:
    """Return whether a code was sent for this session that is good still."""
    kept = request.session.get(KEY)
    return kept is not None and kept["until"] > time.time()


def send_code(request: HttpRequest, person: Person) -> None:
    """Send a new code; the one before opens nothing any more. Raises `CodeNotSent`."""
    if count("owner_code", str(person.user_id), HOUR) > MOST_CODES * settings.YIJIAN_LIMITS_FACTOR:
        raise CodeNotSent("too_often")
    code, salt = f"{secrets.randbelow(10**6):06d}", secrets.token_hex(8)
    kept = {"index": _index(person, salt, code), "salt": salt, "until": time.time() + TERM, "tries": 0}
    try:
        with translation.override("zh-hans"):
            said = _("【一件】您正在注销账户，验证码 %(code)s，5 分钟内有效。不是您本人操作的，请不要告诉任何人。")
            send_text(person.phone, said % {"code": code})
    except OSError as trouble:
        log.warning("owner_code_not_sent", error=type(trouble).__name__)
        raise CodeNotSent("away") from None
    request.session[KEY] = kept


def redeem(request: HttpRequest, person: Person, code: str) -> bool:
    """Return whether it is the code that was sent for this session; it is good once."""
    kept = request.session.get(KEY)
    if not kept or kept["until"] <= time.time() or kept["tries"] >= MOST_TRIES:
        return False
    kept["tries"] += 1
    request.session[KEY] = kept
    if not constant_time_compare(kept["index"], _index(person, kept["salt"], code.strip())):
        return False
    del request.session[KEY]
    return True


def _index(person: Person, salt: str, code: str) -> str:
    return blind_index(f"owner_code:{person.pk}:{salt}", code).hex()
