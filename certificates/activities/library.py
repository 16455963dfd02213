"""A person's certificates, and what they say."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from certificates.core.face import Face
from certificates.models import Certificate, CertificateHolder
from portal.accounts.models import Handler, Level, Organisation, Person, User
from portal.accounts.organisations.principals import principal_of
from portal.lib.vault import blind_index, unseal


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Return the certificates that are a person's own or that they applied for, newest first; faces stay sealed.

    `is_own` says which: a parent applies for a child's, a clerk of a company for the company's.
    """
    kept = visible_to(person).annotate(is_own=_is_held_by(person))
    return kept.defer("face_sealed").order_by("-issued_at", "-pk")


def certificates_of_organisation(handler: Handler) -> QuerySet[Certificate]:
    """Return the certificates of the organisation that somebody acts for, as far as its matters are theirs, newest first."""
    kept = visible_to_handler(handler).annotate(is_own=Exists(_held_by(handler.organisation)))
    return kept.defer("face_sealed").order_by("-issued_at", "-pk")


def visible_to_organisation(organisation: Organisation) -> QuerySet[Certificate]:
    """Return what an organisation's people applied for in its name, and what names it by its credit code."""
    found = Certificate.objects.filter(organisation=organisation).values("pk")
    return Certificate.objects.filter(pk__in=found.union(_numbered(organisation).values("certificate")))


def visible_to_handler(handler: Handler) -> QuerySet[Certificate]:
    """Return what of an organisation's one of its people may open: all, or what was applied for in the matters that are theirs."""
    found = visible_to_organisation(handler.organisation)
    if handler.matters is None:
        return found
    return found.filter(organisation=handler.organisation_id, matter__in=handler.matters)


def visible_to(person: Person) -> QuerySet[Certificate]:
    """Return the certificates that a person may open: those they applied for, and, once proved, those that name them by their document."""
    found = Certificate.objects.filter(applicant=person, organisation=None).values("pk")
    if person.is_proved:
        held = CertificateHolder.objects.filter(number_index=bytes(person.document_index))
        found = found.union(held.values("certificate"))
    return Certificate.objects.filter(pk__in=found)


def visible_to_account(user: User) -> QuerySet[Certificate]:
    """Return what `visible_to` returns for an account's person, without asking for the person first; or what is of the organisation that it acts for."""
    handler = principal_of(user).handler
    if handler is not None:
        return visible_to_handler(handler)
    proved = Person.objects.filter(user_id=user.pk, level__gt=Level.CLAIMED)
    held = CertificateHolder.objects.filter(number_index__in=proved.values("document_index"))
    applied = Certificate.objects.filter(applicant__user_id=user.pk, organisation=None)
    return Certificate.objects.filter(pk__in=applied.values("pk").union(held.values("certificate")))


def _numbered(organisation: Organisation) -> QuerySet[CertificateHolder]:
    return CertificateHolder.objects.filter(number_index=blind_index("credit_code", organisation.credit_code))


def _held_by(organisation: Organisation) -> QuerySet[CertificateHolder]:
    return _numbered(organisation).filter(certificate=OuterRef("pk"))


def _is_held_by(person: Person) -> Exists:
    """Whether a certificate is about this person. What an account only says of itself finds nothing of anybody's."""
    held = CertificateHolder.objects.filter(certificate=OuterRef("pk"))
    if not person.is_proved:
        return Exists(held.none())
    return Exists(held.filter(number_index=bytes(person.document_index)))


def open_face(certificate: Certificate) -> Face:
    """Return what is printed on `certificate`, in clear. Show it to its holder, or record who reads it. Raises `SealBroken`."""
    return Face.from_json(unseal(certificate.face_sealed, certificate.face_context))
