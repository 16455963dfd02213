"""Renewing a certificate (无感续证): an application that is filled in from the decision it rests on; its new certificate closes this one."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from matters.cases.access import get_bundle_for
from matters.core.states import CONCLUDED, State
from matters.drafts.continuing import begin_again, version_for
from matters.models import Bundle, Draft, Renewal, SubItem
from matters.wording.refusals import NotRenewable
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events


class Begun(NamedTuple):
    """The application for a renewal: the ``draft`` that lies open, or the ``bundle`` that is under way. ``is_new``: it was begun now."""

    draft: Draft | None
    bundle: Bundle | None
    is_new: bool


@transaction.atomic
def begin_renewal(user: User, certificate: Certificate) -> Begun:
    """Begin the application that renews a certificate, filled in from the one that it was granted on; or return the one under way.

    For whom the user acts now, who must be whose application that was: its form is theirs alone. What a department decided on is known by
    its decision, so that what has not changed is confirmed and not typed; papers are taken as far as they still serve. Nothing is filed here, and
    the certificate stands as it is. Of two at once one begins it. Raises ``NotRenewable``, ``NothingLeft``, ``NotAllowed``, ``ApplicantDead``. Cost: as ``continue_with_rest``.
    """
    rows = Certificate.objects.select_related("certificate_type").defer("face_sealed")
    certificate = rows.select_for_update(of=("self",), no_key=True).get(pk=certificate.pk)
    part = SubItem.objects.filter(number=certificate.decision_reference).select_related("bundle", "decision").first()
    if certificate.days_to_renew(timezone.localdate()) is None or part is None:
        raise NotRenewable
    try:
        bundle = get_bundle_for(user, part.bundle.number)
    except Http404:
        raise NotRenewable(_("这张证照不是您自己申请的，请由当时的申请人续证，或者重新申请。")) from None
    if (under_way := _under_way(user, certificate)) is not None:
        return under_way
    draft = begin_again(user, bundle, version_for(bundle, [part]), granted=part)
    Renewal.objects.create(certificate=certificate, application=draft.submission_key, begun_by=user)
    append_events(certificate.pk, [NewEvent("renewal_begun", user.pk, data={"draft": str(draft.pk)})])
    return Begun(draft, None, is_new=True)


def _under_way(user: User, certificate: Certificate) -> Begun | None:
    """Return the application that was begun for it and is neither thrown away nor over."""
    applications = list(Renewal.objects.filter(certificate=certificate).values_list("application", flat=True))
    if not applications:
        return None
    lying = Draft.objects.open_of(user).filter(submission_key__in=applications).first()
    if lying is not None:
        return Begun(lying, None, is_new=False)
    for bundle in Bundle.objects.filter(idempotency_key__in=applications).prefetch_related("sub_items"):
        if any(State(one.state) not in CONCLUDED for one in bundle.sub_items.all()):
            return Begun(None, bundle, is_new=False)
    return None
