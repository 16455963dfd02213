"""Finding a case of one's department: by its number, also a short one, by the applicant, by the company, by the item.

Nothing outside the department is found, and what was typed stands in no address: it may be somebody's identity number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Department
from matters.core.numbering import read_number
from matters.models import Bundle, ReviewTask, SubItem
from matters.models.cases import NumberTail
from matters.models.querysets import LINE_FIELDS, LINE_RELATED, own_bundles
from portal.accounts.models import Organisation, Person, User
from portal.accounts.people import everybody_with
from portal.identifiers.normalising import InvalidIdentifier, credit_code, person_name, tidy
from portal.ledger.access import record_access_to_all

FOUND_LIMIT = 50
# An item is looked for among so many of the queue, oldest first: there is no index by name, and nobody reads more at once.
ITEM_LIMIT = 1000
LONGEST_TYPED = 200
_SHORT = re.compile("[0-9]{1,12}")
_ENDING = 4  # fewer digits at the end of a number are those of too many
_DOCUMENT = re.compile("(?=.*[0-9])[0-9A-Za-z()]{6,20}")
_POSITION = 3  # the digits that a sub-item's number has after its bundle's


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, newest first; ``sentence`` says what else there is to know: nothing found, or more than is shown."""

    sub_items: list[SubItem] = field(default_factory=list)
    sentence: str = ""


def find_cases(user: User, department: Department, typed: str) -> Found:
    """Return the department's cases that somebody's words name, whatever became of them; none of the user's own applications.

    A number in whole or its last digits, a person's whole name or identity number (both by keyed index), a credit code, or words of an
    item's name among what is open. Reading by person or company is recorded. Cost: at most five queries.
    """
    typed = typed[:LONGEST_TYPED]
    text = tidy(typed)[:60].replace("\x00", "")
    if not text:
        return Found(sentence=_("请输入编号、姓名、证件号码、统一社会信用代码或者事项名称。"))
    cases = SubItem.objects.filter(department=department).exclude(bundle__in=own_bundles(user))
    if number := read_number(typed):
        return _shown(cases.filter(Q(number=number) | Q(bundle__in=Bundle.objects.filter(number=number))))
    digits = re.sub(r"[\s\-–—]", "", text)
    if _SHORT.fullmatch(digits):
        found = _shown(cases.alias(tail=NumberTail("number")).filter(_ends_in(digits)))
        if found.sub_items or not _DOCUMENT.fullmatch(text):
            return found
    bundles = _bundles_of(text)
    if bundles is not None:
        found = _shown(cases.filter(bundle__in=bundles.values("pk")))
        read = {sub_item.bundle_id for sub_item in found.sub_items}
        record_access_to_all(user, sorted(read), "review", ["name", "bundles"])
        if found.sub_items or _DOCUMENT.fullmatch(text):
            return found
    return _by_item(cases, department, text)


def _bundles_of(text: str) -> Any:
    """Return the applications of whom the words name, whole; None where they name nobody."""
    try:
        code = credit_code(text)
    except InvalidIdentifier:
        pass
    else:
        return Bundle.objects.filter(organisation__in=Organisation.objects.filter(credit_code=code).values("pk"))
    if _DOCUMENT.fullmatch(text):
        return Bundle.objects.filter(applicant__in=list(everybody_with(text).values_list("pk", flat=True)))
    try:
        name = person_name(text)
    except InvalidIdentifier:
        return None
    index = Person._meta.get_field("name_index").index_of(name)
    return Bundle.objects.filter(applicant__in=Person.objects.filter(name_index=index).values("pk"))


def _ends_in(digits: str) -> Q:
    """Return the condition that a number ends in these digits, its bundle's does, or that they are the whole serial in its middle."""
    found = Q(tail__startswith=digits[::-1]) if len(digits) >= _ENDING else Q()
    if len(digits) > _POSITION + 1:
        found |= Q(tail__startswith=digits[:-_POSITION][::-1], number__endswith=digits[-_POSITION:])
    if len(digits) <= 7:
        serial = digits.zfill(7)[::-1]
        for check in "0123456789":
            found |= Q(tail__startswith=check + serial)
    return found


def _by_item(cases: Any, department: Department, text: str) -> Found:
    open_tasks = ReviewTask.objects.awaiting(department.pk).order_by("opened_at", "pk")
    first = open_tasks.values_list("sub_item_id", flat=True)[: ITEM_LIMIT + 1]
    among = list(first)
    found = _shown(cases.filter(pk__in=among[:ITEM_LIMIT], name__icontains=text))
    if len(among) <= ITEM_LIMIT:
        return found
    more = _("按事项只找最早的 %(limit)s 件待办。") % {"limit": f"{ITEM_LIMIT:,}"}
    return Found(found.sub_items, f"{more}{found.sentence}")


def _shown(cases: Any) -> Found:
    rows = list(cases.select_related(*LINE_RELATED).only(*LINE_FIELDS).order_by("-pk")[: FOUND_LIMIT + 1])
    if not rows:
        return Found(sentence=_("本部门没有这样的办件，请核对后再找：编号可以只输最后几位，姓名和证件号码要完整。"))
    if len(rows) > FOUND_LIMIT:
        return Found(rows[:FOUND_LIMIT], _("只列出最近的 %(limit)s 件，请输得更完整些。") % {"limit": FOUND_LIMIT})
    return Found(rows)
