"""A consent to have a source asked, as a document to read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.lib.documents import Document, Passage


def consent_document(department: str, text: str) -> Document:
    """Return the words of a consent under a headline; its digest is that of the words alone (``SharingConsent.text_sha256``)."""
    title = f"{_('查询授权同意书')}{pgettext('colon', '：')}{department}"
    return Document(title, (Passage(paragraphs=tuple(text.split("\n"))),))
