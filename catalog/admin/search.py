"""The words of the search in the admin: targets, phrases, synonyms, questions back, and what nobody found.

What came with the content can be switched off, not rewritten: the next import would bring it back.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import JSONField, ModelForm
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.composing.choosing import CarefulChoices
from catalog.models import Origin, SearchMiss, SearchPhrase, SearchQuestion, SearchTarget, SynonymGroup
from catalog.search.core.text import normalise


class FromContent(CarefulChoices):
    """Rows of the content: only ``is_active`` may be changed, and none deleted."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and obj.origin == Origin.CONTENT:
            return [*(field.name for field in self.opts.fields if field.name not in {"id", "is_active"})]
        return ("origin",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        from_content = obj is not None and obj.origin == Origin.CONTENT
        return not from_content and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


@admin.register(SearchTarget)
class SearchTargetAdmin(FromContent):
    list_display = ("slug", "name", "kind", "department", "is_active", "origin")
    list_filter = ("kind", "is_active", "origin")
    search_fields = ("slug", "name", "department")


class PhraseForm(ModelForm):
    """A phrase must leave something to look for once blanks and signs are gone."""

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).strip()
        if not normalise(text):
            raise ValidationError(_("请写出群众会说的话，不能只有符号。"), code="nothing_to_find")
        return text


class CellsForm(ModelForm):
    """A row of a list with cells to edit. It counts as changed where this page changed it: what was changed in another window stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True


@admin.register(SearchPhrase)
class SearchPhraseAdmin(FromContent):
    form = PhraseForm
    list_display = ("text", "target", "kind", "is_active", "origin")
    list_select_related = ("target",)
    list_filter = ("kind", "is_active", "origin", "target")
    list_editable = ("is_active",)
    search_fields = ("text", "target__name", "target__slug")
    autocomplete_fields = ("target",)
    show_full_result_count = False

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[ModelForm]:
        return super().get_changelist_form(request, **{**kwargs, "form": CellsForm})


@admin.register(SynonymGroup)
class SynonymGroupAdmin(FromContent):
    list_display = ("name", "words", "is_active", "origin")
    list_filter = ("is_active", "origin")
    search_fields = ("name", "words")


class CalmJSONField(JSONField):
    """Takes what is nested without end for what it is: no JSON that anybody wrote."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)


class SearchQuestionForm(ModelForm):
    """The answers of a question are pairs of a target and the words on its button."""

    class Meta:
        field_classes = {"candidates": CalmJSONField}

    def clean_candidates(self) -> list[list[str]]:
        candidates = self.cleaned_data["candidates"]
        pairs = isinstance(candidates, list) and all(
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) and part for part in pair)
            for pair in candidates
        )
        if not pairs or len(candidates) < 2:
            raise ValidationError(_("请按 [[代码, 按钮文字], …] 写出至少两个答案。"), code="not_pairs")
        known = set(SearchTarget.objects.exclude(kind=SearchTarget.Kind.ELSEWHERE).values_list("slug", flat=True))
        unknown = [slug for slug, _label in candidates if slug not in known]
        if unknown:
            raise ValidationError(_("没有这个检索目标：%(slug)s"), code="unknown_target", params={"slug": unknown[0]})
        return candidates


@admin.register(SearchQuestion)
class SearchQuestionAdmin(FromContent):
    form = SearchQuestionForm
    list_display = ("ask", "phrases", "is_active", "origin")
    list_filter = ("is_active", "origin")
    search_fields = ("ask", "phrases")


@admin.register(SearchMiss)
class SearchMissAdmin(admin.ModelAdmin):
    """What was not found: to be read, and cleared once a phrase answers it."""

    list_display = ("text", "count", "last_on")
    search_fields = ("text",)
    readonly_fields = ["text", "count", "last_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
