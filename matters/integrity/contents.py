"""What lies sealed opens, and what lies in files is what was handed in or issued."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import Storage, default_storage
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from matters.cases.department_view import open_outputs
from matters.cases.sealed_form import open_bundle_form
from matters.integrity.findings import Breach, Check
from matters.models import Bundle, Decision, FiledDocument, OfficialDocument, SubmittedMaterial
from portal.accounts.models import Person
from portal.accounts.people import document_number
from portal.lib.sealed_text import BlindIndexField, SealedTextField
from portal.lib.vault import SealBroken, blind_index

_FORM = Check("I-21", "form_unreadable", _("联办件 %(subject)s 的表单无法解密：%(detail)s。"), "")
_OUTPUTS = Check("I-21", "outputs_unreadable", _("子项 %(subject)s 的决定内容无法解密：%(detail)s。"), "")
_WORDS = Check("I-21", "filed_document_unreadable", _("联办件 %(subject)s 的申请文书无法解密：%(detail)s。"), "")
_WORDS_CHANGED = Check("I-21", "filed_document_changed", _("联办件 %(subject)s 的申请文书与摘要不符：%(detail)s。"), "")
_DOCUMENT = Check("I-21", "document_unreadable", _("自然人 %(subject)s 的证件号码无法解密：%(detail)s。"), "")
_INDEX = Check("I-21", "document_index_differs", _("自然人 %(subject)s 的证件号码与索引不符。"), "")
_TEXT = Check("I-21", "text_unreadable", _("%(subject)s 无法解密：%(detail)s。"), "")
_FINDER = Check("I-21", "text_index_differs", _("%(subject)s 与索引不符。"), "")
_GONE = Check("I-11", "file_missing", _("%(subject)s 的文件不存在：%(detail)s。"), "")
_CHANGED = Check("I-11", "file_changed", _("%(subject)s 的文件内容与登记的摘要不符：%(detail)s。"), "")
_ORPHAN = Check("I-11", "file_orphan", _("文件 %(subject)s 不属于任何材料或证照。"), "")

# Younger files may belong to a transaction that is not in yet.
_SETTLED = timedelta(hours=24)
_FOLDERS = ("materials", "certificates")


def open_everything() -> Iterator[Breach]:
    """Yield what cannot be opened with the keys at hand, and identifiers that are not found by their index."""
    for bundle in Bundle.objects.only("number", "form_sealed").iterator():
        try:
            open_bundle_form(bundle)
        except (SealBroken, KeyError) as error:
            yield _FORM.breach(bundle.number, error)
    for decision in Decision.objects.filter(outputs_sealed__isnull=False).select_related("sub_item").iterator():
        try:
            open_outputs(decision)
        except SealBroken as error:
            yield _OUTPUTS.breach(decision.sub_item.number, error)
    for row in FiledDocument.objects.select_related("bundle").iterator():
        try:
            said = row.document.digest
        except SealBroken as error:
            yield _WORDS.breach(row.bundle.number, error)
            continue
        if said != row.sha256:
            yield _WORDS_CHANGED.breach(row.bundle.number, row.name)
    for person in Person.objects.iterator():
        try:
            number = document_number(person)
        except SealBroken as error:
            yield _DOCUMENT.breach(str(person.pk), error)
            continue
        if blind_index(f"document:{person.document_kind}", number) != bytes(person.document_index):
            yield _INDEX.breach(str(person.pk))
    for model in apps.get_models():
        yield from _open_texts(model)


def _open_texts(model: type[Model]) -> Iterator[Breach]:
    texts = [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]
    finders = [field for field in model._meta.concrete_fields if isinstance(field, BlindIndexField)]
    if not texts:
        return
    for row in model._default_manager.iterator():
        for field in texts:
            try:
                getattr(row, field.attname)
            except SealBroken as error:
                yield _TEXT.breach(f"{model._meta.label}.{field.name} {row.pk}", error)
                setattr(row, field.attname, "")
        for finder in finders:
            if bytes(getattr(row, finder.attname)) != finder.index_of(getattr(row, finder.of)):
                yield _FINDER.breach(f"{model._meta.label}.{finder.name} {row.pk}")


def compare_files() -> Iterator[Breach]:
    """Yield files that are missing, changed or nobody's. Reads every file."""
    known = set()
    for paper in SubmittedMaterial.objects.filter(forgotten_at=None).iterator():
        known.add(paper.file.name)
        yield from _compare(str(paper.pk), paper.file.name or "", paper.sha256)
    for certificate in Certificate.objects.exclude(file="").defer("face_sealed").iterator():
        known.add(certificate.file.name)
        yield from _compare(certificate.identifier, certificate.file.name or "", certificate.file_sha256)
    for letter in OfficialDocument.objects.exclude(file="").only("number", "file", "file_sha256").iterator():
        yield from _compare(letter.number, letter.file, letter.file_sha256)
    for folder in _FOLDERS:
        yield from (_ORPHAN.breach(name) for name in _settled_files(default_storage, folder) if name not in known)


def _compare(subject: str, name: str, sha256: str) -> Iterator[Breach]:
    if not name or not default_storage.exists(name):
        yield _GONE.breach(subject, name)
        return
    with default_storage.open(name) as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != sha256:  # type: ignore[arg-type]
            yield _CHANGED.breach(subject, name)


def _settled_files(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for inner in folders:
        yield from _settled_files(storage, f"{folder}/{inner}")
    oldest = timezone.now() - _SETTLED
    yield from (name for file in files if storage.get_modified_time(name := f"{folder}/{file}") < oldest)
