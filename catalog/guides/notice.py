"""一次性告知书: the checklist as a document to print, hand over at a counter or keep.

It says what the page says, from the same published version, and carries the page's address as a code. Nothing that anybody typed goes
into it: answers are shown in the words of their options.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language

from catalog.guides.checklist import Checklist
from catalog.models import MatterVersion
from portal.lib.printing import print_page
from portal.lib.qr import code_of

__all__ = ["notice_html", "notice_number", "printed_notice"]

NOTICES_KEPT = 64  # about 60 kB each

_printed: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
_lock = threading.Lock()


def notice_number(version: MatterVersion, answers: Mapping[str, Any], today: date) -> str:
    """Return the notice's number: day, matter's version and situation. The same content has the same number all day."""
    text = json.dumps(answers, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(f"{version.content_hash}:{text}".encode()).hexdigest()[:8].upper()
    return f"GZ{today:%Y%m%d}-{version.pk}-{digest}"


def printed_notice(checklist: Checklist, version: MatterVersion, *, address: str, today: date) -> bytes:
    """Return the PDF (tagged, A4); drawn at most once by each process for one content, language and day."""
    number = notice_number(version, checklist.guide.answers, today)
    key = (number, version.pk, get_language(), address)
    with _lock:
        if key in _printed:
            _printed.move_to_end(key)
            return _printed[key]
    html = notice_html(checklist, version, address=address, today=today)
    content = print_page(html, pdf_variant="pdf/ua-1", pdf_tags=True)
    with _lock:
        _printed[key] = content
        while len(_printed) > NOTICES_KEPT:
            _printed.popitem(last=False)
    return content


def notice_html(checklist: Checklist, version: MatterVersion, *, address: str, today: date) -> str:
    """Return the notice as HTML; what is printed is exactly this."""
    context = {
        "checklist": checklist,
        "guide": checklist.guide,
        "version": version,
        "number": notice_number(version, checklist.guide.answers, today),
        "today": today,
        "address": address,
        "code": code_of(address),
        "site": settings.YIJIAN_PUBLIC_URL.split("://")[-1],
        "language": get_language() or "zh-hans",
        "is_demonstration": settings.YIJIAN_DEMO,
    }
    return render_to_string("print/checklist.html", context)
