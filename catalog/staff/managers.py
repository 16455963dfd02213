"""The two offices of the catalog: who writes definitions and the words of the search and proposes, and who reviews and publishes.

Plain Django groups with plain permissions (migrations 0006 and 0007). One person may hold both offices and still never reviews
what they proposed themselves: `catalog.publishing.proposing` refuses, and so does the database.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from catalog.models import TRACKED
from portal.accounts.models import User

MANAGERS = "目录管理员"
REVIEWERS = "目录审核员"
PROPOSE = "catalog.propose_definition"
REVIEW = "catalog.review_definition"

_VERSIONS = ("proposal", "matterversion", "itemversion", "regionalversion")
_SEARCH = ("searchtarget", "searchphrase", "synonymgroup", "searchquestion")


def appoint(user: User, office: str) -> None:
    """Put someone into `MANAGERS` or `REVIEWERS`. Safe to repeat; a group that is missing is founded with its rights."""
    group, is_new = Group.objects.get_or_create(name=office)
    if is_new:
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="catalog", codename__in=_codenames(office))
        )
    user.groups.add(group)


def _codenames(office: str) -> list[str]:
    definitions = [*(model._meta.model_name for model in TRACKED if model._meta.model_name not in _VERSIONS), *_SEARCH]
    verbs = ("view", "add", "change", "delete") if office == MANAGERS else ("view",)
    own = PROPOSE if office == MANAGERS else REVIEW
    return [
        own.removeprefix("catalog."),
        *(f"view_{name}" for name in (*_VERSIONS, "searchmiss")),
        *(["delete_searchmiss"] if office == MANAGERS else []),
        *(f"{verb}_{name}" for verb in verbs for name in definitions),
    ]
