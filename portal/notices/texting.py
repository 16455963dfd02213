"""Short messages to telephones: the gateway that settings name (``YIJIAN_TEXT_GATEWAY``), and the demo town's, which sends nothing.

A gateway keeps nothing of what it sends.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

SHOWN = timedelta(minutes=30)
_NAME = "texts.jsonl"


class TextGateway(Protocol):
    """How a short message leaves the house. Raises `OSError` where it cannot be sent now."""

    def send(self, phone: str, text: str) -> None: ...


class DemoGateway:
    """Writes what it would send into a file below VAR, which a page of the demo town shows: nobody's telephone rings."""

    def send(self, phone: str, text: str) -> None:
        line = json.dumps({"at": timezone.now().isoformat(), "phone": phone, "text": text}, ensure_ascii=False)
        with os.fdopen(os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def can_send() -> bool:
    """Say whether there is a gateway."""
    return bool(settings.YIJIAN_TEXT_GATEWAY)


def send_text(phone: str, text: str) -> None:
    """Send a short message now. Raises `OSError`."""
    gateway: TextGateway = import_string(settings.YIJIAN_TEXT_GATEWAY)()
    gateway.send(phone, text)


def demo_texts() -> list[tuple[datetime, str, str]]:
    """Return (when, to whom, what) of the demo town's messages of the last half hour, the newest first."""
    if not _file().exists():
        return []
    told = [json.loads(line) for line in _file().read_text(encoding="utf-8").splitlines()[-50:]]
    since = timezone.now() - SHOWN
    found = [(datetime.fromisoformat(each["at"]), each["phone"], each["text"]) for each in told]
    return [each for each in reversed(found) if each[0] > since]


def _file() -> Path:
    return Path(settings.VAR_DIR) / _NAME
