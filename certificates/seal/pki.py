"""The development certification authority: a root and a sealing certificate, made once under ``var/pki``.

Everything is P-256. Readers call the seal valid but its root unknown, which is right: nobody has vouched for it. In
production the seal's key and certificate come from files named in the settings, or from another seal provider.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT_FILE = "root.crt.pem"
SEAL_FILE = "seal.crt.pem"
KEY_FILE = "seal.key.pem"
ROOT_DAYS = 3650
SEAL_DAYS = 1825


def development_files(directory: Path) -> tuple[Path, Path, Path]:
    """Return the paths of key, certificate and root below `directory`, making them first if they are not there.

    Safe between processes: whoever holds the lock makes all three, the certificate last, and each appears whole.
    """
    paths = directory / KEY_FILE, directory / SEAL_FILE, directory / ROOT_FILE
    if not paths[1].exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(directory / "lock"):
            if not paths[1].exists():
                _make(*paths)
    return paths


def development_certificates(directory: Path) -> tuple[Path, Path]:
    """Return the paths of the certificate and the root below `directory`, whether they are there or not. No key is touched."""
    return directory / SEAL_FILE, directory / ROOT_FILE


def _make(key_path: Path, seal_path: Path, root_path: Path) -> None:
    now = datetime.now(UTC)
    root_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name("Yijian Development Root")
    root = (
        _builder(root_name, root_name, root_key.public_key(), now, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    seal = (
        _builder(_name("一件 电子证照专用章（演示）"), root_name, seal_key.public_key(), now, SEAL_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    # The root's key is not kept: nothing else can ever be issued in its name.
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    _write(key_path, 0o400, seal_key.private_bytes(serialization.Encoding.PEM, *private))
    _write(root_path, 0o444, root.public_bytes(serialization.Encoding.PEM))
    _write(seal_path, 0o444, seal.public_bytes(serialization.Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Yijian development, not for use"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, mode: int, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    os.fchmod(descriptor, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
