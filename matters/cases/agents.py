"""Telling a person of each step that somebody takes for them under a mandate."""

from __future__ import annotations

from django.urls import reverse

from matters.models import Bundle, Draft
from matters.wording.titles import plain_title
from portal.accounts.models import User
from portal.notices.inbox import send_message

DRAFT, FILED, ANSWERED, WITHDREW = "mandate_draft", "mandate_filed", "mandate_answered", "mandate_withdrew"


def tell_principal(case: Draft | Bundle, step: str, by: User, fact: object = "") -> None:
    """Tell the applicant that their agent took this step; nothing where they took it themselves or have no account. ``fact``: which of several."""
    mandate, recipient = case.mandate, case.applicant.user_id
    if mandate is None or recipient is None or recipient == by.pk:
        return
    link = reverse("matters:form", args=[case.pk])
    if isinstance(case, Bundle):
        link = reverse("matters:bundle", args=[case.number])
    data = {"agent": mandate.agent_name, "number": mandate.number, "matter": plain_title(case)}
    send_message(recipient, f"{step}:{case.pk}:{fact}", step, data, link)
