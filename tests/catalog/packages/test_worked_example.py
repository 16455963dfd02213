"""The example of the documentation is a package that can be imported as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.packages import schema
from catalog.packages.exporting import export_package
from catalog.packages.format.specs import Dictionary, Many, Spec, Table
from catalog.packages.importing import import_package

PAGE = Path(__file__).resolve().parents[3] / "docs/catalog-packages.md"


def _example(root: Path) -> list[str]:
    example = PAGE.read_text(encoding="utf-8").partition("## A worked example")[2]
    files = re.findall(r"^`([a-z_/]+\.yaml)`\n\n```yaml\n(.*?)^```$", example, re.MULTILINE | re.DOTALL)
    for name, text in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [name for name, _text in files]


@pytest.mark.django_db
def test_the_example_can_be_imported_and_is_in_canonical_form(tmp_path: Path) -> None:
    names = _example(tmp_path)
    assert len(names) == 7
    report = import_package(tmp_path)
    assert [str(version) for version in report.published] == ["门店招牌 v1"]
    before = {name: (tmp_path / name).read_text(encoding="utf-8") for name in names}
    export_package(tmp_path)
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in names} == before


def test_the_page_explains_every_key() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", page)) | set(
        re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", page)))
    )

    def keys(spec: Spec) -> set[str]:
        if isinstance(spec, Table):
            return set(spec.fields) | {key for field in spec.fields.values() for key in keys(field.spec)}
        return keys(spec.spec) if isinstance(spec, Many | Dictionary) else set()

    for spec in (schema.ITEM, schema.MATTER, *schema.DICTIONARIES.values()):
        assert keys(spec) - named == set()
