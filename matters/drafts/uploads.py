"""Papers handed in on a draft: taken after their content is proved, viewed by whoever has access, removed or replaced."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import pgettext

from matters.drafts.keeping import refuse_under_hold
from matters.drafts.saving import AlreadySubmitted, get_draft_for
from matters.files.checking import EXTENSIONS, CheckedFile, FileRefused, check_file
from matters.files.limits import FILES_PER_MATERIAL
from matters.files.ordering import put_in_order, shifted
from matters.models import Draft, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from matters.wording.uploads import DAMAGED, paper_words
from portal.accounts.models import User
from portal.lib.kept_files import FileDamaged, open_unchanged
from portal.lib.prepared import BuiltOnce, Slot


def accepted_types(accept: Iterable[str]) -> tuple[str, ...]:
    """Return the content types among those we can prove; everything we can prove when none is named.

    ``accept`` may name content types (``image/jpeg``) or endings (``jpg``, ``.pdf``).
    """
    wanted = {
        name.lower().lstrip(".").replace("jpeg", "jpg").removeprefix("image/").removeprefix("application/")
        for name in accept
    }
    chosen = tuple(kind for kind, ending in EXTENSIONS.items() if ending in wanted)
    return chosen or tuple(EXTENSIONS)


def format_names(types: Iterable[str]) -> str:
    """Return the kinds of file that are taken (content types), as they are told to people."""
    return pgettext("between names", "、").join(EXTENSIONS[kind].upper() for kind in types)


def accept_attribute(types: Sequence[str]) -> str:
    """Return what a file control offers for these content types: by type and, for browsers that know only these, by ending."""
    return ",".join([*types, *(f".{EXTENSIONS[kind]}" for kind in types)])


def take_upload(
    draft: Draft,
    material: str,
    upload: UploadedFile,
    *,
    accept: Collection[str],
    lane: str = "",
    replaces: SubmittedMaterial | None = None,
) -> SubmittedMaterial:
    """Check a file and keep it on the draft, in place of ``replaces`` when given. ``lane``: who hands it in.

    Raises ``FileRefused`` (see ``matters.files.checking``; also too_large, too_many_files, storage_full), ``AlreadySubmitted``, or
    ``UnderHold`` where it would take the place of one that must be kept.
    """
    with check_upload(upload, accept, lane) as checked:
        try:
            with transaction.atomic():
                if replaces is not None:
                    refuse_under_hold(draft)
                _lock_open(draft)
                current = [paper for paper in papers_on(draft) if paper.material == material]
                if replaces is None and len(current) >= FILES_PER_MATERIAL:
                    raise FileRefused("too_many_files", limit=FILES_PER_MATERIAL)
                same = next((paper for paper in current if paper.sha256 == checked.sha256), None)
                if same is not None:
                    return same
                if replaces is not None:
                    _take_off(replaces)
                place = replaces.place if replaces is not None else None
                return store_file(checked, owner=draft.applicant, draft=draft, material=material, placed_at=place)
        except OSError as error:
            raise FileRefused("storage_full") from error


def check_upload(upload: UploadedFile, accept: Collection[str], lane: str = "") -> CheckedFile:
    """Return what a browser sent, proved and cleaned, to be closed by the caller. Raises ``FileRefused``."""
    if (upload.size or 0) > settings.YIJIAN_UPLOAD_LIMIT_BYTES:
        raise FileRefused("too_large")
    return check_file(upload, upload.name or "", accept, lane=lane)


def store_file(checked: CheckedFile, **belongs: Any) -> SubmittedMaterial:
    """Keep a file under a random name and write its row, inside the caller's transaction. Without the row no file stays.

    ``belongs``: owner, material, and the draft or the bundle it was handed in on.
    """
    paper = SubmittedMaterial(
        original_name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        scan=checked.scan,
        note=checked.note,
        **belongs,
    )
    name = f"{secrets.token_hex(16)}.{EXTENSIONS[checked.content_type]}"
    checked.file.seek(0)
    paper.file.save(name, File(checked.file), save=False)
    try:
        with transaction.atomic(savepoint=False):
            paper.save(force_insert=True)
    except Exception:
        paper.file.storage.delete(str(paper.file.name))
        raise
    return paper


def remove_upload(draft: Draft, paper: SubmittedMaterial) -> None:
    """Take a paper off an open draft, with its file. Raises ``AlreadySubmitted``; ``UnderHold`` while it must be kept."""
    with transaction.atomic():
        refuse_under_hold(draft)
        _lock_open(draft)
        _take_off(paper)


def move_upload(draft: Draft, paper_id: str, by: int) -> tuple[int, int, SubmittedMaterial] | None:
    """Move a paper's file ``by`` places among the files of its paper; return its number, how many there are, and the file.

    None where it is not there any more, or has no such place to go to. Raises ``AlreadySubmitted``.
    """
    with transaction.atomic():
        _lock_open(draft)
        all_papers = {str(paper.pk): paper for paper in current_materials(draft)}
        moved = all_papers.get(paper_id)
        if moved is None:
            return None
        papers = {key: paper for key, paper in all_papers.items() if paper.material == moved.material}
        order = shifted(list(papers), paper_id, by)
        if order == list(papers):
            return None
        put_in_order([papers[key] for key in order])
    return order.index(paper_id) + 1, len(order), moved


def current_materials(draft: Draft) -> models.QuerySet[SubmittedMaterial]:
    """Return the papers that count on this draft, in the order in which they were put or handed in."""
    return SubmittedMaterial.objects.filter(draft=draft, replaced_at=None).order_by(*PAGE_ORDER)


_ON_DRAFT = BuiltOnce(
    lambda: SubmittedMaterial.objects.filter(draft=Slot("draft", models.UUIDField()), replaced_at=None).order_by(
        *PAGE_ORDER
    )
)


def papers_on(draft: Draft) -> list[SubmittedMaterial]:
    """Return the papers that count on this draft, as `current_materials` does, for pages. One query."""
    return _ON_DRAFT(draft=draft.pk)


def get_upload_for(
    user: User | AnonymousUser, draft_id: uuid.UUID, paper_id: uuid.UUID
) -> tuple[Draft, SubmittedMaterial]:
    """Return a paper with its draft, for those who may fill in the draft; Http404 for everybody else. Cost: two queries."""
    draft = get_draft_for(user, draft_id)
    paper = SubmittedMaterial.objects.filter(pk=paper_id, draft=draft, replaced_at=None).first()
    if paper is None:
        raise Http404
    return draft, paper


def file_response(paper: SubmittedMaterial, *, attachment: bool = False) -> HttpResponseBase:
    """Return the file so that a browser shows it and nothing in it can act; a sentence (409) while nobody may open it, or where it is damaged.

    The one way a handed-in file leaves the house; whoever calls it has asked ``matters.cases.access`` first. A file that is not what its
    row says is a line of the log and a breach of ``check_integrity``, never an error page, and never shown as if it were what was handed in.
    """
    if paper.is_held:
        return _told(paper_words(paper))
    try:
        opened = open_unchanged(str(paper.file.name), paper.sha256)
    except FileDamaged as damaged:
        return _told(DAMAGED[damaged.reason])
    response = FileResponse(
        opened,
        as_attachment=attachment or paper.content_type not in EXTENSIONS,
        filename=paper.original_name,
        content_type=paper.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _told(sentence: str | Promise) -> HttpResponse:
    response = HttpResponse(str(sentence), content_type="text/plain; charset=utf-8", status=409)
    response["Cache-Control"] = "private, no-store"
    return response


# Built inside the first transaction that locks, which Django asks for, and used inside others.
_LOCKED = BuiltOnce(
    lambda: Draft.objects.select_for_update().only("submitted_at").filter(pk=Slot("pk", models.UUIDField()))
)


def _lock_open(draft: Draft) -> None:
    """Hold a draft that is not submitted until the caller's transaction ends. Raises ``AlreadySubmitted``."""
    locked = _LOCKED(pk=draft.pk)
    if not locked or locked[0].submitted_at is not None:
        raise AlreadySubmitted


def _take_off(paper: SubmittedMaterial) -> None:
    """Delete a paper that was never submitted; its file goes once the transaction is in."""
    file = paper.file
    SubmittedMaterial.objects.filter(pk=paper.pk, bundle=None).delete()
    transaction.on_commit(lambda: file.storage.delete(str(file.name)))
