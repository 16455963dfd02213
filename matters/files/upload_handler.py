"""Receive uploads without letting one file, or one request, take more than its share.

Named first in ``FILE_UPLOAD_HANDLERS``. A file over the limit is read to its end and thrown away, so that the rest of
the form arrives and the page can say what happened; a body far over it is cut.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

# A body larger than this many times the limit is not read to its end.
CUT_FACTOR = 8


class LimitingUploadHandler(FileUploadHandler):
    """Drops files over ``YIJIAN_UPLOAD_LIMIT_BYTES`` while they arrive, and notes their field on the request."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - as Django names it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.cuts = content_length > CUT_FACTOR * settings.YIJIAN_UPLOAD_LIMIT_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.cuts or start + len(raw_data) > settings.YIJIAN_UPLOAD_LIMIT_BYTES:
            _oversized(self.request).append((self.field_name or "", self.file_name or ""))
            if self.cuts:
                raise StopUpload(connection_reset=True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def oversized_uploads(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (form field, file name) of each file that was dropped for its size. Reading the form first is up to the caller."""
    return list(_oversized(request))


def _oversized(request: Any) -> list[tuple[str, str]]:
    noted: list[tuple[str, str]] | None = getattr(request, "_oversized_uploads", None)
    if noted is None:
        noted = []
        request._oversized_uploads = noted
    return noted
