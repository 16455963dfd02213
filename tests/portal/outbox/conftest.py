from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _toy_work(settings: Settings) -> None:
    settings.YIJIAN_OUTBOX_HANDLERS = {
        "work": "tests.portal.outbox.handlers.work",
        "chain": "tests.portal.outbox.handlers.chain_of_work",
    }
