"""What the rules of a matter, or of an item, may speak of: guide questions with their options, and the item's own lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from catalog.models import FormLine, GuideQuestion, Matter, MatterRole, ServiceItem
from catalog.wording.conditions import Subject, Vocabulary

_KIND_OF = {
    "select": "choice",
    "id_kind": "choice",
    "multiselect": "several",
    "boolean": "flag",
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "datetime": "date",
}


def matter_vocabulary(matter: Matter) -> Vocabulary:
    """Return the answers of a matter's guide. Cost: two queries."""
    questions = matter.questions.prefetch_related("options")
    return Vocabulary({each.name: each for each in [*_answers(questions, _("引导问题")), _today()]})


def item_vocabulary(item: ServiceItem) -> Vocabulary:
    """Return the lines of an item's own form, and the answers of every matter that it is part of. Cost: four queries."""
    matters = Matter.objects.filter(items__item=item)
    roles = dict(MatterRole.objects.filter(matter__in=matters).order_by("-pk").values_list("key", "label"))
    lines = FormLine.objects.filter(item=item).select_related("element").order_by("position", "pk")
    questions = GuideQuestion.objects.filter(matter__in=matters).select_related("matter").prefetch_related("options")
    return Vocabulary(_by_name([*_lines(lines, roles), *_answers(questions), _today()]))


def _by_name(subjects: list[Subject]) -> dict[str, Subject]:
    """Return the subjects by name; of two matters' questions with one key the first, with the options of both."""
    found: dict[str, Subject] = {}
    for each in subjects:
        known = found.get(each.name)
        if known is None:
            found[each.name] = each
        else:
            options = tuple(dict([*each.options, *known.options]).items())
            found[each.name] = Subject(known.name, known.label, known.kind, options, known.group)
    return found


def _answers(questions: Iterable[GuideQuestion], group: str = "") -> Iterator[Subject]:
    for question in questions:
        options = tuple((option.value, option.label) for option in question.options.all())
        kind = "several" if question.multiple else "choice" if options else "number"
        heading = group or _("“%(matter)s”的引导问题") % {"matter": question.matter.name}
        yield Subject(f"answers.{question.key}", question.text, kind, options, heading)


def _lines(lines: Iterable[FormLine], roles: dict[str, str]) -> Iterator[Subject]:
    for line in lines:
        options = tuple((option["value"], option["label"]) for option in line.element.options)
        label = f"{roles.get(line.role, line.role)} · {line.label}"
        name = f"{line.role}:{line.element.code}"
        yield Subject(name, label, _KIND_OF.get(line.element.type, "text"), options, _("这个事项的字段"))


def _today() -> Subject:
    return Subject("today", _("今天"), "date", (), _("其他"))
