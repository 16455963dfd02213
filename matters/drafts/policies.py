"""Benefit policies: made, and changed by a new version that ends the one before, with an event each. What was matched stays with its version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from catalog.staff.managers import PROPOSE
from catalog.staff.memberships import led_departments
from matters.core.clocks import official_date
from matters.models import BenefitPolicy
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events, open_chain

_POLICIES = UUID("0f6c1d0e-94a5-4b0e-8d07-2a4b6f0b7c31")
# What a version says; code and department stay as the first version has them.
SAID: Final = (
    *("name", "name_en", "matter", "items", "conditions", "ground", "certificate_type", "within_days", "lacks_type"),
    *("least_age", "is_demo", "is_open", "valid_from", "valid_to"),
)


class PolicyReplaced(Exception):
    """Somebody changed the policy meanwhile: this version is not the last."""


class BeginsInThePast(Exception):
    """A version of a policy that is there already begins before today."""


def manages_all(user: User) -> bool:
    """Return whether this user manages the catalog, and so the policies of every department."""
    return user.has_perm(PROPOSE)


def may_manage(user: User, department_id: int) -> bool:
    """Return whether this user may make and change policies of a department."""
    return manages_all(user) or department_id in led_departments(user)


@transaction.atomic
def add_policy(by: User, policy: BenefitPolicy) -> BenefitPolicy:
    """Write the first version of a policy. Raises `PermissionDenied`, IntegrityError where its code is taken."""
    if not may_manage(by, policy.department_id):
        raise PermissionDenied
    policy.version = 1
    policy.save(force_insert=True)
    open_chain(history_of(policy.code))
    _record("policy_added", by, policy, [])
    return policy


@transaction.atomic
def change_policy(by: User, policy: BenefitPolicy, said: Mapping[str, Any]) -> BenefitPolicy:
    """Make the next version, which takes the place of this one from the day it begins; return it, or ``policy`` where nothing is different.

    ``said``: by the names of `SAID`. What was matched under an earlier version is not matched again. Raises `PermissionDenied`,
    `PolicyReplaced`, `BeginsInThePast`.
    """
    if not may_manage(by, policy.department_id):
        raise PermissionDenied
    versions = list(BenefitPolicy.objects.select_for_update().filter(code=policy.code).order_by("version"))
    last = versions[-1]
    if last.pk != policy.pk:
        raise PolicyReplaced
    changed = [name for name in SAID if name in said and said[name] != getattr(last, name)]
    if not changed:
        return last
    begins = said["valid_from"]
    today = official_date(timezone.now())
    if begins < today:
        raise BeginsInThePast
    following = BenefitPolicy(code=last.code, department_id=last.department_id, version=last.version + 1)
    for name in SAID:
        setattr(following, name, said.get(name, getattr(last, name)))
    following.save(force_insert=True)
    earlier = BenefitPolicy.objects.filter(code=last.code, version__lte=last.version)
    takes_place_of = Q(replaced_by=None) | Q(replaced_by__valid_from__gt=begins)
    still_running = Q(valid_to=None) | Q(valid_to__gte=begins)
    earlier.filter(Q(pk=last.pk) | (takes_place_of & still_running)).update(replaced_by=following)
    # What has matched somebody today was in force today.
    ends = max(begins - timedelta(days=1), today)
    earlier.filter(Q(valid_to=None) | Q(valid_to__gt=ends)).update(valid_to=ends)
    open_chain(history_of(policy.code))  # those of before this history have none
    _record("policy_changed", by, following, changed)
    return following


def hold_code(code: str) -> None:
    """Let nobody else make a policy of this code until the transaction ends. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"benefit_policy:{code}"])


def history_of(code: str) -> UUID:
    """Return the chain in which a policy has its history."""
    return uuid5(_POLICIES, code)


def _record(kind: str, by: User, policy: BenefitPolicy, changed: list[str]) -> None:
    facts = {"policy": policy.code, "version": policy.version, "changed": changed}
    event = NewEvent(kind, actor_id=by.pk, department=policy.department.code, data=facts)
    append_events(history_of(policy.code), [event])
