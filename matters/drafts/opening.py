"""To whom an application opens: at a window by the mandate of whoever stands there, online by whom the account acts for."""

from __future__ import annotations

from matters.models import Bundle, Draft
from portal.accounts.models import Mandate, User
from portal.accounts.organisations.principals import principal_of, refuse_other, refuse_under


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
