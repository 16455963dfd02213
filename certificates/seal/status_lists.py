"""Signing the status list and reading a signed one.

Whoever holds the key reads from the database itself how certificates stand: it signs no list that somebody hands to it. Whoever
reads one needs the certificates that verification rests on, and no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from django.conf import settings
from django.db import connection

from certificates.core.status_list import StatusesRead, StatusListUnreadable, encode, signing_input, take_apart

# What is not valid; a certificate in whose place another one was issued is called superseded.
_STATUSES = """
SELECT c.status_place,
       CASE WHEN c.status = 'deregistered' AND EXISTS (
                SELECT 1 FROM certificates_certificate n
                 WHERE n.decision_reference = c.decision_reference AND n.certificate_type_id = c.certificate_type_id
                   AND n.edition > c.edition) THEN 'superseded' ELSE c.status END
  FROM certificates_certificate c WHERE c.status_list = %s AND c.status <> 'valid'
"""
# A clock may be wrong by as much.
_AHEAD: Final = timedelta(minutes=5)
_HALF: Final = 32


def list_address(number: int) -> str:
    """Return where a list is published."""
    return f"{settings.YIJIAN_PUBLIC_URL}/status-lists/{number}/"


def statuses_of(number: int) -> tuple[datetime, list[tuple[int, str]]]:
    """Return the database's time and what is not valid in a list, as place and word. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (moment,) = cursor.fetchone()
        cursor.execute(_STATUSES, [number])
        return moment, cursor.fetchall()


def sign_list(number: int, key: Any, chain: list[bytes], sign: Callable[[bytes], bytes]) -> str:
    """Return the signed list of a number. ``sign``: the seal's own way, over SHA-256; ``chain``: DER, the seal's own first."""
    moment, statuses = statuses_of(number)
    is_rsa = isinstance(key, rsa.RSAPrivateKey)
    asked = signing_input(
        address=list_address(number),
        statuses=statuses,
        signed_at=moment,
        algorithm="RS256" if is_rsa else "ES256",
        chain=chain,
    )
    signature = sign(asked)
    return f"{asked.decode()}.{encode(signature if is_rsa else _plain(signature))}"


def read_list(token: str, trusted: Iterable[bytes], now: datetime) -> StatusesRead:
    """Return the list that a token carries, once its signature leads to one of the ``trusted`` certificates (DER).

    An old list is returned too: ``expires_at`` says until when it counts. Raises `StatusListUnreadable` for whatever is wrong with it,
    also for one that is signed in the future; codes besides those of the shape: ``signer``, ``signature``, ``future``.
    """
    taken = take_apart(token)
    signer = _signer(taken.chain[0], list(trusted), taken.list.signed_at)
    key = signer.public_key()
    try:
        if taken.algorithm == "ES256" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_in_der(taken.signature), taken.signed, ec.ECDSA(hashes.SHA256()))
        elif taken.algorithm == "RS256" and isinstance(key, rsa.RSAPublicKey):
            key.verify(taken.signature, taken.signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise StatusListUnreadable("algorithm")
    except InvalidSignature as error:
        raise StatusListUnreadable("signature") from error
    if taken.list.signed_at > now + _AHEAD:
        raise StatusListUnreadable("future")
    return taken.list


def _signer(der: bytes, trusted: list[bytes], moment: datetime) -> x509.Certificate:
    """Return the signer's certificate, if it is trusted or one that is trusted issued it, for signing, for that moment."""
    try:
        found = x509.load_der_x509_certificate(der)
        may_sign = found.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
        is_ours = der in trusted or any(_issued(found, x509.load_der_x509_certificate(one)) for one in trusted)
    except Exception as error:  # it comes with the list, and its author may write into it what no reader expects
        raise StatusListUnreadable("signer") from error
    if not (may_sign and is_ours and found.not_valid_before_utc <= moment <= found.not_valid_after_utc):
        raise StatusListUnreadable("signer")
    return found


def _issued(found: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        found.verify_directly_issued_by(by)
        return by.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False


def _plain(der: bytes) -> bytes:
    """Return an ECDSA signature as JWS wants it: r and s side by side (RFC 7518, 3.4)."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def _in_der(plain: bytes) -> bytes:
    if len(plain) != 2 * _HALF:
        raise StatusListUnreadable("signature")
    return encode_dss_signature(int.from_bytes(plain[:_HALF], "big"), int.from_bytes(plain[_HALF:], "big"))
