"""Values of forms and decisions as people read them: labels of options, names of divisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField

from catalog.definitions import Option, OutputDefinition
from catalog.fields.constraints import is_anywhere
from catalog.models import Division
from matters.wording.values import value_in_words
from portal.lib.prepared import Among, BuiltOnce, Slot


def labels_of(options: Iterable[Option], translate: Callable[[str], str] = str) -> dict[str, str]:
    """Return value → label."""
    return {option.value: translate(option.label) for option in options}


def division_names(codes: Iterable[object]) -> dict[str, str]:
    """Return the names of divisions that the installation serves, by code: 360103 → 南昌市西湖区. One query, none without codes."""
    wanted = {str(code) for code in codes if code}
    if not wanted:
        return {}
    found = {}
    for one in _DIVISIONS(codes=sorted(wanted)):
        city = one.parent if one.parent is not None and one.parent.level == "prefecture" else None
        found[one.code] = f"{city.name}{one.name}" if city is not None else one.name
    return found


_DIVISIONS = BuiltOnce(
    lambda: Division.objects.filter(Among("code", Slot("codes", ArrayField(CharField())))).select_related("parent")
)


def division_choices() -> tuple[tuple[str, str], ...]:
    """Return every district and county that may be chosen, with its city's name before its own. One query."""
    rows = Division.objects.filter(level="county").order_by("code").values_list("code", "name", "parent__name")
    return tuple((code, f"{city or ''}{name}") for code, name, city in rows)


def decided_in_words(
    outputs: Iterable[OutputDefinition], values: Mapping[str, Any], translate: Callable[[str], str] = str
) -> dict[str, str]:
    """Return what was decided as people read it: output code → text. One query where a division was decided, none otherwise."""
    outputs = list(outputs)
    served = {one.code for one in outputs if one.type == "division" and not is_anywhere(one.type, one.constraints)}
    divisions = division_names(map(values.get, served))
    texts = {}
    for output in outputs:
        labels = divisions if output.code in served else labels_of(output.options, translate)
        texts[output.code] = value_in_words(values.get(output.code), output.type, labels)
    return texts
