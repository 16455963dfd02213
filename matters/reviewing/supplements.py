"""Papers handed in later, on a bundle: proved like every upload, then kept in place of the earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from matters.drafts.uploads import accepted_types, check_upload, store_file
from matters.files.checking import CheckedFile, FileRefused
from matters.files.limits import FILES_PER_MATERIAL
from matters.models import Bundle, SubmittedMaterial
from matters.wording.refusals import CorrectionInvalid
from matters.wording.uploads import upload_sentence


@contextmanager
def check_papers(
    files: Mapping[str, Iterable[UploadedFile]], accept: Mapping[str, Iterable[str]], lane: str
) -> Iterator[dict[str, list[CheckedFile]]]:
    """Give the clean files by material, and close them in the end; raise ``CorrectionInvalid`` naming each that cannot be taken.

    Decoding takes time: call it before any lock is held. ``accept``: material key → what may be uploaded; ``lane``: who hands them in.
    """
    checked: dict[str, list[CheckedFile]] = {}
    problems: dict[str, str] = {}
    with ExitStack() as opened:
        for key, types in accept.items():
            uploads = list(files.get(key, ()))
            try:
                if len(uploads) > FILES_PER_MATERIAL:
                    raise FileRefused("too_many_files", limit=FILES_PER_MATERIAL)
                found = [opened.enter_context(check_upload(upload, accepted_types(types), lane)) for upload in uploads]
            except FileRefused as refused:
                problems[f"material:{key}"] = upload_sentence(refused.code, refused.params)
            else:
                if found:
                    checked[key] = found
        if problems:
            raise CorrectionInvalid(_("有文件不能接收，请换一个再传。"), problems)
        yield checked


def replace_papers(bundle: Bundle, checked: Mapping[str, Iterable[CheckedFile]]) -> dict[str, list[SubmittedMaterial]]:
    """Keep the files on the bundle and mark the earlier ones replaced, inside the caller's transaction; return the new ones.

    The earlier files stay: they are what was decided on before.
    """
    now = timezone.now()
    kept: dict[str, list[SubmittedMaterial]] = {}
    for key, files in checked.items():
        SubmittedMaterial.objects.filter(bundle=bundle, material=key, replaced_at=None).update(replaced_at=now)
        kept[key] = [store_file(file, owner=bundle.applicant, bundle=bundle, material=key) for file in files]
    return kept
