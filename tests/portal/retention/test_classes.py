"""Every model that holds something of people is of one class of the schedule, and what officers made to work with goes in its time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from catalog.models import Department
from matters.integrity.checking import check_integrity
from matters.models import BulkAction, BulkLine, SavedView, SubItem
from matters.submitting.submission import submit_bundle
from portal.accounts.models import Organisation, Person, User
from portal.lib.sealed_text import SealedTextField
from portal.notices.inbox import send_message
from portal.notices.models import Message
from portal.outbox.models import OutboxMessage
from portal.retention.holds import lift_hold, place_hold
from portal.retention.pruning import prune
from portal.retention.schedule import classes
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.worlds.cast import logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of

OURS = ("portal", "catalog", "certificates", "matters")
A_YEAR, YEARS = timedelta(days=366), timedelta(days=1200)


def holds_people(model: type[models.Model]) -> bool:
    """Return whether rows of a model name somebody or hold what somebody wrote: a sealed column, a file, a person, an account."""
    return any(
        isinstance(field, (SealedTextField, models.FileField))
        or (field.column or "").endswith("_sealed")
        or field.related_model in (Person, Organisation, User)
        for field in model._meta.concrete_fields
    )


def test_every_model_that_holds_something_of_people_is_of_exactly_one_class() -> None:
    of = Counter(label for each in classes() for label in each.keeps)
    wanted = {each._meta.label for each in apps.get_models() if each.__module__.split(".")[0] in OURS}
    people = {label for label in wanted if holds_people(apps.get_model(label))}
    assert people - set(of) == set()
    assert [label for label, times in of.items() if times != 1] == []
    assert set(of) <= {each._meta.label for each in apps.get_models()}


def test_the_schedule_and_the_classes_are_the_same() -> None:
    assert sorted(each.key for each in classes()) == sorted(settings.YIJIAN_RETENTION)
    ending = [each for each in classes() if each.action != "keep"]
    assert [each.key for each in ending if each.destroy is None or each.days is None] == []


@pytest.fixture
def case(db: None) -> Case:
    return build_case()


@pytest.fixture
def part(case: Case) -> SubItem:
    draft = draft_of(case, **VALUES)
    for material in ("birth_record", "marriage"):
        upload(logged_in(case.li), draft, ("a.jpg", PHOTO), material=material)
    bundle: Any = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    return SubItem.objects.filter(bundle=bundle)[0]


def bulk_action(case: Case, part: SubItem, *, is_done: bool) -> BulkAction:
    now = timezone.now()
    action = BulkAction.objects.create(
        kind="accept",
        department=part.department,
        asked_by=case.wang,
        asked_at=now,
        language="zh-hans",
        finished_at=now if is_done else None,
    )
    outcome = {"outcome": "refused", "sentence": "李明的这一件正由王伟办理。", "done_at": now} if is_done else {}
    BulkLine.objects.create(action=action, sub_item=part, **outcome)
    return action


def test_bulk_actions_go_a_year_after_their_end_unless_a_case_is_under_a_hold(case: Case, part: SubItem) -> None:
    under_way, done = bulk_action(case, part, is_done=False), bulk_action(case, part, is_done=True)
    keeper = User.objects.create_superuser("keeper", password="x")
    prune()
    assert BulkAction.objects.count() == 2
    hold = place_hold(keeper, "复议", case=(part.bundle_id, part.bundle.number))
    prune(now=timezone.now() + A_YEAR)
    assert BulkAction.objects.count() == 2
    lift_hold(hold, keeper, "已结案")
    prune(now=timezone.now() + A_YEAR)
    assert list(BulkAction.objects.all()) == [under_way]
    assert not BulkLine.objects.filter(action_id=done.pk).exists()
    assert check_integrity(with_files=False).breaches == []


def test_views_go_a_year_after_their_officer_was_last_here(case: Case) -> None:
    department = Department.objects.earliest("pk")
    for user in (case.wang, case.zhao):
        SavedView.objects.create(
            user=user, department=department, name="姓李的", list_name="open", sort="due", field_text="李明"
        )
    User.objects.filter(pk=case.wang.pk).update(last_login=timezone.now())
    User.objects.filter(pk=case.zhao.pk).update(last_login=timezone.now() - A_YEAR)
    prune()
    assert SavedView.objects.get().user == case.wang


def test_messages_go_after_their_time_and_not_before_their_job(case: Case, part: SubItem) -> None:
    Message.objects.all().delete()
    for key in ("told:1", "told:2"):
        send_message(case.li.pk, key=key, kind="bundle_submitted")
    job = OutboxMessage.objects.create(
        kind="notify", subject="told:2", payload={"bundle": str(part.bundle_id)}, not_before=timezone.now()
    )
    prune()
    assert Message.objects.count() == 2
    prune(now=timezone.now() + YEARS)
    assert Message.objects.get().key == "told:2"
    job.delete()
    prune(now=timezone.now() + YEARS)
    assert not Message.objects.exists()
