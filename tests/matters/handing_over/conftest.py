"""A town whose police have a system of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings as SettingsWrapper

from matters.models import DepartmentSystem
from tests.worlds.ruled import Ruled, build_ruled
from tests.worlds.sources import ADAPTERS

SITE = "http://testserver"


@pytest.fixture
def ruled(db: None, settings: SettingsWrapper) -> Iterator[Ruled]:
    settings.YIJIAN_SHARING_ADAPTERS, settings.YIJIAN_PUBLIC_URL = ADAPTERS, SITE
    cache.clear()
    yield build_ruled()
    cache.clear()


@pytest.fixture
def system(ruled: Ruled) -> DepartmentSystem:
    return DepartmentSystem.objects.create(
        code="police_desk",
        name="公安业务系统",
        department=ruled.departments["police"],
        items=["record"],
        address="insurance_desk",
        is_on=True,
    )
