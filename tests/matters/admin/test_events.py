"""An administrator finds the events of an application by the number that people are told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts.models import User
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db


def test_events_are_found_by_the_number_of_an_application_or_of_a_part(town: Town) -> None:
    bundle, other = town.submit(), town.submit()
    admin = logged_in(User.objects.create_superuser("root", is_staff=True))
    for number in (bundle.number, town.part(bundle, "birth_cert").number):
        page = admin.get(reverse("admin:ledger_event_changelist"), {"q": number}).content.decode()
        assert str(bundle.pk) in page
        assert str(other.pk) not in page
    assert str(bundle.pk) not in admin.get(reverse("admin:ledger_event_changelist"), {"q": "没有"}).content.decode()
