"""What every item may speak of: facts, papers, departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a data element."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ElementDefinition:
    """A fact in the dictionary (数据元). ``constraints`` bind every line that asks for it; ``unit`` is what a number counts.

    ``known_from`` says who knows it already, best first: ``profile`` (the applicant's account, used only where the role is
    the applicant), ``shared:<department>``, ``certificate:<certificate type>``. ``fixed``: what its source says is not changed in the
    form; who sees that it is wrong turns to the source.
    """

    code: str
    name: str
    type: str = "text"
    options: tuple[Option, ...] = ()
    constraints: Mapping[str, Any] = field(default_factory=dict)
    unit: str = ""
    sensitive: bool = False
    authority: str = ""
    known_from: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class MaterialDefinition:
    """A kind of paper with its standard code. ``accept``: content types or extensions that may be uploaded.

    ``valid_days``: for how many days a paper that was handed in may serve another application; None where it may not.
    """

    code: str
    name: str
    standard_code: str = ""
    accept: tuple[str, ...] = ()
    note: str = ""
    issued_by: str = ""
    valid_days: int | None = None


@dataclass(frozen=True, slots=True)
class DepartmentDefinition:
    """A department as pages name it."""

    code: str
    name: str
    short_name: str = ""
