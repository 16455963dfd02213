"""Print a one-time link for an account: the first administrator sets up a second factor with it, and has nobody else to ask."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import User
from portal.accounts.one_time_links import make_link


class Command(BaseCommand):
    """For whoever runs the machine; administrators make links in the console."""

    help = "Print a link with which the owner of an account chooses a password, once, within 7 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            raise CommandError(f"There is no account {username}.") from None
        self.stdout.write(settings.YIJIAN_PUBLIC_URL + make_link(user, None))
