"""What stood in for papers of a filed case, and what sources said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import UUIDField

from catalog.definitions import CERTAIN_EXEMPTIONS
from catalog.merging.compiled import Plan
from catalog.merging.planned import MaterialAsker, PlannedMaterial
from catalog.wording.papers import exemption_sentence
from matters.models import Bundle, MaterialSatisfaction, SubmittedMaterial
from matters.wording.substitutes import TOLD, substitute_sentence
from portal.lib.prepared import BuiltOnce, Slot
from portal.sharing.fetching import own_index

_SATISFACTIONS = BuiltOnce(
    lambda: (
        MaterialSatisfaction.objects.filter(bundle=Slot("bundle", UUIDField()))
        .select_related(
            *("fetch__source__department", "fetch__consent", "fetch__grant", "certificate", "earlier_part"),
            *("mandate__agent", "mandate__agent_organisation", "handler__person", "handler__organisation"),
        )
        .defer("certificate__face_sealed")
    )
)


def satisfactions_of(bundle: Bundle) -> dict[str, MaterialSatisfaction]:
    """Return paper → the row of what stood in for it when the bundle was filed. One query."""
    return {row.material: row for row in _SATISFACTIONS(bundle=bundle.pk)}


def earlier_files_of(rows: Iterable[MaterialSatisfaction]) -> dict[UUID, SubmittedMaterial]:
    """Return the files of earlier applications on which these rest, by id. No query where there are none, else one."""
    ids = [each for row in rows for each in row.earlier_files]
    return SubmittedMaterial.objects.in_bulk(ids) if ids else {}


def told_by(row: MaterialSatisfaction, code: str) -> list[tuple[str, str]]:
    """Return what the source said of a document, as far as it is known how that is called; nothing once the consent or the grant to read it is over."""
    if row.fetch is None or not row.fetch.is_in_force:
        return []
    told = row.fetch.answer.get("documents", {}).get(code, {})
    return [(str(TOLD[name]), str(value)) for name, value in told.items() if name in TOLD and value not in (None, "")]


def fact_behind(row: MaterialSatisfaction, code: str, bundle: Bundle) -> str:
    """Return the name of the fact on which it rests, by which its applicant may dispute it; none for a commitment."""
    if row.fetch is not None:
        return row.fetch.fact_of(f"material:{code}", own_index(bundle.applicant, bundle.organisation))
    return f"certificate:{row.certificate.identifier}" if row.certificate is not None else ""


def exemption_kind(asker: MaterialAsker, row: MaterialSatisfaction | None) -> str:
    """Return in which way a paper was met without a file (`CLASSES`); empty where it was not."""
    if asker.exemption is not None and asker.exemption.kind in CERTAIN_EXEMPTIONS:
        return asker.exemption.kind
    return row.kind if row is not None else ""


def exemption_of(
    plan: Plan,
    material: PlannedMaterial,
    asker: MaterialAsker,
    row: MaterialSatisfaction | None,
    translate: Callable[[str], str],
) -> str:
    """Return why no file is there: another part's result, made from the form, or the row of what stood in for it. Else nothing."""
    if asker.exemption is not None and asker.exemption.kind in CERTAIN_EXEMPTIONS:
        return exemption_sentence(plan, material, asker.exemption, translate)
    return substitute_sentence(row, translate) if row is not None else ""
