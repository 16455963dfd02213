"""The electronic seal: who signs a certificate's file, and with what.

A provider is given digests and returns detached CMS signatures (PAdES baseline B-B). Web and workers use
`certificates.seal.signer_client`, which holds certificates alone; the class here keeps its key in a file and is for the signer's own
process. A province's seal system or a key in hardware is another class, named in ``YIJIAN_SEAL_PROVIDER``.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from certificates.core.cms_template import CmsTemplate
from certificates.seal.pki import development_files
from certificates.seal.status_lists import sign_list
from certificates.seal.wire import SealAnswer, SealRequest


class SealRefused(Exception):
    """The file may not be sealed here. ``code``: ``development_ca_refused``."""

    code = "development_ca_refused"


class SignerAway(Exception):
    """Whoever seals does not answer just now: to be tried again later. ``code``: ``signer_away``."""

    code = "signer_away"


class SealProvider(Protocol):
    """What a seal must offer."""

    signer_name: str
    is_demonstration: bool
    reserve_bytes: int

    def seal_many(self, requests: Sequence[SealRequest]) -> list[SealAnswer]:
        """Return for each request the CMS signature (DER) over its digest, at most `reserve_bytes` long, or why it is refused.

        Raises `SignerAway` when nobody answers who could.
        """

    def sign_status_list(self, number: int) -> str:
        """Return the signed status list of a number, as the database says now. Raises `SignerAway`."""

    def trusted(self) -> list[Any]:
        """Return the X.509 certificates that verification rests on, as asn1crypto objects."""


def seal_provider() -> SealProvider:
    """Return this process's provider; keys are read and parsed once. Raises `SealRefused`, `ImproperlyConfigured`."""
    return _provider(
        settings.YIJIAN_SEAL_PROVIDER,
        settings.YIJIAN_SEAL_KEY_FILE,
        settings.YIJIAN_SEAL_CERTIFICATE_FILE,
        settings.YIJIAN_SEAL_CHAIN_FILE,
        str(settings.YIJIAN_DEVELOPMENT_SEAL_DIR),
        bool(settings.DEBUG or settings.YIJIAN_ALLOW_DEVELOPMENT_CA),
    )


def require_provider(path: str) -> None:
    """Raise `ImproperlyConfigured` unless ``path`` names a class that offers what a `SealProvider` must. It is loaded, not made."""
    try:
        found = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(f"SEAL_PROVIDER={path!r} cannot be loaded: {error}") from error
    lacking = [
        name for name in ("seal_many", "sign_status_list", "trusted") if not callable(getattr(found, name, None))
    ]
    if not isinstance(found, type) or lacking:
        raise ImproperlyConfigured(
            f"SEAL_PROVIDER={path!r} is no class that seals: it must offer seal_many(), sign_status_list() and trusted(), as "
            "certificates.seal.signing.SealProvider describes."
        )


@lru_cache(maxsize=4)
def _provider(path: str, *_settings_that_matter: object) -> SealProvider:
    provider: SealProvider = import_string(path)()
    return provider


class SealCertificates:
    """What is public of a seal: its certificate, the chain, and the shape of its signatures. No private key is needed or read."""

    reserve_bytes = 4096
    is_demonstration = False

    def __init__(self, certificate_path: Path, chain_path: Path | None) -> None:
        self._certificate = _load(certificate_path)[0]
        self._chain = _load(chain_path) if chain_path else []
        self.signer_name = str(self._certificate.subject.native.get("common_name", ""))

    def trusted(self) -> list[Any]:
        return self._chain or [self._certificate]


class FileSealProvider(SealCertificates):
    """A seal whose key lies in a PEM file (P-256 or RSA). Without one, the development authority under ``var/pki``.

    For the signer's process, which looks every approval up before it signs; whoever else holds this holds the key.
    """

    def __init__(self) -> None:
        key_path, certificate_path, chain_path = self._files()
        _require_private(key_path)
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise ImproperlyConfigured("the seal's key must be P-256 or RSA")
        super().__init__(certificate_path, chain_path)
        if not _belong_together(key, self._certificate):
            raise ImproperlyConfigured(
                f"{certificate_path} is not the certificate of the key in {key_path}: what they seal together, nobody could verify. "
                "Exchange both before the signer starts."
            )
        self._key = key
        self._template = CmsTemplate(self._sample())

    def seal(self, digest: bytes) -> bytes:
        """Return the CMS signature over `digest`. About 0.1 ms with P-256."""
        return self._template.fill(digest, self._sign)

    def seal_many(self, requests: Sequence[SealRequest]) -> list[SealAnswer]:
        return [SealAnswer(self.seal(one.digest)) for one in requests]

    def sign_status_list(self, number: int) -> str:
        """Return the signed status list of a number: this process reads itself how certificates stand. Two queries."""
        return sign_list(number, self._key, [self._certificate.dump()], self._sign)

    def _files(self) -> tuple[Path, Path, Path | None]:
        named = settings.YIJIAN_SEAL_KEY_FILE, settings.YIJIAN_SEAL_CERTIFICATE_FILE
        self.is_demonstration = not any(named)
        if all(named):
            chain = settings.YIJIAN_SEAL_CHAIN_FILE
            return Path(named[0]), Path(named[1]), Path(chain) if chain else None
        if any(named):
            raise ImproperlyConfigured("SEAL_KEY_FILE and SEAL_CERTIFICATE_FILE are given together or not at all")
        if not (settings.DEBUG or settings.YIJIAN_ALLOW_DEVELOPMENT_CA):
            raise SealRefused(
                "no seal is configured and the development authority is not allowed here: "
                "set SEAL_KEY_FILE and SEAL_CERTIFICATE_FILE, or ALLOW_DEVELOPMENT_CA=True for a demonstration"
            )
        return development_files(settings.YIJIAN_DEVELOPMENT_SEAL_DIR)

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    def _sample(self) -> bytes:
        """Return one signature made by pyHanko over a digest of zeros; its attributes are every other one's."""
        from asn1crypto.keys import PrivateKeyInfo
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        store = SimpleCertificateStore()
        for certificate in self._chain:
            store.register(certificate)
        key = self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signer = SimpleSigner(
            signing_cert=self._certificate,
            signing_key=PrivateKeyInfo.load(key),
            cert_registry=store,
            embed_roots=False,
        )
        sample: bytes = asyncio.run(signer.async_sign(bytes(32), "sha256", use_pades=True)).dump()
        return sample


def _belong_together(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, certificate: Any) -> bool:
    """Return whether a certificate is that of a key."""
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return bool(public == certificate.public_key.dump())


def _require_private(path: Path) -> None:
    """Raise `ImproperlyConfigured` unless the key belongs to whoever runs this process and to nobody else."""
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
        raise ImproperlyConfigured(
            f"{path} must belong to the signer's own user and be readable by nobody else: chown it, chmod 0400. It is "
            f"{stat.S_IMODE(found.st_mode):04o} and of user {found.st_uid}; the signer is user {os.geteuid()}."
        )


def _load(path: Path) -> list[Any]:
    from asn1crypto import pem, x509

    loaded = [x509.Certificate.load(der) for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]
    if not loaded:
        raise ImproperlyConfigured(f"no certificate in {path}")
    return loaded
