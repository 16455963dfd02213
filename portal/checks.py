"""System checks: what a deployment needs beyond Python, said before somebody waits for a certificate in vain."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from portal.lib.vault import key_bytes

PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")
SUBSETTER = "libharfbuzz-subset.so.0"
FONTS = {"Noto Serif CJK SC": "fonts-noto-cjk", "HanaMinA": "fonts-hanazono"}


@register(Tags.compatibility)
def check_libraries(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report what WeasyPrint loads while rendering: without Pango it fails, without the subsetter it takes seconds."""
    if not all(_loads(library) for library in PANGO):
        return [
            Warning(
                "Pango is not installed: certificates cannot be rendered.",
                hint="sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
                id="portal.W001",
            )
        ]
    if not _loads(SUBSETTER):
        return [
            Warning(
                "libharfbuzz-subset is not installed: a certificate takes seconds instead of a tenth of one.",
                hint="sudo apt-get install libharfbuzz-subset0",
                id="portal.W002",
            )
        ]
    return []


@register(Tags.compatibility)
def check_fonts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report missing fonts: a name with a rare character must never be printed as a box."""
    listing = shutil.which("fc-list")
    known = ""
    if listing:
        known = subprocess.run(  # noqa: S603
            [listing, ":", "family"], capture_output=True, text=True, check=False
        ).stdout
    missing = [package for font, package in FONTS.items() if font not in known]
    if not missing:
        return []
    return [
        Warning(
            "Fonts for certificates are missing; names with rare characters are held back until they are there.",
            hint=f"sudo apt-get install fontconfig {' '.join(missing)}",
            id="portal.W003",
        )
    ]


@register(Tags.security)
def check_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report keys that cannot be used: sealed forms could neither be written nor read."""
    wrong = [name for name, key in settings.YIJIAN_DATA_KEYS.items() if not key_bytes(key)]
    if not settings.YIJIAN_DATA_KEYS or wrong or not key_bytes(settings.YIJIAN_INDEX_KEY):
        return [
            Error(
                f"Keys are missing or not the base64 of 32 bytes ({', '.join(wrong) or 'data or index key'}).",
                hint="python -m portal.settings.keys prints fresh ones; never replace a key that has sealed data.",
                id="portal.E001",
            )
        ]
    return []


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
