"""Acting for a person under a mandate: the case is hers, both are named, every door asks whether the mandate stands, and she may stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import enroll
from certificates.models import Certificate
from matters.drafts.profile import uses_library
from matters.models import Bundle, CorrectionRequest, Draft
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.review import accept, claim, decide
from matters.reviewing.withdrawal import withdraw, withdraw_with_followers
from matters.submitting.submission import MandateEnded, submit_bundle
from matters.wording.refusals import ApplicantDead, NotAllowed
from portal.accounts.mandates.activities import MandateScope, end, offer, scope
from portal.accounts.mandates.activities import accept as accept_mandate
from portal.accounts.models import Death, Mandate, Person
from portal.notices.models import Message
from portal.notices.wording import words
from portal.outbox.processing import process
from tests.matters.cases.test_principals import of_bundle, own_pages
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.companies import SLUG, Companies, build_companies
from tests.worlds.town import advance

CANARIES = {"li": "金丝雀甲女士", "stranger": "金丝雀乙先生", "self": "金丝雀自己"}


@pytest.fixture
def world(db: None) -> Companies:
    return build_companies()


def mandate_of(world: Companies, principal: Person, matters: list[str] | None = None, **rights: bool) -> Mandate:
    """Let Zhang act for somebody."""
    until = timezone.localdate() + timedelta(days=30)
    code = offer(principal, scope(matters, until, **rights), agent_name=world.zhang_person.name)[1]
    return accept_mandate(world.zhang_person, code)


def zhang_for(world: Companies, mandate: Mandate | None) -> Client:
    client = logged_in(world.zhang)
    if mandate is not None:
        assert client.post(reverse("accounts:act_for"), {"principal": str(mandate.pk)}).status_code == 302
    return client


def draft_under(world: Companies, mandate: Mandate, canary: str) -> Draft:
    draft = world.draft(mandate.principal, None, canary, mandate=mandate, entered_by=world.zhang)
    return Draft.objects.select_related("applicant", "mandate").get(pk=draft.pk)


def filed_under(world: Companies, mandate: Mandate, canary: str) -> Bundle:
    bundle = submit_bundle(draft=draft_under(world, mandate, canary), by=world.zhang)
    advance([bundle.pk])
    return Bundle.objects.for_page().get(pk=bundle.pk)


def returned(world: Companies, bundle: Bundle, why: str = "看不清") -> CorrectionRequest:
    part = bundle.sub_items.get()
    claim(world.wang, part)
    return request_correction(world.wang, part, [Gap("field", "company:sign.text", why)])


class TestNothingOfOneShowsForTheNext:
    def test_walking_all_pages_as_each(self, world: Companies) -> None:
        stranger = world.stranger.person
        mandates: dict[str, Mandate | None] = {
            "li": mandate_of(world, world.li_person),
            "stranger": mandate_of(world, stranger),
            "self": None,
        }
        bundles, drafts = {}, {}
        for name, mandate in mandates.items():
            if mandate is None:
                bundles[name] = world.submit(world.zhang_person, None, f"{CANARIES[name]}甲")
                drafts[name] = world.draft(world.zhang_person, None, f"{CANARIES[name]}丙")
            else:
                bundles[name] = filed_under(world, mandate, f"{CANARIES[name]}甲")
                drafts[name] = draft_under(world, mandate, f"{CANARIES[name]}丙")
            returned(world, bundles[name], f"{CANARIES[name]}乙")
        own = world.submit(world.li_person, None, "李芳自己的事")
        for name, mandate in mandates.items():
            client = zhang_for(world, mandate)
            others = [canary for other, canary in CANARIES.items() if other != name] + ["李芳自己的事", own.number]
            others += [bundle.number for other, bundle in bundles.items() if other != name]
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
            for other in mandates.keys() - {name}:
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
            assert client.get(reverse("matters:bundle", args=[own.number])).status_code == 404

    def test_what_is_ones_own_waits(self, world: Companies) -> None:
        client = zhang_for(world, mandate_of(world, world.li_person))
        for name in (
            "dossier:own_file",
            "dossier:exports",
            "accounts:readings",
            "sharing:consents",
            "matters:benefits",
        ):
            assert client.get(reverse(name)).status_code == 409, name
        for name in ("accounts:profile", "accounts:mandates"):
            assert client.get(reverse(name)).status_code == 409, name
        assert client.get(reverse("accounts:organisation")).status_code == 403


def ended(world: Companies, mandate: Mandate) -> None:
    end(mandate.pk, by=mandate.principal)


def over(world: Companies, mandate: Mandate) -> None:
    day = timezone.localdate() - timedelta(days=1)
    set_without_triggers("UPDATE accounts_mandate SET begins_on = %s, until = %s WHERE id = %s", [day, day, mandate.pk])


def of_another_matter(world: Companies, mandate: Mandate) -> None:
    set_without_triggers("UPDATE accounts_mandate SET matters = %s WHERE id = %s", [["other"], mandate.pk])


def principal_dead(world: Companies, mandate: Mandate) -> None:
    Death.objects.create(
        person=mandate.principal,
        died_on=timezone.localdate(),
        paper="居民死亡医学证明书",
        officer=world.sun,
        confirmed_by=world.wang,
    )


def set_without_triggers(sql: str, params: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


class TestEveryDoorAsks:
    @pytest.mark.parametrize("change", [ended, over, of_another_matter, principal_dead])
    def test_none_opens_any_more(self, world: Companies, change: Callable[[Companies, Mandate], None]) -> None:
        mandate = mandate_of(world, world.li_person, [SLUG], sees_certificates=True)
        bundle, draft = filed_under(world, mandate, "招牌"), draft_under(world, mandate, "草稿")
        asked = returned(world, bundle)
        correction = reverse("matters:correction", args=[bundle.number, asked.pk])
        client = zhang_for(world, mandate)
        doors = [*of_bundle(bundle), correction]
        steps = [
            reverse(f"matters:{step}", args=[draft.pk])
            for step in ("situation", "form", "materials", "check", "confirm")
        ]
        assert {client.get(door).status_code for door in [*doors, *steps[:2]]} == {200}
        change(world, mandate)
        assert {door: client.get(door).status_code for door in [*doors, *steps]} == dict.fromkeys([*doors, *steps], 404)
        posts = {
            steps[1]: {"revision": draft.revision, "company:sign.text": "改"},
            reverse("matters:autosave", args=[draft.pk]): {},
            reverse("matters:submit", args=[draft.pk]): {},
            reverse("matters:discard_draft", args=[draft.pk]): {},
            steps[2]: {},
            reverse("matters:bundle_withdraw", args=[bundle.number]): {},
            correction: {"company:sign.text": "改"},
        }
        assert {door: client.post(door, sent).status_code for door, sent in posts.items()} == dict.fromkeys(posts, 404)
        assert "招牌" not in page_of(client.get(reverse("matters:bundle_list")))
        # Also where the page was opened before, however far it came.
        world.zhang.acting_under = mandate
        refused = ApplicantDead if change is principal_dead else MandateEnded
        with pytest.raises(refused):
            submit_bundle(draft=draft, by=world.zhang)
        with pytest.raises(NotAllowed):
            withdraw(world.zhang, Bundle.objects.for_page().get(pk=bundle.pk))
        with pytest.raises(NotAllowed):
            answer_correction(world.zhang, asked, {"company:sign.text": "改"}, {})
        if change is not of_another_matter:
            with pytest.raises(IntegrityError), transaction.atomic():
                draft_under(world, mandate, "新的")

    def test_other_matters_are_not_begun(self, world: Companies) -> None:
        client = zhang_for(world, mandate_of(world, world.li_person, ["other"]))
        answer = client.get(reverse("matters:start", args=[SLUG]))
        assert (answer.status_code, "没有这一件" in page_of(answer)) == (403, True)

    def test_under_which_mandate_it_is_stays(self, world: Companies) -> None:
        bundle = filed_under(world, mandate_of(world, world.li_person), "招牌")
        for change in ({"mandate": None}, {"applicant": world.zhang_person}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Bundle.objects.filter(pk=bundle.pk).update(**change)


class TestThePrincipal:
    def test_sees_all_hears_of_each_step_and_both_are_named(self, world: Companies) -> None:
        mandate = mandate_of(world, world.li_person)
        client = zhang_for(world, mandate)
        client.post(reverse("matters:start", args=[SLUG]), {"for": str(mandate.pk)})
        begun = Draft.objects.get()
        assert (begun.applicant, begun.mandate, begun.entered_by) == (world.li_person, mandate, world.zhang)
        bundle = filed_under(world, mandate, "招牌")
        process("fan_out")
        process("notify")
        answer_correction(world.zhang, returned(world, bundle), {"company:sign.text": "改好了"}, {})
        withdraw_with_followers(world.zhang, bundle)
        told = Message.objects.filter(recipient=world.li, principal=None).order_by("pk")
        titles = [words(one.kind, one.data).title for one in told if one.kind.startswith("mandate_")]
        assert titles == [
            "张经办可以代您办事了",
            "张经办开始代您办理“挂招牌”",
            "张经办代您提交了“挂招牌”",
            "张经办代您补正了“挂招牌”",
            "张经办代您撤回了“挂招牌”",
        ]
        received = Message.objects.filter(kind="bundle_received")
        assert set(received.values_list("recipient", "principal")) == {
            (world.li.pk, None),
            (world.zhang.pk, mandate.pk),
        }
        li = logged_in(world.li)
        named = f"张经办（授权编号 {mandate.number}"
        for page in [*of_bundle(bundle)[:2], reverse("matters:form", args=[begun.pk])]:
            assert li.get(page).status_code == 200
        assert named in page_of(li.get(of_bundle(bundle)[1]))
        assert named in page_of(li.get(of_bundle(bundle)[0]))
        case = page_of(logged_in(world.wang).get(reverse("matters:case", args=[bundle.sub_items.get().number])))
        assert named in case
        assert "本人网上授权" in case
        form = bundle.documents.get(kind="form").document
        assert ("代办人", mandate.in_words) in form.parts[0].facts

    def test_takes_over_what_lies_open_and_files_it_herself(self, world: Companies) -> None:
        mandate = mandate_of(world, world.li_person)
        draft = draft_under(world, mandate, "招牌")
        end(mandate.pk, by=world.li_person)
        assert draft.pk in Draft.objects.open_of(world.li).values_list("pk", flat=True)
        bundle = submit_bundle(draft=Draft.objects.get(pk=draft.pk), by=world.li)
        assert (bundle.mandate, bundle.entered_by) == (None, world.li)

    def test_certificates_are_hers_and_the_agents_only_if_granted(self, world: Companies) -> None:
        for granted in (False, True):
            mandate = mandate_of(world, world.li_person, sees_certificates=granted)
            bundle = filed_under(world, mandate, "招牌")
            part = bundle.sub_items.get()
            claim(world.wang, part)
            decide(world.wang, accept(world.wang, part), "approved")
            certificate = Certificate.objects.get(decision_reference=part.number)
            page = reverse("certificates:detail", args=[certificate.pk])
            assert logged_in(world.li).get(page).status_code == 200
            client = zhang_for(world, mandate)
            assert client.get(page).status_code == (200 if granted else 404)
            assert (page in client.get(reverse("certificates:library")).content.decode()) is granted
            assert (page in client.get(of_bundle(bundle)[0]).content.decode()) is granted
            assert zhang_for(world, None).get(page).status_code == (409 if granted else 404)

    @pytest.mark.parametrize(("says_use", "is_used"), [(False, False), (None, True)])
    def test_a_mandate_lets_be_used_what_its_own_words_said(
        self, world: Companies, says_use: bool | None, is_used: bool
    ) -> None:
        """Given while the words spoke of seeing alone, it does not let the library be used because they say more now."""
        until = timezone.localdate() + timedelta(days=30)
        wanted = MandateScope(None, until, None, sees_certificates=True, uses_certificates=says_use)
        mandate = accept_mandate(
            world.zhang_person, offer(world.li_person, wanted, agent_name=world.zhang_person.name)[1]
        )
        assert uses_library(draft_under(world, mandate, "招牌").mandate) is is_used
        # In her list; the form below it, for a new one, says it as well.
        line = str(logged_in(world.li).get(reverse("accounts:mandates")).content.decode()).split(mandate.number)[1]
        assert ("用委托人名下的证照填表" in line.partition("</p>")[0]) is is_used

    def test_the_agent_never_decides(self, world: Companies) -> None:
        bundle = filed_under(world, mandate_of(world, world.li_person), "招牌")
        enroll(world.zhang, world.departments["police"], "reviewer")
        part = bundle.sub_items.get()
        claim(world.wang, part)
        part = accept(world.wang, part)
        with pytest.raises(NotAllowed):
            decide(world.zhang, part, "approved")


@pytest.mark.django_db(transaction=True)
def test_a_revocation_and_a_submission_at_once_have_an_order() -> None:
    world = build_companies()
    mandate = mandate_of(world, world.li_person)
    draft = draft_under(world, mandate, "招牌")
    outcome: list[str] = []

    def submit() -> None:
        try:
            submit_bundle(draft=draft, by=world.zhang)
            outcome.append("filed")
        except MandateEnded:
            outcome.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        end(mandate.pk, by=world.li_person)
        thread = threading.Thread(target=submit)
        thread.start()
        thread.join(timeout=0.2)
    thread.join()
    assert outcome == ["refused"]
    assert not Bundle.objects.exists()
    advance([])
