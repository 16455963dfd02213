"""The sandbox identity platform as a process of its own, and a visitor's way through it without a browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.test import Client

from portal.identity_platform.people import PASSWORD
from portal.settings.platforms import IdentityPlatform, identity_platform

SECRET = "the secret of the tests alone"
RETURN = "http://testserver/accounts/platform/return/"


@contextmanager
def running_platform(folder: Path) -> Iterator[IdentityPlatform]:
    """Run the platform; yield what the site is told of it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(20)
    listener.set_inheritable(True)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    told = {
        "IDENTITY_PLATFORM_URL": url,
        "IDENTITY_PLATFORM_CLIENT_ID": "yijian",
        "IDENTITY_PLATFORM_CLIENT_SECRET": SECRET,
    }
    command = [
        sys.executable,
        "-m",
        "portal.identity_platform",
        "--fd",
        str(listener.fileno()),
        "--folder",
        str(folder),
    ]
    process = subprocess.Popen(
        [*command, "--returns", RETURN], env=os.environ | told, pass_fds=(listener.fileno(),), stdin=subprocess.DEVNULL
    )
    try:
        requests.get(f"{url}/readyz", timeout=60).raise_for_status()
        yield identity_platform(url=url, client_id="yijian", client_secret=SECRET)
    finally:
        process.terminate()
        process.wait(20)
        listener.close()


@dataclass
class Visitor:
    """A browser at both sites: the test client at ours, and a session of its own at the platform's."""

    client: Client

    def __post_init__(self) -> None:
        self.there = requests.Session()

    def sent_to(self, target: str = "") -> str:
        """Begin, and return the address at the platform that we send to."""
        answer = self.client.get("/accounts/platform/", {"next": target} if target else {})
        assert answer.status_code == 302, answer.content.decode()[-1500:]
        return answer.headers["Location"]

    def agrees(self, address: str, number: str, password: str = PASSWORD) -> str:
        """Log in at the platform; return the path with code and state that it sends back to, "" where it does not."""
        page = self.there.get(address, timeout=20)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        following = re.search(r'name="next" value="([^"]+)"', page.text)
        assert token is not None, page.text
        assert following is not None, page.text
        sent = {
            "csrfmiddlewaretoken": token[1],
            "next": following[1].replace("&amp;", "&"),
            "username": number,
            "password": password,
        }
        done = self.there.post(page.url, sent, timeout=20, allow_redirects=False)
        if done.status_code != 302:
            return ""
        done = self.there.get(
            f"{page.url.split('/login')[0]}{done.headers['Location']}", timeout=20, allow_redirects=False
        )
        back = urlsplit(done.headers["Location"])
        return f"{back.path}?{back.query}"
