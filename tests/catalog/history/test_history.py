"""Every change of a definition is told by the database, whoever made it and however; and nobody takes it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pghistory.models import Context

from catalog.history.timeline import SHOWN, Filter, events_of, people_of, timeline_of
from catalog.models import (
    TRACKED,
    DefinitionEvent,
    Department,
    FormLine,
    GuideOption,
    ItemMaterial,
    MaterialExemption,
    Matter,
    ServiceItem,
)
from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import import_package
from catalog.publishing.recording import recording
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


def latest(definition: models.Model) -> tuple[str, ...]:
    """Return the last entry's changes: what was done to which thing, and each field from → to."""
    entry = timeline_of(definition).entries[0]
    return tuple(
        f"{change.operation} {change.kind} {change.name}"
        + "".join(f" | {each.label}: {each.before} → {each.after}" for each in change.fields)
        for change in entry.changes
    )


def test_every_tracked_table_has_its_triggers_and_leads_to_its_parent() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, string_to_array(encode(tgargs, 'escape'), '\\000') "
            "FROM pg_trigger WHERE tgname LIKE 'keep_history_%%'"
        )
        found = {(table, name): [each for each in arguments if each] for table, name, arguments in cursor.fetchall()}
    expected = {}
    for model, owners in TRACKED.items():
        arguments = [str(model._meta.model_name), str(model._meta.pk.column)]
        for owner in owners:
            field = model._meta.get_field(owner)
            assert isinstance(field, models.ForeignKey)
            arguments += [str(field.column), str(field.remote_field.model._meta.model_name)]
        for operation in ("insert", "update", "delete"):
            expected[model._meta.db_table, f"keep_history_{operation}"] = arguments
    assert found == expected


def test_it_tells_a_change_field_by_field_in_the_words_of_the_form(registration: ServiceItem) -> None:
    with recording("/admin/"):
        ServiceItem.objects.filter(pk=registration.pk).update(promised_limit_days=3, item_type="07")
    assert latest(registration) == (
        "update 政务服务事项 企业设立登记 | 事项类型: 行政许可 → 行政确认 | 承诺时限: 1 → 3",
    )


def test_parts_of_parts_belong_to_the_whole_even_when_they_are_gone(opening: Matter, registration: ServiceItem) -> None:
    need = ItemMaterial.objects.get(item=registration)
    with recording("/admin/"):
        MaterialExemption.objects.create(need=need, kind="commitment", reference="x")
    assert latest(registration) == ("insert 免交方式 x",)
    with recording("/admin/"):
        need.delete()
    assert set(latest(registration)) == {"delete 免交方式 x", "delete 申请材料 公司章程"}
    with recording("/admin/"):
        GuideOption.objects.filter(question__matter=opening, value="yes").update(label="要领用")
    assert latest(opening) == ("update 选项 要领用 | 选项: 要 → 要领用",)


def test_bulk_changes_and_raw_sql_are_seen_as_well(registration: ServiceItem) -> None:
    with recording("/admin/"):
        FormLine.objects.filter(item=registration).update(help="照实填写")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalog_formline SET reason = '登记' WHERE item_id = %s", [registration.pk])
    assert len(latest(registration)) == 4


def test_what_stays_the_same_is_no_change(registration: ServiceItem) -> None:
    before = DefinitionEvent.objects.count()
    registration.save()
    ServiceItem.objects.filter(pk=registration.pk).update(name=registration.name)
    assert DefinitionEvent.objects.count() == before


def test_what_it_refers_to_is_called_by_its_name(registration: ServiceItem) -> None:
    tax = Department.objects.get(code="tax")
    with recording("/admin/"):
        ServiceItem.objects.filter(pk=registration.pk).update(department=tax)
    assert latest(registration) == ("update 政务服务事项 企业设立登记 | 实施部门: 示例市市场监督管理局 → 示例市税务局",)


def test_an_import_is_one_entry_that_says_so(
    tiny: Path, edit: Callable[[str, str, str], None], opening: Matter, tang: User
) -> None:
    edit("opening/matter.yaml", "label: 不要}", "label: 暂不}")
    edit("opening/matter.yaml", "text: 要领用发票吗", "text: 要不要领用发票")
    import_package(tiny, by=tang)
    first, *_rest = timeline_of(opening).entries
    assert (first.who, first.place) == ("唐编目", f"导入事项包 {tiny.name}")
    assert {change.kind for change in first.changes} == {"选项", "引导问题", "一件事"}


def test_an_import_that_fails_leaves_no_trace(tiny: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("opening/items/invoicing.yaml", "department: tax", "department: nobody")
    with pytest.raises(PackageInvalid):
        import_package(tiny)
    assert not DefinitionEvent.objects.exists()


def test_a_long_entry_is_counted_and_cut(registration: ServiceItem) -> None:
    with recording("/admin/"):
        for number in range(SHOWN + 7):
            ServiceItem.objects.filter(pk=registration.pk).update(remark=f"第 {number} 次")
    entry = timeline_of(registration).entries[0]
    assert (entry.count, len(entry.changes), entry.unlisted) == (SHOWN + 7, SHOWN, 7)


def test_it_is_filtered_by_person_and_day(registration: ServiceItem, tang: User, deng: User) -> None:
    for user, name in ((tang, "甲"), (deng, "乙")):
        with recording("/admin/", user_id=user.pk):
            ServiceItem.objects.filter(pk=registration.pk).update(remark=name)
    assert people_of(registration) == ((tang.pk, "唐编目"), (deng.pk, "邓审核"))
    by_tang = timeline_of(registration, Filter(user=tang.pk)).entries
    assert [(entry.who, entry.changes[0].fields[0].after) for entry in by_tang] == [("唐编目", "甲")]
    today = timezone.localdate()
    assert len(timeline_of(registration, Filter(since=today)).entries) == len(timeline_of(registration).entries)
    assert timeline_of(registration, Filter(since=today + timedelta(days=1))).entries == ()
    assert timeline_of(registration, Filter(until=today - timedelta(days=1))).entries == ()


def test_the_queries_of_a_page_do_not_grow_with_what_was_changed(registration: ServiceItem) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            timeline_of(registration)
        return len(captured)

    with recording("/admin/"):
        FormLine.objects.filter(item=registration, code="MC").update(help="a")
    few = queries()
    with recording("/admin/"):
        FormLine.objects.filter(item=registration).update(help="b")
        ServiceItem.objects.filter(pk=registration.pk).update(remark="b")
    assert queries() <= few + 2


@pytest.mark.parametrize("model", [DefinitionEvent, Context])
def test_nobody_changes_or_deletes_what_happened(model: type[models.Model], registration: ServiceItem) -> None:
    with recording("/admin/"):
        ServiceItem.objects.filter(pk=registration.pk).update(remark="x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
    column = "operation" if model is DefinitionEvent else "metadata"
    for change in (lambda rows: rows.update(**{column: "{}"}), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            change(model._default_manager.all())


def test_the_parts_of_another_item_are_not_told(opening: Matter, registration: ServiceItem) -> None:
    other = ServiceItem.objects.get(slug="invoicing")
    with recording("/admin/"):
        FormLine.objects.filter(item=other).update(help="x")
    assert not events_of(registration).filter(row__help="x").exists()
    assert events_of(other).filter(row__help="x").count() == 2
