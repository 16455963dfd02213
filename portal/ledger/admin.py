"""The ledger in the staff console: to be looked at, never touched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.ledger.models import AccessRecord, Event, SecurityEvent
from portal.lib.admin_lists import LookOnly


class BySubject(LookOnly):
    """A list searched by the whole id of the bundle or person that its rows are about."""

    search_fields = ("pk",)  # shows the search box; the search itself is below
    subject_field = ""
    person_field = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.split()
        if not words:
            return queryset, False
        try:
            found: dict[str, Any] = {f"{self.subject_field}__in": [_subject(word) for word in words]}
        except ValueError:
            found = {self.person_field: search_term.strip()}
        return queryset.filter(**found), False


def _subject(word: str) -> UUID:
    """Return which bundle or person a word names: by its id, or by the number that people are told. Raises ``ValueError``."""
    try:
        return UUID(word)
    except ValueError:
        numbered = import_string(settings.YIJIAN_CASE_NUMBERED)
        found = numbered(word) or numbered(word.rpartition("-")[0])  # a part's number ends in its own
    if found is None:
        raise ValueError(word)
    case: UUID = found[0]
    return case


@admin.register(Event)
class EventAdmin(BySubject):
    """What happened, in the order it was written."""

    list_display = ("at", "kind", "chain_id", "sequence", "department", "sub_item", "actor")
    list_select_related = ("actor",)
    ordering = ("-id",)
    subject_field = "chain_id"
    person_field = "actor__username"
    search_help_text = _("输入办件编号，或经办人的账号。")
    fields = ("at", "kind", "chain_id", "sequence", "department", "sub_item", "actor", "data", "fingerprint")
    readonly_fields = fields

    @admin.display(description=_("哈希"))
    def fingerprint(self, event: Event) -> str:
        return bytes(event.hash).hex()


@admin.register(AccessRecord)
class AccessRecordAdmin(BySubject):
    """Who has read personal data."""

    list_display = ("at", "reader", "department", "purpose", "subject")
    list_select_related = ("reader",)
    ordering = ("-id",)
    subject_field = "subject"
    person_field = "reader__username"
    search_help_text = _("输入办件编号，或查看人的账号。")


class KindOfEvent(admin.SimpleListFilter):
    """The known kinds, without asking a table of millions which it holds."""

    title = _("事件")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(SecurityEvent.Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[SecurityEvent]) -> QuerySet[SecurityEvent]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(SecurityEvent)
class SecurityEventAdmin(LookOnly):
    """Who came in, who was refused, from where."""

    list_display = ("at", "kind_in_words", "user", "address", "page")
    list_select_related = ("user",)
    list_filter = (KindOfEvent,)
    ordering = ("-id",)
    search_fields = ("user__username__exact", "address__exact")
    search_help_text = _("输入完整的账号，或完整的网络地址。")
    fields = ("at", "kind_in_words", "user", "address", "page", "data")
    readonly_fields = fields

    @admin.display(description=_("事件"), ordering="kind")
    def kind_in_words(self, event: SecurityEvent) -> str:
        return event.get_kind_display()
