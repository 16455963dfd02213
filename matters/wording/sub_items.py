"""What a sub-item is called: with whose it is, where an application has it for several persons."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from catalog.definitions.naming import split_instance
from matters.models import SubItem


def of_which(name: str, instance: int) -> str:
    """Return a name with the number of the person it is for; the first's stays plain, as in the form."""
    return name if instance == 1 else _("%(name)s（第 %(number)s 位）") % {"name": name, "number": instance}


def sub_item_name(sub_item: SubItem, translate: Callable[[str], str] = str) -> str:
    """Return the full name of a sub-item as people tell it from its twin's."""
    return of_which(translate(sub_item.name), split_instance(sub_item.key)[1])
