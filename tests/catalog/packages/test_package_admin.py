"""Packages in the admin: handed in, looked at, confirmed; and taken out."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.models import Division, Matter, MatterVersion, Proposal, ServiceItem
from catalog.packages.importing import import_package
from catalog.staff.managers import MANAGERS, appoint
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture
def boss(client: Client) -> User:
    user = User.objects.create_superuser("boss", password="a-long-password-2026")
    client.force_login(user)
    return user


@pytest.fixture
def manager(db: None) -> User:
    user = User.objects.create_user("manager", password="a-long-password-2026", is_staff=True)
    appoint(user, MANAGERS)
    return User.objects.get(pk=user.pk)


def packed(root: Path, prefix: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*.yaml")):
            archive.write(path, prefix + str(path.relative_to(root)))
    return buffer.getvalue()


def upload(client: Client, data: bytes, name: str = "opening.zip") -> Any:
    return client.post(reverse("catalog_packages"), {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_an_upload_is_shown_then_confirmed_then_gone(client: Client, boss: User, tiny: Path) -> None:
    page = upload(client, packed(tiny))
    text = page.content.decode()
    assert page.status_code == 200
    assert "开办企业 v1 将成为现行版本" in text
    created = {(change.type, change.name): change for change in page.context["report"].changes}
    item = created["政务服务事项", "企业设立登记（registration）"]
    assert (item.kind, item.details[0]) == ("created", "新增表单字段“MC”")
    assert "新增联办事项“企业设立登记”" in created["一件事", "开办企业（opening）"].details
    assert ("角色", "company") not in created
    assert not Matter.objects.exists()
    address = page.redirect_chain[-1][0]
    done = client.post(address, {"agreed": page.context["agreed"]}, follow=True)
    assert "已导入：opening.zip" in done.content.decode()
    assert Matter.objects.get().current_version is not None
    again = client.get(address, follow=True)
    assert "已经过期或者用过了" in again.content.decode()


def test_a_manager_changes_drafts_and_proposes(client: Client, manager: User, tiny: Path) -> None:
    client.force_login(manager)
    Division.objects.create(code="360000", name="江西省", level="province")  # an administrator's to import
    page = upload(client, packed(tiny, "catalog/"))
    assert "由另一人审核后生效" in page.content.decode()
    assert not Proposal.objects.exists()
    client.post(page.redirect_chain[-1][0], {"agreed": page.context["agreed"]})
    assert Proposal.objects.get().proposed_by == manager
    assert Matter.objects.get().current_version is None
    assert not MatterVersion.objects.exists()


def test_mistakes_are_listed_with_their_places_and_nothing_can_be_confirmed(
    client: Client, boss: User, tiny: Path
) -> None:
    path = tiny / "opening/matter.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("lead_department: market", "lead_department: <b>"), encoding="utf-8"
    )
    page = upload(client, packed(tiny))
    assert page.status_code == 422
    assert "<code>opening/matter.yaml:6</code>" in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()
    client.post(page.redirect_chain[-1][0], {"agreed": "x"})
    assert not Matter.objects.exists()


def test_what_changed_since_the_preview_is_shown_again(client: Client, boss: User, tiny: Path) -> None:
    page = upload(client, packed(tiny))
    import_package(tiny)
    ServiceItem.objects.filter(slug="registration").update(name="另一个名字")
    again = client.post(page.redirect_chain[-1][0], {"agreed": page.context["agreed"]})
    assert "请再核对一遍" in again.content.decode()
    assert ServiceItem.objects.get(slug="registration").name == "另一个名字"


def test_an_upload_is_its_owners_alone_and_expires(client: Client, boss: User, manager: User, tiny: Path) -> None:
    address = upload(client, packed(tiny)).redirect_chain[-1][0]
    other = Client()
    other.force_login(manager)
    assert "已经过期或者用过了" in other.get(address, follow=True).content.decode()
    (kept,) = (Path(django_settings.MEDIA_ROOT) / "catalog_uploads").iterdir()
    old = time.time() - 31 * 60
    os.utime(kept, (old, old))
    assert "已经过期或者用过了" in client.get(address, follow=True).content.decode()


def test_others_are_not_let_in(client: Client, tiny: Path) -> None:
    staff = User.objects.create_user("clerk", password="a-long-password-2026", is_staff=True)
    client.force_login(staff)
    assert client.get(reverse("catalog_packages")).status_code == 403
    assert client.get(reverse("catalog_package_export"), {"format": "zip"}).status_code == 403
    assert upload(client, packed(tiny)).status_code == 403
    client.logout()
    assert client.get(reverse("catalog_packages")).status_code == 302


def _archive(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def _link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("materials.yaml")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def _encrypted() -> bytes:
    data = bytearray(_archive(("materials.yaml", b"- {}")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


# Made when they are handed in: some take a second, and every worker reads this module.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "above": (lambda: _archive(("../materials.yaml", b"- {}")), "压缩包里的路径指到了外面"),
    "absolute": (lambda: _archive(("/etc/materials.yaml", b"- {}")), "压缩包里的路径指到了外面"),
    "link": (_link, "不能用符号链接，请放文件本身"),
    "bomb": (lambda: _archive(("materials.yaml", b"0" * 15_000_000)), "压缩得不寻常，解开会太大"),
    "large": (
        lambda: _archive(*((f"{n}.yaml", os.urandom(8) + b"0" * 11_000_000) for n in range(10))),
        "解开后超过 20 MB",
    ),
    "many": (lambda: _archive(*((f"items/{n}.yaml", b"") for n in range(10_001))), "文件太多，最多 10000 个"),
    "encrypted": (_encrypted, "压缩包加了密，请不加密码再上传"),
    "no archive": (lambda: b"not a zip", "打不开：不是 ZIP 格式，或者文件已损坏、加了密"),
    "cut": (lambda: _archive(("materials.yaml", b"- {}" * 50))[:60], "打不开：不是 ZIP 格式，或者文件已损坏、加了密"),
    "empty": (_archive, "这个文件夹里没有可以导入的内容"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_in_words(client: Client, boss: User, name: str) -> None:
    make, sentence = HOSTILE[name]
    page = upload(client, make())
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_another_kind_of_file_is_refused_at_the_form(client: Client, boss: User) -> None:
    assert "只能收 .zip 和 .xlsx 文件。" in upload(client, b"x", "opening.rar").content.decode()
    page = client.post(reverse("catalog_packages"), {})
    assert page.status_code == 422
    assert "没有收到文件" in page.content.decode()


def test_what_is_taken_out_can_be_handed_in_and_changes_nothing(client: Client, boss: User, tiny: Path) -> None:
    import_package(tiny)
    for chosen in (
        {"format": "zip"},
        {"format": "zip", "matter": "opening"},
        {"format": "xlsx"},
        {"format": "xlsx", "matter": "opening", "department": "tax"},
    ):
        answer = client.get(reverse("catalog_package_export"), chosen)
        assert "attachment" in answer["Content-Disposition"]
        data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        page = upload(client, data, f"out.{chosen['format']}")
        assert "和目录里的完全一样" in page.content.decode(), chosen


def test_chosen_definitions_are_taken_out_from_their_lists(client: Client, boss: User, tiny: Path) -> None:
    import_package(tiny)
    for model, action, kind in ((ServiceItem, "export_items", "xlsx"), (Matter, "export_matters", "zip")):
        address = reverse(f"admin:catalog_{model._meta.model_name}_changelist")
        assert reverse("catalog_packages") in client.get(address).content.decode()
        chosen = {"action": action, "_selected_action": [row.pk for row in model.objects.all()[:1]]}
        answer = client.post(address, chosen)
        assert answer["Content-Disposition"].endswith(f'.{kind}"')
