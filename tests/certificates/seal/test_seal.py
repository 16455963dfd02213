"""The seal: its key, its provider, its signature."""

from __future__ import annotations

import hashlib
import multiprocessing
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.exceptions import ImproperlyConfigured

from certificates.seal.pki import development_files
from certificates.seal.signing import FileSealProvider, SealRefused, require_provider, seal_provider


def _make(folder: str) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in development_files(Path(folder)))).hexdigest()


def test_processes_that_start_together_share_one_authority(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(_make, [str(tmp_path / "pki")] * 8)
    assert len(set(found)) == 1


def test_the_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    key, *_rest = development_files(tmp_path / "pki")
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700


def test_it_refuses_the_development_authority_in_production(settings: Any) -> None:
    settings.DEBUG = False
    settings.YIJIAN_ALLOW_DEVELOPMENT_CA = False
    with pytest.raises(SealRefused):
        seal_provider()


def test_it_seals_with_a_configured_key_and_is_no_demonstration(settings: Any, tmp_path: Path) -> None:
    key, certificate, root = development_files(tmp_path / "office")
    settings.YIJIAN_ALLOW_DEVELOPMENT_CA = False
    settings.YIJIAN_SEAL_KEY_FILE = str(key)
    settings.YIJIAN_SEAL_CERTIFICATE_FILE = str(certificate)
    settings.YIJIAN_SEAL_CHAIN_FILE = str(root)
    provider = seal_provider()
    assert not provider.is_demonstration
    assert len(provider.seal(bytes(32))) <= provider.reserve_bytes


def test_keys_are_parsed_once_for_a_process() -> None:
    assert seal_provider() is seal_provider()


def test_each_signature_holds_its_digest_and_nothing_else_changes() -> None:
    provider = FileSealProvider()
    first, second = (cms.ContentInfo.load(provider.seal(hashlib.sha256(text).digest())) for text in (b"1", b"2"))
    for signed, text in ((first, b"1"), (second, b"2")):
        attributes = {
            a["type"].native: a["values"].native for a in signed["content"]["signer_infos"][0]["signed_attrs"]
        }
        assert attributes["message_digest"] == [hashlib.sha256(text).digest()]
        assert set(attributes) >= {"content_type", "message_digest", "signing_certificate_v2"}
        assert "signing_time" not in attributes  # PAdES baseline: the time is in the signature dictionary
    assert first["content"]["certificates"].dump() == second["content"]["certificates"].dump()


def test_openssl_verifies_it(tmp_path: Path) -> None:
    data = b"one revision" * 100
    (tmp_path / "data").write_bytes(data)
    (tmp_path / "cms").write_bytes(seal_provider().seal(hashlib.sha256(data).digest()))
    root = FileSealProvider()._files()[2]
    command = f"openssl cms -verify -binary -inform DER -in cms -content data -CAfile {root} -purpose any -out out"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "data").write_bytes(data + b"x")
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_an_rsa_key_seals_as_well(settings: Any, tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Office")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "k").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (tmp_path / "c").write_bytes(certificate.public_bytes(pem))
    (tmp_path / "k").chmod(0o400)
    settings.YIJIAN_SEAL_KEY_FILE, settings.YIJIAN_SEAL_CERTIFICATE_FILE = str(tmp_path / "k"), str(tmp_path / "c")
    signed = cms.ContentInfo.load(seal_provider().seal(bytes(32)))
    assert signed["content"]["signer_infos"][0]["signature_algorithm"].signature_algo == "rsassa_pkcs1v15"


@pytest.mark.parametrize(
    ("path", "is_taken"),
    [
        ("certificates.seal.signing.FileSealProvider", True),
        ("certificates.seal.signer_client.SignerSealProvider", True),
        ("certificates.seal.signing.SealRefused", False),
        ("certificates.seal.signing.seal_provider", False),
        ("certificates.seal.nothing.Provider", False),
        ("django.http.HttpResponse", False),
    ],
)
def test_what_does_not_seal_is_refused_at_the_start(path: str, is_taken: bool) -> None:
    if is_taken:
        return require_provider(path)
    with pytest.raises(ImproperlyConfigured, match="SEAL_PROVIDER"):
        require_provider(path)
