"""Log lines: constant snake_case events with values; identity and phone numbers never leave in full."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from portal.lib.private_numbers import mask_text

PRIVATE_KEYS = {"phone", "id_number", "document_number", "password", "person_name", "holder_name"}

# Without the values of local variables: those are what applicants wrote.
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))

# What PostgreSQL adds to an error: the row that it was about, as it stands in the table, or the value that it could not read.
_QUOTED_ROW = re.compile(r"\n\s*(DETAIL|CONTEXT): .*?(?=\n\s*(?:HINT|DETAIL|CONTEXT): |\n\n|\Z)", re.DOTALL)

Event = MutableMapping[str, Any]


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment, not to what it was when logging was set up."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, stream: TextIO) -> None:
        """Leave it to the moment."""


def mask_private(logger: Any, method: str, event: Event) -> Event:
    """Cover private values wherever they stand in a log line, and leave out the rows that the database quotes (a structlog processor)."""
    event.pop("request", None)  # Django adds the whole request to its own lines
    for key, value in event.items():
        event[key] = "***" if key in PRIVATE_KEYS and value else _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_text(_QUOTED_ROW.sub("", value) if "\n" in value else value)
    if isinstance(value, dict):
        return {key: "***" if key in PRIVATE_KEYS and inner else _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value


# One list for good: a logger that was used keeps it, so that setting up anew reaches every logger.
_processors: list[Any] = []


def logging_settings(*, form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING for `form` "plain" (for people) or "json" (one object a line), and set up structlog."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=form == "json"),
    ]
    _processors[:] = [
        structlog.stdlib.filter_by_level,
        *shared,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ]
    structlog.configure(
        processors=_processors,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    writing: list[Any] = (
        [TRACEBACKS, mask_private, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if form == "json"
        else [structlog.processors.format_exc_info, mask_private, structlog.dev.ConsoleRenderer(colors=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *writing],
            },
        },
        "handlers": {"stderr": {"class": "portal.lib.logs.StandardError", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would print a second, unmasked line.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "axes": {"level": "ERROR"},  # its lines name people; attempts are kept in its tables
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
            "pyhanko": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
