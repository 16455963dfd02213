"""The one table of rights: for each route who is let in, by which methods, on what. Whoever it does not name is sent away.

A route that is not here fails the matrix with its name. Names of people are those of ``town``; ``on`` names the thing of the town that the
address is made of, so that one route has a row for each relation that tells people apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

People = frozenset[str]

CLERKS = frozenset({"clerk", "clerk_of_the_site", "clerk_elsewhere", "clerk_of_police"})
SITE, POLICE = frozenset({"clerk", "clerk_of_the_site"}), frozenset({"reviewer", "lead"})
REVIEWERS = frozenset({"reviewer", "reviewer_of_health", "reviewer_elsewhere", "lead"})
ADMINISTRATOR = frozenset({"administrator"})
MANAGERS = frozenset({"manager"}) | ADMINISTRATOR
CATALOG = MANAGERS | {"catalog_reviewer"}
DISMISSED = frozenset({"dismissed_clerk", "dismissed_reviewer"})
OFFICERS = CLERKS | REVIEWERS | {"supervisor"}
COMPARING = CATALOG | {"supervisor", "lead"}
STAFF = OFFICERS | CATALOG | DISMISSED
PERSONS, APPLICANT = frozenset({"applicant", "citizen"}), frozenset({"applicant"})
ACCOUNTS = STAFF | PERSONS
EVERYBODY = ACCOUNTS | {"anonymous"}
NOBODY: People = frozenset()
_APPOINTING = ADMINISTRATOR | {"lead"}


@dataclass(frozen=True, slots=True)
class Row:
    """Who is let in by GET (and HEAD) and by POST; None where there is no such method. ``sent``: what a POST brings; ``query``: what follows the address."""

    get: People | None = None
    post: People | None = None
    on: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""

    def allowed(self, method: str) -> People | None:
        """Return who is let in by a method; None where there is none. No page offers more than GET, HEAD and POST."""
        return {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method)


def page(who: People, on: str = "") -> Row:
    """A page that takes what is posted like what is asked."""
    return Row(who, who, on)


def look(who: People, on: str = "") -> Row:
    """A page to be looked at."""
    return Row(who, None, on)


def act(who: People, on: str = "", **sent: Any) -> Row:
    """An act, posted."""
    return Row(None, who, on, sent)


_PUBLIC: dict[str, tuple[Row, ...]] = {
    "home": (page(EVERYBODY),),
    "demo_phone": (look(NOBODY),),  # where the demo town's own gateway sends
    "components": (page(NOBODY),),  # while DEBUG is on
    "search": (look(EVERYBODY),),
    "search_suggest": (look(EVERYBODY),),
    "set_display": (act(EVERYBODY),),
    "set_language": (page(EVERYBODY),),
    **dict.fromkeys(("livez", "readyz"), (look(EVERYBODY),)),
    "catalog:basket": (page(EVERYBODY),),
    "catalog:add_to_basket": (act(EVERYBODY),),
    "catalog:apply_for_basket": (act(ACCOUNTS),),
    "catalog:places": (look(EVERYBODY),),
    "catalog:matter_list": (look(EVERYBODY),),
    "catalog:matter": (look(EVERYBODY, "matter"),),
    "catalog:situation": (look(EVERYBODY, "matter"),),
    "catalog:checklist": (look(EVERYBODY, "matter"),),
    "catalog:checklist_pdf": (look(EVERYBODY, "matter"),),
    "catalog:matter_mistake": (page(EVERYBODY, "matter"),),
    "catalog:item_list": (look(EVERYBODY),),
    "organisation_page": (look(EVERYBODY, "organisation"),),
    "sharing_desk:proofs": (look(EVERYBODY),),
    "catalog:item": (look(NOBODY, "item"),),  # no version of it is published; what is: tests/catalog/guides
    "catalog:item_mistake": (page(NOBODY, "item"),),
    "certificates:verify_form": (page(EVERYBODY),),
    "certificates:shown_form": (page(EVERYBODY),),
    "certificates:shown": (look(NOBODY, "shown code"),),  # one that is good: tests/certificates
    "certificates:verify": (look(EVERYBODY, "token"),),
    "status_list": (look(EVERYBODY, "status list"),),
    # A form sent to it is refused as a kind of content (415) before it is as a method, to whoever is logged in.
    "api_schema": (Row(EVERYBODY, ACCOUNTS),),
    "catalog_api:matter_list": (look(EVERYBODY),),
    "catalog_api:matter": (look(NOBODY, "nothing known"),),  # what there is: tests/catalog/api
    "catalog_api:plan": (act(EVERYBODY, "matter"),),
    "matters_api:application_list": (look(ACCOUNTS),),
    "accounts:session": (page(EVERYBODY),),
    "account_login": (page(EVERYBODY),),
    "account_logout": (act(EVERYBODY),),
    "accounts:login": (page(EVERYBODY),),
    "accounts:logout": (act(EVERYBODY),),
    "accounts:register": (page(EVERYBODY),),
    # No platform is named here: tests/portal/accounts/test_platform.py.
    "accounts:platform": (look(NOBODY),),
    "accounts:platform_return": (look(NOBODY),),
    "accounts:platform_open": (page(NOBODY),),
    "accounts:platform_leave": (act(NOBODY),),
    "accounts:new_password": (page(EVERYBODY, "somebody's link"),),  # one that ended says so
}
_OWN: dict[str, tuple[Row, ...]] = {
    "account_reauthenticate": (page(ACCOUNTS),),
    **{
        f"mfa_{name}": (page(ACCOUNTS),)
        for name in (
            *("authenticate", "reauthenticate", "reauthenticate_webauthn"),
            *("activate_totp", "add_webauthn", "generate_recovery_codes"),
        )
    },
    "mfa_index": (look(ACCOUNTS),),
    "mfa_list_webauthn": (look(ACCOUNTS),),
    # Nobody here has a second factor yet.
    "mfa_deactivate_totp": (page(NOBODY),),
    "mfa_view_recovery_codes": (look(NOBODY),),
    # Asks for the password before it looks whose it is.
    "mfa_remove_webauthn": (page(ACCOUNTS, "somebody's passkey"),),
    "accounts:password": (page(ACCOUNTS),),
    "accounts:profile": (page(ACCOUNTS),),
    "sharing:consents": (page(PERSONS),),
    "sharing:consent": (look(NOBODY, "somebody's consent"),),  # one's own: tests/portal/sharing
    "accounts:identity": (look(ACCOUNTS),),
    "phone_code": (page(NOBODY),),  # no gateway is named here: tests/portal/sharing/test_phone_code.py
    "accounts:readings": (page(ACCOUNTS),),
    "sharing:open_organisation": (page(PERSONS),),
    "sharing:children": (page(PERSONS),),
    "accounts:act_for": (act(ACCOUNTS, principal="self"),),
    "accounts:organisations": (page(ACCOUNTS),),
    # Nobody of the town acts for an organisation: who does, tests/portal/accounts/organisations/test_activities.py.
    "accounts:organisation": (look(NOBODY),),
    "accounts:invite_handler": (act(NOBODY),),
    "accounts:end_handler": (act(NOBODY),),
    "accounts:mandates": (look(ACCOUNTS),),
    # Nobody of the town acts under a mandate: who does, tests/portal/accounts/mandates and tests/matters/cases/test_mandates.py.
    "accounts:give_mandate": (act(ACCOUNTS),),
    "accounts:accept_mandate": (act(ACCOUNTS),),
    "accounts:end_mandate": (act(NOBODY),),
    "accounts:clients": (look(NOBODY),),
    "dossier:own_file": (look(ACCOUNTS),),
    "dossier:exports": (page(PERSONS),),
    "dossier:export": (look(NOBODY, "somebody's export"),),  # one's own: tests/portal/accounts
    "retention:deletion": (page(PERSONS),),
    "retention:closing": (page(PERSONS),),  # confirmed and done: tests/portal/retention
    "matters:dispute": (page(PERSONS),),  # of what is not in one's file it leads back: tests/matters/reviewing
    "accounts:notices": (page(ACCOUNTS),),
    "certificates:library": (look(ACCOUNTS),),
    **dict.fromkeys(("certificates:detail", "matters:renew"), (look(APPLICANT, "certificate"),)),
    "certificates:show": (page(APPLICANT, "certificate"),),
    # The certificate is health's: its officers open the file, and the opening leaves a line.
    "certificates:pdf": (look(APPLICANT | {"reviewer_of_health"}, "certificate"),),
    "matters:start": (page(PERSONS, "matter"),),
    "matters:bundle_list": (look(ACCOUNTS),),
    "matters:benefits": (look(ACCOUNTS),),
    "matters:decline_benefit": (page(NOBODY, "somebody's benefit"),),  # one's own: tests/matters/drafts
}


def _draft(of: str, who: People) -> dict[str, Row]:
    """The steps of an application, for whoever fills it in."""
    return {
        "matters:situation": page(who, f"{of} draft"),
        "matters:discard_draft": act(who, f"{of} draft"),
        "matters:form": page(who, f"{of} draft"),
        "matters:autosave": page(who, f"{of} draft"),
        "matters:materials": page(who, f"{of} draft"),
        "matters:material_file": look(who, f"{of} draft's paper"),
        "matters:material_remove": act(who, f"{of} draft's paper"),
        "matters:draft_documents": look(who, f"{of} draft"),
        "matters:draft_document": look(who, f"{of} draft's document"),
        "matters:check": page(who, f"{of} draft"),
        "matters:confirm": page(who, f"{of} draft"),
        "matters:submit": page(who, f"{of} draft"),
        "matters:submitted": look(who, f"{of} submitted draft"),
        "matters:receipt": look(who, f"{of} submitted draft"),
    }


def _bundle(of: str, receipt: People, answers: People) -> dict[str, Row]:
    """What became of an application: its applicant's, and as far as it was entered at a window, that window's."""
    return {
        "matters:bundle": look(APPLICANT, f"{of} bundle"),
        "matters_api:application": look(APPLICANT, f"{of} bundle"),
        "matters:bundle_receipt": look(receipt, f"{of} bundle"),
        "matters:bundle_readings": look(APPLICANT, f"{of} bundle"),
        "matters:bundle_hand_overs": look(APPLICANT, f"{of} bundle"),
        "matters:bundle_documents": look(APPLICANT, f"{of} bundle"),
        "matters:bundle_document": look(APPLICANT, f"{of} bundle's document"),
        "matters:bundle_letter": look(APPLICANT, f"{of} bundle's letter"),
        "matters:bundle_person_check": Row(
            APPLICANT, NOBODY, f"{of} bundle"
        ),  # of what a rule decided: tests/matters/reviewing
        # Of the town's bundles nothing is left to go on with: tests/matters/drafts/test_continuing.py
        "matters:bundle_rest": look(APPLICANT, f"{of} bundle"),
        "matters:bundle_messages": page(answers, f"{of} bundle"),  # what may be written: tests/matters/reviewing
        "matters:bundle_withdraw": page(APPLICANT, f"{of} bundle"),
        "matters:bundle_paper": look(APPLICANT, f"{of} bundle's paper"),
        "matters:correction": page(answers, f"{of} bundle's correction"),
        "matters:later_papers": page(answers, f"{of} bundle"),
    }


_CASES = [
    _draft("online", APPLICANT),
    _draft("counter", SITE),
    _bundle("online", APPLICANT, APPLICANT),
    _bundle("counter", APPLICANT | SITE, APPLICANT | SITE),
]
_ACTS = ("claim", "accept")
_REVIEW: dict[str, tuple[Row, ...]] = {
    "matters:review_home": (look(ACCOUNTS),),
    "matters:inspection": (page(frozenset({"supervisor", "lead"})),),
    "matters:barometer": (look(frozenset({"supervisor", "lead"})),),
    "matters:orders": (look(POLICE | {"supervisor"} | REVIEWERS),),
    "matters:order": (look(NOBODY, "somebody's order"),),  # who gives and who answers: tests/matters/reviewing
    "matters:order_give": (page(frozenset({"supervisor", "lead"}), "case of the police"),),
    "matters:statistics": (look(EVERYBODY),),
    "matters:inspected_case": (look(NOBODY, "case of the police"),),  # nothing was drawn
    "matters:inspected_paper": (look(NOBODY, "case of the police's paper"),),
    "sharing_desk:desk": (Row(REVIEWERS | {"supervisor"} | ADMINISTRATOR, NOBODY),),  # its acts: tests/portal/sharing
    "matters:advice_list": (look(REVIEWERS),),
    "matters:advice": (page(NOBODY, "nobody's question"),),  # whom it lets in: tests/matters/reviewing/test_advice.py
    "matters:lead_desk": (look(REVIEWERS),),
    "matters:settle_contradiction": (page(POLICE, "contradiction"),),
    "matters:lead_remind": (page(frozenset({"reviewer_of_health"}), "case of the police"),),
    "matters:disputes": (look(REVIEWERS),),
    "matters:dispute_answer": (page(POLICE, "dispute"),),
    "matters:case": (look(POLICE | {"clerk_of_police"}, "case of the police"),),
    "matters:case_paper": (look(POLICE | {"clerk_of_police"}, "case of the police's paper"),),
    "matters:case_certificate": (
        look(NOBODY, "case of the police's certificate"),
    ),  # what stood in: tests/matters/cases
    "matters:case_document": (look(NOBODY, "case of the police's form"),),  # its own documents: tests/matters/apply
    "matters:case_letter": (look(NOBODY, "case of the police's letter"),),  # its own: tests/matters/tracking
    # Asked for, it leads to the case.
    "matters:case_action": tuple(page(POLICE | {"clerk_of_police"}, f"{each} of the police") for each in _ACTS),
    "matters:case_reassign": (page(POLICE, "case of the police"),),
    "matters:queue_find": (page(POLICE, "desk of the police"),),
    "matters:bulk": (page(POLICE, "desk of the police"),),
    "matters:bulk_action": (look(NOBODY, "bulk action of the police"),),  # nobody asked for one
    "matters:decision_phrases": (page(POLICE, "desk of the police"),),
    "matters:saved_views": (page(POLICE, "desk of the police"),),
    "matters:absences": (page(POLICE, "desk of the police"),),
    "matters:people": (page(frozenset({"lead"}), "desk of the police"),),
    "matters:absence_end": (Row(None, NOBODY, "absence of the police"),),  # nobody is away there
    "matters:queue": (look(POLICE, "desk of the police"),),
    "matters:next_case": (act(POLICE, "desk of the police"),),
    # Signed by the system itself: tests/matters/handing_over.
    "matters:system_events": (act(NOBODY, "nobody's system"),),
    "matters:department_system": (look(POLICE | {"supervisor"}, "desk of the police"),),
    "matters:own_difference": (Row(POLICE, NOBODY, "difference of the police"),),  # nothing differs there
    "matters:automatic": (look(POLICE, "desk of the police"),),
    # No rule of this town decides anything; who switches one: tests/matters/reviewing.
    "matters:automatic_switch": (Row(POLICE, NOBODY, "desk of the police"),),
    "matters:automatic_check": (Row(POLICE, NOBODY, "check of the police"),),  # nothing waits there
}
_CONSOLE: dict[str, tuple[Row, ...]] = {
    "admin:counter": (page(CLERKS),),
    "admin:counter_start": (act(CLERKS),),
    "admin:counter_identity": (page(CLERKS),),
    "admin:counter_organisation": (page(CLERKS),),
    "admin:counter_mandate": (page(CLERKS),),
    "admin:counter_death": (page(CLERKS),),
    "admin:counter_undo_death": (page(CLERKS),),
    "admin:counter_proposals": (page(CLERKS | {"lead"}),),
    "admin:counter_end_mandate": (page(frozenset({"lead"})),),
    "admin:auth_user_password_change": (page(ADMINISTRATOR, "account"),),
    "admin:catalog_appointment_decide": (act(_APPOINTING, "appointment", verdict="refuse"),),
    "admin:counter_bundle": (
        look(SITE | {"clerk_of_police"}, "counter bundle"),
        look(frozenset({"clerk_of_police"}), "online bundle"),
    ),
    "admin:index": (page(STAFF),),
    "admin:login": (page(EVERYBODY - PERSONS),),
    "admin:logout": (Row(EVERYBODY - STAFF, EVERYBODY),),
    "admin:password_change": (page(STAFF),),
    "admin:password_change_done": (page(STAFF),),
    "admin:autocomplete": (page(NOBODY),),  # without naming a field
    "admin:jsi18n": (look(STAFF),),
    "admin:app_list": (page(OFFICERS | MANAGERS, "applications"),),
    "admin:any": (page(NOBODY, "anything"),),
    "catalog_packages": (Row(CATALOG, MANAGERS),),
    "catalog_package_export": (Row(CATALOG, CATALOG, query="?format=xlsx"),),
    "catalog_package_preview": (page(NOBODY, "somebody's package"),),  # one's own: tests/catalog/packages
    "admin:catalog_preview": (page(CATALOG, "matter's row"),),
    "admin:catalog_suggest_items": (page(CATALOG),),
    "admin:catalog_propose": (page(MANAGERS, "new proposal"),),
    "admin:catalog_approve": (
        Row(CATALOG, NOBODY, "proposal"),
    ),  # what is proposed here is refused; what is not: tests/catalog
    "admin:catalog_send_back": (page(CATALOG, "proposal"),),
    "admin:catalog_withdraw": (Row(CATALOG, frozenset({"manager"}), "proposal"),),
    "admin:catalog_compare_regions": (page(COMPARING),),
    "admin:catalog_compare_regions_of": (page(COMPARING, "regions of a matter"),),
}


@dataclass(frozen=True, slots=True)
class Model:
    """Who looks through the console's list of a model, opens the row of the town, and adds, changes or deletes."""

    list: People
    see: People
    add: People = NOBODY
    change: People = NOBODY
    delete: People = NOBODY


def _look(who: People, see: People | None = None) -> Model:
    return Model(who, who if see is None else see)


_WRITTEN = Model(CATALOG, CATALOG, MANAGERS, MANAGERS, MANAGERS)
_OF_POLICE = POLICE | {"clerk_of_police", "supervisor"}
_POLICIES = MANAGERS | {"lead"}
_OF_HEALTH = frozenset({"reviewer_of_health"})
MODELS: dict[str, Model] = {
    "axes_accessattempt": Model(ADMINISTRATOR, ADMINISTRATOR, NOBODY, ADMINISTRATOR, ADMINISTRATOR),
    "accounts_user": Model(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    "accounts_person": _look(ADMINISTRATOR),
    "accounts_organisation": _look(ADMINISTRATOR),
    "retention_legalhold": Model(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    "retention_pruningrun": _look(ADMINISTRATOR),
    "ledger_event": _look(ADMINISTRATOR),
    "ledger_accessrecord": _look(ADMINISTRATOR),
    "ledger_securityevent": _look(ADMINISTRATOR),
    "outbox_outboxmessage": Model(ADMINISTRATOR, ADMINISTRATOR, NOBODY, ADMINISTRATOR, NOBODY),
    "notices_message": _look(ADMINISTRATOR),
    "sharing_datasource": Model(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    "sharing_grant": Model(ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    "catalog_membership": Model(_APPOINTING, _APPOINTING, delete=_APPOINTING),
    "catalog_appointment": Model(_APPOINTING, _APPOINTING, add=_APPOINTING),
    **{
        f"catalog_{name}": _WRITTEN
        for name in (
            *("department", "dataelement", "material", "certificatetype", "factsource", "translation"),
            *("serviceitem", "matter", "itemimplementation"),
            *("searchtarget", "searchphrase", "synonymgroup", "searchquestion"),
        )
    },
    "catalog_division": _look(CATALOG),
    "catalog_searchmiss": Model(CATALOG, CATALOG, NOBODY, ADMINISTRATOR, MANAGERS),
    "catalog_matterversion": _look(CATALOG),
    "catalog_itemversion": _look(CATALOG),
    "catalog_proposal": Model(CATALOG, CATALOG, change=CATALOG),
    "catalog_regionalguide": Model(COMPARING, COMPARING, change=COMPARING),
    "catalog_mistakereport": Model(REVIEWERS | {"manager"}, _OF_HEALTH | {"manager"}, NOBODY, _OF_HEALTH),
    "certificates_certificate": _look(OFFICERS - {"supervisor"}, _OF_HEALTH),
    "matters_benefitpolicy": Model(_POLICIES, _POLICIES, _POLICIES, _POLICIES),
    "matters_decisionphrase": Model(*(frozenset({"lead"}),) * 4),
    "matters_deficiencyphrase": Model(*(frozenset({"lead"}),) * 4),
    "matters_signingrule": Model(*(frozenset({"lead"}),) * 4),
    "matters_departmentsystem": _look(frozenset({"lead"})),
    "matters_bundle": _look(OFFICERS, SITE | _OF_POLICE | _OF_HEALTH),
    "matters_subitem": _look(OFFICERS, _OF_POLICE),
    "matters_reviewtask": _look(OFFICERS, _OF_POLICE),
    "matters_decision": _look(OFFICERS, _OF_HEALTH),
    "matters_correctionrequest": _look(OFFICERS, _OF_HEALTH),
}
WITH_HISTORY = frozenset(
    f"catalog_{name}"
    for name in (
        *("department", "division", "dataelement", "material", "certificatetype", "factsource", "translation"),
        *("serviceitem", "matter"),
    )
)


def _of_model(name: str, rights: Model) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {
        f"admin:{name}_changelist": (page(rights.list),),
        f"admin:{name}_add": (page(rights.add),),
        f"admin:{name}_history": (page(rights.see, name),),
        f"admin:{name}_delete": (page(rights.delete, name),),
        f"admin:{name}_change": (Row(rights.see, rights.change, name),),
        f"admin:{name}_old": (page(STAFF, name),),  # leads to the row's page, which asks
    }
    if name in WITH_HISTORY:
        found[f"admin:{name}_compare"] = (page(NOBODY, "no row"),)  # rows: tests/catalog/history
    return found


def _table() -> dict[str, tuple[Row, ...]]:
    table = {**_PUBLIC, **_OWN, **_REVIEW, **_CONSOLE}
    for case in _CASES:
        for name, row in case.items():
            table[name] = (*table.get(name, ()), row)
    for name, rights in MODELS.items():
        table |= _of_model(name, rights)
    return table


TABLE = _table()
