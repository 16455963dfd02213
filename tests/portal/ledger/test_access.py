"""Every reading of personal data leaves a line that stays."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.ledger.access import readings_of, record_access
from portal.ledger.models import AccessRecord
from portal.lib.uuid7 import uuid7


@pytest.fixture
def wang(db: None) -> User:
    return User.objects.create_user("wang", name="王审")


def test_it_lists_the_readings_of_a_subject_newest_first(wang: User) -> None:
    bundle, other = uuid7(), uuid7()
    first = record_access(wang, bundle, "review", ["child:person.name", "child:person.name"], department="police")
    record_access(wang, other, "review", [])
    second = record_access(wang, bundle, "material", ["material:birth_cert"])
    assert list(readings_of([bundle])) == [second, first]
    assert list(readings_of([bundle], before=second.pk)) == [first]
    assert first.fields == ["child:person.name"]


def test_a_line_cannot_be_changed_or_removed(wang: User) -> None:
    line = record_access(wang, uuid7(), "review", ["a"])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessRecord.objects.filter(pk=line.pk).update(purpose="x")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        line.delete()
