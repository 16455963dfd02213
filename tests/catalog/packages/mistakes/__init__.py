"""Invalid packages: the small catalog of ``tests/worlds/tiny.py`` with one mistake each, and what must be said about it."""

from __future__ import annotations

from tests.catalog.packages.mistakes.codes import CODES
from tests.catalog.packages.mistakes.files import FILES
from tests.catalog.packages.mistakes.making import Mistake
from tests.catalog.packages.mistakes.references import REFERENCES
from tests.catalog.packages.mistakes.rules import CONDITIONS, NOWHERE
from tests.catalog.packages.mistakes.values import TWICE, VALUES

MISTAKES: list[Mistake] = [*FILES, *VALUES, *TWICE, *REFERENCES, *CONDITIONS, *NOWHERE, *CODES]
