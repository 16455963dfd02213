"""Nobody but their owner reads files that people handed in or that were issued."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from pytest_django import Settings

from catalog.packages.reading import uploads
from certificates.activities.storing import file_name, store_files
from portal.accounts.models import User
from portal.lib.private_files import PRIVATE_STORAGE, make_private_folder, protect
from portal.lib.uuid7 import uuid7
from portal.management.commands.run import protect_data
from portal.settings import dev


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """The mask most systems begin with."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def disk(tmp_path: Path, settings: Settings) -> Path:
    """The storage of a running site, below a folder that is not there yet."""
    settings.MEDIA_ROOT = tmp_path / "var" / "media"
    settings.STORAGES = {**settings.STORAGES, "default": dev.STORAGES["default"]}
    return tmp_path / "var"


def readable_by_others(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder.parent))
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    )


def test_what_is_handed_in_is_its_owners_alone(disk: Path) -> None:
    name = storages["default"].save("materials/2026/11/a.pdf", ContentFile(b"%PDF-"))
    assert (disk / "media" / name).read_bytes() == b"%PDF-"
    assert readable_by_others(disk / "media") == []


def test_what_is_issued_is_its_owners_alone(disk: Path) -> None:
    name = file_name(uuid7(), "0" * 64)
    store_files([(name, b"%PDF-")])
    assert (disk / "media" / name).read_bytes() == b"%PDF-"
    assert readable_by_others(disk / "media") == []


def test_a_package_on_its_way_into_the_catalog_is_its_owners_alone(disk: Path) -> None:
    handed_in = SimpleUploadedFile("newborn.zip", b"PK")
    uploads.keep(handed_in, User(pk=1))
    assert [path.read_bytes() for path in (disk / "media" / "catalog_uploads").iterdir()] == [b"PK"]
    assert readable_by_others(disk / "media") == []


def test_both_kinds_of_site_keep_files_this_way() -> None:
    assert dev.STORAGES["default"] == PRIVATE_STORAGE
    assert '"default": PRIVATE_STORAGE' in Path("portal/settings/production.py").read_text()


def test_an_earlier_releases_files_are_closed_at_the_next_start(disk: Path, settings: Settings) -> None:
    inner = disk / "media" / "materials" / "2026"
    inner.mkdir(parents=True)
    (inner / "a.pdf").write_bytes(b"%PDF-")
    (disk / "keys").mkdir()
    (disk / "keys" / "development.json").write_text("{}")
    (disk / "elsewhere").mkdir()
    (inner / "link").symlink_to(disk / "elsewhere")
    protect_data(disk)
    assert readable_by_others(disk / "media") == []
    assert readable_by_others(disk / "keys") == []
    assert stat.S_IMODE(disk.stat().st_mode) == 0o711, "PostgreSQL's user passes through; nobody lists"
    assert stat.S_IMODE((disk / "elsewhere").stat().st_mode) == 0o755, "a link leads to what is not ours to change"


def test_at_every_later_start_nothing_is_walked_through(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "media")
    (tmp_path / "media" / "a.pdf").write_bytes(b"%PDF-")
    assert protect(tmp_path / "media") == 0
    assert protect(tmp_path / "media", whole=True) == 1


def test_the_command_closes_everything_also_below_a_closed_folder(
    disk: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_private_folder(disk / "media")
    (disk / "media" / "a.pdf").write_bytes(b"%PDF-")
    settings.VAR_DIR = disk
    call_command("protect_files")
    assert capsys.readouterr().out.startswith("1 files and folders")
    assert readable_by_others(disk / "media") == []
