"""A register that tests fill: it answers what was put into it, or fails in the way it was told to."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone

from catalog.models import Department
from portal.accounts.models import User
from portal.sharing.core.inquiry import Inquiry, Reply
from portal.sharing.models import DataSource, Grant, Provision

ADAPTERS = {"listed": "tests.worlds.sources.Listed"}
_serials = itertools.count(1)


class Listed:
    """``records``: number → what is held of it; ``says``: an outcome to give to everybody instead; ``asked``: whoever was asked about."""

    records: ClassVar[dict[str, Mapping[str, Any]]] = {}
    says: ClassVar[str] = ""
    asked: ClassVar[list[Inquiry]] = []

    def ask(self, inquiry: Inquiry) -> Reply:
        self.asked.append(inquiry)
        if self.says:
            return Reply(self.says)
        held = self.records.get(inquiry.subject.number)
        if held is None or held.get("name") != inquiry.subject.name:
            return Reply("not_found")
        documents = {
            wanted.asked.removeprefix("material:"): {"number": held[wanted.path]}
            for wanted in inquiry.wanted
            if wanted.path in held and wanted.asked.startswith("material:")
        }
        elements = {
            wanted.asked.removeprefix("element:"): held[wanted.path]
            for wanted in inquiry.wanted
            if wanted.path in held and wanted.asked.startswith("element:")
        }
        return Reply("found", elements=elements, documents=documents, as_of=date(2026, 11, 30))

    @classmethod
    def forget(cls) -> None:
        cls.records, cls.says, cls.asked = {}, "", []


def open_source(department: Department, *codes: str, items: tuple[str, ...] = (), **columns: Any) -> DataSource:
    """Open a source of a department that supplies these materials, granted for these items."""
    source = DataSource.objects.create(
        code=f"{department.code}-register-{next(_serials)}",
        name=f"{department.name}登记库",
        department=department,
        legal_basis="政务数据共享条例",
        adapter="listed",
        **columns,
    )
    for code in codes:
        provision = Provision.objects.create(source=source, kind=Provision.Kind.MATERIAL, code=code)
        for item in items:
            grant(provision, item)
    return source


def supply(department: Department, facts: Mapping[str, str], items: tuple[str, ...], *, name: str) -> DataSource:
    """Open a source of a department that tells these facts (element → where it keeps them), granted for these items."""
    source = open_source(department)
    DataSource.objects.filter(pk=source.pk).update(name=name)
    for code, path in facts.items():
        grant_all(Provision.objects.create(source=source, kind=Provision.Kind.ELEMENT, code=code, path=path), items)
    return source


def grant_all(provision: Provision, items: tuple[str, ...]) -> None:
    """Let items have what a provision is about."""
    for item in items:
        grant(provision, item)


def allow_by_law(source: DataSource, ground: str = "《演示条例》第十条") -> None:
    """Let what a source supplies be asked without consent, on a ground that its owner's desk decided."""
    clerk, _new = User.objects.get_or_create(username="desk")
    Grant.objects.filter(provision__source=source).update(legal_ground=ground, decided_by=clerk)


def grant(provision: Provision, item: str) -> Grant:
    """Let an item have what a provision is about."""
    return Grant.objects.create(
        provision=provision, item=item, purpose="办理", state=Grant.State.GRANTED, decided_at=timezone.now()
    )
