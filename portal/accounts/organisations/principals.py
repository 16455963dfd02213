"""For whom somebody acts: for themselves (我本人), for an organisation as one of its people, or for another person under a mandate. The one
door to it is `principal_of`.

The choice is kept in the session (`choose`) and looked up anew at every request (`ActsFor`), so that whoever was removed, or whose mandate ended, acts for
them no more from their next request on. Rows of an application say for whom it is; a page of one principal is not shown while
somebody acts for another: `OtherPrincipal` says so and offers to switch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db.models import BigAutoField, DateField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.last_account import mark_of
from portal.accounts.models import Handler, Mandate, Organisation, Person, User
from portal.accounts.pending_post import is_by_script, keep_post
from portal.accounts.standing import accounts_under, handler_under, held_by, over_for, usable_by
from portal.lib.prepared import BuiltOnce, Slot

SESSION_KEY = "acts_as"  # the handler's row; absent: oneself
UNDER_KEY = "acts_under"  # the mandate's row
HAS_CHOICE = "acts_for_others"  # whether the switch has anything to choose from
ONESELF = "self"
DRAWN_FOR = "for"  # the hidden input of a form that says for whom its page was drawn


@dataclass(frozen=True, slots=True)
class Principal:
    """Whom somebody acts for. ``handler``: as which of an organisation's people; ``mandate``: under which another person lets them, ``via``
    as which of an intermediary's people; neither: for themselves."""

    user_id: int | None
    handler: Handler | None = None
    mandate: Mandate | None = None
    via: Handler | None = None

    @property
    def is_oneself(self) -> bool:
        return self.handler is None and self.mandate is None

    @property
    def organisation(self) -> Organisation | None:
        return self.handler.organisation if self.handler is not None else None

    @property
    def organisation_id(self) -> UUID | None:
        return self.handler.organisation_id if self.handler is not None else None

    @property
    def mandate_id(self) -> UUID | None:
        return self.mandate.pk if self.mandate is not None else None

    @property
    def told_as(self) -> UUID | None:
        """What messages name that are for who acts for them: the organisation, or the mandate."""
        return self.organisation_id or self.mandate_id

    @property
    def matters(self) -> list[str] | None:
        """The matters that may be handled for them, by their slugs; None: all."""
        limits = [each.matters for each in (self.handler, self.mandate, self.via) if each is not None]
        known = [set(limit) for limit in limits if limit is not None]
        return sorted(set.intersection(*known)) if known else None

    @property
    def key(self) -> str:
        """What tells principals of one account apart, in forms and sessions."""
        told_as = self.told_as
        return ONESELF if told_as is None else str(told_as)

    @property
    def name(self) -> str:
        """As people call them; empty for oneself."""
        if self.mandate is not None:
            return self.mandate.principal.name
        return self.organisation.name if self.organisation is not None else ""

    @property
    def label(self) -> str:
        """What the switch says."""
        if self.mandate is not None:
            return _("代 %(name)s 办理") % {"name": self.name}
        return self.name or _("我本人")

    def may_handle(self, matter: str) -> bool:
        """Whether a matter is among those that may be handled for them."""
        return all(each is None or each.may_handle(matter) for each in (self.handler, self.mandate, self.via))


class OtherPrincipal(Http404):
    """What was asked for is of another principal of this account. ``key``: whose; ``name``: as people call them, empty for oneself.

    ``page``: the path to go on at after the switch, where it is not the one asked for; ``keeps`` False: nothing was typed, a button was pressed.
    """

    def __init__(self, key: str, name: str, page: str = "", *, keeps: bool = True) -> None:
        self.key, self.name, self.page, self.keeps = key, name, page, keeps
        super().__init__(key)


class MandateOver(Http404):
    """What was asked for was done under a mandate of this account that is over. ``number``, ``name``: its number, and from whom it was;
    ``is_unconfirmed``: it waits for a second officer instead."""

    def __init__(self, number: str, name: str, *, is_unconfirmed: bool = False) -> None:
        self.number, self.name, self.is_unconfirmed = number, name, is_unconfirmed
        super().__init__(number)


def principal_of(user: object) -> Principal:
    """Return whom an account acts for in the request at hand. No query: `ActsFor` has looked."""
    return Principal(
        getattr(user, "pk", None),
        getattr(user, "acting_as", None),
        getattr(user, "acting_under", None),
        getattr(user, "acting_via", None),
    )


def handlers_of(user: object) -> list[Handler]:
    """Return as whom an account may act for organisations today, by their names. One query."""
    pk = getattr(user, "pk", None)
    if pk is None:
        return []
    return _by_name(_OF_ACCOUNT(user=pk, today=timezone.localdate()))


_OF_ACCOUNT = BuiltOnce(
    lambda: (
        Handler.objects.in_force(Slot("today", DateField()))
        .filter(person__user_id=Slot("user", BigAutoField()))
        .select_related("organisation")
    )
)


def handlers_of_person(person: Person) -> list[Handler]:
    """Return as whom a person, with or without an account, may act for organisations today, by their names. One query."""
    return _by_name(Handler.objects.in_force().filter(person=person).select_related("organisation"))


def _by_name(found: Iterable[Handler]) -> list[Handler]:
    return sorted(found, key=lambda handler: handler.organisation.name)


def may_act_for(organisation: UUID, matter: str, **who: Any) -> bool:
    """Return whether somebody acts for this organisation now, in this matter; the row is held until the caller's transaction ends.

    ``who``: a lookup of a handler's row (``person_id`` or ``person__user_id``). Asked again where something is written, so that nothing
    is done after a removal. One query.
    """
    found = Handler.objects.in_force().filter(organisation_id=organisation, **who)
    handler = found.select_for_update(of=("self",), no_key=True).first()
    return handler is not None and handler.may_handle(matter)


def recipients_of(
    applicant: Person, organisation: UUID | None, matter: str, mandate: UUID | None = None
) -> list[tuple[int, UUID | None]]:
    """Return whom to tell of something that was applied for: (account, for which organisation or under which mandate).

    An organisation's people are told whose matter it is; a person without an account is told at the counter. Under a mandate both hear: the
    person as themselves, who acts for them as that. One query for an organisation, two under a mandate, else none.
    """
    if organisation is None:
        own: list[tuple[int, UUID | None]] = [] if applicant.user_id is None else [(applicant.user_id, None)]
        if mandate is None:
            return own
        return own + [(account, mandate) for account in accounts_under(mandate, matter) if account != applicant.user_id]
    handlers = Handler.objects.in_force().filter(organisation_id=organisation).select_related("person")
    return [
        (handler.person.user_id, organisation)
        for handler in handlers
        if handler.person.user_id is not None and handler.may_handle(matter)
    ]


def refuse_other(user: object, organisation: Organisation | None, matter: str = "") -> None:
    """Raise `OtherPrincipal` where what an account asked for is of another of its principals; else nothing. At most one query.

    ``organisation``: whose it is; None: the account's own person's. ``matter``: which it is about.
    """
    if organisation is None:
        if not principal_of(user).is_oneself:
            raise OtherPrincipal(ONESELF, "")
        return
    if principal_of(user).organisation_id == organisation.pk:
        return
    handlers = [handler for handler in handlers_of(user) if handler.organisation_id == organisation.pk]
    if any(not matter or handler.may_handle(matter) for handler in handlers):
        raise OtherPrincipal(str(organisation.pk), organisation.name)


def refuse_under(user: object, mandate: UUID | None, matter: str) -> None:
    """Raise `OtherPrincipal` where an account may act under this mandate in this matter, but does not now, and `MandateOver` where it may no more.

    Nothing for anybody else. Two queries at most.
    """
    pk = getattr(user, "pk", None)
    if mandate is None or pk is None or principal_of(user).mandate_id == mandate:
        return
    found = usable_by(pk).filter(pk=mandate).first()
    if found is not None and Principal(pk, None, found, handler_under(found, pk)).may_handle(matter):
        raise OtherPrincipal(str(found.pk), found.principal.name)
    if found is None and (over := over_for(pk, mandate)) is not None:
        raise MandateOver(over.number, over.principal.name, is_unconfirmed=over.is_unconfirmed)


def refuse_if_drawn_for_another(request: HttpRequest, page: str = "", *, keeps: bool = True) -> None:
    """Raise `OtherPrincipal` where a form was drawn for another principal than the account acts for now; at most one query.

    Another window has switched meanwhile: what its people see there must not be done to somebody else. ``page``, ``keeps``: as there.
    Raises Http404 where the account acts for that principal no more.
    """
    now = principal_of(request.user).key
    drawn = request.POST.get(DRAWN_FOR, now)
    if drawn == now:
        return
    if drawn == ONESELF:
        raise OtherPrincipal(ONESELF, "", page, keeps=keeps)
    other = _principal_named(request.user, drawn)
    if other is not None:
        raise OtherPrincipal(drawn, other.name, page, keeps=keeps)
    raise Http404


def _principal_named(user: Any, key: str) -> Principal | None:
    """Return whom a key names, where the account may act for them now; None otherwise. At most three queries."""
    for handler in handlers_of(user):
        if str(handler.organisation_id) == key:
            return Principal(user.pk, handler)
    try:
        found = usable_by(user.pk).filter(pk=UUID(key)).first()
    except ValueError:
        return None
    return None if found is None else Principal(user.pk, None, found, handler_under(found, user.pk))


def choose(request: HttpRequest, key: str) -> Principal | None:
    """Act for whom `key` names from now on (`Principal.key`); None where the account does not act for them, and nothing changes."""
    user: Any = request.user
    chosen = Principal(user.pk) if key == ONESELF else _principal_named(user, key)
    if chosen is None:
        return None
    for place, row in ((SESSION_KEY, chosen.handler), (UNDER_KEY, chosen.mandate)):
        request.session.pop(place, None)
        if row is not None:
            request.session[place] = str(row.pk)
            request.session[HAS_CHOICE] = True
    user.acting_as, user.acting_under, user.acting_via = chosen.handler, chosen.mandate, chosen.via
    return chosen


def note_choice(request: HttpRequest) -> list[Principal]:
    """Look whom this account may act for, and remember whether the switch has anything to show. Two queries."""
    found = principals_of(request.user)
    if bool(found) != bool(request.session.get(HAS_CHOICE)):
        request.session[HAS_CHOICE] = bool(found)
    return found


def principals_of(user: object) -> list[Principal]:
    """Return whom an account may act for beside itself: organisations, then persons who let it. Two queries.

    An intermediary's clients are not among them: they stand on its own page.
    """
    pk = getattr(user, "pk", None)
    if pk is None:
        return []
    return [Principal(pk, handler) for handler in handlers_of(user)] + [Principal(pk, None, one) for one in held_by(pk)]


def choices(request: HttpRequest) -> list[Principal]:
    """Return what the switch on every page offers beside oneself. Two queries for those who act for others, else none."""
    session = getattr(request, "session", None)
    if session is None or not session.get(HAS_CHOICE):
        return []
    return principals_of(request.user)


class ActsFor:
    """Middleware that looks up, at every request, whom its account acts for; and answers what is of another principal."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get(SESSION_KEY) and request.user.is_authenticated:
            self._look_up(request, request.session[SESSION_KEY])
        elif request.session.get(UNDER_KEY) and request.user.is_authenticated:
            self._look_up_mandate(request, request.session[UNDER_KEY])
        return self.get_response(request)

    def _look_up(self, request: HttpRequest, chosen: str) -> None:
        user: Any = request.user
        handlers = Handler.objects.in_force().filter(pk=chosen, person__user_id=user.pk)
        user.acting_as = handlers.select_related("organisation").first()
        if user.acting_as is None:
            del request.session[SESSION_KEY]
            if not is_by_script(request):
                messages.warning(request, _("您已不能再替原来的单位办事，现在以本人身份办理。"))

    def _look_up_mandate(self, request: HttpRequest, chosen: str) -> None:
        user: Any = request.user
        user.acting_under = usable_by(user.pk).filter(pk=chosen).first()
        if user.acting_under is not None:
            user.acting_via = handler_under(user.acting_under, user.pk)
            return
        del request.session[UNDER_KEY]
        if not is_by_script(request):
            messages.warning(request, _("这份授权已经终止或者到期，您不能再代对方办理，现在以本人身份办理。"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say whose it is and offer to switch; what was posted waits for it."""
        if isinstance(exception, MandateOver) and not is_by_script(request):
            return render(request, "accounts/mandate_over.html", {"over": exception}, status=404)
        if not isinstance(exception, OtherPrincipal):
            return None
        if is_by_script(request):
            said = _("这一页不是您现在替其办事的一方的，没有保存。请先切换，再接着办。")
            return JsonResponse({"code": "other_principal", "message": said}, status=409)
        is_post = request.method == "POST"
        is_kept = (
            is_post and exception.keeps and keep_post(request, exception.page, owner=mark_of(str(request.user.pk)))
        )
        # Whoever only looked comes back to the same query; a form is sent to the path alone.
        page = exception.page or (request.path if is_post else request.get_full_path())
        context = {"other": exception, "is_kept": is_kept, "is_post": is_post, "page": page}
        return render(request, "accounts/other_principal.html", context, status=409)


def _note_at_login(sender: object, request: HttpRequest | None, user: User, **more: Any) -> None:
    """Begin every login as oneself."""
    if request is not None and hasattr(request, "session"):
        request.session.pop(SESSION_KEY, None)
        request.session.pop(UNDER_KEY, None)
        request.session[HAS_CHOICE] = bool(principals_of(user))


def listen() -> None:
    """Hear of every login, for as long as the process lives."""
    user_logged_in.connect(_note_at_login, dispatch_uid="portal.accounts.organisations.principals")
