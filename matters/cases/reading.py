"""What an officer read of a case before taking a step, so that nobody decides on what they have not seen.

A field may be shared: while one department reads, an answer to another's correction changes it. A page of a case therefore carries a mark
of what it shows, in a hidden input named ``read`` of each of its forms. A mark is of keyed digests: it tells which lines are not what they
were, and nothing of what they hold. Words do not count: a page in another language shows the same.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.utils.crypto import salted_hmac

from catalog.wording.translating import translator_for
from matters.cases.department_view import CaseForm, CasePaper
from matters.core.states import CONCLUDED
from matters.models import Scan, SubItem

# The name of the hidden input.
NAME = "read"
_SALT = "matters.cases.reading"
# Bytes of a digest: two values of one line are taken for one once in 2^48.
_BYTES = 6


def mark_of(sub_item: SubItem, form: CaseForm) -> str:
    """Return the mark of what a page shows of a case: some eight characters a line."""
    return base64.urlsafe_b64encode(b"".join(sorted(_digests(sub_item, form).values()))).decode()


def changed_since(sub_item: SubItem, form: CaseForm, mark: str) -> list[str] | None:
    """Return the keys of what is not as the page with this mark showed it; None where all is, and also nothing is gone.

    Keys are those of ``CaseForm.keys``, and ``earlier:<name>`` for what was decided before. What is no mark of this case showed nothing.
    """
    seen, now = _read(mark), _digests(sub_item, form)
    if seen == set(now.values()):
        return None
    return [key for key, digest in now.items() if digest not in seen]


def labels_of_changes(sub_item: SubItem, form: CaseForm, changed: list[str]) -> list[str]:
    """Return what these lines, papers and earlier results are called, each once."""
    translate = translator_for(sub_item.bundle.matter_version_id)
    names = {row.key: translate(row.label) for section in form.sections for row in section.rows}
    names |= {f"material:{paper.key}": translate(paper.name) for paper in form.papers}
    names |= {f"earlier:{result.name}": translate(result.name) for result in form.earlier}
    return list(dict.fromkeys(names[key] for key in changed if key in names))


def _digests(sub_item: SubItem, form: CaseForm) -> dict[str, bytes]:
    shown: dict[str, Any] = {row.key: form.record.get(row.code) for section in form.sections for row in section.rows}
    shown |= {f"material:{paper.key}": _paper(paper) for paper in form.papers}
    # Where something stands on its way to a result is no result.
    ended = [each for each in form.earlier if each.state in CONCLUDED]
    shown |= {f"earlier:{each.name}": [each.state, str(each.decided_at)] for each in ended}
    return {key: _digest(sub_item.number, key, value) for key, value in shown.items()}


def _paper(paper: CasePaper) -> list[Any]:
    """Return what makes a paper what it is. That a scanner found nothing changes none; that it found something does."""
    files = [[str(file.pk), file.scan == Scan.INFECTED] for file in (*paper.files, *paper.earlier)]
    return [files, paper.kind, str(paper.certificate or ""), paper.fact, paper.necessity]


def _digest(number: str, key: str, value: Any) -> bytes:
    text = json.dumps([number, key, value], ensure_ascii=False, sort_keys=True, default=str)
    return salted_hmac(_SALT, text.encode("utf-8", "replace"), algorithm="sha256").digest()[:_BYTES]


def _read(mark: str) -> set[bytes]:
    try:
        digests = base64.urlsafe_b64decode(mark.encode())
    except (ValueError, binascii.Error):
        return set()
    return {digests[begin : begin + _BYTES] for begin in range(0, len(digests), _BYTES)}
