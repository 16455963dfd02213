"""What an officer or an applicant sent after the session had ended stands on the page again after the login."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from matters.core.states import State
from matters.reviewing.corrections import Gap, request_correction
from tests.worlds.cast import logged_in, remember
from tests.worlds.reading import reading
from tests.worlds.town import Town


def fall_idle(client: Client) -> None:
    session = client.session
    session["seen"] -= 3600
    session.save()


def test_an_officers_reason_is_not_lost(town: Town) -> None:
    case = town.part(town.submit(), "birth_cert")
    page = reverse("matters:case", args=[case.number])
    client = logged_in(town.zhao)
    client.post(f"{page}accept/", reading(case))
    fall_idle(client)
    refused = {"reason": "出生地不在本市", **reading(case)}
    sent = client.post(f"{page}reject/", refused, headers={"Referer": f"http://testserver{page}"})
    assert sent["Location"] == f"/accounts/login/?next={page}"
    client.force_login(town.zhao)
    assert "出生地不在本市" in client.get(page).content.decode()
    assert "出生地不在本市" not in client.get(page).content.decode()
    assert town.part(case.bundle, "birth_cert").state == State.ACCEPTED


def test_a_post_without_any_session_leads_back_to_the_case(town: Town) -> None:
    case = town.part(town.submit(), "birth_cert")
    page = reverse("matters:case", args=[case.number])
    client = Client()
    remember(client, town.zhao)
    gaps = {"gap": "field:child:person.name", "reason:field:child:person.name": "与证件不一致"}
    assert client.post(f"{page}correct/", gaps)["Location"] == f"/accounts/login/?next={page}"
    client.force_login(town.zhao)
    assert "与证件不一致" in client.get(page).content.decode()


def test_an_applicants_correction_is_not_lost(town: Town) -> None:
    bundle = town.submit()
    asked = request_correction(
        town.zhao, town.part(bundle, "birth_cert"), [Gap("field", "child:person.name", "请核对姓名")]
    )
    page = reverse("matters:correction", args=[bundle.number, asked.pk])
    client = logged_in(town.li)
    fall_idle(client)
    client.post(page, {"child:person.name": "李小滿"}, headers={"Referer": f"http://testserver{page}"})
    client.force_login(town.li)
    assert "李小滿" in client.get(page).content.decode()
    assert town.part(bundle, "birth_cert").state == State.RETURNED
