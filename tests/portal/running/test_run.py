"""What `make run` decides before anything runs: its port, and whether sandbox registers and platform take part."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError
from django.test import override_settings

from portal.management.commands.run import has_platform, has_registers, listen
from portal.settings.connections import Connection
from portal.settings.platforms import IdentityPlatform


def test_a_port_in_use_is_told_in_one_sentence_with_a_way_out() -> None:
    first = listen("127.0.0.1", "0")
    port = first.getsockname()[1]
    with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 is in use.*make run PORT={port + 1}"):
        listen("127.0.0.1", str(port))
    first.close()


def test_it_takes_a_port_that_was_just_left() -> None:
    first = listen("127.0.0.1", "0")
    port = first.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)):
        first.accept()[0].close()
    first.close()
    listen("127.0.0.1", str(port)).close()


@pytest.mark.parametrize("port", ["", "eighty", "70000", "-1"])
def test_it_refuses_what_is_no_port(port: str) -> None:
    with pytest.raises(CommandError, match="is not a port number"):
        listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("demo", "connections", "has"),
    [(True, {}, True), (True, {"population": Connection("https://ga.example/")}, False), (False, {}, False)],
)
def test_registers_take_part_in_a_demonstration_that_has_no_sources_of_its_own(
    demo: bool, connections: dict[str, Connection], has: bool
) -> None:
    with override_settings(YIJIAN_DEMO=demo, YIJIAN_SHARING_CONNECTIONS=connections):
        assert has_registers() is has


@pytest.mark.parametrize(
    ("demo", "url", "has"), [(True, "", True), (True, "https://sso.example", False), (False, "", False)]
)
def test_the_platform_takes_part_in_a_demonstration_that_has_none_of_its_own(demo: bool, url: str, has: bool) -> None:
    with override_settings(YIJIAN_DEMO=demo, YIJIAN_IDENTITY_PLATFORM=IdentityPlatform(url)):
        assert has_platform() is has
