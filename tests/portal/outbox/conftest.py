from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _toy_work(settings: Settings) -> None:
    settings.YIJIAN_OUTBOX_HANDLERS = {
        "work": "tests.portal.outbox.handlers.work",
        "disk": "tests.portal.outbox.handlers.work_on_a_disk",
        "cut": "tests.portal.outbox.handlers.work_whose_line_is_cut",
        "gone": "tests.portal.outbox.handlers.work_without_a_server",
        "chain": "tests.portal.outbox.handlers.chain_of_work",
    }
