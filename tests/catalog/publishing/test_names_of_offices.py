"""The names of departments, divisions and types of certificate that anybody reads were published, and stay as they were filed or issued."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from catalog.models import CertificateType, Department, Division, ItemMaterial
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import import_package
from catalog.staff.managers import MANAGERS, REVIEWERS, appoint
from catalog.versions.items import publish_items
from certificates.activities.library import open_face
from certificates.models import Certificate
from matters.dispatching.notifying import deliver_notices
from matters.reviewing.corrections import Gap, request_correction
from portal.accounts.models import User
from portal.notices.models import Message
from portal.outbox.claiming import claim_batch
from tests.catalog.publishing.test_only_what_was_published_is_read import CANARY, read
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.tiny import TINY, write_package
from tests.worlds.town import build_town


def rename_everything() -> None:
    """Save what one manager may save of the offices and types."""
    Department.objects.update(name=CANARY, short_name=CANARY, phone="99887766")
    Division.objects.update(name=CANARY)
    CertificateType.objects.update(name=CANARY, name_en="CANARY")


def shown(client: Client, address: str) -> str:
    return re.sub(r'data-left="\d+"', "", read(client, address))


def test_a_case_and_its_certificate_keep_the_names_of_offices(client: Client, db: None) -> None:
    town = build_town()
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    request_correction(town.wang, town.part(bundle, "hukou"), [Gap("field", "child:person.name", "请核对")])
    certificate = Certificate.objects.get()
    logged_in(town.zhao).get(reverse("matters:case", args=[town.part(bundle, "birth_cert").number]))
    applicant = logged_in(town.li)
    pages = (
        *((applicant, f"/bundles/{bundle.number}/{page}") for page in ("", "receipt/", "readings/")),
        *((applicant, page) for page in ("/", "/certificates/", f"/certificates/{certificate.pk}/")),
        *((applicant, reverse(name)) for name in ("accounts:readings", "accounts:notices")),
        (client, reverse("certificates:verify", args=[certificate.verification_token])),
    )
    before = {address: shown(one, address) for one, address in pages}
    rename_everything()
    for one, address in pages:
        after = shown(one, address)
        assert CANARY not in after, address
        assert "99887766" not in after, address
        assert after == before[address], address


def test_what_happens_later_bears_the_names_that_were_published(client: Client, db: None) -> None:
    town = build_town()
    bundle = town.submit()
    rename_everything()
    approve_birth(town, town.part(bundle, "birth_cert"))
    certificate = Certificate.objects.get()
    assert (certificate.type_name, certificate.issuer_name) == (open_face(certificate).type_name, "市卫生健康委员会")
    assert certificate.type_name == "出生医学证明"
    applicant = logged_in(town.li)
    for address in ("/certificates/", "/", f"/bundles/{bundle.number}/"):
        assert CANARY not in read(applicant, address), address
    deliver_notices(claim_batch("notify"))
    assert Message.objects.exists()
    assert not [one for one in Message.objects.all() if CANARY in str(one.data)]


def test_the_database_keeps_the_names_of_a_certificate(db: None) -> None:
    town = build_town()
    approve_birth(town, town.part(town.submit(), "birth_cert"))
    for name in ("type_name", "type_name_en", "issuer_name"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.update(**{name: CANARY})


DIVISION = '- {code: "360000", name: %s, level: province}\n'


def test_no_manager_renames_a_division_alone(db: None, tmp_path: Path) -> None:
    """Its row is what forms, faces and choices of a place read."""
    import_package(write_package(tmp_path / "a", TINY))
    manager = User.objects.create_user("manager", is_staff=True)
    appoint(manager, MANAGERS)
    address = reverse("admin:catalog_division_change", args=["360000"])
    logged_in(manager).post(address, {"name": CANARY, "level": "county", "parent": ""})
    kept = Division.objects.get(pk="360000")
    assert (kept.name, kept.level) == ("江西省", "province")  # moved to another level it would leave every form
    renamed = write_package(tmp_path / "b", TINY | {"divisions.yaml": DIVISION % CANARY})
    with pytest.raises(PackageInvalid) as refused:
        import_package(renamed, by=manager, propose_as="改名")
    assert refused.value.problems[0].code == "division_renamed"
    import_package(renamed)
    assert Division.objects.get(pk="360000").name == CANARY


def test_no_manager_adds_or_removes_one_alone(db: None, tmp_path: Path) -> None:
    """Every form offers them from their rows, and whoever lives in one that is gone cannot apply."""
    import_package(write_package(tmp_path / "a", TINY))
    manager = User.objects.create_user("manager", is_staff=True)
    appoint(manager, MANAGERS)
    client = logged_in(manager)
    new = {"code": "360199", "name": CANARY, "level": "county", "parent": "360000"}
    assert client.post(reverse("admin:catalog_division_add"), new).status_code == 403
    for page in ("change", "delete"):
        client.post(reverse(f"admin:catalog_division_{page}", args=["360000"]), {"post": "yes", **new})
    chosen = {"action": "delete_selected", "_selected_action": ["360000"], "post": "yes"}
    client.post(reverse("admin:catalog_division_changelist"), chosen)
    assert list(Division.objects.values_list("code", "name")) == [("360000", "江西省")]
    added = TINY | {"divisions.yaml": DIVISION % "江西省" + '- {code: "360199", name: 某区, level: county}\n'}
    with pytest.raises(PackageInvalid) as refused:
        import_package(write_package(tmp_path / "b", added), by=manager, propose_as="加区划")
    assert refused.value.problems[0].code == "division_added"
    import_package(write_package(tmp_path / "b2", added))
    assert Division.objects.filter(pk="360199").exists()


READ_LIVE = (Division,)  # of what the catalog defines, what pages read from its row


def test_no_office_writes_what_pages_read_live(db: None) -> None:
    for office in (MANAGERS, REVIEWERS):
        officer = User.objects.create_user(office, is_staff=True)
        appoint(officer, office)
        for model in READ_LIVE:
            for verb in ("add", "change", "delete"):
                assert not officer.has_perm(f"catalog.{verb}_{model._meta.model_name}"), (office, verb, model)


def test_a_guide_of_an_item_names_what_stands_in_for_a_paper_as_it_was_published(
    client: Client, db: None, tmp_path: Path
) -> None:
    import_package(write_package(tmp_path, TINY))
    need = ItemMaterial.objects.select_related("item")[0]
    need.exemptions.create(kind="certificate", reference="business_licence", position=8)
    need.exemptions.create(kind="shared_data", reference="tax", position=9)
    publish_items([need.item])
    page = read(client, f"/items/{need.item.slug}/")
    assert "有电子证照就不用交 · 营业执照" in page
    assert "经您同意查询，查到就不用交 · 示例市税务局" in page
    rename_everything()
    assert CANARY not in read(client, f"/items/{need.item.slug}/")
