"""Publishing an item freezes its guide; an import publishes all of its items at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.definitions.hashing import content_hash
from catalog.models import ItemVersion, ServiceItem
from catalog.packages.importing import import_package
from catalog.versions.items import content_of, publish_items

pytestmark = pytest.mark.django_db


def current_version(slug: str) -> ItemVersion:
    return ItemVersion.objects.get(item__slug=slug, pk=F("item__current_version"))


def test_an_import_publishes_each_item_once(tiny: Path) -> None:
    import_package(tiny)
    import_package(tiny)
    assert list(ItemVersion.objects.order_by("item__slug").values_list("item__slug", "number")) == [
        ("invoicing", 1),
        ("registration", 1),
    ]


def test_an_import_publishes_only_what_changed(tiny: Path, edit: Callable[[str, str, str], None]) -> None:
    import_package(tiny)
    edit("opening/items/registration.yaml", "visits: 1", "visits: 2")
    import_package(tiny)
    assert current_version("registration").number == 2
    assert current_version("invoicing").number == 1
    edit("opening/items/registration.yaml", "visits: 2", "visits: 1")
    import_package(tiny)
    assert current_version("registration").number == 1


def test_a_trial_publishes_nothing(tiny: Path) -> None:
    import_package(tiny, dry_run=True)
    assert not ItemVersion.objects.exists()


def test_the_content_holds_all_parts(registration: ServiceItem) -> None:
    content = current_version("registration").content
    assert [line["code"] for line in content["definition"]["lines"]] == ["MC", "ZB"]
    assert [need["material"] for need in content["definition"]["materials"]] == ["charter"]
    assert content["definition"]["results"][0]["certificate_type"] == "business_licence"
    assert content["guide"]["legal_basis"] == [{"law": "公司法", "article": "第二十九条", "text": ""}]
    assert content["guide"]["places"] == []
    assert content["elements"]["company.name"]["name"] == "企业名称"
    assert content["materials"]["charter"]["name"] == "公司章程"
    assert content["departments"]["market"]["division"] == "江西省"


def test_every_column_is_content_or_known_not_to_be(registration: ServiceItem) -> None:
    columns = {each.name for each in ServiceItem._meta.concrete_fields}
    assert columns - current_version("registration").content["guide"].keys() == {
        *("id", "package", "department", "current_version")
    }


def test_the_content_is_the_same_in_every_language(registration: ServiceItem) -> None:
    held = current_version("registration").content_hash
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert content_hash(content_of(registration)) == held


def test_a_version_is_never_changed_or_deleted(registration: ServiceItem) -> None:
    for change in (lambda rows: rows.update(number=7), lambda rows: rows._raw_delete("default")):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            change(ItemVersion.objects.all())


def test_many_items_cost_no_more_queries_than_one(opening: object) -> None:
    def queries(items: list[ServiceItem]) -> int:
        ServiceItem.objects.update(remark="改过", visits=len(items) + 5)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            publish_items(items)
        return len(captured)

    few, all_of_them = list(ServiceItem.objects.all()[:1]), list(ServiceItem.objects.all())
    assert queries(few) == queries(all_of_them) <= 25
