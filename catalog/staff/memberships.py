"""Who may do what in which department.

A role in a department is a group (``dept:<code>:<role>``) that holds guardian grants on that
department. Queues, cases and buttons ask here and nowhere else. Only grants count: an
administrator of the catalog has no business reading cases, so being superuser opens nothing.
"""

from __future__ import annotations

from typing import Literal

from django.contrib.auth.models import AnonymousUser, Group
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from guardian.shortcuts import assign_perm

from catalog.models import (
    Department,
    DepartmentGroupObjectPermission,
    DepartmentUserObjectPermission,
    Membership,
)
from portal.accounts.leaving import release_holdings
from portal.accounts.models import User

Right = Literal["serve", "accept", "review", "decide", "issue", "supervise"]

ROLE_RIGHTS: dict[str, tuple[Right, ...]] = {
    # "serve" opens the counter and the whole of a case that was entered there; nobody who decides holds it.
    Membership.Role.WINDOW_CLERK: ("serve", "accept"),
    Membership.Role.REVIEWER: ("accept", "review", "decide", "issue"),
    Membership.Role.LEAD: ("accept", "review", "decide", "issue", "supervise"),
    Membership.Role.SUPERVISOR: ("supervise",),
}


def codename(right: Right) -> str:
    """Return the permission's codename on a department, e.g. ``review_department``."""
    return f"{right}_department"


def group_name(department: Department, role: str) -> str:
    """Return the name of the group that holds a role's grants in a department."""
    return f"dept:{department.code}:{role}"


@transaction.atomic
def enroll(user: User, department: Department, role: str) -> Membership:
    """Make someone a member of a department in a role, with that role's grants. Safe to repeat."""
    group, _created = Group.objects.get_or_create(name=group_name(department, role))
    for right in ROLE_RIGHTS[role]:
        assign_perm(f"catalog.{codename(right)}", group, department)
    user.groups.add(group)
    membership, _created = Membership.objects.get_or_create(user=user, department=department, role=role)
    return membership


@transaction.atomic
def dismiss(user: User, department: Department, role: str, by: User | None = None) -> None:
    """End a membership, take its group away, and release what was held by its rights. Safe to repeat."""
    user.groups.remove(*Group.objects.filter(name=group_name(department, role)))
    Membership.objects.filter(user=user, department=department, role=role).delete()
    release_holdings(user, by)


def departments_for(user: User | AnonymousUser, right: Right) -> QuerySet[Department]:
    """Return the departments in which this user holds the right, by code. Cost: one query when evaluated."""
    if not user.is_authenticated or not user.is_active:
        return Department.objects.none()
    of_group = DepartmentGroupObjectPermission.objects.filter(
        content_object=OuterRef("pk"), permission__codename=codename(right), group__user=user
    )
    of_user = DepartmentUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), permission__codename=codename(right), user=user
    )
    return Department.objects.filter(Exists(of_group) | Exists(of_user)).order_by("code")


def lacks_right(user: str, department: str, *rights: Right) -> Q:
    """Return the condition that the account in column ``user`` holds none of ``rights`` in the department of column ``department``."""
    grants = DepartmentGroupObjectPermission.objects.filter(
        content_object=OuterRef(department),
        permission__codename__in=[codename(right) for right in rights],
        group__user=OuterRef(user),
    )
    return Q(**{f"{user}__is_active": False}) | Q(~Exists(grants))


def may(user: User | AnonymousUser, right: Right, department: Department) -> bool:
    """Return whether this user holds the right in the department. Cost: one query."""
    return departments_for(user, right).filter(pk=department.pk).exists()
