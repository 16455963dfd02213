"""A paper that was promised is handed in (补交): by the applicant, or for them at the window where the case was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.cases.access import still_represents, whose_own
from matters.cases.department_view import plan_of
from matters.cases.promises import paper_names
from matters.core.states import Party
from matters.models import PaperPromise, SubItem
from matters.reviewing.corrections import may_answer
from matters.reviewing.gathering import hold_parts
from matters.reviewing.promising import open_check
from matters.reviewing.supervising import handler_and_leads
from matters.reviewing.supplements import CheckedPapers, changes_of, check_papers, replace_papers
from matters.reviewing.transitions import event, parties_to
from matters.wording.refusals import Invalid, NotAllowed, PromiseRefused
from portal.accounts.models import User
from portal.ledger.chain import append_events

# What is wrong with the files stands there.
FILES = "files"


def hand_in(user: User, promise: PaperPromise, files: Iterable[UploadedFile]) -> PaperPromise:
    """Take the files of a promised paper; every department of the application that waits for the same paper gets it, and is told.

    Also after its day, as long as nothing was concluded from that. Raises ``Invalid`` (key ``files``), ``PromiseRefused`` where nothing is
    waited for any more, ``NotAllowed``.
    """
    part = SubItem.objects.for_case().get(pk=promise.sub_item_id)
    if not may_answer(user, part):
        raise NotAllowed(_("只有申请人本人，或者收下这件申请的窗口，可以补交材料。"))
    chosen = list(files)
    if not chosen:
        raise Invalid(_("还没有补交。"), {FILES: _("请选择要补交的文件。")})
    paper = next(one for one in plan_of(part.bundle).materials if one.key == promise.material)
    try:
        with check_papers({paper.key: chosen}, {paper.key: paper.accept}, f"person:{user.pk}") as checked:
            return _take(user, part, promise, checked)
    except Invalid as refusal:
        if FILES in refusal.problems:
            raise
        raise Invalid(refusal.sentence, {FILES: " ".join(refusal.problems.values())}) from refusal


@transaction.atomic
def _take(user: User, part: SubItem, promise: PaperPromise, checked: Mapping[str, CheckedPapers]) -> PaperPromise:
    bundle, parts = hold_parts(part.bundle_id)
    if Party.APPLICANT in parties_to(user, part) and not still_represents(user, part.bundle):
        raise NotAllowed(_("您已不能替对方办事，材料没有补交。"))
    own = {one.pk: one for one in parts}
    waiting = PaperPromise.objects.awaited().filter(sub_item__in=own, material=promise.material)
    rows = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    if promise.pk not in {row.pk for row in rows}:
        raise PromiseRefused(_("这份材料已经补交过，或者这个事项已经有了结果。"))
    if not replace_papers(bundle, changes_of(bundle, checked)):
        raise Invalid(_("还没有补交。"), {FILES: _("这个文件和以前交的完全一样，请选新的文件。")})
    now = timezone.now()
    waiting.filter(pk__in=[row.pk for row in rows]).update(handed_in_at=now)
    promise.handed_in_at = now
    for row in rows:
        row.sub_item = own[row.sub_item_id]
        open_check(row.sub_item, now)
    append_events(bundle.pk, [event("paper_handed_in", row.sub_item, user, material=row.material) for row in rows])
    _tell(rows, user)
    return promise


def _tell(rows: list[PaperPromise], by: User) -> None:
    for row in rows:
        part = row.sub_item
        tell_staff(
            "paper_handed_in",
            {"item": part.name, "number": part.number, "paper": paper_names(part.bundle, [row])[row.material]},
            key=f"handed_in:{row.pk}:{row.due_on}",
            link=reverse("matters:case", args=[part.number]),
            accounts=handler_and_leads(part) - {by.pk},
            now_may=who_may(part.department, "review") - whose_own(part.bundle),
        )
