"""Where the matrix is tried: the town with cases in every relation to everybody, and a row of every kind in the console."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from catalog.models import (
    Appointment,
    DataElement,
    Department,
    Division,
    FactSource,
    ItemImplementation,
    ItemVersion,
    Material,
    Matter,
    Membership,
    MistakeReport,
    Proposal,
    RegionalGuide,
    SearchMiss,
    SearchPhrase,
    SearchQuestion,
    SearchTarget,
    ServiceItem,
    SynonymGroup,
    Translation,
)
from catalog.staff.managers import MANAGERS, REVIEWERS
from catalog.staff.memberships import dismiss
from catalog.versions.items import content_of
from certificates.models import Certificate, StatusList
from matters.dispatching.drawing_up import draw_up
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import (
    BenefitPolicy,
    Bundle,
    Channel,
    Contradiction,
    CorrectionNotice,
    CorrectionRequest,
    Decision,
    DecisionPhrase,
    DeficiencyPhrase,
    DepartmentSystem,
    Draft,
    FactDispute,
    ReviewTask,
    SigningRule,
    SubItem,
)
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.review import accept, claim, decide
from matters.submitting.submission import submit_bundle
from portal.accounts.models import Organisation, Person, User
from portal.accounts.organisations.activities import Evidence, register_organisation
from portal.ledger.access import record_access
from portal.ledger.models import AccessRecord, Event, SecurityEvent
from portal.notices.models import Message
from portal.outbox.models import OutboxMessage
from portal.retention.holds import place_hold
from portal.retention.models import LegalHold, PruningRun
from portal.sharing.models import DataSource, Grant
from tests.worlds.cast import DENG, PASSWORD, TANG, Character, cataloguer, logged_in, user_of
from tests.worlds.keeping import kept
from tests.worlds.town import VALUES, Town, advance, build_town, picture

# Everybody the matrix asks for: a role, and how they stand to the cases of the town. Li applies; the clerk of a township that takes part
# in nothing enters a case for her; the police and health handle parts of it; labour takes part in nothing.
ANONYMOUS = "anonymous"
POSTS = {
    "clerk": ("township", "clerk"),
    "clerk_of_the_site": ("township", "clerk"),
    "clerk_elsewhere": ("labour", "clerk"),
    "clerk_of_police": ("police", "clerk"),
    "reviewer_elsewhere": ("labour", "reviewer"),
    "supervisor": ("police", "supervisor"),
    "dismissed_clerk": ("township", "clerk"),
    "dismissed_reviewer": ("police", "reviewer"),
}
DISMISSED = ("dismissed_clerk", "dismissed_reviewer")


@dataclass(frozen=True, slots=True)
class Everything:
    """The people with their sessions, and what addresses are made of."""

    cookies: dict[str, SimpleCookie]
    objects: dict[str, dict[str, Any]]


def build_everything() -> Everything:
    """Build the town of the matrix."""
    everything = kept("everything", _build)
    with connection.cursor() as cursor:
        # Thousands of requests follow in this one transaction, whose rows nobody else counts: without numbers of its own the
        # planner once read whole tables for every right that was asked for, and 20 seconds became minutes.
        # Of our own tables: what all databases share stays locked until the end, and another worker would wait for it.
        cursor.execute(f"ANALYZE {', '.join(connection.introspection.table_names())}")
    return everything


def _build() -> Everything:
    town = build_town()
    for code, name in (("township", "桃花镇人民政府"), ("labour", "市人力资源和社会保障局")):
        town.departments[code] = Department.objects.create(code=code, name=name, short_name=name)
    people = {
        "applicant": town.li,
        "citizen": town.stranger,
        "reviewer": town.wang,
        "reviewer_of_health": town.zhao,
        "lead": town.zhou,
        "manager": cataloguer(TANG, MANAGERS),
        "catalog_reviewer": cataloguer(DENG, REVIEWERS),
        "administrator": User.objects.create_superuser("administrator", password=PASSWORD, name="管理员"),
        **{
            name: user_of(Character(name, name), (town.departments[code], role)) for name, (code, role) in POSTS.items()
        },
    }
    objects = _cases(town, people) | _certificate() | _catalog(town, people["manager"])
    objects["appointment"] = {"pk": _appointment(town, people).pk}
    objects["dispute"] = {"dispute": _dispute(town).pk}
    objects["contradiction"] = {"contradiction": _contradiction(town).pk}
    objects |= _rows(people["manager"])
    for name in DISMISSED:
        code, role = POSTS[name]
        dismiss(people[name], town.departments[code], role)
    cookies = {name: logged_in(user).cookies for name, user in people.items()}
    return Everything({ANONYMOUS: SimpleCookie(), **cookies}, objects)


def _draft(town: Town, by: User, channel: str) -> Draft:
    draft = start_draft(
        version=town.version, applicant=town.li_person, entered_by=by, answers={}, profile={}, channel=channel
    )
    save_values(draft, VALUES, seen=draft.revision)
    return draft


def _cases(town: Town, people: dict[str, User]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, by, channel in (("online", town.li, Channel.ONLINE), ("counter", people["clerk"], Channel.COUNTER)):
        draft = _draft(town, by, channel)
        paper = take_upload(draft, "household_book", picture(), accept=("image/png",))
        found[f"{name} draft"] = {"draft_id": draft.pk}
        found[f"{name} draft's paper"] = {"draft_id": draft.pk, "paper_id": paper.pk}
        found[f"{name} draft's document"] = {"draft_id": draft.pk, "name": "form"}
        filed = _draft(town, by, channel)
        paper = take_upload(filed, "household_book", picture(), accept=("image/png",))
        bundle = submit_bundle(draft=filed, by=by)
        advance([bundle.pk])
        gap = Gap("field", "child:person.name", "请核对姓名")
        asked = request_correction(town.zhao, town.part(bundle, "birth_cert"), [gap])
        found[f"{name} submitted draft"] = {"draft_id": filed.pk}
        found[f"{name} bundle"] = {"number": bundle.number}
        found[f"{name} bundle's paper"] = {"number": bundle.number, "paper": paper.pk}
        found[f"{name} bundle's document"] = {"number": bundle.number, "document": bundle.documents.get().pk}
        with transaction.atomic():
            receipt, *_others = draw_up([bundle.pk])
        found[f"{name} bundle's letter"] = {"number": bundle.number, "letter": receipt.pk}
        found[f"{name} bundle's correction"] = {"number": bundle.number, "request_id": asked.pk}
    return found | _handled(town)


def _handled(town: Town) -> dict[str, dict[str, Any]]:
    """A case that health has decided, so that it is the police's turn: with a certificate of health's and a task of the police's."""
    bundle = town.submit()
    birth = town.part(bundle, "birth_cert")
    claim(town.zhao, birth)
    decide(town.zhao, accept(town.zhao, birth), "approved", outputs={"number": "A123456789"})
    advance([bundle.pk])
    part = town.part(bundle, "hukou")
    with transaction.atomic():
        letter = draw_up([bundle.pk])[-1]
    paper = bundle.materials.get(material="household_book")
    return {
        "case of the police": {"number": part.number},
        "case of the police's paper": {"number": part.number, "paper": paper.pk},
        "case of the police's certificate": {"number": part.number, "certificate": paper.pk},
        "case of the police's form": {"number": part.number, "document": bundle.documents.get().pk},
        "case of the police's letter": {"number": part.number, "letter": letter.pk},
        **{f"{action} of the police": {"number": part.number, "action": action} for action in ("claim", "accept")},
        "desk of the police": {"department": "police"},
        "check of the police": {"department": "police", "check": 1},
        "nobody's system": {"system": "nobody"},
        "nobody's question": {"number": 1},
        "difference of the police": {"department": "police", "difference": 1},
        "somebody's order": {"order_id": 1},
        "bulk action of the police": {"department": "police", "action": 1},
        "absence of the police": {"department": "police", "absence": 1},
        "somebody's benefit": {"match": uuid.UUID(int=1)},
    }


def _certificate() -> dict[str, dict[str, Any]]:
    certificate = Certificate.objects.get()
    holder = Person.objects.get(user__username="li")
    Certificate.objects.filter(pk=certificate.pk).update(applicant=holder)
    StatusList.objects.create(number=certificate.status_list, token="a signed list")
    return {
        "certificate": {"id": certificate.pk},
        "token": {"token": certificate.verification_token},
        "status list": {"number": certificate.status_list},
    }


def _catalog(town: Town, manager: User) -> dict[str, dict[str, Any]]:
    item = ServiceItem.objects.create(slug="hukou", name="户口登记", department=town.departments["police"])
    division = Division.objects.create(code="360102", name="东湖区", level="county")
    content = town.version.content
    proposal = Proposal.objects.create(
        matter=town.matter, content=content, content_hash="0" * 64, note="改名称", proposed_by=manager
    )
    ItemVersion.objects.create(item=item, number=1, content=content_of(item), content_hash="1" * 64)
    ItemImplementation.objects.create(item=item, division=division)
    RegionalGuide.objects.create(key="guide", name="新生儿", place="某县", matter=town.matter)
    return {
        "matter": {"slug": town.matter.slug},
        "nothing known": {"slug": "nothing-known"},
        "item": {"slug": item.slug},
        "matter's row": {"pk": town.matter.pk},
        "new proposal": {"kind": "matter", "pk": town.matter.pk},
        "proposal": {"pk": proposal.pk},
        "regions of a matter": {"kind": "matter", "slug": town.matter.slug},
        "somebody's package": {"token": "nobodys"},
        "shown code": {"code": "00000000"},
        "organisation": {"code": "91360102MA9999013M"},
        "somebody's passkey": {"pk": 1},
        "somebody's consent": {"consent": uuid.UUID(int=1)},
        "somebody's export": {"id": uuid.UUID(int=1), "kind": "pdf"},
        "somebody's link": {"uidb64": "MQ", "token": "nobodys"},
        "account": {"id": town.zhang.pk},
        "applications": {"app_label": "matters"},
        "row on the site": {"content_type_id": 1, "object_id": 1},
        "anything": {"url": "nothing/"},
        "no row": {"object_id": 0},
    }


def _appointment(town: Town, people: dict[str, User]) -> Appointment:
    return Appointment.objects.create(
        user=people["clerk_elsewhere"],
        department=town.departments["police"],
        role=Membership.Role.REVIEWER,
        proposed_by=people["manager"],
    )


def _contradiction(town: Town) -> Contradiction:
    now, later = timezone.now(), timezone.now() + timedelta(days=1)
    bundle = Bundle.objects.get(channel=Channel.COUNTER)
    notice = CorrectionNotice.objects.create(bundle=bundle, opened_at=now, closes_at=later)
    return Contradiction.objects.create(
        notice=notice,
        target="field",
        key="child:person.name",
        passed_by=town.departments["health"],
        lead=town.departments["police"],
        found_at=now,
        settle_by=later,
    )


def _dispute(town: Town) -> FactDispute:
    now = timezone.now()
    return FactDispute.objects.create(
        person=town.li_person,
        department=town.departments["police"],
        fact="certificate:1",
        label="户口簿",
        opened_by=town.li,
        opened_at=now,
        due_on=now.date(),
    )


def _rows(manager: User) -> dict[str, dict[str, Any]]:
    """Return a row of every model of the console, by its name. What the town has not brought about is added."""
    health = Department.objects.get(code="health")
    target = SearchTarget.objects.create(slug="target", kind=SearchTarget.Kind.values[0], name="户口")
    missing: dict[type[Model], Callable[[], Model]] = {
        AccessAttempt: lambda: AccessAttempt.objects.create(failures_since_start=1),
        Organisation: _organisation,
        Message: lambda: Message.objects.create(recipient=manager, key="a", kind="concluded"),
        OutboxMessage: lambda: OutboxMessage.objects.create(kind="fan_out", subject="a", not_before=timezone.now()),
        DataElement: lambda: DataElement.objects.create(code="person.name", name="姓名", type="text"),
        Material: lambda: Material.objects.create(code="photo", name="照片"),
        FactSource: lambda: FactSource.objects.create(key="law", citation="某法"),
        Translation: lambda: Translation.objects.create(source="姓名", text="Name"),
        MistakeReport: lambda: MistakeReport.objects.create(
            department=health, matter=Matter.objects.get(), kind=MistakeReport.Kind.values[0], text="写错了"
        ),
        SearchPhrase: lambda: SearchPhrase.objects.create(target=target, text="落户"),
        SynonymGroup: lambda: SynonymGroup.objects.create(name="户口", words="户籍"),
        SearchQuestion: lambda: SearchQuestion.objects.create(ask="办什么", phrases="户口", candidates=[]),
        DataSource: _source,
        Grant: lambda: Grant.objects.create(
            provision=_source().provisions.create(kind="material", code="marriage"), item="register"
        ),
        LegalHold: lambda: place_hold(
            User.objects.get(username="administrator"), "诉讼", case=(uuid.uuid4(), "360103-1")
        ),
        PruningRun: lambda: PruningRun.objects.create(day=timezone.localdate(), started_at=timezone.now()),
        BenefitPolicy: _policy,
        DecisionPhrase: lambda: DecisionPhrase.objects.create(
            department=Department.objects.get(code="police"), use="rejected", code="R01", phrase="不符合条件。"
        ),
        DeficiencyPhrase: lambda: DeficiencyPhrase.objects.create(
            department=Department.objects.get(code="police"), kind="unsigned", phrase="请补签名。"
        ),
        SigningRule: lambda: SigningRule.objects.create(department=Department.objects.get(code="police"), levels=2),
        DepartmentSystem: lambda: DepartmentSystem.objects.create(
            code="desk", name="业务系统", department=Department.objects.get(code="police"), items=["x"], address="desk"
        ),
        SearchMiss: lambda: SearchMiss.objects.create(text="没有", last_on=timezone.localdate()),
        SecurityEvent: lambda: SecurityEvent.objects.create(kind="login_failed"),
        AccessRecord: lambda: record_access(manager, uuid.uuid4(), "console", ["name"]),
    }
    found: dict[str, dict[str, Any]] = {}
    for model in admin.site._registry:
        rows = model._default_manager.order_by("pk")
        if (one := _of_the_town(model)) is None and (one := rows.first()) is None:
            one = missing[model]()
        found[f"{model._meta.app_label}_{model._meta.model_name}"] = {"object_id": one.pk}
    return found


def _organisation() -> Organisation:
    return register_organisation(
        name="某公司",
        code="91360102MA9999013M",
        legal_representative=Person.objects.get(user__username="li"),
        evidence=Evidence("demo"),
    )


def _policy() -> BenefitPolicy:
    police = Department.objects.get(code="police")
    said = {"name": "津贴", "matter": "newborn", "conditions": "满 80 周岁", "ground": "某法", "least_age": 80}
    return BenefitPolicy.objects.create(code="allowance", department=police, **said)


def _source() -> DataSource:
    civil = Department.objects.order_by("pk").first()
    return DataSource.objects.get_or_create(code="register", defaults={"name": "登记库", "department": civil})[0]


def _of_the_town(model: type[Model]) -> Any:
    """Return the row by which the relations are told apart: of the police where there is one, else of health."""
    if model is Bundle:
        return Bundle.objects.get(channel=Channel.COUNTER)
    if model in (SubItem, ReviewTask):
        rows = model.objects.filter(department__code="police")  # type: ignore[attr-defined]
        return rows.filter(**({"state": "queued"} if model is SubItem else {})).first()
    if model is Department:
        return Department.objects.get(code="police")
    if model in (Decision, CorrectionRequest, Event, User):
        return model.objects.order_by("pk").first()  # type: ignore[attr-defined]
    return None
