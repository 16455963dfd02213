"""Run the sandbox platform on a socket that whoever starts it has opened: ``python -m portal.identity_platform --fd 3 …``.

The site that may ask is named by the environment as the site itself reads it: ``IDENTITY_PLATFORM_URL``, ``_CLIENT_ID`` and
``_CLIENT_SECRET``.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import django
from django.conf import settings

from portal.identity_platform.people import PASSWORD, everybody
from portal.identity_platform.settings import settings_of


class QuietHandler(WSGIRequestHandler):
    """Prints no line for each request: addresses hold codes."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class PlatformServer(ThreadingMixIn, WSGIServer):
    """Serves on a socket that is open already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(listener.getsockname()[:2], QuietHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = "localhost", listener.getsockname()[1]
        self.setup_environ()


def settle(returns: Sequence[str]) -> None:
    """Make tables, people and the one client that may ask; what is there already stays."""
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    password = make_password(PASSWORD)
    known = set(User.objects.values_list("username", flat=True))
    User.objects.bulk_create(User(username=number, password=password) for number in everybody() if number not in known)
    Client.objects.update_or_create(
        id=os.environ["IDENTITY_PLATFORM_CLIENT_ID"],
        defaults={
            "name": "一件",
            "secret": make_password(os.environ["IDENTITY_PLATFORM_CLIENT_SECRET"]),
            "scopes": "openid\nprofile\nphone\nidentity",
            "redirect_uris": "\n".join(returns),
            "skip_consent": True,  # the page to log in says what is handed on
        },
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Vouch for the people of the demo town, as a provincial platform would."
    )
    parser.add_argument("--fd", type=int, required=True, help="the listening socket")
    parser.add_argument("--folder", type=Path, required=True, help="where it keeps its file and its keys")
    parser.add_argument(
        "--returns", nargs="+", required=True, help="the addresses of the site that people are sent back to"
    )
    options = parser.parse_args()
    settings.configure(**settings_of(options.folder, os.environ["IDENTITY_PLATFORM_URL"]))
    django.setup()
    settle(options.returns)
    from django.core.wsgi import get_wsgi_application

    server = PlatformServer(socket.socket(fileno=options.fd))
    server.set_app(get_wsgi_application())

    def end(number: int, frame: object) -> None:
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main()
