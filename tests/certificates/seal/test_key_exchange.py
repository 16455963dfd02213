"""The seal's key is exchanged while certificates are sealed: a signature is of one key and of its own certificate."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from certificates.seal.pki import development_files
from certificates.seal.signing import FileSealProvider
from tests.matters.reviewing.test_review_races import race


def test_a_seal_is_of_one_key_and_its_own_certificate_while_both_are_exchanged(
    settings: Settings, tmp_path: Path
) -> None:
    seals_while_keys_are_exchanged(settings, tmp_path)


def seals_while_keys_are_exchanged(settings: Settings, folder: Path, rounds: int = 25) -> None:
    """Exchange key and certificate, one after the other, while a signer starts and seals; each signature verifies under what it brings along."""
    offices = [development_files(folder / name) for name in ("old", "new")]
    place = folder / "seal"
    place.mkdir()
    key, certificate = place / "key.pem", place / "certificate.pem"

    def put(which: int) -> None:
        for source, target in zip(offices[which], (key, certificate), strict=False):
            shutil.copy(source, place / "coming")
            (place / "coming").chmod(0o400)
            (place / "coming").replace(target)

    put(0)
    settings.YIJIAN_SEAL_KEY_FILE, settings.YIJIAN_SEAL_CERTIFICATE_FILE = str(key), str(certificate)

    def exchange() -> None:
        for turn in range(rounds * 4):
            put(1 - turn % 2)

    def seal() -> list[bytes]:
        sealed = []
        for turn in range(rounds):
            try:
                sealed.append(FileSealProvider().seal(hashlib.sha256(b"%d" % turn).digest()))
            except ImproperlyConfigured as refused:
                if "is not the certificate of the key" not in str(refused):
                    raise
        return sealed

    _none, *sealed = race(exchange, seal, seal)
    put(0)
    assert seal() != []
    for each in [one for several in sealed for one in several]:
        verify(each)


def verify(sealed: bytes) -> None:
    """Verify a signature under the certificate that it brings along. Raises where it is not of its key."""
    signed = cms.ContentInfo.load(sealed)["content"]
    info, first = signed["signer_infos"][0], signed["certificates"][0].chosen
    public = serialization.load_der_public_key(first.public_key.dump())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    attributes = b"\x31" + info["signed_attrs"].dump()[1:]
    public.verify(info["signature"].native, attributes, ec.ECDSA(hashes.SHA256()))


def test_a_key_and_the_certificate_of_another_do_not_seal(settings: Settings, tmp_path: Path) -> None:
    old, new = (development_files(tmp_path / name) for name in ("old", "new"))
    settings.YIJIAN_SEAL_KEY_FILE, settings.YIJIAN_SEAL_CERTIFICATE_FILE = str(new[0]), str(old[1])
    with pytest.raises(ImproperlyConfigured, match="is not the certificate of the key"):
        FileSealProvider()
