"""What the forms of all parts of a definition share: what they choose from, an order, sources, and how they introduce themselves when closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.browse import themes
from catalog.composing.child_rows import initial_rows, save_rows
from catalog.composing.confidence import CONFIDENCE_NAMES
from catalog.composing.fields import ConfidenceField, KeysField, ModelRowsField
from catalog.composing.fields.contexts import ContextForm
from catalog.composing.fields.rows import refuse_repeated
from catalog.models import FrequentQuestion, Matter, PartKind, part_of, parts_of

# What a box of text suggests while somebody types: field → kind of the form context.
SUGGESTIONS = {"role": "roles", "holder": "roles", "founds": "roles", "section": "sections", "group": "groups"}
# The last fields of every part's form.
COMMON = ("position", "sources", "confidence")


class HeadForm(ContextForm, forms.ModelForm):
    """The form of a definition itself. ``changed_meanwhile``: what somebody else saved since the page was opened."""

    changed_meanwhile: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "theme" in self.fields:
            self.fields["theme"] = _theme_field(self.instance.theme)
        for name, fact in (self.instance.facts or {}).items():
            if name in self.fields and isinstance(fact, dict):
                self.fields[name].help_text = self._with_confidence(self.fields[name].help_text, fact)

    def _with_confidence(self, help_text: Any, fact: dict[str, Any]) -> SafeString:
        """Return a field's help with how sure it is, its sources and what is noted about it."""
        confidence = fact.get("confidence", "")
        cited = format_html_join(
            " ",
            '<span class="source"><b>{}</b> {}</span>',
            ((key, self.form_context.sources.get(key, "")[:80]) for key in fact.get("sources", [])),
        )
        return format_html(
            '{} <span class="confidence-line"><span class="confidence {}">{}</span> {} {}</span>',
            help_text,
            confidence if confidence in CONFIDENCE_NAMES else "",
            CONFIDENCE_NAMES.get(confidence, ""),
            cited,
            fact.get("note", ""),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.changed_meanwhile:
            raise ValidationError(
                _(
                    "别人刚才改过并保存了：%(parts)s。您填的都还在下面，没有丢，也还没有保存。请先在另一个窗口看看别人改了什么；"
                    "再按一次保存，就以这一页为准。"
                )
                % {"parts": "、".join(self.changed_meanwhile)},
                code="changed_meanwhile",
            )
        return cleaned


def _theme_field(chosen: str) -> forms.ChoiceField:
    """Return the choice among the national platform's themes; one that is not among them stays what it is."""
    lists = ((Matter.Subject.PERSON.label, themes.PERSON), (Matter.Subject.ORGANISATION.label, themes.ORGANISATION))
    groups = [(label, [(name, str(said)) for name, said in names.items()]) for label, names in lists]
    known = {name for _label, names in lists for name in names}
    stray = [(chosen, chosen)] if chosen and chosen not in known else []
    return forms.ChoiceField(label=_("主题"), required=False, choices=[("", "—"), *groups, *stray])


class PartForm(ContextForm, forms.ModelForm):
    """The form of one part. Closed, it shows its ``title``, ``notes`` (short sentences) and how sure it is."""

    department = ""  # whose it is, where that tells something

    position = forms.IntegerField(label=gettext_lazy("顺序"), min_value=0, max_value=32767, required=False)
    sources = KeysField("sources", label=gettext_lazy("出处"))
    confidence = ConfidenceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for children in self._children():
            rows = getattr(self.instance, children.name).all() if self.instance.pk else ()
            self.initial[children.name] = initial_rows(rows, self._columns_of(children))
        for name, field in self.fields.items():
            if name in SUGGESTIONS:
                field.widget.attrs["list"] = f"all-{SUGGESTIONS[name]}"
            if isinstance(field.widget, forms.Textarea) and "rule-text" not in field.widget.attrs.get("class", ""):
                field.widget.attrs["rows"] = 2
            elif isinstance(field, forms.CharField) and (field.max_length or 0) >= 100:
                field.widget.attrs["class"] = "long"

    def clean_position(self) -> int:
        """A part without a place comes last."""
        given = self.cleaned_data.get("position")
        return 32767 if given is None else int(given)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        for children in self._children():
            if children.name in self.changed_data:
                given = self.cleaned_data[children.name]
                save_rows(self.instance, children, given, self._columns_of(children))

    def clean(self) -> dict[str, Any]:
        """Refuse parts of the part that bear the same name."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for children in self._children():
            keys = [tuple(row[name] for name in children.key) for row in cleaned.get(children.name, ())]
            try:
                refuse_repeated(keys)
            except ValidationError as repeated:
                self.add_error(children.name, repeated)
        return cleaned

    def _children(self) -> list[PartKind]:
        """Return the parts of this part that are edited within its form: each in a field of the relation's name."""
        return [part for part in parts_of(self._model()) if part.name in self.fields]

    def _columns_of(self, children: PartKind) -> list[str]:
        field = self.fields[children.name]
        assert isinstance(field, ModelRowsField)
        return [name for name in field.row_form.base_fields if name != "id"]

    def _model(self) -> type[models.Model]:
        return self._meta.model  # type: ignore[no-any-return]

    @property
    def _part(self) -> PartKind:
        found = part_of(self._model())
        assert found is not None
        return found

    @property
    def title(self) -> str:
        """Return what the part is called when it is closed; a new one has no name yet."""
        return str(self.instance) if self.instance.pk else str(_("新的%(kind)s") % {"kind": self.kind})

    @property
    def kind(self) -> str:
        return str(self._model()._meta.verbose_name)

    @property
    def notes(self) -> list[str]:
        """Return short sentences about it, none of a new one: subclasses say them in ``_notes``."""
        return self._notes() if self.instance.pk else []

    @property
    def tags(self) -> list[str]:
        """Return what is special about it, each in a word or two; nothing yet of a new one."""
        return self._tags() if self.instance.pk else []

    def _notes(self) -> list[str]:
        return []

    def _tags(self) -> list[str]:
        named = getattr(self.instance, self._part.key[0])
        return [named] if isinstance(named, str) and self._part.has_card_id else []

    def _role(self, key: str) -> str:
        """Return what a role is called."""
        return self.form_context.roles.get(key, key)

    @property
    def html_id(self) -> str:
        """Return what links from findings lead to."""
        return self._part.anchor(self.instance) if self.instance.pk and self._part.has_card_id else ""

    @property
    def stated_confidence(self) -> str:
        return self.instance.confidence if self.instance.pk else ""

    @property
    def confidence_name(self) -> str:
        return str(CONFIDENCE_NAMES.get(self.stated_confidence, ""))

    @property
    def cited(self) -> list[tuple[str, str]]:
        """Return (key, citation) of its sources."""
        keys = self.instance.sources if self.instance.pk else ()
        return [(key, self.form_context.sources.get(key, "")) for key in keys]

    @property
    def is_open(self) -> bool:
        """Whether the page shows it open at once: where something is wrong or new."""
        return self.is_bound and (bool(self.errors) or (not self.instance.pk and self.has_changed()))

    @property
    def main_fields(self) -> list[Any]:
        """Return the visible fields that are neither the order, nor the sources, nor the box to delete it."""
        aside = {*COMMON, "DELETE"}
        return [field for field in self.visible_fields() if field.name not in aside]

    @property
    def hidden_errors(self) -> list[str]:
        return [str(error) for field in self.hidden_fields() for error in field.errors]


class FaqForm(PartForm):
    class Meta:
        model = FrequentQuestion
        fields = ("question", "answer", *COMMON)


class PartFormSet(BaseInlineFormSet):
    """The parts of one kind, in their order."""

    def clean(self) -> None:
        super().clean()
        self._no_borrowed_names()

    def _no_borrowed_names(self) -> None:
        """Refuse a name that another part still bears: the two would have to be saved in an order that does not exist."""
        part = part_of(self.model) if self.model else None
        if part is None or len(part.key) > 1 or not part.has_card_id:
            return
        names = part.key[0]
        bearers = {
            form.instance.pk: form.initial.get(names)
            for form in self.initial_forms
            if form.instance.pk and form not in self.deleted_forms
        }
        for form in self.forms:
            name = getattr(form, "cleaned_data", {}).get(names)
            name = getattr(name, "pk", name)
            others = [borne for pk, borne in bearers.items() if pk != form.instance.pk]
            if name and names in form.changed_data and name in others:
                form.add_error(
                    names, ValidationError(_("这个代码现在还属于另一行：请先改那一行并保存。"), code="borrowed")
                )

    def groups(self) -> list[tuple[str, list[PartForm]]]:
        """Return the forms under headings, as the page lists them."""
        return [("", [form for form in self.forms if isinstance(form, PartForm)])]


def tidy_positions(rows: models.QuerySet[Any]) -> None:
    """Number the parts of one owner from 0 without gaps, in their order. Cost: one query, and one for each that moves."""
    for place, row in enumerate(rows.order_by("position", "pk").only("pk", "position")):
        if row.position != place:
            type(row).objects.filter(pk=row.pk).update(position=place)
