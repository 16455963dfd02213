"""A small published catalog for pages: the tiny one, with a condition that leads to a paper and a limit nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.models import Matter
from tests.worlds.keeping import import_kept

STOPPING = """\
  - key: place
    text: 企业开在哪里
    condition: {"==": [{var: answers.invoices}, "yes"]}
    options:
      - {value: here, label: 本市}
      - {value: there, label: 外省, stops: 外省企业请到当地办理。}
"""


@pytest.fixture
def opening(db: None, tiny: Path, edit: Callable[[str, str, str], None]) -> Matter:
    """Return the tiny matter, published: a second question follows from the first, one of its answers stops, one paper depends on it."""
    edit("opening/matter.yaml", "items:\n  - {item: registration}", f"{STOPPING}items:\n  - {{item: registration}}")
    edit(
        "opening/items/registration.yaml",
        "  - {material: charter, reason: 登记}",
        "  - {material: charter, reason: 登记}\n"
        '  - {material: licence, condition: {"==": [{var: answers.place}, here]}, reason: 核对}',
    )
    return import_kept(tiny, "opening")


@pytest.fixture
def unpublished_limit(db: None, tiny: Path, edit: Callable[[str, str, str], None]) -> Matter:
    """Return a matter that is only described, with one item whose limit nobody has published."""
    edit("opening/matter.yaml", "stage: 准入准营", "stage: 准入准营\nstatus: guide")
    edit("opening/items/registration.yaml", "promised_limit_days: 1\n", "")
    return import_kept(tiny, "opening")


@pytest.fixture
def coming(db: None, tiny: Path, edit: Callable[[str, str, str], None]) -> Matter:
    """Return a matter that is still coming: announced, and nothing more."""
    edit("opening/matter.yaml", "stage: 准入准营", "stage: 准入准营\nstatus: coming")
    return import_kept(tiny, "opening")
