"""What the two offices of the catalog may do besides proposing and reviewing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from catalog.staff.managers import MANAGERS, REVIEWERS, appoint
from portal.accounts.models import User

pytestmark = pytest.mark.django_db

WORDS = ("searchtarget", "searchphrase", "synonymgroup", "searchquestion")


@pytest.mark.parametrize("is_founded_anew", [False, True], ids=["as migrated", "founded anew"])
def test_managers_keep_the_words_of_the_search_and_reviewers_read_them(is_founded_anew: bool) -> None:
    if is_founded_anew:
        Group.objects.filter(name__in=(MANAGERS, REVIEWERS)).delete()
    manager, reviewer = User.objects.create(username="tang"), User.objects.create(username="deng")
    appoint(manager, MANAGERS)
    appoint(reviewer, REVIEWERS)
    for word in WORDS:
        assert manager.has_perms([f"catalog.{verb}_{word}" for verb in ("view", "add", "change", "delete")])
        assert reviewer.has_perm(f"catalog.view_{word}")
        assert not reviewer.has_perm(f"catalog.change_{word}")
    assert manager.has_perms(["catalog.view_searchmiss", "catalog.delete_searchmiss"])
    assert reviewer.has_perm("catalog.view_searchmiss")
    assert not reviewer.has_perm("catalog.delete_searchmiss")
