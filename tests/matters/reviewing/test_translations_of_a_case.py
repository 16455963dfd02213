"""The pages of a bundle speak by the version it is pinned to, whatever was published since."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import MatterVersion
from catalog.wording import translating
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.town import Town

TEXTS = ("新生儿出生", "户口登记", "户口所在地址", "出生医学证明", "户口簿", "市公安局", "男")


def publish_in_english(town: Town, number: int, words: str) -> None:
    """Publish a version whose English texts all carry ``words``."""
    english = {text: f"{words} {place}" for place, text in enumerate(TEXTS)}
    content = {**town.version.content, "translations": {"en": english}}
    town.version = MatterVersion.objects.create(
        matter=town.version.matter, number=number, content=content, content_hash=str(number) * 64
    )
    town.version.matter.current_version = town.version
    town.version.matter.save(update_fields=["current_version"])


@pytest.mark.parametrize("page", ["case", "queue", "counter", "dossier"])
def test_a_bundle_keeps_the_english_of_its_own_version(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    publish_in_english(town, 2, "Pinned")
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    publish_in_english(town, 3, "Published since")
    # A process keeps for half a minute what it knows of translations.
    monkeypatch.setattr(translating, "_known", (-60.0, ((), (0, 0))))
    hukou = town.part(bundle, "hukou")
    user, url, shown = {
        "case": (town.wang, reverse("matters:case", args=[hukou.number]), range(len(TEXTS))),
        "queue": (town.wang, reverse("matters:queue", args=["police"]), [1]),
        "counter": (town.sun, reverse("admin:counter_bundle", args=[bundle.number]), [0]),
        "dossier": (town.li, reverse("accounts:readings"), [0]),
    }[page]
    client.force_login(town.wang)
    client.get(reverse("matters:case", args=[hukou.number]))
    client.force_login(user)
    client.cookies["django_language"] = "en"
    text = client.get(url).content.decode()
    for place in shown:
        assert f"Pinned {place}" in text, TEXTS[place]
        assert page == "queue" or f"Published since {place}" not in text, TEXTS[place]
