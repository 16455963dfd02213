"""A step of an officer on a case is taken on what they read: compared while the bundle is held, so that nothing changes before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matters.cases.department_view import read_case
from matters.cases.reading import changed_since, labels_of_changes
from matters.models import SubItem
from matters.reviewing.concluding import hold_bundle
from matters.wording.refusals import Invalid


class NotAsRead(Invalid):
    """The case is not what the officer's page showed. ``changed``: the keys of what they have not seen (`matters.cases.reading`)."""

    code = "not_as_read"

    def __init__(self, sentence: str, changed: list[str]) -> None:
        super().__init__(sentence, {"read": sentence})
        self.changed = changed


@contextmanager
def as_read(sub_item: SubItem, mark: str) -> Iterator[None]:
    """Take a step inside, in one transaction that holds the bundle, if the case still is what the page with this mark showed.

    Raises `NotAsRead`, which names what changed; then nothing has happened. Cost: six queries.
    """
    with transaction.atomic():
        hold_bundle(sub_item)
        require_as_read(sub_item, mark)
        yield


def require_as_read(sub_item: SubItem, mark: str) -> None:
    """Raise `NotAsRead` unless the case, read anew, is what the page with this mark showed. An empty mark showed nothing."""
    now = SubItem.objects.for_case().get(pk=sub_item.pk)
    form = read_case(now)
    changed = changed_since(now, form, mark)
    if changed is None:
        return
    names = labels_of_changes(now, form, changed) if mark else []
    if names:
        said = _("您打开以后，这一件有变动：%(names)s。这一步没有办，请看过现在的内容再办；您填写的都还在。") % {
            "names": pgettext("between names", "、").join(names)
        }
    else:
        said = _("您打开以后，这一件的内容有变动，这一步没有办。请看过现在的内容再办；您填写的都还在。")
    raise NotAsRead(said, changed if mark else [])
