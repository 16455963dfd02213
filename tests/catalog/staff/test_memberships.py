"""Who may do what where: roles, groups and grants on departments."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject

from catalog.models import Department, Membership
from catalog.staff.memberships import ROLE_RIGHTS, department_ids_for, departments_for, dismiss, enroll, may
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def police() -> Department:
    return Department.objects.create(code="police", name="示例市公安局", short_name="公安")


@pytest.fixture
def health() -> Department:
    return Department.objects.create(code="health", name="示例市卫生健康委员会", short_name="卫健")


@pytest.fixture
def wang() -> User:
    return User.objects.create_user("wang", name="王审查")


def test_it_gives_each_role_exactly_its_rights(police: Department) -> None:
    for role, rights in ROLE_RIGHTS.items():
        user = User.objects.create_user(f"member-{role}")
        enroll(user, police, role)
        held = {
            right for right in ("serve", "accept", "review", "decide", "issue", "supervise") if may(user, right, police)
        }
        assert held == set(rights)


def test_a_reviewer_sees_only_their_own_department(police: Department, health: Department, wang: User) -> None:
    enroll(wang, police, Membership.Role.REVIEWER)
    assert list(departments_for(wang, "review")) == [police]
    assert not may(wang, "review", health)
    assert not departments_for(wang, "supervise").exists()


def test_a_clerk_serves_several_departments(police: Department, health: Department, wang: User) -> None:
    enroll(wang, police, Membership.Role.WINDOW_CLERK)
    enroll(wang, health, Membership.Role.WINDOW_CLERK)
    assert list(departments_for(wang, "accept")) == [health, police]
    assert not departments_for(wang, "decide").exists()


def test_it_agrees_with_the_grants_that_guardian_reads(police: Department, health: Department, wang: User) -> None:
    enroll(wang, police, Membership.Role.REVIEWER)
    wang = User.objects.get(pk=wang.pk)
    assert wang.has_perm("catalog.review_department", police)
    assert not wang.has_perm("catalog.review_department", health)
    assert not wang.has_perm("catalog.supervise_department", police)


def test_it_may_be_repeated_and_undone(police: Department, wang: User) -> None:
    enroll(wang, police, Membership.Role.REVIEWER)
    enroll(wang, police, Membership.Role.REVIEWER)
    assert Membership.objects.filter(user=wang).count() == 1
    dismiss(wang, police, Membership.Role.REVIEWER)
    dismiss(wang, police, Membership.Role.REVIEWER)
    assert not departments_for(wang, "review").exists()
    assert not Membership.objects.exists()


def test_it_opens_nothing_to_strangers_the_inactive_and_superusers_without_a_grant(
    police: Department, wang: User
) -> None:
    enroll(wang, police, Membership.Role.REVIEWER)
    wang.is_active = False
    wang.save(update_fields=["is_active"])
    assert not may(wang, "review", police)
    assert not departments_for(AnonymousUser(), "review").exists()
    root = User.objects.create_superuser("root")
    assert not may(root, "review", police)


def test_it_asks_the_database_once(police: Department, health: Department, wang: User) -> None:
    enroll(wang, police, Membership.Role.LEAD)
    enroll(wang, health, Membership.Role.LEAD)
    with CaptureQueriesContext(connection) as queries:
        assert department_ids_for(wang, "supervise") == {health.pk, police.pk}
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert may(wang, "supervise", police)
    assert len(queries) == 1


def test_a_request_asks_once_and_the_next_one_anew(police: Department, health: Department, wang: User) -> None:
    enroll(wang, police, Membership.Role.LEAD)
    request_user = SimpleLazyObject(lambda: User.objects.get(pk=wang.pk))
    assert may(request_user, "review", police)
    with CaptureQueriesContext(connection) as queries:
        assert may(request_user, "supervise", police)
        assert not may(request_user, "supervise", health)
        assert not departments_for(request_user, "serve")
    assert not queries.captured_queries
    dismiss(wang, police, Membership.Role.LEAD)
    assert not may(SimpleLazyObject(lambda: User.objects.get(pk=wang.pk)), "review", police)
    assert not may(wang, "review", police)
