"""What publishing a plan means for the applications that are under way: answers `catalog.publishing.effects.effect_of`. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from typing import Any

from django.db.models import Count, QuerySet

from catalog.merging.compiled import CompiledMatter, Plan
from catalog.models import MatterVersion
from catalog.publishing.effects import Counted, Effect
from catalog.versions.matters import compiled
from matters.drafts.saving import read_form
from matters.models import Bundle, Draft, SubItem, SubmittedMaterial
from portal.lib.vault import SealBroken

SITUATIONS = 200  # different sets of answers that are tried, the most frequent first
SAMPLE = 300  # drafts whose form is opened, the last ones saved first
NAMED = 20  # names listed of each kind of loss


def of_publishing(matter_id: int, plan: Mapping[str, Any], division_id: str | None = None) -> Effect:
    """Return what becomes of open drafts and bundles when a plan is published. Cost: seven queries, and at most `SAMPLE` forms unsealed."""
    versions = dict(
        MatterVersion.objects.filter(matter=matter_id, division=division_id)
        .order_by("number")
        .values_list("pk", "number")
    )
    drafts = Draft.objects.filter(matter_version__in=versions, submitted_at=None)
    look = _Look(CompiledMatter(plan))
    look.at_situations(drafts)
    look.at_forms(drafts)
    bundles = Bundle.objects.filter(matter_version__in=versions, concluded_at=None)
    departments = (
        SubItem.objects.open()
        .filter(bundle__matter_version__in=versions)
        .values_list("department__name")
        .annotate(count=Count("pk"))
    )
    return Effect(
        drafts=_by_version(drafts, versions),
        bundles=_by_version(bundles, versions),
        departments=_ranked(Counter(dict(departments))),
        **look.found(),
    )


class _Look:
    """Tries a plan on drafts, and counts what they would lose."""

    def __init__(self, new: CompiledMatter) -> None:
        self.new = new
        self.situations = self.drafts_tried = self.asked_again = self.sampled = self.keep_all = 0
        self.lost_answers: Counter[str] = Counter()
        self.lost_fields: Counter[str] = Counter()
        self.lost_papers: Counter[str] = Counter()
        self.new_fields: Counter[str] = Counter()
        self.new_papers: Counter[str] = Counter()

    def at_situations(self, drafts: QuerySet[Draft]) -> None:
        """Try the sets of answers that drafts hold: as many as there are, up to `SITUATIONS`."""
        held = drafts.values_list("matter_version", "answers").annotate(count=Count("pk")).order_by("-count", "answers")
        for version_id, answers, count in held[:SITUATIONS]:
            self.situations += 1
            self.drafts_tried += count
            lost = self._lost_answers(compiled(version_id), answers)
            self.asked_again += count if lost else 0
            for name in lost:
                self.lost_answers[name] += count

    def at_forms(self, drafts: QuerySet[Draft]) -> None:
        """Open the forms of the last drafts saved."""
        sample = list(drafts.order_by("-saved_at").only("matter_version_id", "answers", "form_sealed")[:SAMPLE])
        papers: dict[Any, set[str]] = {}
        handed_in = SubmittedMaterial.objects.filter(draft__in=[draft.pk for draft in sample], replaced_at=None)
        for draft_id, material in handed_in.values_list("draft_id", "material"):
            papers.setdefault(draft_id, set()).add(material)
        for draft in sample:
            try:
                values = read_form(draft).values
            except SealBroken:
                continue  # `check_integrity` names it
            self.sampled += 1
            self._try(draft, values, papers.get(draft.pk, set()))

    def found(self) -> dict[str, Any]:
        """Return what was found, as `Effect` names it."""
        counts = ("situations", "drafts_tried", "asked_again", "sampled", "keep_all")
        ranked = ("lost_answers", "lost_fields", "lost_papers", "new_fields", "new_papers")
        return {
            **{name: getattr(self, name) for name in counts},
            **{name: _ranked(getattr(self, name)) for name in ranked},
        }

    def _try(self, draft: Draft, values: Mapping[str, Any], papers: Set[str]) -> None:
        old = compiled(draft.matter_version_id)
        before = old.plan_for(draft.answers)
        after = self.new.plan_for(self.new.clean_answers(draft.answers))
        seen_before, seen_after = before.visible(values), after.visible(values)
        filled = {key for key in seen_before if values.get(key) not in (None, "", [])}
        lost = {key for key in filled if key not in seen_after or after.fields[key].type != before.fields[key].type}
        wanted, gone = _papers(after, values), papers - _papers(after, values, all_of_them=True).keys()
        had = _papers(before, values)
        self.lost_fields.update(before.fields[key].label for key in lost)
        self.lost_papers.update(had.get(key, key) for key in gone)
        self.new_fields.update(after.fields[key].label for key in seen_after - seen_before)
        self.new_papers.update(name for key, name in wanted.items() if key not in had)
        self.keep_all += not (lost or gone or self._lost_answers(old, draft.answers))

    def _lost_answers(self, old: CompiledMatter, answers: Mapping[str, Any]) -> list[str]:
        """Return the questions whose answer does not hold any more."""
        kept = self.new.clean_answers(answers)
        questions = {each.key: each.text for each in old.questions}
        return [questions.get(key, key) for key, value in old.clean_answers(answers).items() if kept.get(key) != value]


def _papers(plan: Plan, values: Mapping[str, Any], all_of_them: bool = False) -> dict[str, str]:
    """Return the papers that must be uploaded (or all that the plan knows of), by key."""
    listed = plan.materials_for(values)
    return {paper.key: paper.name for paper in listed if all_of_them or paper.must_be_uploaded}


def _by_version(rows: QuerySet[Any], versions: Mapping[int, int]) -> Counted:
    counts = dict(rows.order_by().values_list("matter_version").annotate(count=Count("pk")))
    return tuple((f"v{number}", counts[pk]) for pk, number in versions.items() if pk in counts)


def _ranked(counts: Counter[str]) -> Counted:
    return tuple(sorted(counts.items(), key=_rank)[:NAMED])


def _rank(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]
