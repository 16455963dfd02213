"""A worker's memory stays flat."""

from __future__ import annotations

import gc
import random
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certificates.pdf.rendering import render_certificate
from tests.certificates.faces import a_face

SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗",
    "梓涵宇轩浩然欣怡子墨雨桐诺依思远俊熙语嫣若曦雅婷晨芷楚乔熠彤伟芳娜",
)


def private_megabytes() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    pytest.skip("the memory of a process cannot be read here")


def make(count: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2))
        render_certificate(a_face({"child_name": name}), secrets.token_urlsafe(16), moment=datetime.now(UTC))


def test_memory_stays_flat_over_many_certificates() -> None:
    make(20, 0)
    gc.collect()
    before = private_megabytes()
    make(60, 1)
    gc.collect()
    assert private_megabytes() - before < 8
