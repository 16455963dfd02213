"""PDFs as others sign them, made in code."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import keys, x509
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter, copy_into_new_writer
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore


@cache
def somebody() -> SimpleSigner:
    """A signer with a certificate of his own making: nobody has to trust him."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = crypto_x509.Name([crypto_x509.NameAttribute(crypto_x509.NameOID.COMMON_NAME, "somebody")])
    now = datetime.now(UTC)
    certificate = (
        crypto_x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(crypto_x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, form)
    return SimpleSigner(
        x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        SimpleCertificateStore(),
    )


def signed(content: bytes, *, in_one: bool = True, field: str = "Signature") -> bytes:
    """Return the PDF signed: written as one revision, or (as most programs do) with the signature as a second one."""
    writer: BasePdfFileWriter = (
        copy_into_new_writer(PdfFileReader(io.BytesIO(content)), writer_kwargs={"stream_xrefs": False})
        if in_one
        else IncrementalPdfFileWriter(io.BytesIO(content))
    )
    out = sign_pdf(writer, PdfSignatureMetadata(field_name=field), somebody(), output=io.BytesIO())
    return bytes(out.getvalue())
