"""To whom an application opens, and who may agree to inquiries in it: at a window by the mandate of whoever stands there, online by whom
the account acts for.
"""

from __future__ import annotations

from django.utils import timezone

from matters.drafts.profile import acting_under
from matters.models import Bundle, Channel, Draft
from portal.accounts.models import Mandate, User
from portal.accounts.organisations.principals import principal_of, refuse_other, refuse_under
from portal.accounts.people import birth_date
from portal.accounts.standing import may_act_under


def agent_may_act(draft: Draft) -> bool:
    """Return whether whoever stands at the window may act for the applicant now: for themselves, or under a mandate in force."""
    if draft.mandate_id is None:
        return True
    mandate = Mandate.objects.in_force().filter(pk=draft.mandate_id).first()
    return mandate is not None and mandate.may_handle(draft.matter_version.matter.slug)


def is_principals(user: User, draft: Draft) -> bool:
    """Return whether a draft is of whom the user acts for; raise `OtherPrincipal` where it is of another one of theirs."""
    principal, slug = principal_of(user), draft.matter_version.matter.slug
    if draft.organisation is None:
        if draft.applicant.user_id == user.pk:
            refuse_other(user, None)
            return True
        if _filed_otherwise(draft):
            return False
        refuse_under(user, draft.mandate_id, slug)
        return draft.mandate_id is not None and principal.mandate_id == draft.mandate_id and principal.may_handle(slug)
    refuse_other(user, draft.organisation, slug)
    return principal.organisation_id == draft.organisation_id and principal.may_handle(slug)


def _filed_otherwise(draft: Draft) -> bool:
    """Return whether an application that was begun under a mandate was filed by the applicant: what she files herself is hers alone. At most one query."""
    if draft.mandate_id is None or draft.submitted_at is None:
        return False
    return not Bundle.objects.filter(idempotency_key=draft.submission_key, mandate=draft.mandate_id).exists()


def may_consent(draft: Draft) -> bool:
    """Return whether sources may be asked in this application: whoever acts for the applicant may agree to it only where the mandate says so.

    In a dead person's name nobody agrees to anything.
    """
    if draft.is_of_the_dead:
        return False
    mandate = acting_under(draft)
    if mandate is None:
        return True
    born = birth_date(draft.applicant) if mandate.kind == Mandate.Kind.PARENT else None
    return mandate.is_in_term and mandate.may_consent(timezone.localdate(), born)


def may_agree(draft: Draft, by: User) -> bool:
    """Return whether whoever agrees is the applicant, or acts for them under a mandate in force; its row is held until the transaction ends."""
    if acting_under(draft) is None or draft.applicant.user_id == by.pk or draft.mandate_id is None:
        return True
    is_online = draft.channel == Channel.ONLINE
    return may_act_under(draft.mandate_id, draft.matter_version.matter.slug, by.pk if is_online else None)
