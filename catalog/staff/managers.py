"""The two offices of the catalog: who writes definitions and the words of the search and proposes, and who reviews and publishes.

Plain Django groups with plain permissions (migrations 0006 and 0007). One person may hold both offices and still never reviews
what they proposed themselves: `catalog.publishing.proposing` refuses, and so does the database.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from catalog.models import TRACKED, Membership
from catalog.staff.memberships import record_post
from portal.accounts.models import User

MANAGERS = "目录管理员"
REVIEWERS = "目录审核员"
OFFICE_ROLES = {MANAGERS: Membership.Role.CATALOG_MANAGER, REVIEWERS: Membership.Role.CATALOG_REVIEWER}
PROPOSE = "catalog.propose_definition"
REVIEW = "catalog.review_definition"

_VERSIONS = ("proposal", "matterversion", "itemversion", "regionalversion")
_SEARCH = ("searchtarget", "searchphrase", "synonymgroup", "searchquestion")


@transaction.atomic
def appoint(user: User, office: str, by: User | None = None) -> None:
    """Put someone into `MANAGERS` or `REVIEWERS`: the post and its group. Safe to repeat; a group that is missing is founded with its rights.

    Nobody is asked here; in the console a second person confirms it (`catalog.staff.appointing`).
    """
    group, is_new = Group.objects.get_or_create(name=office)
    if is_new:
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="catalog", codename__in=_codenames(office))
        )
    _post, is_given = Membership.objects.get_or_create(user=user, department=None, role=OFFICE_ROLES[office])
    user.groups.add(group)
    if is_given:
        record_post("post_given", user, None, OFFICE_ROLES[office], by)


@transaction.atomic
def remove_from_office(user: User, office: str, by: User | None = None) -> None:
    """End an office with its event, and take its group away. Safe to repeat."""
    user.groups.remove(*Group.objects.filter(name=office))
    ended, _rows = Membership.objects.filter(user=user, department=None, role=OFFICE_ROLES[office]).delete()
    if ended:
        record_post("post_ended", user, None, OFFICE_ROLES[office], by)


def _codenames(office: str) -> list[str]:
    definitions = [*(model._meta.model_name for model in TRACKED if model._meta.model_name not in _VERSIONS), *_SEARCH]
    verbs = ("view", "add", "change", "delete") if office == MANAGERS else ("view",)
    # Divisions are read live by every page, and come by an administrator's import alone.
    verbs_of: dict[str | None, tuple[str, ...]] = {"division": ("view",)}
    own = PROPOSE if office == MANAGERS else REVIEW
    return [
        own.removeprefix("catalog."),
        *(f"view_{name}" for name in (*_VERSIONS, "searchmiss")),
        *(["delete_searchmiss"] if office == MANAGERS else []),
        *(f"{verb}_{name}" for name in definitions for verb in verbs_of.get(name, verbs)),
    ]
