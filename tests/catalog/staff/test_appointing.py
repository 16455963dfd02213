"""Giving a post takes two people or the department's own lead; it is an event, and both are told."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from guardian.shortcuts import assign_perm

from catalog.models import Appointment, Department, Membership
from catalog.staff.appointing import AppointmentRefused, confirm, end_post, propose, refuse
from catalog.staff.managers import MANAGERS, appoint
from catalog.staff.memberships import departments_for, dismiss, enroll, may, staff_chain
from portal.accounts.models import User
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from tests.worlds.cast import logged_in

pytestmark = pytest.mark.django_db
ADD = "/admin/catalog/appointment/add/"


@pytest.fixture
def police() -> Department:
    return Department.objects.create(code="police", name="示例市公安局", short_name="公安")


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", name="管理员甲")


@pytest.fixture
def other() -> User:
    return User.objects.create_superuser("other", name="管理员乙")


@pytest.fixture
def wang() -> User:
    return User.objects.create_user("wang", name="王审查", is_staff=True)


@pytest.fixture
def zhou(police: Department) -> User:
    lead = User.objects.create_user("zhou", name="周所长", is_staff=True)
    enroll(lead, police, "lead")
    return lead


def page_of(appointment: Appointment, verb: str = "change") -> str:
    return reverse(f"admin:catalog_appointment_{verb}", args=[appointment.pk])


def test_one_post_of_an_administrator_makes_nobody_a_reviewer(police: Department, root: User, wang: User) -> None:
    client = logged_in(root)
    for account in (root, wang):
        client.post(ADD, {"account": account.username, "department": police.pk, "role": "reviewer"})
        client.post("/admin/catalog/membership/add/", {"user": account.pk, "department": police.pk, "role": "reviewer"})
        assert not may(account, "review", police)
    mine = Appointment.objects.get()
    assert (mine.user, mine.status) == (wang, "open")
    for verdict in ("confirm", "confirm"):
        client.post(page_of(mine, "decide"), {"verdict": verdict})
    assert not Membership.objects.exists()


def test_a_second_person_confirms_and_both_are_told(police: Department, root: User, other: User, wang: User) -> None:
    logged_in(root).post(ADD, {"account": "wang", "department": police.pk, "role": "reviewer"})
    proposed = Appointment.objects.get()
    assert Message.objects.get(kind="post_proposed").recipient == other
    page = logged_in(other).get(page_of(proposed)).content.decode()
    assert "确认任职" in page
    assert "确认任职" not in logged_in(root).get(page_of(proposed)).content.decode()
    logged_in(other).post(page_of(proposed, "decide"), {"verdict": "confirm"})
    assert may(wang, "decide", police)
    told = set(Message.objects.filter(kind="post_given").values_list("recipient__username", flat=True))
    assert told == {"wang", "root", "other"}
    events = Event.objects.filter(chain_id=staff_chain(police)).order_by("sequence")
    assert [(one.kind, one.actor) for one in events] == [("post_proposed", root), ("post_given", other)]
    assert verify_chain(staff_chain(police)) == []
    assert "任示例市公安局审查人员" in logged_in(wang).get(reverse("accounts:notices")).content.decode()


def test_the_departments_own_lead_appoints_alone_and_nowhere_else(
    police: Department, zhou: User, wang: User, root: User
) -> None:
    health = Department.objects.create(code="health", name="示例市卫健委", short_name="卫健")
    client = logged_in(zhou)
    for department, role in ((health.pk, "reviewer"), ("", "catalog_manager")):
        assert client.post(ADD, {"account": "wang", "department": department, "role": role}).status_code == 200
    assert not Membership.objects.filter(user=wang).exists()
    assert client.post(ADD, {"account": "wang", "department": police.pk, "role": "reviewer"}).status_code == 302
    assert may(wang, "review", police)
    assert Appointment.objects.get().by_lead
    page = client.get("/admin/catalog/membership/").content.decode()
    assert "王审查" in page
    with pytest.raises(AppointmentRefused, match="不能给自己"):
        propose(zhou, zhou, police, "reviewer")
    assert client.post(ADD, {"account": "root", "department": police.pk, "role": "supervisor"}).status_code == 302


def test_a_lead_confirms_what_an_administrator_proposed(police: Department, root: User, zhou: User, wang: User) -> None:
    proposed = propose(root, wang, police, "reviewer")
    assert Message.objects.filter(kind="post_proposed", recipient=zhou).exists()
    logged_in(zhou).post(page_of(proposed, "decide"), {"verdict": "confirm"})
    assert may(wang, "review", police)


def test_who_is_appointed_does_not_confirm_it(police: Department, root: User, other: User) -> None:
    other.is_staff = True
    other.save()
    proposed = propose(root, other, police, "reviewer")
    with pytest.raises(AppointmentRefused, match="不能给自己"):
        confirm(other, proposed)
    with pytest.raises(AppointmentRefused, match="另一个人"):
        confirm(root, proposed)


def test_a_refused_or_withdrawn_proposal_gives_nothing(police: Department, root: User, other: User, wang: User) -> None:
    assert refuse(other, propose(root, wang, police, "reviewer")).status == "refused"
    assert Message.objects.get(kind="post_refused").recipient == root
    mine = refuse(root, propose(root, wang, police, "reviewer"))
    assert mine.status == "withdrawn"
    with pytest.raises(AppointmentRefused, match="已经有了结论"):
        confirm(other, mine)
    assert not may(wang, "review", police)


def test_what_cannot_be_is_said_beside_the_form(police: Department, root: User, wang: User) -> None:
    client = logged_in(root)
    enroll(wang, police, "clerk")
    User.objects.create_user("citizen")
    for account, department, role, sentence in (
        ("nobody", police.pk, "reviewer", "没有这个账号"),
        ("citizen", police.pk, "reviewer", "没有这个账号"),
        ("root", police.pk, "reviewer", "不能给自己"),
        ("wang", police.pk, "clerk", "已经在这个岗位"),
        ("wang", "", "reviewer", "请选择部门"),
        ("wang", police.pk, "catalog_manager", "不要选部门"),
    ):
        page = client.post(ADD, {"account": account, "department": department, "role": role})
        assert sentence in page.content.decode(), sentence


def test_an_office_of_the_catalog_is_given_the_same_way(root: User, other: User, wang: User) -> None:
    confirm(other, propose(root, wang, None, "catalog_manager"))
    assert User.objects.get(pk=wang.pk).has_perm("catalog.propose_definition")
    end_post(root, Membership.objects.get(user=wang))
    assert not User.objects.get(pk=wang.pk).has_perm("catalog.propose_definition")


def test_ending_a_post_takes_one_person_and_is_told(police: Department, root: User, zhou: User, wang: User) -> None:
    membership = enroll(wang, police, "reviewer")
    page = reverse("admin:catalog_membership_delete", args=[membership.pk])
    assert logged_in(wang).post(page, {"post": "yes"}).status_code == 403
    assert logged_in(zhou).post(page, {"post": "yes"}).status_code == 302
    assert not may(wang, "review", police)
    told = set(Message.objects.filter(kind="post_ended").values_list("recipient__username", flat=True))
    assert told == {"wang", "zhou"}
    assert Event.objects.filter(chain_id=staff_chain(police), kind="post_ended", actor=zhou).exists()


def test_the_database_wants_two_people(police: Department, root: User, wang: User) -> None:
    now = timezone.now()
    for proposer, decider in ((root, root), (wang, root), (root, wang), (root, None)):
        with pytest.raises(IntegrityError, match="appointment_by_two_people"), transaction.atomic():
            Appointment.objects.create(
                user=wang, department=police, role="lead", status="granted", proposed_by=proposer,
                decided_by=decider, decided_at=now,
            )  # fmt: skip


def test_no_group_of_a_post_without_the_post(police: Department, wang: User) -> None:
    zhang = User.objects.create_user("zhang")
    enroll(zhang, police, "reviewer")
    appoint(zhang, MANAGERS)  # whoever is appointed first founds the group: another test may have emptied the tables
    for name in ("dept:police:reviewer", MANAGERS):
        with pytest.raises(IntegrityError, match="does not hold"), transaction.atomic():
            wang.groups.add(Group.objects.get(name=name))
    enroll(wang, police, "reviewer")
    Membership.objects.filter(user=wang).delete()
    assert not wang.groups.exists()
    appoint(wang, MANAGERS)
    Membership.objects.filter(user=wang).delete()
    assert not wang.groups.exists()


def test_a_grant_without_a_post_opens_nothing(police: Department, wang: User) -> None:
    assign_perm("catalog.review_department", wang, police)
    loose = Group.objects.create(name="loose")
    assign_perm("catalog.review_department", loose, police)
    wang.groups.add(loose)
    assert not departments_for(wang, "review").exists()


def test_a_department_that_is_renamed_keeps_its_people_and_lets_them_go(police: Department, wang: User) -> None:
    enroll(wang, police, "reviewer")
    police.code = "police-2"
    police.save()
    assert may(wang, "review", police)
    dismiss(wang, police, "reviewer")
    assert not may(wang, "review", police)
    assert not wang.groups.exists()


def test_the_account_form_gives_no_rights(root: User, wang: User, police: Department) -> None:
    enroll(User.objects.create_user("zhang"), police, "reviewer")
    keeper = User.objects.create_user("keeper", is_staff=True)
    names = ("view_user", "change_user", "add_user", "delete_user")
    keeper.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts", codename__in=names))
    for who in (root, keeper):
        page = reverse("admin:accounts_user_change", args=[wang.pk])
        shown = logged_in(who).get(page).content.decode()
        assert 'name="groups"' not in shown
        assert 'name="user_permissions"' not in shown
        assert 'name="is_superuser"' not in shown
        sent = {
            "username": "wang", "name": "王审查", "is_active": "on", "is_staff": "on", "is_superuser": "on",
            "groups": list(Group.objects.values_list("pk", flat=True)),
            "user_permissions": list(Permission.objects.values_list("pk", flat=True)[:50]),
        }  # fmt: skip
        assert logged_in(who).post(page, sent).status_code == 302
        wang.refresh_from_db()
        assert not wang.is_superuser
        assert not wang.groups.exists()
        assert not wang.user_permissions.exists()
    for address in ("change", "password_change"):
        name = f"admin:accounts_user_{address}" if address == "change" else "admin:auth_user_password_change"
        answer = logged_in(keeper).post(reverse(name, args=[root.pk]), {"username": "root"})
        assert answer.status_code == 403


def test_no_page_of_the_console_edits_groups_permissions_or_grants() -> None:
    labels = {model._meta.label_lower for model in admin.site._registry}
    assert not labels & {"auth.group", "auth.permission", "catalog.departmentgroupobjectpermission"}
    assert not [label for label in labels if label.startswith("guardian.")]
    for model, page in admin.site._registry.items():
        assert "GuardedModelAdmin" not in {base.__name__ for base in type(page).__mro__}, model
