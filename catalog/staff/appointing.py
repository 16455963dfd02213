"""Giving somebody a post takes two people, or the department's own lead; ending one takes one. Each is an event, and told to both.

A post is a role in a department or an office of the catalog. An administrator proposes, another person confirms: another administrator,
or the lead of the department. A lead appoints in the own department alone. Nobody appoints themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Appointment, Department, Membership
from catalog.staff.managers import OFFICE_ROLES, appoint, remove_from_office
from catalog.staff.memberships import dismiss, enroll, record_post
from catalog.staff.telling import tell_staff
from portal.accounts.models import User

APPOINT = "catalog.add_appointment"
PAGE = "/admin/catalog/appointment/{}/change/"
_OFFICE_OF_ROLE = {role: office for office, role in OFFICE_ROLES.items()}
_SENTENCES = {
    "not_yours": _("您不能在这里安排任职。"),
    "yourself": _("不能给自己安排岗位，请由别人提出。"),
    "same_person": _("这项任职是您提出的，要由另一个人确认。"),
    "not_staff": _("这个账号不是工作人员，或者已经停用。"),
    "has_it": _("这个人已经在这个岗位上。"),
    "is_proposed": _("这项任职已经有人提出，正在等确认。"),
    "no_department": _("请选择部门。"),
    "needs_none": _("目录管理员、目录审核员不属于部门，请不要选部门。"),
    "not_open": _("这项任职刚才已经有了结论。"),
}


class AppointmentRefused(Exception):
    """It may not be done. ``code`` says why, ``sentence`` says it to people."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.sentence = str(_SENTENCES[code])
        super().__init__(self.sentence)


def leads(user: User, department: Department | None) -> bool:
    """Return whether the user is the lead of a department, now. Cost: one query."""
    if department is None or not user.is_active:
        return False
    return Membership.objects.filter(user=user, department=department, role=Membership.Role.LEAD).exists()


def may_appoint(user: User, department: Department | None) -> bool:
    """Return whether the user may propose and confirm posts of the department, or (None) offices of the catalog."""
    return user.is_active and user.is_staff and (user.has_perm(APPOINT) or leads(user, department))


@transaction.atomic
def propose(by: User, user: User, department: Department | None, role: str) -> Appointment:
    """Propose somebody for a post; of a department's own lead it is granted at once. Raises ``AppointmentRefused``."""
    if not may_appoint(by, department):
        raise AppointmentRefused("not_yours")
    if by.pk == user.pk:
        raise AppointmentRefused("yourself")
    if not (user.is_active and user.is_staff):
        raise AppointmentRefused("not_staff")
    if (department is None) != (role in Membership.OFFICES):
        raise AppointmentRefused("no_department" if department is None else "needs_none")
    if Membership.objects.filter(user=user, department=department, role=role).exists():
        raise AppointmentRefused("has_it")
    try:
        with transaction.atomic():
            proposed = Appointment.objects.create(user=user, department=department, role=role, proposed_by=by)
    except IntegrityError:
        raise AppointmentRefused("is_proposed") from None
    record_post("post_proposed", user, department, role, by, appointment=proposed.pk)
    if leads(by, department):
        return _grant(by, proposed, by_lead=True)
    _tell("post_proposed", proposed, _who_may_confirm(proposed))
    return proposed


@transaction.atomic
def confirm(by: User, appointment: Appointment) -> Appointment:
    """Give the post, as the second person. Raises ``AppointmentRefused``."""
    current = _open(by, appointment)
    if by.pk == current.user_id:
        raise AppointmentRefused("yourself")
    if by.pk == current.proposed_by_id:
        raise AppointmentRefused("same_person")
    if not (current.user.is_active and current.user.is_staff):
        raise AppointmentRefused("not_staff")
    return _grant(by, current)


@transaction.atomic
def refuse(by: User, appointment: Appointment) -> Appointment:
    """Refuse a proposal, or take one's own back. Raises ``AppointmentRefused``."""
    current = _open(by, appointment)
    own = by.pk == current.proposed_by_id
    current.status = Appointment.Status.WITHDRAWN if own else Appointment.Status.REFUSED
    _decide(by, current)
    record_post("post_refused", current.user, current.department, current.role, by, appointment=current.pk)
    if not own:
        _tell("post_refused", current, [current.proposed_by_id])
    return current


@transaction.atomic
def end_post(by: User, membership: Membership) -> None:
    """End somebody's post; one person is enough. What they held is released. Raises ``AppointmentRefused``."""
    user, department, role = membership.user, membership.department, membership.role
    if not may_appoint(by, department):
        raise AppointmentRefused("not_yours")
    told = {user.pk, by.pk, *_leads_of(department)}  # whose post it was is told as themselves
    data = _data(user, department, role, by)
    key, link = f"post_ended:{membership.pk}", ""
    if department is None:
        remove_from_office(user, _OFFICE_OF_ROLE[Membership.Role(role)], by)
    else:
        dismiss(user, department, role, by)
    tell_staff("post_ended", data, key=key, link=link, accounts=told, now_may={user.pk, *_appoint(told, department)})


def _open(by: User, appointment: Appointment) -> Appointment:
    current = Appointment.objects.select_for_update(of=("self",)).select_related("user", "department", "proposed_by")
    found = current.get(pk=appointment.pk)
    if not may_appoint(by, found.department):
        raise AppointmentRefused("not_yours")
    if found.status != Appointment.Status.OPEN:
        raise AppointmentRefused("not_open")
    return found


def _grant(by: User, appointment: Appointment, *, by_lead: bool = False) -> Appointment:
    appointment.status, appointment.by_lead = Appointment.Status.GRANTED, by_lead
    _decide(by, appointment)
    if appointment.department is None:
        appoint(appointment.user, _OFFICE_OF_ROLE[Membership.Role(appointment.role)], by)
    else:
        enroll(appointment.user, appointment.department, appointment.role, by)
    both = {appointment.user_id, appointment.proposed_by_id, by.pk, *_leads_of(appointment.department)}
    _tell("post_given", appointment, both)
    return appointment


def _decide(by: User, appointment: Appointment) -> None:
    appointment.decided_by, appointment.decided_at = by, timezone.now()
    appointment.save(update_fields=["status", "by_lead", "decided_by", "decided_at"])


def _leads_of(department: Department | None) -> list[int]:
    if department is None:
        return []
    lead = Membership.objects.filter(department=department, role=Membership.Role.LEAD, user__is_active=True)
    return list(lead.values_list("user_id", flat=True))


def _who_may_confirm(appointment: Appointment) -> set[int]:
    others = User.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True)
    return {*others, *_leads_of(appointment.department)} - {appointment.proposed_by_id, appointment.user_id}


def _tell(kind: str, appointment: Appointment, recipients: Iterable[int]) -> None:
    """Put it into the inbox of each; the person who is given a post has no page of it to be led to."""
    by = appointment.decided_by or appointment.proposed_by
    data = _data(appointment.user, appointment.department, appointment.role, by)
    data["proposer"] = str(appointment.proposed_by)
    key, told = f"{kind}:{appointment.pk}", set(recipients)
    able = _appoint(told, appointment.department) - {appointment.user_id}
    tell_staff(kind, data, key=key, link=PAGE.format(appointment.pk), accounts=told, now_may=able)
    own = {appointment.user_id} & told
    tell_staff(kind, data, key=key, link="", accounts=own, now_may=own)


def _appoint(accounts: Iterable[int], department: Department | None) -> set[int]:
    """Return those of the accounts that may appoint there now."""
    return {one.pk for one in User.objects.filter(pk__in=set(accounts)) if may_appoint(one, department)}


def _data(user: User, department: Department | None, role: str, by: User) -> dict[str, str]:
    return {
        "name": str(user),
        "department": department.name if department is not None else "事项目录",
        "role": str(Membership.Role(role).label),
        "by": str(by),
    }
