"""The one shape of signature that belongs into our files, and the refusal of every other (pure).

A CMS signature covers its signed attributes, and through them the file and the signer's certificate. It does not cover the
rest of itself: version numbers, the list of digest algorithms, the name by which the signer's certificate is found (which readers
compare without regard to case), further certificates, unsigned attributes. A file that differs there is not the one we
issued, though its signature holds. So each of these must follow from what is covered, or be absent.
"""

from __future__ import annotations

from collections.abc import Collection

from asn1crypto import cms

from certificates.core.der import EXPLICIT_0, OCTET_STRING, SEQUENCE, SET, wrap

_INTEGER_1 = bytes.fromhex("020101")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
# Detached: the type of what is signed, and nothing else.
_DATA = bytes.fromhex("300b06092a864886f70d010701")
# RFC 5754, 2: the parameters of SHA-256 may be NULL or absent.
_SHA256 = frozenset(bytes.fromhex(one) for one in ("300d06096086480165030402010500", "300b0609608648016503040201"))
# ecdsa-with-SHA256; sha256WithRSAEncryption; rsaEncryption (RFC 5754, 3).
_ALGORITHMS = frozenset(
    bytes.fromhex(one)
    for one in ("300a06082a8648ce3d040302", "300d06092a864886f70d01010b0500", "300d06092a864886f70d0101010500")
)


def is_exact(signature: bytes, trusted: Collection[bytes]) -> bool:
    """Return whether a detached CMS of one signer says nothing beyond what its signature covers (RFC 5652, 5.1 and 5.3).

    ``trusted``: certificates (DER) that may stand beside the signer's. Says nothing about whether the signature holds. Raises
    ``ValueError`` or ``TypeError`` for what is no CMS at all.
    """
    signed = cms.ContentInfo.load(signature, strict=True)["content"]
    signers = list(signed["signer_infos"])
    if len(signers) != 1 or signers[0]["sid"].name != "issuer_and_serial_number":
        return False
    signer = signers[0]
    digest: bytes = signer["digest_algorithm"].dump()
    algorithm: bytes = signer["signature_algorithm"].dump()
    if digest not in _SHA256 or algorithm not in _ALGORITHMS:
        return False
    sid: bytes = signer["sid"].chosen.dump()
    certificates: list[tuple[bytes, bool]] = [
        (one.dump(), one.name == "certificate" and _name_of(one.chosen) == sid) for one in signed["certificates"]
    ]
    if [is_mine for _one, is_mine in certificates].count(True) != 1:
        return False
    if not all(is_mine or one in trusted for one, is_mine in certificates):
        return False
    # What may be said, put together anew: whatever else is there, or is written otherwise, differs.
    attributes: bytes = signer["signed_attrs"].untag().dump()
    said = _INTEGER_1 + sid + digest + bytes([EXPLICIT_0]) + attributes[1:] + algorithm
    said += wrap(OCTET_STRING, signer["signature"].native)
    beside = wrap(EXPLICIT_0, b"".join(one for one, _is_mine in certificates))
    whole = _INTEGER_1 + wrap(SET, digest) + _DATA + beside + wrap(SET, wrap(SEQUENCE, said))
    return signature == wrap(SEQUENCE, _SIGNED_DATA + wrap(EXPLICIT_0, wrap(SEQUENCE, whole)))


def _name_of(certificate: cms.Certificate) -> bytes:
    """Return by what a certificate is found: issuer and serial number (RFC 5652, 10.2.4), as it writes them itself."""
    body = certificate["tbs_certificate"]
    return wrap(SEQUENCE, body["issuer"].dump() + body["serial_number"].dump())
