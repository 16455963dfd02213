"""实名 is a word for whoever has been proved, and for nobody else."""

from __future__ import annotations

from pathlib import Path

from django.test import Client

from portal.accounts.models import Person, User
from portal.accounts.people import claim_person

ROOT = Path(__file__).resolve().parents[3]
# Where the word stands, and the row it reads.
SAID = {
    "templates/accounts/profile.html": "check: the account's own IdentityCheck, None below level 1",
    "templates/accounts/identity/ways.html": "check: the account's own IdentityCheck, None below level 1; and the page's name",
    "portal/accounts/identity/views.py": "said when the IdentityCheck has just been written",
    "portal/accounts/models/people.py": "a docstring",
    "catalog/models/items.py": "what an item demands",
    "catalog/migrations/0001_squashed_0034_mandates_for_papers.py": "the same",
    "catalog/migrations/0027_demanded_identity.py": "the same",
    "catalog/packages/sheets/columns.py": "what an item demands",
    "matters/wording/refusals.py": "what is demanded, said where there is no IdentityCheck of that level",
    "matters/views/apply_inquiries.py": "what is demanded, said where there is no IdentityCheck",
    "templates/matters/apply/_identity.html": "the same",
    "templates/matters/apply/_sheet.html": "the same",
    "portal/sharing/phone_way.py": "said when the IdentityCheck has just been written",
    "portal/front/demo/sources.py": "the purpose of a grant",
    "matters/views/identity.py": "said when the IdentityCheck has just been written",
    "templates/matters/counter/identity.html": "what the clerk is about to write",
    "templates/accounts/organisations.html": "asked for, where the person is not proved",
    "templates/sharing/open_organisation.html": "asked for, where the person is not proved",
    "portal/accounts/organisations/forms.py": "asked for of whoever is invited",
    "portal/accounts/organisations/views.py": "asked for, where the person is not proved",
    "portal/sharing/views_organisations.py": "asked for, where the person is not proved",
    "portal/accounts/mandates/forms.py": "asked for of whoever accepts a mandate",
    "portal/accounts/mandates/views.py": "asked for, where the person is not proved",
    "portal/sharing/views_parents.py": "asked for, where the person is not proved",
    "matters/views/counter_mandate.py": "asked for, where the person is not proved",
    "templates/accounts/mandates.html": "asked for, where the person is not proved",
    "templates/sharing/children.html": "asked for, where the person is not proved",
    "templates/retention/closing.html": "by the person's level; what another account would have to do",
    "portal/retention/admin.py": "whom a hold may be on: only people at level 1 are found",
}


def test_the_word_stands_only_where_it_reads_a_row() -> None:
    places = [
        path.relative_to(ROOT).as_posix()
        for folder in ("portal", "catalog", "certificates", "matters", "templates", "static")
        for pattern in ("*.py", "*.html", "*.js")
        for path in (ROOT / folder).rglob(pattern)
        if "实名" in path.read_text(encoding="utf-8")
    ]
    assert sorted(places) == sorted(SAID)


def test_who_was_proved_reads_by_whom_and_when(client: Client, li: Person) -> None:
    assert li.user is not None
    client.force_login(li.user)
    page = client.get("/accounts/profile/").content.decode()
    assert "已实名" in page
    assert "演示数据" in page


def test_who_only_says_so_reads_what_is_missing(client: Client, db: None) -> None:
    user = User.objects.create_user("chen")
    claim_person(name="李芳", document_kind="111", number="36010319850615908X", user=user)
    client.force_login(user)
    page = client.get("/accounts/profile/").content.decode()
    assert "实名" not in page
    assert "还没有核验" in page
