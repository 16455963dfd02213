"""No changed file passes, by its shape and its seal alone; ten thousand more in ``tests/chaos/test_forgery.py``."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from certificates.pdf.rendering import render_certificate
from tests.certificates.core.mutants import mutants
from tests.certificates.core.test_strict_pdf import is_refused
from tests.certificates.faces import TOKEN, a_face


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return render_certificate(a_face(), TOKEN, moment=datetime.now(UTC))


def test_three_hundred_mutants_are_refused(genuine: bytes) -> None:
    assert not is_refused(genuine)
    passed = [number for number, data in enumerate(mutants(genuine, 300)) if not is_refused(data)]
    assert passed == []
