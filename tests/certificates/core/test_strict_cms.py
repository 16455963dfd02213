"""What a seal's signature does not cover of itself follows from what it covers, or is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from asn1crypto import cms, x509

from certificates.core.strict_cms import is_exact
from certificates.core.strict_pdf import signature_of, signature_range
from certificates.pdf.rendering import render_certificate
from certificates.seal.signing import seal_provider
from tests.certificates.core.test_strict_pdf import is_refused
from tests.certificates.faces import TOKEN, a_face


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return render_certificate(a_face(), TOKEN, moment=datetime.now(UTC))


def with_signature(genuine: bytes, signature: bytes) -> bytes:
    """Return the file with another signature in its hole."""
    start, end = signature_range(genuine) or (0, 0)
    hole = signature.hex().encode().ljust(end - start - 2, b"0")
    return genuine[: start + 1] + hole + genuine[end - 1 :]


def test_our_own_is_exact(genuine: bytes) -> None:
    assert is_exact(signature_of(genuine), [])
    assert with_signature(genuine, signature_of(genuine)) == genuine


def _signer(content: cms.ContentInfo) -> cms.SignerInfo:
    return content["content"]["signer_infos"][0]


def version(content: cms.ContentInfo) -> None:
    content["content"]["version"] = "v3"


def version_of_the_signer(content: cms.ContentInfo) -> None:
    _signer(content)["version"] = "v5"


def other_digest(content: cms.ContentInfo) -> None:
    content["content"]["digest_algorithms"] = [{"algorithm": "sha512"}]


def two_digests(content: cms.ContentInfo) -> None:
    content["content"]["digest_algorithms"] = [{"algorithm": "sha256"}, {"algorithm": "sha512"}]


def another_certificate(content: cms.ContentInfo) -> None:
    mine = content["content"]["certificates"][0].chosen
    other = x509.Certificate.load(mine.dump().replace(b"Yijian Development Root", b"Yijian Development Rook"))
    content["content"]["certificates"].append(cms.CertificateChoices("certificate", other))


def an_unsigned_attribute(content: cms.ContentInfo) -> None:
    _signer(content)["unsigned_attrs"] = cms.CMSAttributes(
        [{"type": "signature_time_stamp_token", "values": [cms.ContentInfo({"content_type": "data", "content": b"x"})]}]
    )


def a_second_signer(content: cms.ContentInfo) -> None:
    content["content"]["signer_infos"].append(_signer(content).copy())


CHANGES = (
    *(version, version_of_the_signer, other_digest, two_digests, another_certificate, an_unsigned_attribute),
    a_second_signer,
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_covered_may_not_differ(genuine: bytes, change: Callable[[cms.ContentInfo], None]) -> None:
    content = cms.ContentInfo.load(signature_of(genuine), strict=True)
    change(content)
    changed = content.dump(force=True)
    assert changed != signature_of(genuine)
    assert not is_exact(changed, [])
    assert is_refused(with_signature(genuine, changed))


@pytest.mark.parametrize(
    ("before", "after"), [(b"Yijian Development Root", b"yijian Development Root"), (b"CN", b"cn")]
)
def test_names_that_readers_take_for_the_same_may_not_differ(genuine: bytes, before: bytes, after: bytes) -> None:
    signature = signature_of(genuine)
    [signer] = cms.ContentInfo.load(signature)["content"]["signer_infos"]
    named = signer["sid"].chosen.dump()
    changed = signature.replace(named, named.replace(before, after))
    assert changed != signature
    assert is_refused(with_signature(genuine, changed))


def test_lengths_are_written_in_their_shortest_form(genuine: bytes) -> None:
    signature = signature_of(genuine)
    longer = b"\x30\x83\x00" + signature[2:]
    assert not is_exact(longer, [])
    assert is_refused(with_signature(genuine, longer))


def test_a_certificate_that_is_trusted_may_stand_beside_the_signers(genuine: bytes) -> None:
    content = cms.ContentInfo.load(signature_of(genuine), strict=True)
    [root] = seal_provider().trusted()
    content["content"]["certificates"].append(cms.CertificateChoices("certificate", root))
    changed = content.dump(force=True)
    assert is_exact(changed, [root.dump()])
    assert not is_exact(changed, [])
