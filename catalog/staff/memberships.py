"""Who may do what in which department.

A role in a department is a group (``dept:<code>:<role>``) that holds guardian grants on that
department. Queues, cases and buttons ask here and nowhere else. Only grants of a
post count: an administrator of the catalog has no business reading cases, so being superuser opens nothing, nor does a grant to
somebody who holds no post in the department.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal
from uuid import UUID, uuid5

from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import LazyObject
from guardian.shortcuts import assign_perm

from catalog.models import (
    Department,
    DepartmentGroupObjectPermission,
    Membership,
)
from portal.accounts.leaving import release_holdings
from portal.accounts.models import User
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.lib.prepared import Param, PreparedStatement

_STAFF = UUID("5f0f6d0e-6b0b-4d55-9f5c-0d3b6b1f8a11")

Right = Literal["serve", "accept", "review", "decide", "issue", "supervise"]

ROLE_RIGHTS: dict[str, tuple[Right, ...]] = {
    # "serve" opens the counter and the whole of a case that was entered there; nobody who decides holds it.
    Membership.Role.WINDOW_CLERK: ("serve", "accept"),
    Membership.Role.REVIEWER: ("accept", "review", "decide", "issue"),
    Membership.Role.LEAD: ("accept", "review", "decide", "issue", "supervise"),
    Membership.Role.SUPERVISOR: ("supervise",),
}

# The grants of a user's groups on the departments in which they hold a post. Asked at every request of an officer, hence written out:
# building it takes Django longer than answering it takes PostgreSQL.
_HELD = PreparedStatement(
    "rights_held",
    """
SELECT granted.content_object_id, permission.codename
  FROM accounts_user_groups AS belongs
  JOIN catalog_departmentgroupobjectpermission AS granted ON granted.group_id = belongs.group_id
  JOIN auth_permission AS permission ON permission.id = granted.permission_id
 WHERE belongs.user_id = %s
   AND EXISTS (SELECT 1 FROM catalog_membership AS post
                WHERE post.user_id = belongs.user_id AND post.department_id = granted.content_object_id)
""",
    [Param("user")],
)


def codename(right: Right) -> str:
    """Return the permission's codename on a department, e.g. ``review_department``."""
    return f"{right}_department"


def group_name(department: Department, role: str) -> str:
    """Return the name of the group that holds a role's grants in a department."""
    return f"dept:{department.code}:{role}"


@transaction.atomic
def enroll(user: User, department: Department, role: str, by: User | None = None) -> Membership:
    """Make someone a member of a department in a role, with that role's grants and an event. Safe to repeat.

    Nobody is asked here: this is the way of the demo town, of tests and of a command line. In the console a second person
    confirms it (``catalog.staff.appointing``).
    """
    membership, is_new = Membership.objects.get_or_create(user=user, department=department, role=role)
    group, _created = Group.objects.get_or_create(name=group_name(department, role))
    for right in ROLE_RIGHTS[role]:
        assign_perm(f"catalog.{codename(right)}", group, department)
    user.groups.add(group)
    if is_new:
        record_post("post_given", user, department, role, by)
    return membership


@transaction.atomic
def dismiss(user: User, department: Department, role: str, by: User | None = None) -> None:
    """End a membership with an event, take its group away, and release what was held by its rights. Safe to repeat."""
    granted = Group.objects.filter(departmentgroupobjectpermission__content_object=department)
    user.groups.remove(*granted.filter(name__endswith=f":{role}").distinct())
    ended, _rows = Membership.objects.filter(user=user, department=department, role=role).delete()
    if ended:
        record_post("post_ended", user, department, role, by)
    release_holdings(user, by)


def record_post(
    kind: str, user: User, department: Department | None, role: str, by: User | None, **data: object
) -> None:
    """Write an event about a post into the history of its department's staff, or of the catalog's."""
    chain = staff_chain(department)
    open_chain(chain)
    code = department.code if department is not None else ""
    facts = {"user": user.pk, "role": str(role), **data}
    append_events(chain, [NewEvent(kind, actor_id=by.pk if by is not None else None, department=code, data=facts)])


def staff_chain(department: Department | None) -> UUID:
    """Return the chain in which the posts of a department, or of the catalog, have their history."""
    return uuid5(_STAFF, str(department.pk) if department is not None else "catalog")


def held_rights(user: User | AnonymousUser) -> Mapping[int, frozenset[str]]:
    """Return the rights this user holds now, by the id of each department in which there are any. Cost: one query.

    A request's own user is asked about once: ``request.user`` lives as long as the request, so what is kept with it ends with it,
    and a post that has ended counts for nothing at the next request.
    """
    if not user.is_authenticated or not user.is_active:
        return {}
    kept: Mapping[int, frozenset[str]] | None = getattr(user, "_held_rights", None)
    if kept is not None:
        return kept
    found: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        _HELD.execute(cursor, {"user": user.pk})
        for department, name in cursor.fetchall():
            found[department].add(name.removesuffix("_department"))
    held = {department: frozenset(rights) for department, rights in found.items()}
    if isinstance(user, LazyObject):
        user._held_rights = held
    return held


def department_ids_for(user: User | AnonymousUser, *rights: Right) -> frozenset[int]:
    """Return the ids of the departments in which this user holds one of ``rights``. Cost: that of `held_rights`."""
    return frozenset(pk for pk, held in held_rights(user).items() if not held.isdisjoint(rights))


def led_departments(user: User | AnonymousUser) -> frozenset[int]:
    """Return the ids of the departments that this user leads: they supervise and decide there. Cost: that of `held_rights`."""
    return frozenset(pk for pk, held in held_rights(user).items() if {"supervise", "decide"} <= held)


def departments_for(user: User | AnonymousUser, *rights: Right) -> QuerySet[Department]:
    """Return the departments in which this user holds one of ``rights``, by code. Cost: that of `held_rights`, and one query when
    evaluated; none where there are no such departments."""
    ids = department_ids_for(user, *rights)
    return Department.objects.filter(pk__in=ids).order_by("code") if ids else Department.objects.none()


def who_may(department: Department | int, *rights: Right) -> frozenset[int]:
    """Return the accounts that hold one of ``rights`` in the department now. One query."""
    grants = DepartmentGroupObjectPermission.objects.filter(
        content_object=department, permission__codename__in=[codename(right) for right in rights]
    )
    posts = Membership.objects.filter(department=department, user=OuterRef("pk"))
    found = User.objects.filter(Exists(posts), is_active=True, groups__in=grants.values("group"))
    return frozenset(found.values_list("pk", flat=True))


def lacks_right(user: str, department: str, *rights: Right) -> Q:
    """Return the condition that the account in column ``user`` holds none of ``rights`` in the department of column ``department``."""
    grants = DepartmentGroupObjectPermission.objects.filter(
        content_object=OuterRef(department),
        permission__codename__in=[codename(right) for right in rights],
        group__user=OuterRef(user),
    )
    return Q(**{f"{user}__is_active": False}) | Q(~Exists(grants))


def may(user: User | AnonymousUser, right: Right, department: Department) -> bool:
    """Return whether this user holds the right in the department. Cost: that of `held_rights`."""
    return right in rights_in(user, department)


def rights_in(user: User | AnonymousUser, department: Department) -> frozenset[str]:
    """Return all rights that this user holds in the department. Cost: that of `held_rights`."""
    return held_rights(user).get(department.pk, frozenset())
