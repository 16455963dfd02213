"""What a password must be, in sentences of our own where Django's are not translated."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Refuses a password that is too short. Django 5.2 translates that sentence into no language but English."""

    def get_error_message(self) -> str:
        """Return what is wrong with a password that is too short."""
        return _("密码太短，至少要 %(count)s 位。") % {"count": self.min_length}
