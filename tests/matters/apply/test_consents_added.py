"""Somebody who agreed is asked for what came to it since, and for nothing again."""

from __future__ import annotations

from matters.drafts.saving import save_values
from matters.models import Draft
from portal.sharing.models import DataSource, Provision, SharingConsent
from tests.matters.apply.test_prefill import KNOWN, agree_and_ask, case, draft, form
from tests.worlds.settling import Case
from tests.worlds.sources import Listed, grant_all

__all__ = ["case", "draft"]


def test_only_what_is_new_is_asked_and_what_was_agreed_to_stays(case: Case, draft: Draft) -> None:
    """A consent that no longer covers everything did not come back unticked and whole: what it covers stays as it is beside what is added."""
    Listed.records = KNOWN
    agree_and_ask(case, draft)
    [first] = SharingConsent.objects.all()
    more = Provision.objects.create(
        source=DataSource.objects.get(), kind=Provision.Kind.ELEMENT, code="moved_on", path="moved"
    )
    grant_all(more, ("register",))
    draft.refresh_from_db()
    save_values(draft, {"household:moved_on": ""}, seen=draft.revision)
    sheet = form(case, draft).partition('id="inquiries"')[2].partition("</section>")[0]
    asked, agreed = sheet.partition('class="inquiry"')[::2]
    assert first.text in agreed
    assert "撤回同意" in agreed
    assert 'type="checkbox"' in asked
    assert "落户地址" not in asked
    assert "迁入日期" in asked
    Listed.asked.clear()
    agree_and_ask(case, draft)
    wider = SharingConsent.objects.latest("given_at")
    assert wider.text.startswith(f"{first.text}\n")
    assert set(first.asked) < set(wider.asked)
    assert 'type="checkbox"' not in form(case, draft).partition('id="inquiries"')[2].partition("</section>")[0]
