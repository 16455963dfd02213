"""A world whose rows are brought back is the world that was built."""

from __future__ import annotations

import functools
import inspect
import sys

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from matters.models import Bundle, SubmittedMaterial
from portal.accounts.models import User
from tests.worlds.building import department_of
from tests.worlds.keeping import KNOWN_BY_NUMBER, contents, kept, minus, statement
from tests.worlds.town import MATTER, Town, build_town

pytestmark = pytest.mark.django_db


def test_the_rows_come_back_as_they_were() -> None:
    before = contents()
    with transaction.atomic():
        department_of("health", "市卫生健康委员会")  # the town is built anew over rows of a test's own
        build_town()
        after = contents()
        transaction.set_rollback(True)
    assert contents() == before
    with connection.cursor() as cursor:
        cursor.execute(statement(minus(after, before)))
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
    assert contents() == after


@pytest.mark.parametrize("turn", range(3))
def test_each_test_gets_a_town_that_none_has_touched(turn: int) -> None:
    town = build_town()
    assert (town.li.name, town.li_person.user, Bundle.objects.count()) == ("李明慧", town.li, 0)
    assert User.objects.get(username="li").check_password("correct horse battery")
    assert town.part(town.submit(), "birth_cert").bundle.applicant == town.li_person
    town.li.name = "别人"
    town.li.save()
    town.version.content.clear()


def test_what_a_test_has_written_itself_stays() -> None:
    own = department_of("health", "自己的卫健委")
    town = build_town()
    assert town.departments["health"] == own
    assert town.version.content["departments"]
    assert kept("nothing of this", lambda: MATTER.slug) == "newborn"


@pytest.mark.parametrize("turn", range(2))
def test_the_papers_of_a_world_lie_where_they_lay(turn: int) -> None:
    def build() -> Town:
        town = build_town()
        town.submit()
        return town

    kept("a town with a paper", build)
    paper = SubmittedMaterial.objects.get()
    with default_storage.open(paper.file.name) as file:
        assert len(file.read()) > 50


def test_what_a_process_remembers_by_number_is_known_to_the_worlds() -> None:
    remembering = {
        value
        for name, module in sys.modules.items()
        if name.partition(".")[0] in ("catalog", "certificates", "matters", "portal")
        for value in vars(module).values()
        if isinstance(value, functools._lru_cache_wrapper)
        and any(parameter.endswith("_id") for parameter in inspect.signature(value).parameters)
    }
    assert remembering
    assert remembering <= set(KNOWN_BY_NUMBER)
