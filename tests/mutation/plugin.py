"""What the tests of a mutant need: the same small examples each time, and nothing remembered of other code."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutation",
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def pytest_sessionstart() -> None:
    """Forget what an earlier run in the same process remembers: it was made by other code."""
    from catalog.definitions import codec
    from tests.catalog.merging import random_catalogs

    for cached in (codec._readers, random_catalogs.sound_catalog):
        cached.cache_clear()
