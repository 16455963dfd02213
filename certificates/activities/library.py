"""A person's certificates, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BinaryField,
    CharField,
    DateField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
)

from certificates.core.face import Face
from certificates.models import Certificate, CertificateHolder
from portal.accounts.models import Handler, Level, Mandate, Organisation, Person, User
from portal.accounts.organisations.principals import Principal, handlers_of, principal_of
from portal.accounts.standing import handler_under, usable_by
from portal.lib.prepared import Among, BuiltOnce, Slot
from portal.lib.vault import blind_index, unseal

PAGE_SIZE = 30


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
    return _of_organisation(organisation.pk, _credit_index(organisation))


def _of_organisation(organisation: Any, index: Any) -> QuerySet[Certificate]:
    found = Certificate.objects.filter(organisation=organisation).values("pk")
    numbered = CertificateHolder.objects.filter(number_index=index).values("certificate")
    return Certificate.objects.filter(pk__in=found.union(numbered))


def visible_to_handler(handler: Handler) -> QuerySet[Certificate]:
    """Return what of an organisation's one of its people may open: all, or what was applied for in the matters that are theirs."""
    found = visible_to_organisation(handler.organisation)
    if handler.matters is None:
        return found
    return found.filter(organisation=handler.organisation_id, matter__in=handler.matters)


def visible_to(person: Person) -> QuerySet[Certificate]:
    """Return the certificates that a person may open: those they applied for, and, once proved, those that name them by their document."""
    return _visible(person.pk, bytes(person.document_index) if person.is_proved else None)


def _visible(person: Any, document: Any) -> QuerySet[Certificate]:
    """Return what a person may open. ``document``: the index of their number; None: nobody has checked that it is theirs."""
    found = Certificate.objects.filter(applicant=person, organisation=None).values("pk")
    if document is not None:
        found = found.union(CertificateHolder.objects.filter(number_index=document).values("certificate"))
    return Certificate.objects.filter(pk__in=found)


def _valid(whose: QuerySet[Certificate]) -> QuerySet[Certificate]:
    in_time = Q(expires_on__isnull=True) | Q(expires_on__gte=Slot("today", DateField()))
    found = whose.filter(in_time, Among("certificate_type__slug", _TYPES), status=Certificate.Status.VALID)
    return found.select_related("certificate_type").defer("face_sealed").order_by("-issued_at")


_TYPES = Slot("types", ArrayField(CharField()))
_INDEX = Slot("index", BinaryField())
_VALID_OF_CLAIMED = BuiltOnce(lambda: _valid(_visible(Slot("person", UUIDField()), None)))
_VALID_OF_PROVED = BuiltOnce(lambda: _valid(_visible(Slot("person", UUIDField()), _INDEX)))
_VALID_OF_ORGANISATION = BuiltOnce(lambda: _valid(_of_organisation(Slot("organisation", UUIDField()), _INDEX)))


_HOLDERS = BuiltOnce(
    lambda: CertificateHolder.objects.filter(
        Among("certificate", Slot("certificates", ArrayField(UUIDField())))
    ).order_by("pk")
)


def valid_certificates(
    person: Person, organisation: Organisation | None, types: Collection[str], today: date
) -> list[tuple[Certificate, list[CertificateHolder]]]:
    """Return a person's valid certificates of these types, by their slugs, or an organisation's, if one is given; newest first, with holders.

    Faces stay sealed. One query; one more where there are any.
    """
    given: dict[str, Any] = {"types": list(types), "today": today}
    if organisation is not None:
        found = _VALID_OF_ORGANISATION(organisation=organisation.pk, index=_credit_index(organisation), **given)
    elif person.is_proved:
        found = _VALID_OF_PROVED(person=person.pk, index=bytes(person.document_index), **given)
    else:
        found = _VALID_OF_CLAIMED(person=person.pk, **given)
    holders: dict[UUID, list[CertificateHolder]] = {}
    for holder in _HOLDERS(certificates=[each.pk for each in found]) if found else []:
        holders.setdefault(holder.certificate_id, []).append(holder)
    return [(each, holders.get(each.pk, [])) for each in found]


def visible_under(mandate: Mandate | None) -> QuerySet[Certificate]:
    """Return what somebody who acts under a mandate may open: what was applied for by it, if it lets them see certificates."""
    if mandate is None or not mandate.sees_certificates:
        return Certificate.objects.none()
    found = Certificate.objects.filter(mandate=mandate)
    return found if mandate.matters is None else found.filter(matter__in=mandate.matters)


def shown_under(certificate: Certificate) -> UUID | None:
    """Return the mandate whose agent may open a certificate, and is told of it; None where there is none."""
    mandate = certificate.mandate
    return mandate.pk if mandate is not None and mandate.sees_certificates else None


def own_certificates(user: User | Any) -> QuerySet[Any]:
    """Return the keys of the certificates that are an account's own, as applicant, holder, one of an organisation's people at any time, or agent: of
    staff no list shows them, and nobody changes them in office. To stand in ``__in``."""
    rows = Certificate.objects.order_by()
    proved = Person.objects.filter(user=user.pk, level__gt=Level.CLAIMED).values("document_index")
    ways = (
        {"applicant__user": user.pk},
        {"organisation__handlers__person__user": user.pk},
        {"mandate__agent__user": user.pk},
        {"mandate__agent_organisation__handlers__person__user": user.pk},
        {"holders__number_index__in": proved},
    )
    first, *more = (rows.filter(**way).values("pk") for way in ways)
    return first.union(*more, all=True)


def certificates_under(mandate: Mandate) -> QuerySet[Certificate]:
    """Return the certificates that somebody who acts under a mandate may open, newest first."""
    kept = visible_under(mandate).annotate(is_own=_is_held_by(mandate.principal))
    return kept.defer("face_sealed").order_by("-issued_at", "-pk")


def page_of(found: QuerySet[Certificate], before: str = "") -> tuple[list[Certificate], str]:
    """Return a page of certificates, newest first, and by which the next one is asked for; empty where it is the last.

    ``before``: a certificate's key: the page begins after it, at the newest where it is none of these. One query, two after the first page.
    """
    last = None
    with suppress(ValueError):  # what is no key at all
        last = found.filter(pk=UUID(before)).values_list("issued_at", "pk").first() if before else None
    if last is not None:
        found = found.filter(Q(issued_at__lt=last[0]) | Q(issued_at=last[0], pk__lt=last[1]))
    rows = list(found[: PAGE_SIZE + 1])
    return rows[:PAGE_SIZE], str(rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""


def visible_to_account(user: User) -> QuerySet[Certificate]:
    """Return what `visible_to` returns for an account's person, without asking for the person first; or what is of whom it acts for."""
    return _visible_as(user, principal_of(user))


def _visible_as(user: User, principal: Principal) -> QuerySet[Certificate]:
    if principal.handler is not None:
        return visible_to_handler(principal.handler)
    if principal.mandate is not None:
        return visible_under(principal.mandate).filter(pk__in=_handled(principal.matters))
    proved = Person.objects.filter(user_id=user.pk, level__gt=Level.CLAIMED)
    held = CertificateHolder.objects.filter(number_index__in=proved.values("document_index"))
    applied = Certificate.objects.filter(applicant__user_id=user.pk, organisation=None)
    return Certificate.objects.filter(pk__in=applied.values("pk").union(held.values("certificate")))


def may_still_open(user: User, certificate: Certificate) -> bool:
    """Return whether an account may open a certificate at this moment, for whomever it may act: asked where no session says for whom.

    One query for one's own; each principal that may be the one asks one or two more.
    """
    return user.is_active and any(
        _visible_as(user, principal).filter(pk=certificate.pk).exists() for principal in _possible(user, certificate)
    )


def _possible(user: User, certificate: Certificate) -> Iterator[Principal]:
    yield Principal(user.pk)
    usable = usable_by(user.pk) if certificate.mandate_id is not None else Mandate.objects.none()
    for mandate in usable.filter(pk__in=[certificate.mandate_id]):
        yield Principal(user.pk, None, mandate, handler_under(mandate, user.pk))
    for handler in handlers_of(user):
        yield Principal(user.pk, handler)


def _handled(matters: list[str] | None) -> QuerySet[Certificate]:
    """Return the certificates of these matters; None: all."""
    return Certificate.objects.all() if matters is None else Certificate.objects.filter(matter__in=matters)


def _credit_index(organisation: Organisation) -> bytes:
    return blind_index("credit_code", organisation.credit_code)


def _held_by(organisation: Organisation) -> QuerySet[CertificateHolder]:
    return CertificateHolder.objects.filter(number_index=_credit_index(organisation), certificate=OuterRef("pk"))


def _is_held_by(person: Person) -> Exists:
    """Whether a certificate is about this person. What an account only says of itself finds nothing of anybody's."""
    held = CertificateHolder.objects.filter(certificate=OuterRef("pk"))
    if not person.is_proved:
        return Exists(held.none())
    return Exists(held.filter(number_index=bytes(person.document_index)))


def open_face(certificate: Certificate) -> Face:
    """Return what is printed on `certificate`, in clear. Show it to its holder, or record who reads it. Raises `SealBroken`."""
    return Face.from_json(unseal(certificate.face_sealed, certificate.face_context))
