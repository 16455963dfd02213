"""Making many signatures of one shape (pure).

Two CMS signatures of one signer differ in two places: the digest among the signed attributes, and the signature value.
Building the structure anew costs pyHanko 9 ms; putting both values into one that pyHanko built costs 0.1 ms.

No byte is patched within a structure whose length it might change: the digest always has 32 bytes and takes the place of
32 zeros; everything around the signature value, whose length does change (ECDSA), is wrapped anew from the inside out,
each wrapper (``wrap``) computing its own DER length. What a signature says about itself is never built here but taken
from the sample, so a newer pyHanko or another certificate needs no change. A sample of any other shape (two digests,
two signers) is refused when the process starts, and every finished file is verified by tests with other tools.
"""

from __future__ import annotations

from collections.abc import Callable

from asn1crypto import cms

from certificates.core.der import EXPLICIT_0, OCTET_STRING, SEQUENCE, SET, wrap


class CmsTemplate:
    """The shape of a `sample`: a detached CMS of one signer, over a SHA-256 digest of 32 zero bytes."""

    def __init__(self, sample: bytes) -> None:
        content = cms.ContentInfo.load(sample, strict=True)
        signed = content["content"]
        signer = signed["signer_infos"][0]
        attributes: bytes = signer["signed_attrs"].untag().dump()
        if attributes.count(_octets(bytes(32))) != 1 or len(signed["signer_infos"]) != 1:
            raise ValueError("the sample does not hold one empty digest")
        start = attributes.index(_octets(bytes(32))) + 2
        self._attributes = attributes[:start], attributes[start + 32 :]
        self._content_type: bytes = content["content_type"].dump()
        self._before = b"".join(
            signed[name].dump() for name in ("version", "digest_algorithms", "encap_content_info", "certificates")
        )
        self._signer = b"".join(signer[name].dump() for name in ("version", "sid", "digest_algorithm"))
        self._algorithm: bytes = signer["signature_algorithm"].dump()

    def fill(self, digest: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """Return the CMS over `digest`; `sign` is given the bytes to be signed and returns the signature value."""
        if len(digest) != 32:
            raise ValueError("a SHA-256 digest has 32 bytes")
        attributes = self._attributes[0] + digest + self._attributes[1]
        value = _octets(sign(attributes))
        # Signed as a SET, sent under tag [0]: RFC 5652, 5.4.
        signer = wrap(SEQUENCE, self._signer + bytes([EXPLICIT_0]) + attributes[1:] + self._algorithm + value)
        signed = wrap(SEQUENCE, self._before + wrap(SET, signer))
        return wrap(SEQUENCE, self._content_type + wrap(EXPLICIT_0, signed))


def _octets(value: bytes) -> bytes:
    return wrap(OCTET_STRING, value)
