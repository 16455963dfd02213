"""The project's own content, read from its files once: what stands in them needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.packages.importing import CONTENT
from tests.catalog.content.folders import Content, Folder

_NO_MATTERS = frozenset({"items", "search", "guides"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _LOADER) if path.exists() else None


def _folder(path: Path) -> Folder:
    return Folder(
        slug="" if path == CONTENT else path.name,
        matter=_load(path / "matter.yaml"),
        items={file.stem: _load(file) for file in sorted((path / "items").glob("*.yaml"))},
        materials=_load(path / "materials.yaml") or [],
        departments=_load(path / "departments.yaml") or [],
        divisions=_load(path / "divisions.yaml") or [],
        sources=_load(path / "sources.yaml") or {},
        english=_load(path / "en.yaml") or {},
        others={kind: _load(path / f"{kind}.yaml") or [] for kind in ("elements", "certificate_types")},
    )


@pytest.fixture(scope="session")
def content() -> Content:
    """Return the shared folder and the matters' folders by slug."""
    folders = [path for path in sorted(CONTENT.iterdir()) if path.is_dir() and path.name not in _NO_MATTERS]
    return Content(_folder(CONTENT), {path.name: _folder(path) for path in folders})
