"""Keeping a certificate's file: it appears whole, on the disk, or not at all.

A name holds the certificate's id and the content's digest. So two workers that made the same certificate never overwrite
each other's file, and what a row points to is what was written for it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from portal.lib.private_files import make_private_folder

FOLDER = "certificates"


def file_name(id: UUID, sha256: str) -> str:
    """Return where the file of this content is kept, below the storage's root: 65,536 folders by the id's random end."""
    return f"{FOLDER}/{id.hex[-2:]}/{id.hex[-4:-2]}/{id}.{sha256[:16]}.pdf"


def store_files(files: Iterable[tuple[str, bytes]]) -> None:
    """Write files under their names so that a power cut after this call loses none of them."""
    if not isinstance(default_storage, FileSystemStorage):
        for name, content in files:
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(content))
        return
    folders = set()
    for name, content in files:
        path = Path(default_storage.path(name))
        make_private_folder(path.parent)
        _write_whole(path, content)
        folders.add(path.parent)
    for folder in folders:
        _sync_folder(folder)


def remove_files(names: Iterable[str]) -> None:
    """Remove files that were written and that no row will ever point to."""
    for name in names:
        default_storage.delete(name)


def remove_others(id: UUID, kept: str) -> None:
    """Remove files of this certificate that no row points to: what a killed or overtaken worker left behind."""
    folder = kept.rsplit("/", 1)[0]
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        if name.startswith(f"{id}.") and f"{folder}/{name}" != kept:
            default_storage.delete(f"{folder}/{name}")


def _write_whole(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name.split('.')[0]}.", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
