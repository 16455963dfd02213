"""The companies of the demo town, as its sandbox registers know them, and the people who act for them.

One more company of the registers has no account yet: whoever represents it there can open it (``ouyang``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from portal.accounts.models import OrganisationCheck, Person
from portal.accounts.organisations.activities import Evidence, find_organisation, invite, join, register_organisation


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A company with an account. ``legal``, ``handlers``: accounts of those who represent it and who act for it."""

    name: str
    code: str
    legal: str
    handlers: tuple[str, ...] = ()


COMPANIES: Final = (
    DemoCompany("南昌市西湖区婉清面馆", "923601039999200394", "li", ("chen",)),
    DemoCompany("江西演示大件运输有限公司", "91360104999920020Q", "chen"),
)


def open_companies() -> list[str]:
    """Bring the companies about, once: what is there already stays as it is. Returns one line for each that was added."""
    added = []
    for company in COMPANIES:
        legal = Person.objects.filter(user__username=company.legal).first()
        if legal is None or not legal.is_proved or find_organisation(company.code) is not None:
            continue
        organisation = register_organisation(
            name=company.name,
            code=company.code,
            legal_representative=legal,
            evidence=Evidence(OrganisationCheck.Source.DEMO),
        )
        boss = organisation.handlers.get(person=legal)
        for username in company.handlers:
            person = Person.objects.get(user__username=username)
            join(person, invite(boss, for_whom=person.name)[1])
        added.append(company.name)
    return added
