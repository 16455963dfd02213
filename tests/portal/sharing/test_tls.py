"""Mutual TLS: both sides prove who they are, or nothing is asked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.test import override_settings

from portal.lib.uuid7 import uuid7
from portal.settings.connections import Connection
from portal.sharing.adapters.http_json import HttpJson
from tests.portal.sharing.sources import Source, answer, inquiry, silent, source

NOW = datetime.now(UTC)


class Authority:
    """Vouches for whoever it is asked to."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.file = self._write(name, self._certificate(name, self.key, is_authority=True).public_bytes(_PEM))

    def vouch_for(self, name: str) -> tuple[str, str]:
        """Return the files of a certificate for a name and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        plain = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        certificate = self._certificate(name, key, is_authority=False).public_bytes(_PEM)
        return self._write(f"{self.name}-{name}", certificate), self._write(f"{self.name}-{name}-key", plain)

    def _certificate(self, name: str, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder(
            issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]),
            subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=NOW - timedelta(hours=1),
            not_valid_after=NOW + timedelta(hours=1),
        ).add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        if not is_authority:
            host = x509.IPAddress(ip_address("127.0.0.1")) if name == "register" else x509.DNSName(name)
            builder = builder.add_extension(x509.SubjectAlternativeName([host]), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def _write(self, name: str, content: bytes) -> str:
        path = self.folder / f"{name}.pem"
        path.write_bytes(content)
        return str(path)


_PEM = serialization.Encoding.PEM


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ours"), "ours")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("theirs"), "theirs")


@pytest.fixture
def register(ours: Authority) -> Iterator[Source]:
    """A register that lets in whom `ours` vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*ours.vouch_for("register"))
    context.load_verify_locations(ours.file)
    context.verify_mode = ssl.CERT_REQUIRED
    with source(answer(), context=context) as here:
        yield here
    cache.clear()


def ask(register: Source, authority: str, certificate: tuple[str, str] = ("", ""), host: str = "127.0.0.1") -> str:
    connection = Connection(
        f"https://{host}:{register.port}/",
        certificate=certificate[0],
        certificate_key=certificate[1],
        authority=authority,
    )
    with override_settings(YIJIAN_SHARING_CONNECTIONS={"here": connection}):
        return HttpJson().ask(inquiry(uuid7().hex)).outcome


def test_both_sides_prove_who_they_are(register: Source, ours: Authority) -> None:
    assert ask(register, ours.file, ours.vouch_for("yijian")) == "found"


def test_a_client_without_a_certificate_is_told_nothing(register: Source, ours: Authority, theirs: Authority) -> None:
    assert ask(register, ours.file) == "away"
    assert ask(register, ours.file, theirs.vouch_for("yijian")) == "away"
    assert register.asked == 0


def test_a_server_that_nobody_vouches_for_is_asked_nothing(
    register: Source, ours: Authority, theirs: Authority
) -> None:
    certificate = ours.vouch_for("yijian")
    assert ask(register, theirs.file, certificate) == "away"
    assert ask(register, "", certificate) == "away"
    assert ask(register, ours.file, certificate, host="localhost") == "away"  # vouched for under another name
    assert ask(register, "/no/such/file", certificate) == "away"
    assert register.asked == 0


def test_a_server_that_never_greets_is_not_waited_for(ours: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.sharing.adapters.http_json.WHOLE_SECONDS", 0.3)
    with source(silent) as here:
        assert ask(here, ours.file) == "away"
