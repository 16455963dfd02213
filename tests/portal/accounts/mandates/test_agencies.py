"""An intermediary is bound by those who manage it, and by nobody else of its people."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts.mandates.activities import MandateConflict, accept, offer, scope
from portal.accounts.models import Mandate, Organisation, Person
from portal.accounts.organisations.activities import invite, join
from tests.pages import page_of
from tests.portal.accounts.mandates.conftest import client_of, handler_of, in_days


def test_only_who_manages_it_accepts(li: Person, chen: Person, zhao: Person, agency: Organisation) -> None:
    boss = handler_of(agency)
    plain = join(chen, invite(boss, for_whom=chen.name)[1])
    code = offer(li, scope(None, in_days(9)), agent_name=agency.name, to_organisation=True)[1]
    with pytest.raises(MandateConflict, match="not_manager"):
        accept(chen, code, plain)
    client = client_of(chen)
    client.post(reverse("accounts:act_for"), {"principal": str(agency.pk)})
    page = page_of(client.get(reverse("accounts:clients")))
    assert "要由机构的法定代表人或者管理员接受" in page
    assert 'name="code"' not in page
    answer = client.post(reverse("accounts:accept_mandate"), {"code": code})
    assert (answer.status_code, "管理员接受" in page_of(answer)) == (422, True)
    assert not Mandate.objects.exists()
    # The code is not used up by it.
    assert accept(zhao, code, boss).agent_organisation == agency
