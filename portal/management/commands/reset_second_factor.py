"""Take the second factor off an account whose owner has lost it; and print the link that enrolment asks for."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import User
from portal.accounts.one_time_links import make_link
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event


class Command(BaseCommand):
    """For whoever runs the machine, after somebody has seen who asks."""

    help = "Remove every second factor of an account: app, passkeys and spare codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        record_security_event(SecurityEvent.Kind.FACTOR_REMOVED, None, user=user, factor="all", by="command")
        removed, _each = Authenticator.objects.filter(user_id=user.pk).delete()
        self.stdout.write(
            f"{user.username}: {removed} removed. With this link they choose a password and enrol anew, within 7 days:"
        )
        self.stdout.write(settings.YIJIAN_PUBLIC_URL + make_link(user, None))
