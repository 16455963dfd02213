"""The API as it is described: Schemathesis makes requests from our own OpenAPI schema, right and wrong ones, and holds the answers to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.packages.importing import import_package
from tests.worlds.tiny import write_package

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

EXAMPLES = int(os.environ.get("YIJIAN_SCHEMA_EXAMPLES", "500"))
CHECKS = {
    GenerationMode.POSITIVE: [
        not_a_server_error,
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    ],
    # What cannot be a slug is no address of the API: the site's own page says so.
    GenerationMode.NEGATIVE: [not_a_server_error, status_code_conformance],
}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let no request close the connection in which the test's rows are: each would, as it does in a server."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_the_schema_says(tmp_path: Path, mode: GenerationMode) -> None:
    import_package(write_package(tmp_path))
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    names = []
    for found in schema.get_all_operations():
        operation = found.ok()
        names.append(operation.label)

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if "slug" in case.path_parameters and mode == GenerationMode.POSITIVE:
                case.path_parameters["slug"] = "opening"
            case.call_and_validate(checks=CHECKS[mode])

        with suppress(Unsatisfiable):  # an operation that takes nothing can be asked nothing wrong
            ask()
    assert len(names) >= 3
