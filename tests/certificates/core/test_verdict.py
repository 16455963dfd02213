"""What is said about a certificate, from facts alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.core.verification import CHANGES, FileVerdict, Verdict, judge, judge_file, may_change
from certificates.models import Certificate
from certificates.wording import FAULTS, VERDICTS

TODAY = date(2026, 11, 22)
statuses = st.sampled_from(sorted(CHANGES))
days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2040, 1, 1)))


@given(statuses, days)
def test_only_a_valid_status_within_its_term_is_valid(status: str, expires_on: date | None) -> None:
    verdict = judge(status, expires_on, TODAY)
    in_term = expires_on is None or expires_on >= TODAY
    assert (verdict is Verdict.VALID) == (status == "valid" and in_term)
    if status != "valid":
        assert verdict == status


def test_the_last_day_is_still_valid() -> None:
    assert judge("valid", TODAY, TODAY) is Verdict.VALID
    assert judge("valid", TODAY - timedelta(days=1), TODAY) is Verdict.EXPIRED


def test_only_what_was_suspended_becomes_valid_again() -> None:
    assert [before for before, after in CHANGES.items() if "valid" in after] == ["suspended"]
    assert not any("suspended" in CHANGES[over] for over in ("revoked", "rescinded", "recalled", "deregistered"))
    assert not may_change("deregistered", "revoked")
    assert may_change("revoked", "deregistered")
    assert not may_change("unheard of", "valid")


def test_the_pure_table_knows_every_status_of_the_model() -> None:
    assert set(CHANGES) == set(Certificate.Status.values)
    assert {str(verdict) for verdict in Verdict} == set(Certificate.Status.values) | {"expired"}
    assert set(VERDICTS) == set(Verdict)


@pytest.mark.parametrize("is_strict", [True, False])
@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize("is_issued", [True, False])
def test_a_file_that_is_not_ours_borrows_no_status(is_strict: bool, is_sealed: bool, is_issued: bool) -> None:
    said = judge_file(is_strict=is_strict, is_sealed=is_sealed, is_issued=is_issued, status="valid", today=TODAY)
    if is_strict and is_sealed and is_issued:
        assert said == FileVerdict(True, True, True)
    else:
        assert said == FileVerdict(False, None, None)


@given(statuses, days)
def test_the_three_answers_are_separate(status: str, expires_on: date | None) -> None:
    said = judge_file(is_strict=True, is_sealed=True, is_issued=True, status=status, expires_on=expires_on, today=TODAY)
    assert said == FileVerdict(True, status == "valid", expires_on is None or expires_on >= TODAY)


def test_every_fault_has_its_words() -> None:
    import re
    from pathlib import Path

    from certificates.core import strict_pdf

    source = Path(strict_pdf.__file__).read_text()
    assert set(re.findall(r'(?:append\("|return \[")(\w+)', source)) == set(FAULTS)
