"""Proving who one is by a code sent to the telephone that a register has for one's number (level 1).

The person agrees to the one question; a worker asks it, and the code goes to the telephone that the register names. Neither page nor row of
the asker says whether the register knew the number, whether the name fits it, or which telephone it is: that would be for trying out whose
number fits whose name. Nothing of the answer is kept but that there was one.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import document_number, prove_own
from portal.identifiers.normalising import InvalidIdentifier, mobile_phone
from portal.lib.counting import count
from portal.lib.vault import blind_index
from portal.notices.texting import can_send, send_text
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import enqueue
from portal.sharing.core.inquiry import Adapter, DataSubject, Inquiry, Wanted
from portal.sharing.models import Grant, PhoneCheck, Provision

log = structlog.get_logger(__name__)

KIND = "phone_code"
# For what the owner of the register lets it be asked: a grant like that of an item.
PURPOSE = "identity_check"
PHONE = "person.phone"
TERM = timedelta(minutes=5)
ASKING = timedelta(minutes=10)  # how long a page waits for its code
MOST_TRIES = 5
HOUR, DAY = 3600, 24 * 3600
# So many codes for one account and from one address in an hour; from one address about one number in a day: who asks is braked first, so that
# no stranger uses up what a number and a telephone may be sent in a day.
BY_ACCOUNT, BY_ADDRESS, BY_ADDRESS_OF_NUMBER, BY_NUMBER, BY_PHONE = 5, 30, 5, 20, 5
# What strangers cannot use up: of each account that is a day old, and of one that itself states the telephone, in a day.
RESERVE = 2


def provision_of_phones() -> Provision | None:
    """Return what can be asked: the most certain open source of telephone numbers whose owner lets it be asked for this. One query."""
    found = Provision.objects.filter(
        kind=Provision.Kind.ELEMENT,
        code=PHONE,
        about=Provision.About.PERSON,
        source__is_open=True,
        grants__item=PURPOSE,
        grants__state=Grant.State.GRANTED,
    ).select_related("source__department")
    return found.order_by("-source__certainty", "source__code").first() if can_send() else None


def words_of(provision: Provision) -> str:
    """Return what is agreed to. Nobody is named in it."""
    return _(
        "我同意用我填写的姓名和证件号码，向%(department)s（%(source)s）查询登记的手机号，并向那个手机号发送验证码。"
        "只查这一次，只用于核验我的身份；手机号不显示，也不保存。"
    ) % {"department": provision.source.department.name, "source": provision.source.name}


def is_too_often(person: Person, address: str) -> bool:
    """Count one more code, and say whether it is more than allowed. What is refused for who asks is not counted against the number."""
    account, number = str(person.user_id), bytes(person.document_index).hex()
    if (
        _is_over("account", account, HOUR, BY_ACCOUNT)
        or _is_over("address", address, HOUR, BY_ADDRESS)
        or _is_over("address_of_number", f"{address} {number}", DAY, BY_ADDRESS_OF_NUMBER)
    ):
        return True
    if not _is_over("number", number, DAY, BY_NUMBER):
        return False
    is_new = person.user is None or person.user.date_joined > timezone.now() - timedelta(days=1)
    return is_new or _is_over("reserve", account, DAY, RESERVE)


def _is_over(what: str, whose: str, seconds: int, most: int) -> bool:
    return count(f"phone_code:{what}", whose, seconds) > most * settings.YIJIAN_LIMITS_FACTOR


def _may_be_sent(check: PhoneCheck, phone: str) -> bool:
    """Count one more message to a telephone. An account that itself states it has a reserve of its own: strangers ask about the number alone."""
    if not _is_over("phone", phone, DAY, BY_PHONE):
        return True
    return check.person.phone == phone and not _is_over("own_phone", f"{check.person.user_id} {phone}", DAY, RESERVE)


@transaction.atomic
def begin(person: Person, provision: Provision) -> PhoneCheck:
    """Keep that a person agreed, with the words they were shown, and have the register asked. What was sent before opens nothing any more."""
    text = words_of(provision)
    PhoneCheck.objects.filter(person=person, used_at=None, until__gt=timezone.now()).update(until=timezone.now())
    check = PhoneCheck.objects.create(
        person=person, provision=provision, text=text, text_sha256=hashlib.sha256(text.encode()).hexdigest()
    )
    enqueue(KIND, check.pk)
    return check


def pending(person: Person) -> PhoneCheck | None:
    """Return the check whose code a person may be waiting for. One query."""
    since = timezone.now() - ASKING
    return PhoneCheck.objects.filter(person=person, used_at=None, asked_at__gt=since).order_by("-asked_at").first()


def send_codes(claims: Sequence[Claim]) -> None:
    """Handle ``phone_code``: ask the register, and send a code to the telephone that it names. The subject is the check.

    At most one message a job: the job is done with the code that is kept, and only then the message goes out. What the gateway could not
    send is not sent again, as nobody knows whether it arrived; the person asks for another. Raises ``StaleLease``.
    """
    for claim in claims:
        check = PhoneCheck.objects.select_related("person__user", "provision__source").filter(pk=claim.subject).first()
        is_waited_for = check is not None and check.until is None and check == pending(check.person)
        phone = _ask(check) if check is not None and is_waited_for else ""
        with transaction.atomic():
            complete([claim])
            code = _keep(check, phone) if check is not None and is_waited_for else ""
        if check is not None and code:
            _send(check, phone, code)


@transaction.atomic
def redeem(user: User, code: str) -> Person | None:
    """Prove whose account it is by the code that was sent for it; None for a wrong one, one that is over, and where none was sent.

    Five tries a code. Raises `PersonConflict`.
    """
    check = (
        PhoneCheck.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(person__user=user, used_at=None)
        .order_by("-asked_at")
        .first()
    )
    if check is None:
        return None
    check.tries += 1
    check.save(update_fields=["tries"])
    is_over = check.until is None or check.until <= timezone.now() or check.tries > MOST_TRIES
    if not constant_time_compare(bytes(check.code_index).hex(), _index(check, code).hex()) or is_over:
        return None
    check.used_at = timezone.now()
    check.save(update_fields=["used_at"])
    claim = check.person
    return prove_own(
        user,
        name=claim.name,
        document_kind=claim.document_kind,
        number=document_number(claim),
        method=IdentityCheck.Method.SMS,
        reference=f"{check.provision.source.code} {check.pk}",
    )


def _ask(check: PhoneCheck) -> str:
    """Ask the register and return the telephone it names, or nothing; set, not saved, how it went."""
    source, person = check.provision.source, check.person
    subject = DataSubject(person.document_kind, document_number(person), person.name)
    asked = check.provision.asked
    inquiry = Inquiry(
        source=source.code,
        address=source.address,
        subject=subject,
        wanted=(Wanted(asked, check.provision.path or PHONE),),
        items=(PURPOSE,),
        purpose=check.text,
        reference=str(check.pk),
        fetch=str(check.pk),
    )
    adapter: Adapter = import_string(settings.YIJIAN_SHARING_ADAPTERS[source.adapter])()
    started = time.monotonic()
    reply = adapter.ask(inquiry)
    check.milliseconds = math.ceil((time.monotonic() - started) * 1000)
    phone = _phone(reply.elements.get(PHONE))
    check.outcome = reply.outcome if phone or reply.outcome != "found" else "not_found"
    # Neither who was asked about nor whether a telephone was found.
    log.info("phone_code_asked", source=source.code, check=str(check.pk), milliseconds=check.milliseconds)
    return phone


def _keep(check: PhoneCheck, phone: str) -> str:
    """Save how it went and the index of a new code for this telephone; return the code, or nothing where none is to be sent."""
    if not phone or not _may_be_sent(check, phone):
        check.save(update_fields=["outcome", "milliseconds"])
        return ""
    code = f"{secrets.randbelow(10**6):06d}"
    check.code_index, check.until = _index(check, code), timezone.now() + TERM
    check.save(update_fields=["outcome", "milliseconds", "code_index", "until"])
    return code


def _send(check: PhoneCheck, phone: str, code: str) -> None:
    try:
        with translation.override("zh-hans"):
            send_text(phone, _text(code))
    except OSError as trouble:
        log.warning("phone_code_not_sent", check=str(check.pk), error=type(trouble).__name__)


def _text(code: str) -> str:
    return _("【一件】您正在核验身份，验证码 %(code)s，5 分钟内有效。不是您本人操作的，请不要告诉任何人。") % {
        "code": code
    }


def _phone(told: Any) -> str:
    try:
        return mobile_phone(str(told)) if told else ""
    except InvalidIdentifier:
        return ""


def _index(check: PhoneCheck, code: str) -> bytes:
    return blind_index(f"phone_code:{check.pk}", code.strip())
