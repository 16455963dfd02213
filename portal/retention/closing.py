"""Closing an account by its owner: the login ends for good, what was filed and issued stays the person's, and who registers again is not barred."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.accounts.handing_over import leave
from portal.accounts.mandates.activities import end
from portal.accounts.models import Handler, Mandate, Person, User
from portal.accounts.organisations.activities import remove
from portal.accounts.own_file.parts import FileSubject
from portal.ledger.models import SecurityEvent
from portal.ledger.security import record_security_event
from portal.notices.inbox import withdraw_messages
from portal.retention.deletion import erase
from portal.retention.holds import is_held, wait_for_holds
from portal.retention.models import ClosedAccount


class NotClosable(Exception):
    """Something stands in the way. ``reasons``: sentences."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reasons))


def obstacles(person: Person, user: User) -> list[str]:
    """Return why an account cannot be closed now, in sentences. Three queries, and those of ``YIJIAN_CLOSING_OBSTACLES``."""
    found = []
    if user.is_staff or user.is_superuser or user.groups.exists():
        found.append(_("这是工作账号，请由管理员停用。"))
    if Handler.objects.in_force().filter(person=person, role=Handler.Role.LEGAL_REPRESENTATIVE).exists():
        found.append(_("您还是单位的法定代表人（负责人）。请先办变更登记，再注销。"))
    if is_held(person=person.pk):
        found.append(_("您的信息依法需要保存，现在不能注销。"))
    for name in settings.YIJIAN_CLOSING_OBSTACLES:
        found += import_string(name)(person)
    return found


def close_account(request: HttpRequest, user: User) -> None:
    """Close an account whose owner has confirmed it.

    Drafts, unused answers and copies go; applications, certificates and what proves them stay with the person, who loses sight of them until
    they have proved again who they are, with whatever account. Its name is free again. Raises `NotClosable`.
    """
    with transaction.atomic():
        wait_for_holds()
        # Whoever submits at this moment holds the draft and only refers to both rows: not to wait for them here keeps one order of locks.
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        person = Person.objects.select_for_update(of=("self",), no_key=True).get(user=locked)
        person.user = locked
        if reasons := obstacles(person, locked):
            raise NotClosable(reasons)
        now = timezone.now()
        erase(FileSubject(person))
        if reasons := obstacles(person, locked):  # what was submitted while we waited for its draft
            raise NotClosable(reasons)
        for handler in Handler.objects.in_force().filter(person=person).select_related("person__user"):
            remove(handler, handler.pk)  # themselves: those who manage the organisation are told
        given = Q(principal=person) | Q(agent=person, agent_organisation=None)
        for mandate in Mandate.objects.filter(given, kind=Mandate.Kind.AUTHORISED, ended_at=None):
            end(mandate.pk, by=person)  # nobody could stop it any more
        withdraw_messages(locked)
        ClosedAccount.objects.create(user=locked, person=person, level=person.level, at=now)
        if person.is_proved:
            person.user, person.phone = None, ""
            person.save(update_fields=["user", "phone", "phone_index"])
        else:
            leave(person)
        Authenticator.objects.filter(user=locked).delete()
        SocialAccount.objects.filter(user=locked).delete()
        record_security_event(SecurityEvent.Kind.ACCOUNT_CLOSED, request, user=locked, level=int(person.level))
        locked.username, locked.name, locked.is_active = f"closed-{locked.seal_id}", "", False
        locked.set_unusable_password()
        locked.changed_by = locked
        locked.save()
