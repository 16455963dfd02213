#!/usr/bin/env python3
"""Django's command line; starts the embedded servers when none are configured."""

from __future__ import annotations

import os
import sys

# These read code and settings only.
WITHOUT_SERVERS = {"check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    from django.core.management import execute_from_command_line

    command = next(iter(sys.argv[1:]), "help")
    if command not in WITHOUT_SERVERS and not command.startswith("-") and "--help" not in sys.argv:
        from portal.embedded import EmbeddedServerError, keep_running

        try:
            keep_running()
        except EmbeddedServerError as error:
            sys.exit(f"{error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
