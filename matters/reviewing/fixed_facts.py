"""What of a filed form nobody changes by a correction: whose checked account it is, and what a source said.

The form locks these fields (``matters.drafts.profile.is_fixed``); a correction that opened them as text let an applicant answer with another
name than the one that was checked. Who finds one wrong says so where it is kept (我的档案).
"""

from __future__ import annotations

from catalog.merging.compiled import Plan
from matters.cases.sealed_form import BundleForm
from matters.drafts.profile import agents_facts, profile_of
from portal.accounts.models import Mandate, Person


def fixed_once_filed(plan: Plan, form: BundleForm, applicant: Person, mandate: Mandate | None = None) -> set[str]:
    """Return the keys of the fields whose value is what the account or a source says, where the dictionary lets nobody change that."""
    fixed = {key: field for key, field in plan.fields.items() if field.fixed and form.values.get(key) not in (None, "")}
    if not fixed:
        return set()
    told = {key for key in fixed if "fetch" in (fact := form.known.get(key, {})) and fact["value"] == form.values[key]}
    if not applicant.is_proved:
        return told
    applying = {role.key for role in plan.roles if role.is_applicant}
    facts = profile_of(applicant)
    own = {
        key
        for key, field in fixed.items()
        if field.role in applying and field.instance == 1 and form.values[key] == facts.get(field.element)
    }
    by_agent = {key for key, value in agents_facts(plan, mandate).items() if key in fixed and form.values[key] == value}
    return told | own | by_agent
