"""Names of repeated things: ``child#2`` is the second child, ``hukou#2`` the second child's registration."""

from __future__ import annotations

from collections.abc import Mapping

from portal.lib.whole_numbers import whole_number


def numbered(name: str, instance: int) -> str:
    """Return the name of an instance; the first bears the plain name."""
    return name if instance == 1 else f"{name}#{instance}"


def split_instance(name: str) -> tuple[str, int]:
    """Return (plain name, instance)."""
    plain, _mark, number = name.partition("#")
    instance = whole_number(number)
    return (name, 1) if instance is None else (plain, instance)


def field_key(role: str, element: str, instance: int = 1) -> str:
    """Return the key of a merged field."""
    return f"{numbered(role, instance)}:{element}"


def rename_role(key: str, roles: Mapping[str, str]) -> str:
    """Return a field key with its role renamed; anything that is not a field key stays as it is."""
    role, colon, element = key.partition(":")
    return f"{roles[role]}:{element}" if colon and role in roles else key
