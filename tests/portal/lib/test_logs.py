"""Log lines never carry an identity or phone number in full."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from portal.lib.logs import logging_settings, mask_private
from portal.lib.private_numbers import mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("号码 11010519491231002X 有误", "号码 110105***********X 有误"),
        ("call 13800000001 or +86 13912345678", "call 138****0001 or 139****5678"),
        ("passport E12345678, permit H01234567890", "passport E******78, permit H******90"),
        ("360103 19950615 9965, 360103-1995-0615-9965", "360103***********5, 360103***********5"),
        ("３６０１０３１９９５０６１５９９６５", "３６０１０３***********５"),
        ("36010319950615996５ (138)0000-0001", "360103***********５ (138****0001"),
        ("138-0000-0001 138.0000.0001 １３８０００００００１", "138****0001 138****0001 １３８****０００１"),
        ("1 3 8 0 0 0 0 0 0 0 1 and E 1234 5678", "1 3 8****0 0 0 1 and E******78"),
        ("from 139.196.123.45 at 2026-11-30T13:00:00.703137Z", "from 139.196.123.45 at 2026-11-30T13:00:00.703137Z"),
        ("20261130-360100-0000003-7-046 UTC 2026-11-30", "20261130-360100-0000003-7-046 UTC 2026-11-30"),
        ("01a22ad2-1380-7e8b-98fa-96b27f1c085a", "01a22ad2-1380-7e8b-98fa-96b27f1c085a"),
        ("Not Found: /shown/12345678/?a=1", "Not Found: /shown/***/?a=1"),
        ("/accounts/new-password/MQ/cx4-0a1b2c/", "/accounts/new-password/MQ/***/"),
        ("JX20261122000000012345", "JX20261122000000012345"),
        ("360100202611220001234567", "360100202611220001234567"),
    ],
)
def test_it_covers_the_middle_of_private_numbers(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@given(st.dates(), st.integers(0, 999), st.text(max_size=5).filter(lambda text: not text[-1:].isalnum()))
def test_no_identity_number_survives(born: object, serial: int, before: str) -> None:
    year = f"{str(born)[:4]}".replace(str(born)[:2], "19", 1)
    number = f"110105{year}{str(born)[5:7]}{str(born)[8:10]}{serial:03d}X"
    assert number not in mask_text(f"{before}{number} .")


def test_it_masks_inside_values_and_hides_private_keys() -> None:
    event = {"event": "applied", "phone": "anything", "data": {"numbers": ["13800000001"], "person_name": "李婉清"}}
    assert mask_private(None, "info", event) == {
        "event": "applied",
        "phone": "***",
        "data": {"numbers": ["138****0001"], "person_name": "***"},
    }


@pytest.fixture
def _usual_lines() -> Iterator[None]:
    """Log as usual again after the test."""
    yield
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.usefixtures("_usual_lines")
def test_production_writes_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(form="json", level="INFO"))
    structlog.get_logger("matters").info("sub_item_dispatched", bundle="B1", note="13800000001")
    try:
        raise ValueError("110105194912310021")
    except ValueError:
        logging.getLogger("catalog").exception("failed %s", "13800000001")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["sub_item_dispatched", "failed 138****0001"]
    assert lines[0]["bundle"] == "B1"
    assert lines[0]["logger"] == "matters"
    assert "194912310021" not in json.dumps(lines[1])
    assert "locals" not in json.dumps(lines[1])


@pytest.mark.django_db
@pytest.mark.usefixtures("_usual_lines")
@pytest.mark.parametrize("form", ["json", "plain"])
def test_no_line_quotes_the_row_that_the_database_refused(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(form=form, level="INFO"))
    names = ["李\n婉清"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE lodgers (name text, room int CHECK (room > 0))")
        try:
            with transaction.atomic():
                cursor.execute("INSERT INTO lodgers VALUES (%s, 0)", names)
        except IntegrityError:
            structlog.get_logger("matters").exception("failed")
    line = capsys.readouterr().err
    assert "lodgers_room_check" in line
    assert "婉清" not in line
    assert "DETAIL" not in line


def test_setting_up_anew_reaches_loggers_that_were_used() -> None:
    """Tests that look at log lines saw none of a module whose logger had been used before some other test set logging up again."""
    log = structlog.get_logger("tests.used_before")
    log.info("used")
    logging_settings(form="plain", level="INFO")
    with capture_logs() as lines:
        log.info("used_again")
    assert [line["event"] for line in lines] == ["used_again"]
