"""Going on with what was not granted (办理其余事项): a new application for the parts that are left, with all that was said and handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.basket.combinations import CannotCombine, Combination, freeze
from catalog.definitions.naming import split_instance
from catalog.merging.compiled import Plan
from catalog.models import MatterVersion
from catalog.versions.matters import compiled, open_versions
from matters.cases.agents import DRAFT, tell_principal
from matters.cases.department_view import gather_outputs, with_supplied
from matters.cases.department_view import plan_of as plan_of_bundle
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import CONCLUDED, State
from matters.drafts.profile import profile_of
from matters.drafts.satisfying import offers_for
from matters.drafts.saving import change_draft, open_drafts, plan_of, read_form, save_reuse, save_values, start_draft
from matters.drafts.uploads import accepted_types, take_upload
from matters.files.checking import FileRefused
from matters.models import Bundle, Draft, MaterialSatisfaction, SubItem
from matters.wording.refusals import ApplicantDead, NotAllowed, NothingLeft
from portal.accounts.mandates.activities import is_dead
from portal.accounts.models import Person, User
from portal.accounts.organisations.principals import Principal, principal_of
from portal.accounts.people import person_of
from portal.ledger.chain import NewEvent, append_events
from portal.ledger.models import Event


def left_over(bundle: Bundle, parts: Iterable[SubItem]) -> list[SubItem]:
    """Return the parts of a concluded application that were not granted; none while anything is still under way. No query."""
    parts = list(parts)
    if any(State(one.state) not in CONCLUDED for one in parts):
        return []
    return [one for one in parts if one.state != State.APPROVED]


def begun_with_rest(user: User, bundle: Bundle) -> Draft | None:
    """Return the application that was begun for what was not granted and lies open, of whom the user acts for now; None: none. One or two queries."""
    begun = list(Event.objects.filter(chain_id=bundle.pk, kind="rest_begun").values_list("data__draft", flat=True))
    mine = Draft.objects.open_of(user).defer("matter_version__content", "form_sealed")
    return mine.filter(pk__in=begun).first() if begun else None


class Continued(NamedTuple):
    """``is_new`` False: the draft was begun earlier and still lies open; nothing was carried over now."""

    draft: Draft
    is_new: bool


@transaction.atomic
def continue_with_rest(user: User, bundle: Bundle) -> Continued:
    """Begin a new application for what was not granted and fill it in from this one; or return the one that was begun so and lies open.

    Applied for by whom the user acts for now, as any application that they begin; under a mandate its principal is told. The rest is a
    combination of its items like any other, by today's published versions; where nothing was granted it is the matter itself. Of two
    at once one begins it. Raises ``NothingLeft``, ``NotAllowed``, ``ApplicantDead``. Cost: freezing a combination that nobody wanted before, some 20 ms; then
    as for any draft.
    """
    Bundle.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=bundle.pk)
    rest = left_over(bundle, bundle.sub_items.all())
    version = version_for(bundle, rest)
    _applicant(user, principal_of(user), version)
    begun = Event.objects.filter(chain_id=bundle.pk, kind="rest_begun").values_list("data__draft", flat=True)
    lying = open_drafts(user, version.matter).filter(pk__in=list(begun)).first()
    if lying is not None:
        return Continued(lying, is_new=False)
    draft = begin_again(user, bundle, version)
    items = [one.key for one in rest]
    append_events(bundle.pk, [NewEvent("rest_begun", user.pk, data={"draft": str(draft.pk), "items": items})])
    return Continued(draft, is_new=True)


def begin_again(user: User, bundle: Bundle, version: MatterVersion, granted: SubItem | None = None) -> Draft:
    """Begin an application for parts of an earlier one by today's `version`, with all that was said, decided and handed in, in the caller's transaction.

    ``granted``: its part whose certificate is renewed: what was said there was decided on, and is known by that decision; without it the
    values are the applicant's own, as typed. Raises as ``continue_with_rest`` does.
    """
    principal = principal_of(user)
    applicant = _applicant(user, principal, version)
    draft = start_draft(
        version=version,
        applicant=applicant,
        entered_by=user,
        organisation=principal.organisation,
        mandate=principal.mandate,
        answers=compiled(version.pk).clean_answers(bundle.answers),
        profile=profile_of(applicant),
    )
    plan, old = plan_of(draft), plan_of_bundle(bundle)
    parts = list(bundle.sub_items.select_related("decision"))
    names = _same_lines(old, plan)
    wanted = plan.fields.keys() - _of_others(plan, draft, bundle)
    said = with_supplied(old, open_bundle_form(bundle).values, gather_outputs(bundle))
    values = {key: said[names[key]] for key in wanted & names.keys() if said.get(names[key]) is not None}
    decided = {key: fact for key, fact in _decided(old, plan, names, parts).items() if key in values}
    open_values = {key: value for key, value in values.items() if key not in decided}
    if granted is None:
        save_values(draft, open_values, seen=draft.revision)
    else:
        rests_on = _decided_by(granted)
        known = {key: {**rests_on, "value": value} for key, value in open_values.items()}
        change_draft(draft, lambda document, revision: document.fill_earlier(known, revision))
    facts = {key: {**fact, "value": values[key]} for key, fact in decided.items()}
    change_draft(draft, lambda document, revision: document.fill_granted(facts, revision))
    if granted is None:
        _take_again(bundle, draft)
        _hand_in_again(bundle, draft)
    else:
        _take_what_serves(draft)
    tell_principal(draft, DRAFT, user)
    return draft


def _applicant(user: User, principal: Principal, version: MatterVersion) -> Person:
    """Return who applies: the user, also for an organisation, or whose mandate it is. Raises as ``continue_with_rest`` does."""
    if not principal.may_handle(version.matter.slug):
        if principal.mandate is not None:
            told = _("%(name)s授权您代办的事里没有这一件。请本人办理，或者请对方另外授权。")
        else:
            told = _("您替“%(name)s”可以办的事里没有这一件。请联系单位的法定代表人或者管理员。")
        raise NotAllowed(told % {"name": principal.name})
    applicant = person_of(user) if principal.mandate is None else principal.mandate.principal
    if applicant is None:
        raise NotAllowed
    if is_dead(applicant):
        raise ApplicantDead
    return applicant


def _of_others(plan: Plan, draft: Draft, bundle: Bundle) -> set[str]:
    """Return the fields that say who applied or acted before, where that is somebody else now: the account says who it is.

    What they chose, how results are collected before all, stays.
    """
    roles: set[str] = set()
    if draft.applicant_id != bundle.applicant_id:
        roles |= {role.key for role in plan.roles if role.is_applicant}
    if draft.mandate_id != bundle.mandate_id:
        roles |= plan.agents
    of_whom = (field for field in plan.fields.values() if field.element.startswith("person."))
    return {field.key for field in of_whom if field.role in roles and field.instance == 1}


def version_for(bundle: Bundle, rest: list[SubItem]) -> MatterVersion:
    """Return today's version by which these parts of an application are applied for: a combination of their items, the matter itself
    where they are all of it. Raises ``NothingLeft``."""
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


def _same_lines(old: Plan, new: Plan) -> dict[str, str]:
    """Return field key → its key in the form that was filled in before: that of the same line of an item's own form.

    Who is who may depend on a question that the rest does not ask: the guardian who was the mother is only the guardian then.
    """
    names = {key: key for key in new.fields.keys() & old.fields.keys()}
    before = {item.key for item in old.items}
    for item in new.items:
        if item.key in before:
            fields = {line.code: line.field for line in old.own_form(item.key)}
            names |= {line.field: fields[line.code] for line in new.own_form(item.key) if line.code in fields}
    return names


def _decided(old: Plan, new: Plan, names: Mapping[str, str], parts: Iterable[SubItem]) -> dict[str, dict[str, Any]]:
    """Return field key → what granted part decided it: a number that one gave out is asked for no more, nor typed otherwise."""
    granted = {part.key: part for part in parts if part.state == State.APPROVED}
    found: dict[str, dict[str, Any]] = {}
    for key, field in new.fields.items():
        before = old.fields.get(names.get(key, ""))
        supply = before.supplied_by if before is not None else None
        if supply is None or field.supplied_by is not None or supply.item not in granted:
            continue
        part = granted[supply.item]
        found[key] = {**_decided_by(part), "fact": f"decision:{part.number}:{supply.output}"}
    return found


def _decided_by(part: SubItem) -> dict[str, Any]:
    """Return on which decision a fact rests, as a draft keeps it."""
    day = timezone.localdate(part.decision.decided_at).isoformat()
    return {"name": part.name, "day": day, "sub_item": part.number}


def _take_again(bundle: Bundle, draft: Draft) -> None:
    """Take the files of earlier applications again that stood in for papers of this one; whether they still serve is looked up at each look."""
    wanted = {material.key for material in plan_of(draft).materials}
    rows = MaterialSatisfaction.objects.filter(bundle=bundle, kind=MaterialSatisfaction.Kind.EARLIER_UPLOAD)
    for row in rows.filter(material__in=wanted).select_related("earlier_part"):
        assert row.earlier_part is not None
        files = [str(each) for each in row.earlier_files]
        until = row.earlier_until.isoformat() if row.earlier_until is not None else ""
        save_reuse(draft, row.material, row.earlier_part.number, files, until)


def _take_what_serves(draft: Draft) -> None:
    """Take what was handed in before and still serves, as the applicant might: the term of a paper goes on while a certificate is valid."""
    plan = plan_of(draft)
    offers = offers_for(draft, plan, plan.materials, read_form(draft), timezone.localdate())
    for paper, found in offers.items():
        save_reuse(draft, paper, found[0].part.number, found[0].file_ids, found[0].until.isoformat())


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
