"""Papers handed in later, on a bundle: proved like every upload; each earlier file is kept, replaced by one of its own, or left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from matters.drafts.uploads import accepted_types, check_upload, store_file
from matters.files.checking import CheckedFile, FileRefused
from matters.files.limits import FILES_PER_MATERIAL
from matters.files.ordering import put_in_order
from matters.models import Bundle, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from matters.wording.refusals import CorrectionInvalid
from matters.wording.uploads import upload_sentence


@dataclass(frozen=True, slots=True)
class EarlierFiles:
    """What becomes of the files handed in before, by their ids: another ``instead`` of one, or it is ``removed``; the rest is kept.

    ``order``: the ids in the order in which they are to stand; what is not named stands behind.
    """

    instead: Mapping[str, UploadedFile] = field(default_factory=dict)
    removed: Collection[str] = ()
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CheckedPapers:
    """The clean files for one material. ``removed`` is None where nothing was said of the earlier files."""

    added: list[CheckedFile]
    instead: Mapping[str, CheckedFile]
    removed: Collection[str] | None
    order: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PaperChange:
    """What changes for one material: files that come, and earlier ones that count no longer."""

    new: list[CheckedFile]
    gone: list[SubmittedMaterial]
    places: Mapping[str, datetime] = field(default_factory=dict)  # by hash, of those that take an earlier file's place
    order: list[SubmittedMaterial] | None = None  # all earlier files as they are to stand, where that is another order
    instead: Mapping[str, str] = field(
        default_factory=dict
    )  # the id of an earlier file → the hash of what takes its place


@contextmanager
def check_papers(
    files: Mapping[str, Iterable[UploadedFile]],
    accept: Mapping[str, Iterable[str]],
    lane: str,
    earlier: Mapping[str, EarlierFiles] | None = None,
) -> Iterator[dict[str, CheckedPapers]]:
    """Give the clean files by material, and close them in the end; raise ``CorrectionInvalid`` naming each that cannot be taken.

    Decoding takes time: call it before any lock is held. ``accept``: material key → what may be uploaded; ``lane``: who hands them in.
    """
    checked: dict[str, CheckedPapers] = {}
    problems: dict[str, str] = {}
    with ExitStack() as opened:
        for key, types in accept.items():
            uploads, said = list(files.get(key, ())), (earlier or {}).get(key)
            instead = said.instead if said else {}
            try:
                if len(uploads) + len(instead) > FILES_PER_MATERIAL:
                    raise FileRefused("too_many_files", limit=FILES_PER_MATERIAL)
                found = {
                    place: opened.enter_context(check_upload(upload, accepted_types(types), lane))
                    for place, upload in {**instead, **{str(n): upload for n, upload in enumerate(uploads)}}.items()
                }
            except FileRefused as refused:
                problems[f"material:{key}"] = upload_sentence(refused.code, refused.params)
            else:
                added = [found[str(n)] for n in range(len(uploads))]
                replacing = {place: found[place] for place in instead}
                checked[key] = CheckedPapers(
                    added, replacing, said.removed if said else None, said.order if said else ()
                )
        if problems:
            raise CorrectionInvalid(_("有文件不能接收，请换一个再传。"), problems)
        yield checked


def changes_of(bundle: Bundle, checked: Mapping[str, CheckedPapers]) -> dict[str, PaperChange]:
    """Return what the files handed in change, by material. The very same file is no change, and is not kept twice.

    Where nothing is said of the earlier files, the one there is gives way, and several stay. Raises ``CorrectionInvalid`` where no file
    would be left, or too many.
    """
    rows = SubmittedMaterial.objects.filter(bundle=bundle, material__in=checked, replaced_at=None)
    current: dict[str, list[SubmittedMaterial]] = {key: [] for key in checked}
    for paper in rows.order_by(*PAGE_ORDER):
        current[paper.material].append(paper)
    found: dict[str, PaperChange] = {}
    problems: dict[str, str] = {}
    for key, papers in checked.items():
        change = _change(current[key], papers)
        left = len(current[key]) - len(change.gone) + len(change.new)
        if left > FILES_PER_MATERIAL:
            problems[f"material:{key}"] = upload_sentence("too_many_files", {"limit": FILES_PER_MATERIAL})
        elif change.gone and not left:
            problems[f"material:{key}"] = _("这项材料至少要留一个文件。要换的话，请选好新的文件再提交。")
        elif change.new or change.gone or change.order:
            found[key] = change
    if problems:
        raise CorrectionInvalid(_("有材料需要改正，没有提交。"), problems)
    return found


def _change(current: list[SubmittedMaterial], papers: CheckedPapers) -> PaperChange:
    known = {paper.sha256 for paper in current}
    new: dict[str, CheckedFile] = {}
    gone: dict[str, SubmittedMaterial] = {}
    places: dict[str, datetime] = {}
    took: dict[str, str] = {}
    again = {file.sha256 for file in (*papers.added, *papers.instead.values())} & known
    for paper in current:
        other = papers.instead.get(str(paper.pk))
        if other is not None and other.sha256 not in known:
            new[other.sha256], gone[str(paper.pk)] = other, paper
            places.setdefault(other.sha256, paper.place)
            took.setdefault(str(paper.pk), other.sha256)
        elif other is None and str(paper.pk) in (papers.removed or ()) and paper.sha256 not in again:
            gone[str(paper.pk)] = paper
    new |= {file.sha256: file for file in papers.added if file.sha256 not in known}
    if papers.removed is None and len(current) == 1 and new:
        gone = {str(current[0].pk): current[0]}
    order = _new_order(current, papers.order, left=lambda paper: str(paper.pk) not in gone or str(paper.pk) in took)
    return PaperChange(list(new.values()), list(gone.values()), places, order, took)


def _new_order(
    current: list[SubmittedMaterial], wanted: Sequence[str], left: Callable[[SubmittedMaterial], bool]
) -> list[SubmittedMaterial] | None:
    """Return the earlier files as they are wanted; None where those that are ``left`` stand so already."""
    rank = {key: at for at, key in enumerate(wanted)}
    order = sorted(current, key=lambda paper: rank.get(str(paper.pk), len(rank)))
    stay = [paper for paper in order if left(paper)]
    return order if stay != [paper for paper in current if left(paper)] else None


def replace_papers(bundle: Bundle, changes: Mapping[str, PaperChange]) -> dict[str, list[SubmittedMaterial]]:
    """Keep the new files on the bundle and mark the earlier ones that go as replaced, inside the caller's transaction; return the new ones.

    The earlier files stay on the disk: they are what was decided on before.
    """
    now = timezone.now()
    kept: dict[str, list[SubmittedMaterial]] = {}
    for key, change in changes.items():
        gone = [paper.pk for paper in change.gone]
        SubmittedMaterial.objects.filter(pk__in=gone, bundle=bundle, replaced_at=None).update(replaced_at=now)
        belongs: dict[str, Any] = {"owner": bundle.applicant, "bundle": bundle, "material": key}
        kept[key] = [store_file(file, **belongs, placed_at=change.places.get(file.sha256)) for file in change.new]
        if change.order is not None:
            new = {paper.sha256: paper for paper in kept[key]}
            stands = [new.get(change.instead.get(str(paper.pk), ""), paper) for paper in change.order]
            put_in_order([paper for paper in stands if paper.pk not in gone])
    return kept


def withdraw_papers(bundle: Bundle, keys: Iterable[str]) -> None:
    """Let the files of these materials count no more, inside the caller's transaction. They stay readable."""
    keys = list(keys)
    if keys:
        SubmittedMaterial.objects.filter(bundle=bundle, material__in=keys, replaced_at=None).update(
            replaced_at=timezone.now()
        )
