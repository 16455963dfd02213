"""Ten thousand changed certificates: none is called genuine, none breaks the page that is asked."""

from __future__ import annotations

import pytest
from django.utils import timezone

from certificates.activities.checking import check_file
from certificates.models import Certificate
from tests.certificates.conftest import process
from tests.certificates.core.mutants import mutants
from tests.certificates.core.test_strict_pdf import is_refused
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.town import build_town

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MUTANTS = 10_000
# Each can be tried again alone; workers share them.
SEEDS = range(2026, 2030)


@pytest.fixture
def genuine() -> bytes:
    """A file that we have issued."""
    town = build_town()
    approve_birth(town, town.part(town.submit(), "birth_cert"))
    assert process() == 1
    with Certificate.objects.get().file.open() as file:
        return bytes(file.read())


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_thousand_mutants_are_refused(genuine: bytes, seed: int) -> None:
    today = timezone.localdate()
    assert not is_refused(genuine)
    assert check_file(genuine, today).verdict.is_genuine
    passed = []
    for number, data in enumerate(mutants(genuine, MUTANTS // len(SEEDS), seed=seed)):
        if not is_refused(data) or check_file(data, today).verdict.is_genuine:
            passed.append((number, len(data)))
    assert passed == []
