"""How many examples Hypothesis tries: fewer where the tests run once per mutant (``tests.mutation``)."""

from __future__ import annotations

import os

from hypothesis import settings

FEWER = int(os.environ.get("YIJIAN_EXAMPLES_DIVIDED_BY", "1"))


def examples(number: int) -> settings:
    """Return the settings for about ``number`` examples, without a deadline on a machine that is busy."""
    return settings(max_examples=max(number // FEWER, 8), deadline=None)
