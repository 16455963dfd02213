"""A draft whose matter has been published anew: it moves to the new version, keeps every entry, and says what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.merging.compiled import Plan
from catalog.models import RegionalVersion
from catalog.versions.matters import compiled, current_version
from matters.drafts.profile import profile_of
from matters.drafts.saving import move_to_version, plan_of, read_form
from matters.models import Draft


def is_outdated(draft: Draft) -> bool:
    """Whether its matter has a newer version than the one this draft was begun under. Cost: a query where a division has its own version."""
    current = draft.matter_version.matter.current_version_id
    if (division := draft.matter_version.division_id) is not None:
        own = RegionalVersion.objects.filter(matter=draft.matter_version.matter_id, division=division)
        current = own.values_list("version", flat=True).first() or current
    return current is not None and current != draft.matter_version_id


def bring_up_to_date(draft: Draft) -> list[str]:
    """Move a draft to the current version; return what changed for the applicant, in sentences (empty: nothing).

    Entries that the new version does not ask for stay stored; answers it does not know are asked again.
    """
    version = current_version(draft.matter_version.matter.slug, draft.matter_version.division_id or "")
    before = plan_of(draft)
    answers = compiled(version.pk).clean_answers(draft.answers)
    after = compiled(version.pk).plan_for(answers)
    values = read_form(draft).values
    asks_again = answers != dict(draft.answers)
    move_to_version(draft, version, profile_of(draft.applicant), answers)
    return list(_differences(before, after, values, asks_again=asks_again))


def _differences(before: Plan, after: Plan, values: Mapping[str, object], *, asks_again: bool) -> Iterable[str]:
    seen_before, seen_after = before.visible(values), after.visible(values)
    items_before = {item.key: item.name for item in before.items}
    items_after = {item.key: item.name for item in after.items}
    papers_before = {paper.key: paper.name for paper in before.materials_for(values) if paper.must_be_uploaded}
    papers_after = {paper.key: paper.name for paper in after.materials_for(values) if paper.must_be_uploaded}
    new_fields = [after.fields[key].label for key in after.fields if key in seen_after - seen_before]
    old_fields = [before.fields[key].label for key in before.fields if key in seen_before - seen_after]
    for sentence, names in (
        (_("增加了办理事项：%(names)s。"), _only(items_after, items_before)),
        (_("不再办理：%(names)s。"), _only(items_before, items_after)),
        (_("增加了要填的内容：%(names)s。"), new_fields),
        (_("不用再填：%(names)s。"), old_fields),
        (_("增加了要交的材料：%(names)s。"), _only(papers_after, papers_before)),
        (_("不用再交：%(names)s。"), _only(papers_before, papers_after)),
    ):
        if names:
            yield sentence % {"names": _joined(names)}
    if asks_again:
        yield _("有的问题要重新回答。")


def _only(these: dict[str, str], those: Collection[str]) -> list[str]:
    return [name for key, name in these.items() if key not in those]


def _joined(names: Iterable[str]) -> str:
    return pgettext("between names", "、").join(f"“{name}”" for name in dict.fromkeys(names))
