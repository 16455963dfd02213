"""Ten thousand changed certificates: none is called genuine, none breaks the page that is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from certificates.activities.checking import check_file
from certificates.pdf.rendering import render_certificate
from tests.certificates.core.mutants import mutants
from tests.certificates.core.test_strict_pdf import is_refused
from tests.certificates.faces import TOKEN, a_face

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_ten_thousand_mutants_are_refused() -> None:
    genuine = render_certificate(a_face(), TOKEN, moment=datetime.now(UTC))
    assert not is_refused(genuine)
    passed = []
    for number, data in enumerate(mutants(genuine, 10_000, seed=2026)):
        if not is_refused(data) or check_file(data, date(2026, 11, 22)).verdict.is_genuine:
            passed.append((number, len(data)))
    assert passed == []
