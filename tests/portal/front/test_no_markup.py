"""Whatever is called, typed, answered or asked for stays text: every page that shows it is read by an HTML5 parser.

The same words stand in names, labels, options, hints, reasons, file names, notes and addresses. Where one of them became an element or
an attribute, or was evaluated by a template, the page is named.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import tinyhtml5
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from catalog.models import CertificateType, Department, Matter, ServiceItem
from catalog.packages.importing import import_package
from certificates.models import Certificate
from matters.drafts.saving import save_values, start_draft
from matters.drafts.uploads import take_upload
from matters.models import Draft, SubItem, SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.corrections import Gap, request_correction
from portal.accounts.models import User
from tests.addresses import addresses
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.building import publish
from tests.worlds.cast import PASSWORD, logged_in
from tests.worlds.reading import reading
from tests.worlds.tiny import TINY, write_package
from tests.worlds.town import CERTIFICATE_TYPES, ELEMENTS, ITEMS, MATERIALS, MATTER, POSTS, VALUES, Town, picture

pytestmark = pytest.mark.django_db

# Leaves a text, an attribute, a title, a script, a comment, a template.
WORDS = "\"'></script></title>--><x-canary y-canary=1>{{7*7}}{%x%}&lt;i"
# Names of a package are short.
SHORT = "\"'></script></title><x-canary>"
# What the public reads of a matter comes from a whole definition: the package.
WHOLE = ("/matters/newborn/", "/items/newborn/", "/api/")
NAMES = frozenset({"name", "label", "title", "help", "text", "reason", "note", "summary", "unit", "sentence", "what"})

# What is new in every answer: the token of a form, and how long the session lasts.
ONCE = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=data-left=")\d+')


def spoilt(value: Any, name: str = "") -> Any:
    """Return a definition in which whatever people read ends in the words."""
    if isinstance(value, str):
        return f"{value}{WORDS}" if name in NAMES and value else value
    if isinstance(value, tuple):
        return tuple(spoilt(each, name) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: spoilt(getattr(value, each.name), each.name) for each in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value


def spoilt_package(folder: Path) -> Path:
    """Write a package of which everything that people read ends in the words: what the public pages show."""
    texts = {
        name: re.sub(r"(name|label|text|question|answer|reason|what|help): ([^,}\n\"]+)", _with_words, text)
        for name, text in TINY.items()
        if not name.endswith(("en.yaml", "departments.yaml"))
    }
    return write_package(folder, {**TINY, **texts})


def _with_words(match: re.Match[str]) -> str:
    return f"{match[1]}: {json.dumps(match[2] + SHORT, ensure_ascii=False)}"


@pytest.fixture
def town(db: None, tmp_path: Path) -> Town:
    import_package(spoilt_package(tmp_path))
    version = publish(spoilt(MATTER), *spoilt(ITEMS), elements=spoilt(ELEMENTS), materials=spoilt(MATERIALS))
    town = Town.build(version, POSTS, CERTIFICATE_TYPES)
    CertificateType.objects.update(name=f"证{WORDS}")
    Department.objects.update(name=f"局{WORDS}")
    for user in User.objects.all():  # a sealed name is sealed for its row
        user.name = f"某{WORDS}"[:60]
        user.save()
    town.li_person.name = f"李{WORDS}"[:60]
    town.li_person.save()
    for user in (town.li, town.wang, town.sun, town.zhao):
        user.refresh_from_db()
    return town


def typed() -> dict[str, Any]:
    texts = ("child:birth.hospital", "household:hukou.address", "household:hukou.reason", "child:insurance.note")
    return {**VALUES, **dict.fromkeys(texts, f"写{WORDS}")}


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile(f"户口{WORDS.replace('/', '')}.png", picture().read(), content_type="image/png")


def draft_of(town: Town, **values: Any) -> Draft:
    draft = start_draft(version=town.version, applicant=town.li_person, entered_by=town.li, answers={}, profile={})
    save_values(draft, {**typed(), **values}, seen=draft.revision)
    take_upload(draft, "household_book", paper(), accept=("image/png",))
    return draft


def what_escaped(html: str) -> list[str]:
    """Return elements and attributes that the words became, and what a template made of them; nothing where the words do not stand."""
    if "canary" not in html.lower():
        return []
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if "canary" in element.tag:
            found.append(f"<{element.tag}>")
        found += [f"{element.tag} {name}={value[:60]}" for name, value in element.items() if "canary" in name]
        for name in ("href", "src", "action", "formaction"):
            address = "".join(element.get(name, "").split()).lower()
            if address.startswith(("javascript:", "vbscript:", "data:text")):
                found.append(f"{name}={address[:60]}")
    return found + (["49"] if "'>49" in html or "1>49" in html else [])


def visits(town: Town) -> Iterator[tuple[str, HttpResponse]]:
    """Open every page with the words in what it shows, as whom it is for."""
    returned, going = town.submit(**typed()), town.submit(**typed())
    part = town.part(returned, "birth_cert")
    asked = request_correction(town.zhao, part, [Gap("field", "child:birth.hospital", f"请核对{WORDS}")])
    approve_birth(town, town.part(going, "birth_cert"))
    review.accept(town.wang, town.part(going, "hukou"))
    rejected = town.submit(**typed())
    review.accept(town.zhao, town.part(rejected, "birth_cert"))
    review.decide(town.zhao, town.part(rejected, "birth_cert"), "rejected", f"不符{WORDS}")
    for material in SubmittedMaterial.objects.all():
        material.original_name = f"户口{WORDS}.png"
        material.save()
    draft, wrong = (
        draft_of(town),
        draft_of(town, **{"child:person.name": f"李{WORDS}", "child:person.birth_date": WORDS}),
    )
    certificate = Certificate.objects.get()
    root = User.objects.create_superuser("root", password=PASSWORD, name=f"根{WORDS}"[:60])
    query = {"q": WORDS, "next": WORDS, "division": WORDS, "edit": WORDS, "before": WORDS, "o": WORDS, "change": WORDS}
    for user in (None, town.li, town.wang, town.sun, root):
        client = logged_in(user) if user else Client()
        opened = set[str]()  # what does not depend on the case is the same page for each
        for bundle in (returned, going, rejected):
            given = {
                "number": bundle.number,
                "request_id": str(asked.pk),
                "draft_id": str((draft if bundle == going else wrong).pk),
                "department": "police",
                "id": str(certificate.pk),
                "token": certificate.identifier,
            }
            public = [
                each
                for slug in ("opening", "registration")
                for each in addresses({**given, "slug": slug})
                if f"/{slug}/" in each
            ]
            for address in [*(each for each in addresses(given) if not each.startswith(WHOLE)), *public]:
                if address.startswith("/admin/") and user not in (town.sun, root):
                    continue
                if address not in opened:
                    opened.add(address)
                    yield address, client.get(address)
                if bundle == going and user in (None, town.li):
                    yield f"{address}?…", client.get(address, query)
        for sub_item in SubItem.objects.all():
            yield f"/review/cases/{sub_item.number}/", client.get(f"/review/cases/{sub_item.number}/")
        for model in (Matter, ServiceItem, Department, CertificateType, Certificate, User):
            row = model._default_manager.first()
            if row is not None and user == root:
                address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
                yield address, client.get(address)
    li, wang, sun = logged_in(town.li), logged_in(town.wang), logged_in(town.sun)
    case = town.part(going, "hukou")
    for client, address, sent in (
        (Client(), reverse("accounts:login"), {"username": WORDS, "password": WORDS, "next": WORDS}),
        (Client(), reverse("accounts:register"), {"username": WORDS, "name": WORDS, "number": WORDS, "phone": WORDS}),
        (li, reverse("accounts:profile"), {"phone": WORDS}),
        (
            li,
            reverse("matters:form", args=[draft.pk]),
            {"child:person.name": WORDS, "revision": WORDS, "action": "check"},
        ),
        (li, reverse("matters:correction", args=[returned.number, asked.pk]), {"child:birth.hospital": WORDS}),
        (Client(), reverse("certificates:verify_form"), {"q": WORDS, "token": WORDS, "number": WORDS}),
        (
            wang,
            reverse("matters:case_action", args=[case.number, "correct"]),
            {"gap": WORDS, f"reason:{WORDS}": WORDS, **reading(case)},
        ),
        (
            wang,
            reverse("matters:case_action", args=[case.number, "approve"]),
            {"output.id_number": WORDS, "reason": WORDS, **reading(case)},
        ),
        (
            wang,
            reverse("matters:case_action", args=[case.number, "reject"]),
            {"reason": "", "output.id_number": WORDS, **reading(case)},
        ),
        (sun, reverse("admin:counter"), {"q": WORDS}),
        (sun, reverse("admin:counter_start"), {"name": WORDS, "number": WORDS, "phone": WORDS, "document_kind": "111"}),
    ):
        yield f"POST {address}", client.post(address, sent)


def test_nothing_that_people_write_becomes_markup(town: Town) -> None:
    escaped, showing, read = {}, set(), set[str]()
    for address, answer in visits(town):
        if answer.streaming or "html" not in answer.headers.get("content-type", ""):
            continue
        html = normalize("NFC", answer.content.decode())
        if "x-canary" in html:
            showing.add(address)
        page = ONCE.sub("", html)
        if page in read:  # the same page as at another address
            continue
        read.add(page)
        if found := what_escaped(html):
            escaped.setdefault(address, found[:3])
    assert escaped == {}
    assert len(showing) > 60, sorted(showing)


@pytest.mark.parametrize(
    "around", ["<p>{}</p>", '<p title="{}">', "<script>var x = '{}'</script>", "<title>{}</title>"]
)
def test_the_parser_would_notice(around: str) -> None:
    assert what_escaped(around.format(WORDS))
