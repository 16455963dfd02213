"""Where a guide leads: into the basket with other matters, or, where a situation stops, to those who can help."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Matter
from tests.pages import page_of

pytestmark = pytest.mark.django_db

ADD = 'action="/basket/add/"'


def text(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return page_of(response)


@pytest.mark.parametrize(
    ("url", "query", "chosen"),
    [
        ("/matters/opening/", {}, "opening"),
        ("/matters/opening/checklist/", {"invoices": "yes", "place": "here"}, "opening"),
        ("/items/invoicing/", {}, "opening/invoicing"),
    ],
)
def test_an_open_matter_goes_into_the_basket_from_each_of_its_pages(
    opening: Matter, client: Client, url: str, query: dict[str, str], chosen: str
) -> None:
    page = text(client, url, **query)
    form = page.split(ADD)[1].split("</form>")[0]
    assert f'name="chosen" value="{chosen}"' in form
    client.post(reverse("catalog:add_to_basket"), {"chosen": chosen})
    kept = text(client, "/basket/").split('value="' + chosen + '"')[1]
    assert kept.startswith(" checked")


def test_what_is_only_described_cannot_be_put_into_the_basket(unpublished_limit: Matter, client: Client) -> None:
    assert ADD not in text(client, "/matters/opening/")
    assert ADD not in text(client, "/items/registration/")


@pytest.mark.parametrize("url", ["/", "/matters/"])
def test_the_basket_is_found_from_where_people_start(opening: Matter, client: Client, url: str) -> None:
    assert f'href="{reverse("catalog:basket")}"' in text(client, url).split("<main")[1]


def test_a_situation_that_stops_shows_the_way_out_and_no_figures(opening: Matter, client: Client) -> None:
    page = text(client, "/matters/opening/", invoices="yes", place="there").split("<main")[1]
    assert page.count("外省企业请到当地办理") == 1
    assert 'href="tel:12345"' in page
    for gone in ('id="figures"', 'id="flow"', 'id="items"', 'class="flow"', "/apply/", ADD, "在线办理"):
        assert gone not in page
    assert '<select id="ask-place"' in page


def test_no_heading_announces_conditions_that_nobody_knows(opening: Matter, client: Client) -> None:
    assert "各事项的条件" not in text(client, "/matters/opening/")
