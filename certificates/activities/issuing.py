"""Issuing a certificate: the row is committed with the decision it rests on; its file follows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from catalog.definitions import CertificateTypeDefinition
from catalog.models import CertificateType, Department
from catalog.versions.defining import certificate_type_definition
from certificates.core.face import Face, FaceLine, build_lines
from certificates.core.identifier import build_identifier
from certificates.models import Certificate, CertificateHolder
from portal.accounts.models import DocumentKind, Mandate, Organisation, Person, User
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.lib.vault import blind_index, seal
from portal.outbox.enqueueing import enqueue

log = structlog.get_logger(__name__)

# Without I, L, O and U, which are misread or spell words: 60 random bits beside the date.
SERIAL_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_RANDOM = 12
# Of eight random places in a status list one is free: a list gives out an eighth of its places.
TRIES = 8
CREDIT_CODE = "credit_code"


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """Whom a certificate is about. ``number_kind``: the kind of a person's document, ``credit_code``, or empty where there is no number."""

    name: str
    number_kind: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class IssuedNames:
    """What a certificate is called and who issues it, as that was published."""

    type_name: str
    type_name_en: str
    issuer_name: str
    # The credit code under which its issuer decided; empty: the one that its row has now.
    issuer_code: str = ""


def issue_certificate(
    *,
    certificate_type: CertificateType,
    issued_as: CertificateTypeDefinition | None = None,
    applicant: Person,
    organisation: Organisation | None = None,
    matter: str = "",
    mandate: Mandate | None = None,
    holders: Sequence[HolderFacts],
    holder_kind: str = CertificateType.Subject.PERSON,
    face: dict[str, str],
    expires_on: date | None,
    issuer: Department,
    decision_reference: str,
    issued_at: datetime,
    issued_by: User | None,
    names: IssuedNames | None = None,
    replaces: Certificate | None = None,
    renews: Certificate | None = None,
) -> Certificate:
    """Issue one certificate in the caller's transaction and enqueue its file; asked again, return the same one.

    `applicant` finds it in their library, or, where they acted for an `organisation`, its people who may handle the `matter`; who applied under a `mandate`, as far as that lets them; `holders` are whom it is about (a child, a company, both spouses). `face` maps the type's
    face codes to the text printed, `expires_on` is its one term (`term_of`); `names` and `issued_as` are what was published of type and
    issuer (left out: what their rows say); `decision_reference` with the type is what makes it happen once. `replaces`: the certificate of the same
    decision that this one takes the place of, which is not valid any more; `renews`: the earlier one that is renewed by it. Raises `FaceInvalid`, `IdentifierInvalid` (a type or issuer
    without a conforming code) and `TransactionManagementError` outside a transaction. Seven statements, two when it was issued before.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a certificate is issued in the transaction of the decision it rests on")
    kind = issued_as or certificate_type_definition(certificate_type)
    lines = build_lines([asdict(line) for line in kind.face], face)
    told = names or IssuedNames(certificate_type.name, certificate_type.name_en, issuer.name)
    for _ in range(TRIES):
        certificate = _draft(certificate_type, kind.code, applicant, issuer, decision_reference, issued_at, told)
        certificate.organisation, certificate.matter, certificate.mandate = organisation, matter, mandate
        certificate.holder_kind = holder_kind
        certificate.holder_name = "、".join(holder.name for holder in holders)
        certificate.expires_on = expires_on
        certificate.renews = renews
        if replaces is not None:
            certificate.edition = replaces.edition + 1
        certificate.face_sealed = seal(_face(certificate, lines).to_json(), certificate.face_context)
        Certificate.objects.bulk_create([certificate], ignore_conflicts=True)
        issued = _issued(certificate)
        if issued is not None:
            break
    else:
        raise RuntimeError("no free serial and place were found")
    if issued.pk == certificate.pk:
        _name_holders(certificate, holders)
        _tell(certificate, issued_by)
    return issued


def term_of(issued_on: date, years: int | None, decided: date | None) -> date | None:
    """Return the last day of a certificate: the day that was decided, else by the type's rule; None for one without a term."""
    return decided or last_day(issued_on, years)


def number_index(kind: str, number: str) -> bytes:
    """Return what a holder is found by: a person as `Person.document_index` is, an organisation by its credit code."""
    if not number:
        return b""
    return blind_index(f"document:{kind}" if kind in DocumentKind.values else kind, number)


def last_day(issued_on: date, years: int | None) -> date | None:
    """Return the last day on which a certificate of `years` is valid (five years from 22 November end on the 21st)."""
    if years is None:
        return None
    try:
        anniversary = issued_on.replace(year=issued_on.year + years)
    except ValueError:  # issued on 29 February
        anniversary = date(issued_on.year + years, 3, 1)
    return anniversary - timedelta(days=1)


def _draft(
    certificate_type: CertificateType,
    type_code: str,
    applicant: Person,
    issuer: Department,
    decision_reference: str,
    issued_at: datetime,
    names: IssuedNames,
) -> Certificate:
    issued_on = timezone.localdate(issued_at)
    serial = f"{issued_on:%Y%m%d}" + "".join(secrets.choice(SERIAL_ALPHABET) for _ in range(SERIAL_RANDOM))
    identifier = build_identifier(
        type_code=type_code, issuer_code=names.issuer_code or issuer.credit_code, serial=serial
    )
    return Certificate(
        certificate_type=certificate_type,
        type_name=names.type_name,
        type_name_en=names.type_name_en,
        issuer_name=names.issuer_name,
        identifier=str(identifier),
        serial=serial,
        applicant=applicant,
        issuer=issuer,
        decision_reference=decision_reference,
        issued_at=issued_at,
    )


def _name_holders(certificate: Certificate, holders: Sequence[HolderFacts]) -> None:
    rows = [
        CertificateHolder(
            certificate=certificate,
            position=position,
            name=holder.name,
            number_kind=holder.number_kind,
            number=holder.number,
            number_index=number_index(holder.number_kind, holder.number),
        )
        for position, holder in enumerate(holders, start=1)
    ]
    CertificateHolder.objects.bulk_create(rows)


def _face(certificate: Certificate, lines: tuple[FaceLine, ...]) -> Face:
    return Face(
        type_name=certificate.type_name,
        type_name_en=certificate.type_name_en,
        issuer_name=certificate.issuer_name,
        identifier=certificate.identifier,
        serial=certificate.serial,
        issued_on=timezone.localdate(certificate.issued_at).isoformat(),
        expires_on=certificate.expires_on.isoformat() if certificate.expires_on else "",
        lines=lines,
    )


def _issued(asked: Certificate) -> Certificate | None:
    """Return the certificate of the same type, decision and edition: the one just written, or the one that was there."""
    of_decision = Certificate.objects.filter(decision_reference=asked.decision_reference, edition=asked.edition)
    return of_decision.filter(certificate_type=asked.certificate_type).first()


def _tell(certificate: Certificate, issued_by: User | None) -> None:
    open_chain(certificate.pk)
    event = NewEvent(
        "certificate_issued",
        actor_id=issued_by.pk if issued_by else None,
        department=certificate.issuer.code,
        data={
            "identifier": certificate.identifier,
            "type": certificate.certificate_type.slug,
            "decision": certificate.decision_reference,
        },
    )
    append_events(certificate.pk, [event])
    enqueue("render_certificate", certificate.pk, {"certificate": str(certificate.pk)})
    log.info("certificate_issued", certificate=str(certificate.pk), department=certificate.issuer.code)
