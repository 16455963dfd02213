"""For whom somebody acts: an organisation's cases are its people's, whoever of them acts, and nothing of one principal shows for the next."""

from __future__ import annotations

import base64
import re
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from catalog.staff.memberships import enroll
from certificates.models import Certificate
from matters.drafts.saving import plan_of, read_form
from matters.models import Bundle, CorrectionRequest, Draft
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.review import accept, claim, decide
from matters.reviewing.withdrawal import withdraw
from matters.submitting.submission import DraftChanged, NotRepresented, submit_bundle
from matters.wording.refusals import NotAllowed
from portal.accounts.last_account import mark_of
from portal.accounts.models import FileExport, Invitation, Organisation
from portal.accounts.organisations.activities import remove
from portal.accounts.pending_post import SESSION_KEY
from portal.lib.vault import unseal
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.pages import page_of
from tests.worlds.companies import NOODLES, SLUG, TRUCKS, Companies, build_companies
from tests.worlds.town import advance

CANARIES = {"noodles": "金丝雀面馆", "trucks": "金丝雀货车", "self": "金丝雀本人"}


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


def own_pages(client: Client) -> dict[str, str]:
    """Return the pages that lead to what is of whom one acts for."""
    names = ("home", "matters:bundle_list", "certificates:library", "accounts:notices", "accounts:organisations")
    return {name: page_of(client.get(reverse(name))) for name in names}


def of_bundle(bundle: Bundle) -> list[str]:
    return [
        reverse(f"matters:{name}", args=[bundle.number]) for name in ("bundle", "bundle_receipt", "bundle_readings")
    ]


class TestNothingOfOneShowsForTheNext:
    def test_walking_all_pages_as_each(self, companies: Companies) -> None:
        li = companies.li_person
        principals: dict[str, Organisation | None] = {
            "noodles": companies.noodles,
            "trucks": companies.trucks,
            "self": None,
        }
        bundles, drafts = {}, {}
        for name, organisation in principals.items():
            bundles[name] = bundle = companies.submit(li, organisation, f"{CANARIES[name]}甲")
            part = bundle.sub_items.get()
            claim(companies.wang, part)
            request_correction(companies.wang, part, [Gap("field", "company:sign.text", f"{CANARIES[name]}乙")])
            drafts[name] = companies.draft(li, organisation, f"{CANARIES[name]}丙")
        for name, organisation in principals.items():
            client = companies.client(companies.li, organisation)
            others = [canary for other, canary in CANARIES.items() if other != name]
            others += [b.number for other, b in bundles.items() if other != name]
            found = own_pages(client)
            for address in [
                *of_bundle(bundles[name]),
                *(reverse(f"matters:{step}", args=[drafts[name].pk]) for step in ("situation", "form", "check")),
                reverse("matters:start", args=[SLUG]),
            ]:
                answer = client.get(address)
                assert answer.status_code == 200, address
                found[address] = page_of(answer)
            assert [(page, canary) for page, text in found.items() for canary in others if canary in text] == []
            assert bundles[name].number in found["matters:bundle_list"]
            assert CANARIES[name] in "".join(found.values())
            for other in principals.keys() - {name}:
                for address in [
                    *of_bundle(bundles[other]),
                    reverse("matters:form", args=[drafts[other].pk]),
                    reverse(
                        "matters:correction",
                        args=[bundles[other].number, CorrectionRequest.objects.get(sub_item__bundle=bundles[other]).pk],
                    ),
                ]:
                    answer = client.get(address)
                    assert answer.status_code == 409, address
                    assert CANARIES[other] not in answer.content.decode()

    def test_a_certificate_is_the_organisations(self, companies: Companies) -> None:
        bundle = companies.submit(companies.zhang_person, companies.noodles, "招牌")
        decided(companies, bundle)
        certificate = Certificate.objects.get()
        assert (certificate.organisation, certificate.matter, certificate.holder_name) == (
            companies.noodles,
            SLUG,
            NOODLES[0],
        )
        page = reverse("certificates:detail", args=[certificate.pk])
        assert companies.client(companies.li, companies.noodles).get(page).status_code == 200
        assert companies.client(companies.zhang, companies.noodles).get(page).status_code == 200
        assert companies.client(companies.zhang).get(page).status_code == 409
        assert companies.client(companies.stranger).get(page).status_code == 404
        assert companies.client(companies.qian, companies.noodles).get(page).status_code == 404
        assert certificate.serial not in page_of(companies.client(companies.zhang).get(reverse("certificates:library")))

    def test_messages_go_to_its_people_whose_matter_it_is(self, companies: Companies) -> None:
        submit_bundle(draft=companies.draft(companies.zhang_person, companies.noodles, "招牌"), by=companies.zhang)
        process("fan_out")
        process("notify")
        told = set(Message.objects.filter(kind="bundle_received").values_list("recipient", "principal"))
        assert told == {(user.pk, companies.noodles.pk) for user in (companies.li, companies.zhang)}


def decided(companies: Companies, bundle: Bundle) -> None:
    part = bundle.sub_items.get()
    claim(companies.wang, part)
    decide(companies.wang, accept(companies.wang, part), "approved")


class TestWhoMay:
    def test_colleagues_by_their_rights_and_nobody_else(self, companies: Companies) -> None:
        bundle = companies.submit(companies.li_person, companies.noodles, "招牌")
        page = reverse("matters:bundle", args=[bundle.number])
        statuses = {
            "zhang for it": companies.client(companies.zhang, companies.noodles).get(page).status_code,
            "zhang as herself": companies.client(companies.zhang).get(page).status_code,
            "qian, another matter": companies.client(companies.qian, companies.noodles).get(page).status_code,
            "li for another": companies.client(companies.li, companies.trucks).get(page).status_code,
            "a stranger": companies.client(companies.stranger, companies.trucks).get(page).status_code,
        }
        assert statuses == {
            "zhang for it": 200,
            "zhang as herself": 409,
            "qian, another matter": 404,
            "li for another": 409,
            "a stranger": 404,
        }

    def test_a_removed_handler_loses_everything_at_the_next_request(self, companies: Companies) -> None:
        bundle = companies.submit(companies.zhang_person, companies.noodles, "招牌")
        draft = companies.draft(companies.zhang_person, companies.noodles, "草稿")
        client = companies.client(companies.zhang, companies.noodles)
        form = reverse("matters:form", args=[draft.pk])
        assert client.get(form).status_code == 200
        remove(
            companies.handler(companies.li_person, companies.noodles),
            companies.handler(companies.zhang_person, companies.noodles).pk,
        )
        assert client.get(form).status_code == 404
        assert client.post(form, {"revision": draft.revision, "company:sign.text": "改"}).status_code == 404
        assert [client.get(page).status_code for page in of_bundle(bundle)] == [404] * 3
        shown = own_pages(client)
        assert "您不再替清风面馆有限公司办事" in shown.pop("accounts:notices")
        assert [name for name, page in shown.items() if NOODLES[0] in page] == []
        assert companies.client(companies.li, companies.noodles).get(form).status_code == 200

    def test_nothing_is_done_after_a_removal_however_far_it_came(self, companies: Companies) -> None:
        bundle = companies.submit(companies.zhang_person, companies.noodles, "招牌")
        part = bundle.sub_items.get()
        claim(companies.wang, part)
        asked = request_correction(companies.wang, part, [Gap("field", "company:sign.text", "看不清")])
        draft = companies.draft(companies.zhang_person, companies.noodles, "草稿")
        companies.zhang.acting_as = companies.handler(companies.zhang_person, companies.noodles)
        remove(companies.handler(companies.li_person, companies.noodles), companies.zhang.acting_as.pk)
        with pytest.raises(NotRepresented):
            submit_bundle(draft=draft, by=companies.zhang)
        with pytest.raises(NotAllowed):
            withdraw(companies.zhang, Bundle.objects.for_page().get(pk=bundle.pk))
        with pytest.raises(NotAllowed):
            answer_correction(companies.zhang, asked, {"company:sign.text": "改"}, {})
        with pytest.raises(IntegrityError), transaction.atomic():
            companies.draft(companies.zhang_person, companies.noodles, "新的")
        with pytest.raises(IntegrityError), transaction.atomic():
            Bundle.objects.filter(pk=bundle.pk).update(organisation=companies.trucks)

    def test_none_of_its_people_decides_on_it(self, companies: Companies) -> None:
        bundle = companies.submit(companies.li_person, companies.noodles, "招牌")
        enroll(companies.zhang, companies.departments["police"], "reviewer")
        part = bundle.sub_items.get()
        claim(companies.wang, part)
        part = accept(companies.wang, part)
        with pytest.raises(NotAllowed):
            decide(companies.zhang, part, "approved")

    def test_whoever_submits_applies_and_the_code_is_the_organisations(self, companies: Companies) -> None:
        draft = companies.draft(companies.li_person, companies.noodles, "招牌")
        assert read(draft)["company:company.credit_code"] == NOODLES[1]
        with pytest.raises(DraftChanged):
            submit_bundle(draft=draft, by=companies.zhang)
        client = companies.client(companies.zhang, companies.noodles)
        assert "张经办" in page_of(
            client.post(reverse("matters:check", args=[draft.pk]), {"take_over": "1"}, follow=True)
        )
        draft.refresh_from_db()
        with pytest.raises(DraftChanged):
            submit_bundle(draft=draft, by=companies.li)
        bundle = submit_bundle(draft=draft, by=companies.zhang)
        assert (bundle.applicant, bundle.organisation) == (companies.zhang_person, companies.noodles)
        # Whose application it is rests on the organisation's row: name and code are not typed over.
        typed = {"company:company.credit_code": TRUCKS[1], "company:company.name": TRUCKS[0]}
        other = companies.draft(companies.li_person, companies.noodles, "招牌", **typed)
        assert (read(other)["company:company.credit_code"], read(other)["company:company.name"]) == NOODLES[::-1]
        client = companies.client(companies.li, companies.noodles)
        assert "hidden" in edit_button_of(page_of(client.get(reverse("matters:form", args=[other.pk]))))


def edit_button_of(page: str) -> str:
    """Return the attributes of the button that opens the organisation's code for editing."""
    field = page.partition('data-key="company:company.credit_code"')[2]
    return field.partition('class="linklike edit"')[2].partition(">")[0]


class TestWhatAColleagueBegan:
    def test_looking_changes_nothing(self, companies: Companies) -> None:
        draft = companies.draft(companies.li_person, companies.noodles, "招牌")
        before = state(draft)
        client = companies.client(companies.zhang, companies.noodles)
        for step in ("situation", "form", "materials", "check", "confirm"):
            client.get(reverse(f"matters:{step}", args=[draft.pk]), follow=True)
        assert state(draft) == before
        page = page_of(client.get(reverse("matters:check", args=[draft.pk])))
        assert "由我提交" in page
        assert "提交申请" not in page
        assert "由我提交" not in page_of(
            companies.client(companies.li, companies.noodles).get(reverse("matters:check", args=[draft.pk]))
        )

    def test_nobody_submits_it_before_they_took_it_over(self, companies: Companies) -> None:
        draft = companies.draft(companies.li_person, companies.noodles, "招牌")
        before = state(draft)
        client = companies.client(companies.zhang, companies.noodles)
        check = reverse("matters:check", args=[draft.pk])
        sent = {"submission_key": str(draft.submission_key), "revision": draft.revision, "truth": "1", "agreed": "1"}
        for step in ("submit", "confirm"):
            assert client.post(reverse(f"matters:{step}", args=[draft.pk]), sent).headers["Location"] == check
        client.post(check)  # no button pressed
        assert state(draft) == before
        page = client.post(check, {"take_over": "1"}, follow=True)
        assert "现在是您" in page_of(page)
        draft.refresh_from_db()
        assert draft.applicant == companies.zhang_person
        fields = {name: page.context["draft"].__dict__[name] for name in ("submission_key", "revision")}
        consents = [each.key for each in plan_of(draft).consents]
        client.post(reverse("matters:submit", args=[draft.pk]), {**fields, "truth": "1", "consent": consents})
        assert Bundle.objects.get().applicant == companies.zhang_person


def state(draft: Draft) -> tuple[Any, ...]:
    draft = Draft.objects.get(pk=draft.pk)
    document = read_form(draft)
    return draft.applicant_id, draft.revision, document.values, document.known


def read(draft: Draft) -> dict[str, Any]:
    return read_form(draft).values


class TestSwitching:
    def test_a_draft_begins_for_whom_the_page_said(self, companies: Companies) -> None:
        client = companies.client(companies.li, companies.noodles)
        start = reverse("matters:start", args=[SLUG])
        assert f'name="for" value="{companies.noodles.pk}"' in client.get(start).content.decode()
        # Another window switches meanwhile.
        client.post(reverse("accounts:act_for"), {"principal": "self"})
        answer = client.post(start, {"for": str(companies.noodles.pk)})
        assert answer.status_code == 409
        assert not Draft.objects.exists()
        client.post(reverse("accounts:act_for"), {"principal": str(companies.noodles.pk)})
        assert client.post(start, {"for": str(companies.noodles.pk)}).status_code == 302
        assert Draft.objects.get().organisation == companies.noodles

    def test_what_was_typed_waits_for_the_switch(self, companies: Companies) -> None:
        draft = companies.draft(companies.li_person, companies.noodles, "旧的")
        client = companies.client(companies.li)
        form = reverse("matters:form", args=[draft.pk])
        answer = client.post(form, {"revision": draft.revision, "company:sign.text": "新的招牌", "next": "1"})
        assert answer.status_code == 409
        assert "替您留着" in answer.content.decode()
        answer = client.post(reverse("accounts:act_for"), {"principal": str(companies.noodles.pk), "next": form})
        assert "新的招牌" in client.get(answer.headers["Location"]).content.decode()

    @pytest.mark.parametrize(
        ("page", "sent", "typed"),
        [
            ("accounts:profile", {"phone": "13812345678"}, "13812345678"),
            ("matters:dispute", {"fact": "certificate:x", "wanted": "应为二〇二〇年"}, ""),
        ],
    )
    def test_what_is_ones_own_waits_while_one_acts_for_an_organisation(
        self, companies: Companies, page: str, sent: dict[str, str], typed: str
    ) -> None:
        client = companies.client(companies.li, companies.noodles)
        answer = client.post(reverse(page), sent)
        assert answer.status_code == 409
        assert "替您留着" in answer.content.decode()
        assert restored(client, reverse(page)) == sent
        answer = client.post(reverse("accounts:act_for"), {"principal": "self", "next": reverse(page)})
        assert typed in client.get(answer.headers["Location"]).content.decode()

    def test_copies_of_ones_file_wait_for_the_switch(self, companies: Companies) -> None:
        client = companies.client(companies.li, companies.noodles)
        answer = client.post(reverse("dossier:exports"), {"for": "self"})
        assert answer.status_code == 409
        assert "切换后请再做一次" in answer.content.decode()
        assert not FileExport.objects.exists()
        back = client.get(reverse("matters:dispute"), {"fact": "certificate:x"})
        assert 'name="next" value="/dossier/dispute/?fact=certificate%3Ax"' in back.content.decode()

    def test_an_organisations_page_acts_for_whom_it_was_drawn(self, companies: Companies) -> None:
        client = companies.client(companies.li, companies.noodles)
        drawn = str(companies.noodles.pk)
        page = client.get(reverse("accounts:organisation")).content.decode()
        assert page.count(f'name="for" value="{drawn}"') == len(re.findall(r'action="[^"]*/(?:invite|end)/', page)) == 3
        client.post(reverse("accounts:act_for"), {"principal": str(companies.trucks.pk)})
        sent = {"for": drawn, "for_whom": "王管理", "role": "administrator"}
        answer = client.post(reverse("accounts:invite_handler"), sent)
        assert answer.status_code == 409
        assert NOODLES[0] in answer.content.decode()
        zhang = companies.handler(companies.zhang_person, companies.noodles)
        assert client.post(reverse("accounts:end_handler"), {"for": drawn, "handler": zhang.pk}).status_code == 409
        assert companies.handler(companies.zhang_person, companies.noodles) == zhang
        assert not Invitation.objects.filter(ended_at=None).exists()
        back = reverse("accounts:organisation")
        assert f'name="next" value="{back}"' in answer.content.decode()
        answer = client.post(reverse("accounts:act_for"), {"principal": drawn, "next": back})
        assert "王管理" in client.get(answer.headers["Location"]).content.decode()

    def test_nothing_is_done_for_whom_one_acts_for_no_more(self, companies: Companies) -> None:
        client = companies.client(companies.li, companies.trucks)
        sent = {"for": "01900000-0000-7000-8000-000000000000", "for_whom": "王管理", "role": "administrator"}
        assert client.post(reverse("accounts:invite_handler"), sent).status_code == 404
        assert client.post(reverse("sharing:consents"), {"for": "self", "consent": "x"}).status_code == 409

    def test_a_script_is_told(self, companies: Companies) -> None:
        draft = companies.draft(companies.li_person, companies.noodles, "旧的")
        answer = companies.client(companies.li).post(
            reverse("matters:autosave", args=[draft.pk]), "{}", content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "other_principal")

    def test_the_basket_is_of_whom_one_acts_for(self, companies: Companies) -> None:
        client = companies.client(companies.li, companies.noodles)
        client.post(reverse("catalog:add_to_basket"), {"chosen": SLUG})
        assert is_chosen(client)
        client.post(reverse("accounts:act_for"), {"principal": "self"})
        assert not is_chosen(client)
        client.post(reverse("accounts:act_for"), {"principal": str(companies.noodles.pk)})
        assert is_chosen(client)


def restored(client: Client, path: str) -> dict[str, str]:
    """Return what waits in a browser's session for a page."""
    kept = client.session[SESSION_KEY][path]
    owner = mark_of(int(client.session["_auth_user_id"]))
    fields = unseal(base64.b64decode(kept["sealed"]), f"pending_post:{owner}:{path}")["fields"]
    return {name: values[0] for name, values in fields.items()}


def is_chosen(client: Client) -> bool:
    return re.search(rf'value="{SLUG}"[^>]*checked', page_of(client.get(reverse("catalog:basket")))) is not None


@pytest.mark.django_db(transaction=True)
def test_a_removal_and_a_submission_at_once_have_an_order() -> None:
    companies = build_companies()
    draft = companies.draft(companies.zhang_person, companies.noodles, "招牌")
    boss = companies.handler(companies.li_person, companies.noodles)
    gone = companies.handler(companies.zhang_person, companies.noodles)
    outcome: list[str] = []

    def submit() -> None:
        try:
            submit_bundle(draft=draft, by=companies.zhang)
            outcome.append("filed")
        except NotRepresented:
            outcome.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        remove(boss, gone.pk)
        thread = threading.Thread(target=submit)
        thread.start()
        thread.join(timeout=0.2)
    thread.join()
    assert outcome == ["refused"]
    advance([])
