"""What a password must be, in sentences of our own where Django's are not translated, and how it is kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Refuses a password that is too short. Django 5.2 translates that sentence into no language but English."""

    def get_error_message(self) -> str:
        """Return what is wrong with a password that is too short."""
        return _("密码太短，至少要 %(count)s 位。") % {"count": self.min_length}


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: what OWASP's Password Storage Cheat Sheet asks for at least.

    Django's own choice (100 MiB, eight lanes) takes eight times the processor, and the memory of a whole web worker for each login: a hall
    that opens in the morning, or somebody who guesses from many addresses, would slow down the site for everybody. What it buys against
    whoever has stolen the hashes is three bits; the brakes on guessing and the second factor of staff are not touched. A hash from
    before is made anew at its owner's next login.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
