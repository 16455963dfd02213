"""Notes stay in their department; messages go between a department and the applicant's side, and stay as they were written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from catalog.staff.memberships import enroll
from matters.models import Bundle, CaseMessage, CaseNote, Channel, SubItem
from matters.reviewing import review
from matters.reviewing.conversing import write_note, write_to_applicant, write_to_department
from matters.wording.refusals import Invalid, NotAllowed, StateChanged
from portal.accounts.models import User
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.outbox.processing import process
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
QUESTION = "请问孩子随父亲还是随母亲落户？"
REPLY = "随母亲。"
NOTE = "已电话核实过一次，对方说周五补来"


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    town, bundle = turn_of_the_police
    return town.part(bundle, "hukou")


def case(user: User, part: SubItem) -> str:
    return logged_in(user).get(reverse("matters:case", args=[part.number])).content.decode()


def own(user: User, part: SubItem) -> str:
    return logged_in(user).get(reverse("matters:bundle", args=[part.bundle.number])).content.decode()


def do(user: User, part: SubItem, action: str, **sent: str) -> int:
    return logged_in(user).post(reverse("matters:case_action", args=[part.number, action]), sent).status_code


def test_a_question_is_answered_in_place_and_both_are_told(town: Town, hukou: SubItem) -> None:
    review.claim(town.wang, hukou)
    assert do(town.wang, hukou, "message", message=QUESTION) == 302
    process("notify")
    told = Message.objects.get(recipient=town.li, kind="message_sent")
    assert QUESTION not in str(told.data)  # the words stand sealed with the case alone
    assert QUESTION in own(town.li, hukou)
    form = own(town.li, hukou).split(reverse("matters:bundle_messages", args=[hukou.bundle.number]))[1]
    assert "csrfmiddlewaretoken" in form.split("</form>")[0]  # a browser's answer is taken
    sent = {"sub_item": hukou.number, "message": REPLY}
    answer = logged_in(town.li).post(reverse("matters:bundle_messages", args=[hukou.bundle.number]), sent)
    assert answer["Location"] == reverse("matters:bundle", args=[hukou.bundle.number])
    assert REPLY in case(town.wang, hukou)
    assert [one.recipient for one in Message.objects.filter(kind="message_received")] == [town.wang]
    kinds = list(Event.objects.filter(chain_id=hukou.bundle_id, sub_item="hukou").values_list("kind", flat=True))
    assert kinds[-2:] == ["message_sent", "message_received"]
    assert town.part(hukou.bundle, "hukou").state == hukou.state  # nothing of the case has moved


def test_where_nobody_holds_it_all_who_review_are_told_and_another_department_reads_nothing(
    town: Town, hukou: SubItem
) -> None:
    write_to_department(town.li, hukou, REPLY)
    told = Message.objects.filter(kind="message_received").values_list("recipient", flat=True)
    assert set(told) == {town.wang.pk, town.zhang.pk, town.zhou.pk}
    birth = town.part(hukou.bundle, "birth_cert")
    assert REPLY not in case(town.zhao, birth)
    assert REPLY in case(town.zhang, hukou)


def test_the_window_speaks_for_who_came_to_it(town: Town) -> None:
    bundle = town.submit(channel=Channel.COUNTER)
    birth = town.part(bundle, "birth_cert")
    write_to_applicant(town.zhao, birth, QUESTION)
    page = logged_in(town.sun).get(reverse("admin:counter_bundle", args=[bundle.number])).content.decode()
    assert QUESTION in page
    form = page.split(reverse("matters:bundle_messages", args=[bundle.number]))[1]
    assert "csrfmiddlewaretoken" in form.split("</form>")[0]
    sent = {"sub_item": birth.number, "message": REPLY}
    answer = logged_in(town.sun).post(reverse("matters:bundle_messages", args=[bundle.number]), sent)
    assert answer["Location"] == reverse("admin:counter_bundle", args=[bundle.number])
    assert [one.side for one in CaseMessage.objects.order_by("pk")] == ["department", "window"]


def test_what_was_not_taken_stays_in_its_box(town: Town, hukou: SubItem) -> None:
    long = "长" * 1001
    address = reverse("matters:bundle_messages", args=[hukou.bundle.number])
    li = logged_in(town.li)
    answer = li.post(address, {"sub_item": hukou.number, "message": long}, follow=True).content.decode()
    assert "最多 1000 个字" in answer
    assert long in answer
    wang = logged_in(town.wang)
    refused = wang.post(reverse("matters:case_action", args=[hukou.number, "message"]), {"message": long})
    assert refused.status_code == 422
    assert long in refused.content.decode()
    with pytest.raises(Invalid):
        write_note(town.wang, hukou, "  ")
    assert not CaseMessage.objects.exists()


def test_a_note_is_for_colleagues_alone(town: Town, hukou: SubItem) -> None:
    assert do(town.wang, hukou, "note", note=NOTE) == 302
    assert NOTE in case(town.zhang, hukou)
    assert NOTE not in own(town.li, hukou)
    assert NOTE not in case(town.zhao, town.part(hukou.bundle, "birth_cert"))
    page = logged_in(town.sun).get(reverse("matters:case", args=[hukou.number])).content.decode()
    assert NOTE in page  # who accepts for the police is one of its colleagues
    boss = User.objects.create_user("supervisor", name="监察员", is_staff=True)
    enroll(boss, town.departments["police"], "supervisor")
    assert logged_in(boss).get(reverse("matters:case", args=[hukou.number])).status_code == 404


def test_who_has_no_part_in_it_writes_nothing(town: Town, hukou: SubItem) -> None:
    address = reverse("matters:bundle_messages", args=[hukou.bundle.number])
    for user in (town.stranger, town.wang, town.sun):
        answer = logged_in(user).post(address, {"sub_item": hukou.number, "message": REPLY})
        assert answer.status_code == 404, user
    for user in (town.zhao, town.stranger):
        assert do(user, hukou, "note", note=NOTE) == 404
    with pytest.raises(NotAllowed):
        write_to_applicant(town.zhao, hukou, QUESTION)
    with pytest.raises(NotAllowed):
        write_to_department(town.wang, hukou, REPLY)


def test_once_it_is_decided_nothing_more_is_written_but_notes(town: Town, hukou: SubItem) -> None:
    review.refuse_acceptance(town.wang, hukou, "不属于本机关职权范围")
    decided = town.part(hukou.bundle, "hukou")
    with pytest.raises(StateChanged):
        write_to_applicant(town.wang, decided, QUESTION)
    with pytest.raises(StateChanged):
        write_to_department(town.li, decided, REPLY)
    assert do(town.wang, decided, "note", note=NOTE) == 302


@pytest.mark.parametrize("change", ["text_sealed = ''", "sent_at = now()"])
def test_what_was_written_stays(town: Town, hukou: SubItem, change: str) -> None:
    write_to_applicant(town.wang, hukou, QUESTION)
    write_note(town.wang, hukou, NOTE)
    statements = [
        f"UPDATE matters_casemessage SET {change}",
        "DELETE FROM matters_casemessage",
        "DELETE FROM matters_casenote",
    ]
    for statement in statements:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert CaseNote.objects.get().text == NOTE
