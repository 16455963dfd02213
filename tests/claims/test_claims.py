"""Every sentence that says something is proved, found, spared or done by itself is listed with the row that it is said of.

A new one fails until somebody has looked for its row and listed it in ``sentences.json``: row → sentences (Chinese, as in the source).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from tests.portal.test_translations import PO, entries

CLAIMING = re.compile("已有|核验|共享|实名|免交|替您填好|自动")
LISTED: dict[str, list[str]] = json.loads((Path(__file__).parent / "sentences.json").read_text())


def claims() -> set[str]:
    return {message.source for message in entries(PO) if CLAIMING.search(message.source)}


def test_every_claim_is_listed_with_its_row() -> None:
    assert claims() - {text for texts in LISTED.values() for text in texts} == set()


def test_no_claim_is_listed_that_nobody_makes() -> None:
    assert {text for texts in LISTED.values() for text in texts} - claims() == set()


def test_each_is_said_of_one_row() -> None:
    assert [
        text for text, count in Counter(text for texts in LISTED.values() for text in texts).items() if count > 1
    ] == []
