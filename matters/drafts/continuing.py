"""Going on with what was not granted (办理其余事项): a new application for the parts that are left, with all that was said and handed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from catalog.basket.combinations import CannotCombine, Combination, freeze
from catalog.definitions.naming import split_instance
from catalog.models import MatterVersion
from catalog.versions.matters import compiled, open_versions
from matters.cases.department_view import gather_outputs, with_supplied
from matters.cases.department_view import plan_of as plan_of_bundle
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import CONCLUDED, State
from matters.drafts.profile import profile_of
from matters.drafts.saving import open_drafts, plan_of, save_values, start_draft
from matters.drafts.uploads import accepted_types, take_upload
from matters.files.checking import FileRefused
from matters.models import Bundle, Draft, SubItem
from matters.wording.refusals import NothingLeft
from portal.accounts.models import User
from portal.accounts.organisations.principals import principal_of
from portal.ledger.chain import NewEvent, append_events


def left_over(bundle: Bundle, parts: Iterable[SubItem]) -> list[SubItem]:
    """Return the parts of a concluded application that were not granted; none while anything is still under way. No query."""
    parts = list(parts)
    if any(State(one.state) not in CONCLUDED for one in parts):
        return []
    return [one for one in parts if one.state != State.APPROVED]


def continue_with_rest(user: User, bundle: Bundle) -> Draft:
    """Begin a new application for what was not granted and fill it in from this one; return the one that lies open where there is one.

    The rest is a combination of its items like any other, by today's published versions; where nothing was granted it is the matter itself.
    Raises ``NothingLeft``. Cost: freezing a combination that nobody wanted before, some 20 ms; then as for any draft.
    """
    rest = left_over(bundle, bundle.sub_items.all())
    version = _version_for(bundle, rest)
    principal = principal_of(user)
    applicant = bundle.applicant
    lying = open_drafts(user, version.matter).first()
    if lying is not None:
        return lying
    draft = start_draft(
        version=version,
        applicant=applicant,
        entered_by=user,
        organisation=principal.organisation,
        mandate=principal.mandate,
        answers=compiled(version.pk).clean_answers(bundle.answers),
        profile=profile_of(applicant),
    )
    values = _said(bundle)
    fields = plan_of(draft).fields
    save_values(
        draft, {key: value for key, value in values.items() if key in fields and value is not None}, seen=draft.revision
    )
    _hand_in_again(bundle, draft)
    items = [one.key for one in rest]
    append_events(bundle.pk, [NewEvent("rest_begun", user.pk, data={"draft": str(draft.pk), "items": items})])
    return draft


def _version_for(bundle: Bundle, rest: list[SubItem]) -> MatterVersion:
    slug = bundle.matter_version.matter.slug
    current = open_versions([slug]).get(slug)
    if not rest or current is None:
        raise NothingLeft
    wanted = {split_instance(one.key)[0] for one in rest}
    if len(rest) == len(bundle.sub_items.all()):
        return MatterVersion.objects.select_related("matter").get(pk=current)
    known = tuple(item for item in compiled(current).items if item in wanted)
    if not known:
        raise NothingLeft
    try:
        return freeze(Combination({slug: known}))
    except CannotCombine as refusal:
        raise NothingLeft(str(refusal)) from None


def _said(bundle: Bundle) -> dict[str, Any]:
    """Return what the form says, with what granted parts decided for it: a number that one gave out is asked for no more."""
    return with_supplied(plan_of_bundle(bundle), open_bundle_form(bundle).values, gather_outputs(bundle))


def _hand_in_again(bundle: Bundle, draft: Draft) -> None:
    """Put the papers that the rest asks for on the draft, checked like any upload; what can no longer be read is left out."""
    wanted = {material.key: material for material in plan_of(draft).materials}
    for paper in bundle.materials.filter(replaced_at=None, forgotten_at=None).order_by("uploaded_at"):
        if paper.material not in wanted or paper.is_held:
            continue
        try:
            with paper.file.open("rb") as file:
                again = SimpleUploadedFile(paper.original_name, file.read(), content_type=paper.content_type)
            with transaction.atomic():
                take_upload(draft, paper.material, again, accept=accepted_types(wanted[paper.material].accept))
        except (FileRefused, OSError):
            continue
