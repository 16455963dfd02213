"""Publishing freezes what a definition says, once, for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.definitions import Definition
from catalog.definitions.hashing import content_hash
from catalog.models import DataElement, Matter, MatterVersion, ServiceItem
from catalog.publishing.proposing import propose
from catalog.publishing.publishing import MatterDraft, PublishingRefused, publish
from catalog.versions.defining import define
from catalog.versions.matters import NotPublished, compiled, current_version
from portal.accounts.models import User
from tests.worlds.keeping import import_kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(tiny: Path) -> Matter:
    return import_kept(tiny, "opening")


def test_unchanged_content_is_published_once(matter: Matter) -> None:
    assert publish(matter).pk == matter.current_version_id
    assert MatterVersion.objects.count() == 1


def test_going_back_to_earlier_content_makes_its_version_current_again(matter: Matter) -> None:
    first = matter.current_version_id
    item = ServiceItem.objects.get(slug="registration")
    item.name = "公司设立登记"
    item.save(update_fields=["name"])
    second = publish(matter)
    assert (second.number, second.pk != first) == (2, True)
    item.name = "企业设立登记"
    item.save(update_fields=["name"])
    assert publish(matter).pk == first
    assert current_version("opening").pk == first


def test_the_hash_does_not_depend_on_the_language_of_the_day(matter: Matter) -> None:
    with translation.override("en"):
        english = content_hash(MatterDraft(matter).compile())
    with translation.override("zh-hans"):
        assert content_hash(MatterDraft(matter).compile()) == english
    assert matter.current_version is not None
    assert matter.current_version.content_hash == english


def test_a_definition_is_read_once_to_be_compiled_and_linted(
    matter: Matter, tang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Matter] = []

    def counted(each: Matter) -> Definition:
        read.append(each)
        return define(each)

    monkeypatch.setattr("catalog.publishing.publishing.define", counted)
    ServiceItem.objects.filter(slug="registration").update(name="公司设立登记")
    propose(matter, by=tang, note="改名")
    publish(matter)
    assert read == [matter, matter]


def test_the_stored_content_is_what_was_hashed(matter: Matter) -> None:
    version = MatterVersion.objects.get()
    assert content_hash(version.content) == version.content_hash


def test_it_refuses_a_definition_that_contradicts_itself_and_says_where(matter: Matter) -> None:
    ServiceItem.objects.filter(slug="registration").update(statutory_limit_days=0, promised_limit_days=9)
    with pytest.raises(PublishingRefused) as refusal:
        publish(matter)
    assert [(each.code, each.name, each.part) for each in refusal.value.findings] == [
        ("promise_beyond_statute", "registration", "promised_limit_days")
    ]
    assert "9 天" in refusal.value.findings[0].sentence
    assert MatterVersion.objects.count() == 1


def test_an_item_may_decide_what_only_other_matters_ask_for(matter: Matter) -> None:
    DataElement.objects.create(code="company.rating", name="信用等级", type="text")
    item = ServiceItem.objects.get(slug="registration")
    item.outputs.create(code="rating", label="信用等级", type="text", feeds="company:company.rating", position=9)
    assert publish(matter).number == 2


@pytest.mark.parametrize("change", [{"content": {}}, {"content_hash": "0" * 64}, {"number": 7}])
def test_the_database_refuses_to_rewrite_a_version(matter: Matter, change: dict[str, object]) -> None:
    with pytest.raises((IntegrityError, InternalError), match="never rewritten"), transaction.atomic():
        MatterVersion.objects.update(**change)


def test_the_database_refuses_to_delete_a_version(matter: Matter) -> None:
    Matter.objects.update(current_version=None)
    with pytest.raises((IntegrityError, InternalError), match="never deleted"), transaction.atomic():
        MatterVersion.objects.all().delete()


def test_the_current_version_costs_one_query_and_its_content_is_read_once(matter: Matter) -> None:
    with CaptureQueriesContext(connection) as queries:
        version = current_version("opening")
        assert version.matter.name == "开办企业"
    assert len(queries) == 1
    compiled.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        assert compiled(version.pk) is compiled(version.pk)
    assert len(queries) == 1


def test_an_unknown_matter_is_not_published() -> None:
    with pytest.raises(NotPublished):
        current_version("nothing")
