"""What the form locks is not opened by a correction: whose checked account it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.compiling import compile_matter
from catalog.models import MatterVersion
from matters.reviewing.corrections import Gap, correctable_fields, request_correction
from matters.wording.refusals import CorrectionInvalid
from portal.accounts.models import Person
from tests.worlds.town import ELEMENTS, ITEMS, MATERIALS, MATTER, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def locking(town: Town) -> Town:
    """The town, where the applicant's own name is not changed in a form. (The applicant plays the child's role here.)"""
    elements = [replace(one, fixed=True) if one.code == "person.name" else one for one in ELEMENTS]
    roles = tuple(replace(role, is_applicant=True) if role.key == "child" else role for role in MATTER.roles)
    content = compile_matter(replace(MATTER, roles=roles), ITEMS, elements, MATERIALS)
    version = {"matter": town.version.matter, "number": 2, "content_hash": "8" * 64}
    town.version = MatterVersion.objects.create(**version, content=content)
    return town


@pytest.mark.parametrize(("own", "proved", "asked"), [(True, True, False), (True, False, True), (False, True, True)])
def test_whose_checked_account_it_is_is_not_corrected_in_a_text_field(
    locking: Town, own: bool, proved: bool, asked: bool
) -> None:
    if not proved:
        Person.objects.filter(pk=locking.li_person.pk).update(level=0)
    values = {"child:person.name": locking.li_person.name} if own else {}
    part = locking.part(locking.submit(**values), "birth_cert")
    assert ("child:person.name" in correctable_fields(part)) is asked
    gap = Gap("field", "child:person.name", "请核对姓名")
    if asked:
        assert request_correction(locking.zhao, part, [gap]).items.count() == 1
    else:
        with pytest.raises(CorrectionInvalid):
            request_correction(locking.zhao, part, [gap])
