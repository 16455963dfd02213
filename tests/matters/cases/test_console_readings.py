"""Whatever page of the console shows something of a person leaves a line, however the key in its address is spelled."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from catalog.staff.memberships import enroll
from certificates.models import Certificate
from matters.models import Bundle, Channel, CorrectionRequest, Decision, ReviewTask, SubItem
from matters.reviewing.corrections import request_correction
from portal.accounts.models import Person, User
from portal.ledger.admin_readings import RecordsReadings
from portal.ledger.models import AccessRecord
from portal.notices.models import Message
from tests.matters.reviewing.test_corrections import NAME
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

# What a row's page shows of a person; a part and a line of a queue say only where a case stands.
LINES: dict[type[Model], int] = {
    Person: 1,
    User: 1,
    Message: 1,
    Bundle: 1,
    Decision: 1,
    CorrectionRequest: 1,
    Certificate: 1,
    SubItem: 0,
    ReviewTask: 0,
}


def spellings(key: object) -> Iterator[str]:
    """Django's addresses of the console write ":" as _3A; a UUID and a whole number are read in more ways than one."""
    yield str(key)
    if isinstance(key, UUID):
        yield from (f"urn_3Auuid_3A{key}", f"_7B{key}_7D", key.hex, str(key).upper(), f"uuid_3A{key.hex}")
    else:
        digits = str(key).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        yield from (f"0{key}", f"+{key}", f" {key}", digits)


def test_every_spelling_of_a_key_leaves_the_line(town: Town) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    approve_birth(town, town.part(bundle, "birth_cert"))
    request_correction(town.wang, town.part(bundle, "hukou"), [NAME])
    Message.objects.create(recipient=town.li, key="a", kind="bundle_concluded")
    reader = town.zhao
    enroll(reader, town.departments["police"], "reviewer")
    User.objects.filter(pk=reader.pk).update(is_superuser=True, is_staff=True)
    part = town.part(bundle, "birth_cert")
    rows: dict[type[Model], Model] = {Person: town.li_person, User: town.li, Bundle: bundle, SubItem: part}
    rows[ReviewTask] = part.review_tasks.all()[0]
    client = logged_in(User.objects.get(pk=reader.pk))
    lists = [model for model, shown in admin.site._registry.items() if isinstance(shown, RecordsReadings)]
    assert set(lists) == set(LINES)
    unseen = []
    for model in lists:
        row = rows.get(model) or model._default_manager.order_by("pk").first()
        assert row is not None, model
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for key in spellings(row.pk):
            for page in ("change", "history"):
                before = AccessRecord.objects.filter(reader=reader).count()
                answer = client.get(reverse(f"{name}_{page}", args=[key]))
                found = AccessRecord.objects.filter(reader=reader).count() - before
                if (answer.status_code == 200 or key == str(row.pk)) and (answer.status_code, found) != (
                    200,
                    LINES[model],
                ):
                    unseen.append((model.__name__, page, key, answer.status_code, found))
    assert unseen == []
