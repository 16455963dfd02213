"""The English catalogue: complete, current, with every placeholder, and free of Chinese."""

from __future__ import annotations

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

ROOT = Path(settings.BASE_DIR)
PO = ROOT / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
SOURCES = ("catalog", "certificates", "matters", "portal", "templates")
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
# Proper names that English keeps, and signs that a sentence is about.
KEPT = ("一件",)
PLACES = re.compile(r"%%|%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z][^>]*>")


@dataclass
class Message:
    """One entry of a .po file; ``said`` holds one text, or singular and plural."""

    context: str | None = None
    source: str = ""
    plural: str | None = None
    said: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.source


def entries(path: Path) -> Iterator[Message]:
    """Read a .po file; what is marked as obsolete is left out."""
    message, attribute = Message(), ""
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if not line:
            if message.source:
                yield message
            message = Message()
        elif line.startswith("#,"):
            message.is_fuzzy = "fuzzy" in line
        elif not line.startswith("#"):
            keyword, quoted = line[: line.index('"')].strip(), ast.literal_eval(line[line.index('"') :])
            attribute = keyword or attribute
            if attribute == "msgctxt":
                message.context = (message.context or "") + quoted
            elif attribute == "msgid":
                message.source += quoted
            elif attribute == "msgid_plural":
                message.plural = (message.plural or "") + quoted
            elif keyword:
                message.said.append(quoted)
            else:
                message.said[-1] += quoted


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return list(entries(PO))


def described(wrong: list[Message]) -> list[str]:
    return [f"{message.context or ''} {message.source!r} → {message.said}" for message in wrong]


def test_every_message_is_said_in_english(messages: list[Message]) -> None:
    forms = [2 if message.plural is not None else 1 for message in messages]
    wrong = [
        message
        for message, wanted in zip(messages, forms, strict=True)
        if message.is_fuzzy or len(message.said) != wanted or not all(message.said)
    ]
    assert not described(wrong)
    assert len(messages) > 1000


def test_english_keeps_every_placeholder_and_tag(messages: list[Message]) -> None:
    wrong = []
    for message in messages:
        sources = [message.source, message.plural or message.source]
        for source, said in zip(sources, message.said, strict=False):
            if sorted(PLACES.findall(source)) != sorted(PLACES.findall(said)):
                wrong.append(message)
    assert not described(wrong)


def test_no_chinese_is_left_in_english(messages: list[Message]) -> None:
    def left(said: str) -> bool:
        for name in KEPT:
            said = said.replace(name, "")
        return CHINESE.search(said) is not None

    assert not described([message for message in messages if any(map(left, message.said))])


def test_the_compiled_catalogue_says_what_the_source_says(messages: list[Message]) -> None:
    with MO.open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    stale = []
    for message in messages:
        context, source, plural = message.context, message.source, message.plural
        if plural is not None and context is not None:
            said = [catalogue.npgettext(context, source, plural, number) for number in (1, 2)]
        elif plural is not None:
            said = [catalogue.ngettext(source, plural, number) for number in (1, 2)]
        elif context is not None:
            said = [catalogue.pgettext(context, source)]
        else:
            said = [catalogue.gettext(source)]
        if said != message.said:
            stale.append(message)
    assert not described(stale)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed")
def test_every_text_of_the_source_is_in_the_catalogue(tmp_path: Path, messages: list[Message]) -> None:
    (tmp_path / "locale").mkdir()
    for name in SOURCES:
        # Copied: `makemessages` writes a file beside each template while it reads, and a test beside this one reads all of them.
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    program = (
        "import django; from django.conf import settings; from django.core.management import call_command\n"
        "django.setup(); settings.LOCALE_PATHS = ['locale']\n"
        "call_command('makemessages', locale=['en'], no_location=True, no_wrap=True, verbosity=0)\n"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
    }
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    extracted = {message.key: message for message in entries(tmp_path / "locale/en/LC_MESSAGES/django.po")}
    held = {message.key: message for message in messages}
    assert sorted(extracted.keys() - held.keys(), key=str) == []
    assert sorted(held.keys() - extracted.keys(), key=str) == []
    assert [key for key in held if (held[key].plural is None) != (extracted[key].plural is None)] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [("DATE_FORMAT", "21 Nov 2026"), ("DATETIME_FORMAT", "21 Nov 2026, 09:05"), ("MONTH_DAY_FORMAT", "21 Nov")],
)
def test_english_dates_read_day_month_year(name: str, said: str) -> None:
    with translation.override("en"):
        assert date_format(datetime(2026, 11, 21, 9, 5, tzinfo=UTC), name) == said
