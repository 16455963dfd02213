"""Export is the exact inverse of import, for whatever the catalog may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import DataElement, Department, Matter, MatterItem, ServiceItem
from catalog.packages import schema
from catalog.packages.checks.references import check_references
from catalog.packages.exporting import export_files, export_package
from catalog.packages.format.fitting import differing, filled
from catalog.packages.format.nodes import nodes_of
from catalog.packages.format.problems import PackageInvalid, Problems
from catalog.packages.format.specs import Constraints, Dictionary, Flag, Integer, Many, Rule, Spec, Table, Text
from catalog.packages.format.yaml_layout import to_yaml
from catalog.packages.format.yaml_scalars import data
from catalog.packages.importing import CONTENT, import_package
from catalog.packages.parts import PARTS
from catalog.packages.reading.folders import read_package
from tests.catalog.conftest import import_shipped
from tests.once import once_a_run

Edit = Callable[[str, str, str], None]

# Everything that YAML might take for something else, and what people write.
TRICKY = ["yes", "no", "null", "~", "true", "007", "1e3", "2024-01-01", "12:30", "0x1F", "1_000", "- a", "a: b", "a #b", "&a", "*a", "!a", "[a", "{a", "'", '"', "a\nb", " a ", "a\r\nb", "a\t", "=", "<<", "#", "a:", ":", "?", "|", ">", "%", "@", "`", "。", "“甲”", "　全角", "a\u2028b", "\ufeff", "é", "𠮷", "---", "a, b", "a\n\n b", "\\n", "{{x}}"]  # fmt: skip
texts = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30),
).filter(lambda text: bool(text.strip()))
rules = st.recursive(
    st.one_of(
        texts,
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.booleans(),
        st.sampled_from([0.5, -1.25, 1e-05, 3.0]),
        st.builds(lambda name: {"var": name}, st.sampled_from(["answers.a", "child:person.name", "today", "奇怪"])),
    ),
    lambda inner: st.one_of(
        st.builds(lambda operator, parts: {operator: parts}, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda operator, one, two: {operator: [one, two]}, st.sampled_from(["==", "!=", "<", "in", "years_between"]), inner, inner),
        st.builds(lambda operator, one: {operator: one}, st.sampled_from(["!", "!!", "count"]), inner.filter(lambda one: not isinstance(one, list))),
        st.builds(lambda one, two, three: {"if": [one, two, three]}, inner, inner, inner),
        st.lists(st.one_of(texts, st.integers(-5, 5)), max_size=3),
    ),
    max_leaves=4,
)  # fmt: skip


_strategies: dict[int, st.SearchStrategy[Any]] = {}


def values(spec: Spec) -> st.SearchStrategy[Any]:
    """Return values that a specification has a place for. Made once: making it takes longer than drawing from it."""
    if id(spec) not in _strategies:  # the schema's specifications last
        _strategies[id(spec)] = _values(spec)
    return _strategies[id(spec)]


def _values(spec: Spec) -> st.SearchStrategy[Any]:
    if isinstance(spec, Table):
        needed = {name: values(field.spec) for name, field in spec.fields.items() if field.required}
        optional = {name: values(field.spec) for name, field in spec.fields.items() if not field.required}
        return st.fixed_dictionaries(needed, optional=optional)
    if isinstance(spec, Many):
        unique = spec.unique
        keys = (unique,) if isinstance(unique, str) else unique
        by = None if keys is None else (lambda value: str([value.get(key) for key in keys] if keys != ("",) else value))
        return st.lists(values(spec.spec), max_size=2, unique_by=by)
    if isinstance(spec, Dictionary):
        keys_of = (
            texts
            if spec.key_pattern == r".+"
            else st.from_regex(spec.key_pattern, fullmatch=True).filter(
                lambda text: text.isascii() and text.isprintable()
            )
        )
        return st.dictionaries(keys_of, values(spec.spec), max_size=2)
    if isinstance(spec, Text):
        if spec.choices:
            return st.sampled_from(sorted(spec.choices))
        if spec.pattern:
            return st.from_regex(spec.pattern, fullmatch=True).filter(
                lambda text: len(text) <= spec.maximum and text.isascii() and text.isprintable()
            )
        return texts.map(lambda text: text[: spec.maximum]).filter(lambda text: bool(text.strip()))
    if isinstance(spec, Integer):
        return st.integers(spec.minimum, spec.maximum)
    if isinstance(spec, Flag):
        return st.booleans()
    if isinstance(spec, Rule):
        return rules
    if isinstance(spec, Constraints):
        return st.fixed_dictionaries(
            {}, optional={"max_length": st.integers(0, 99), "pattern": texts, "min": st.floats(0, 9)}
        )
    raise AssertionError(spec)


SPECS: dict[str, Spec] = {"item": schema.ITEM, "matter": schema.MATTER, **schema.DICTIONARIES}


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # of a large definition's length
@pytest.mark.parametrize("name", SPECS)
def test_what_is_written_reads_back_as_it_was(name: str) -> None:
    @settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(values(SPECS[name]))
    def run(value: Any) -> None:
        text = to_yaml(SPECS[name], value)
        problems = Problems()
        node = nodes_of(text, "file.yaml", problems)
        assert node is not None, (text, problems.found)
        assert differing(SPECS[name].read(node, "file.yaml", problems), filled(SPECS[name], value)) is None, text

    run()


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.one_of(texts, rules))
def test_other_readers_of_yaml_take_it_for_the_same(value: Any) -> None:
    assert yaml.safe_load(data([value])) == [value]


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


FREE_TEXTS = {
    "opening/items/registration.yaml": [("name: 企业设立登记", "name: {}"), ("reason: 登记", "reason: {}")],
    "opening/matter.yaml": [
        ("answer: 一天", "answer: {}"),
        ("label: 不要", "label: {}"),
        ("what: 先有执照", "what: {}"),
    ],
    "materials.yaml": [("name: 公司章程", "name: {}")],
    "sources.yaml": [("一份指南", "{}")],
}


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(texts, min_size=7, max_size=7))
def test_rows_survive_export_and_import(tiny: Path, said: list[str]) -> None:
    originals = {name: (tiny / name).read_text(encoding="utf-8") for name in FREE_TEXTS}
    pending = iter(said)
    for name, places in FREE_TEXTS.items():
        text = originals[name]
        for old, new in places:
            text = text.replace(old, new.format(data(next(pending))))
        (tiny / name).write_text(text, encoding="utf-8")
    with rolled_back():
        import_package(tiny)
        exported = export_files()
        out = tiny.parent / f"{tiny.name}-out"
        export_package(out, replace=True)
        assert import_package(out).tally.is_empty
        assert export_files() == exported
    for name, text in originals.items():
        (tiny / name).write_text(text, encoding="utf-8")


@pytest.mark.django_db
def test_every_key_of_the_schema_survives(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = """\
slug: everything
name: 什么都有
short_name: 全
department: market
catalog_code: "000131003000"
task_code: 11360100999991056A3000131003000
local_code: "0012"
item_type: "01"
exercise_level: "3"
status: paused
theme: 准入
subjects: [企业法人, 自然人]
handling: immediate
statutory_limit_days: 20
promised_limit_days: 0
limit_unit: calendar_days
limit_note: 不含公示
legal_basis: [{law: 公司法, article: 第一条, text: "为了\\n规范"}]
conditions: [有名称, "[1] 有住所"]
flow: [申请, 决定]
fees: [{name: 工本费, amount: "=10", basis: 某文件}]
visits: 2
visits_together: 1
steps: 3
identity_level: 1
in_person_only: true
visit_reason: 核对
online_depth: [Ⅳ级]
cross_region: 跨省
decision_rule: {clauses: [{code: sure, text: 肯定, rule: {"==": [{var: "today"}, {var: "today"}]}}], share: 5}
special_procedures: [{name: 听证, kind: hearing, days: "20", counted: true, basis: 条例}]
places: [{name: 大厅, address: 一号, hours: "9:00–17:00", phone: "0791"}]
consulting: "12345"
complaints: "12345"
locked: [fees]
result_note: 执照
remark: 无
facts: {visits: {sources: [S1], confidence: inferred, note: 问过}, steps: {}}
lines:
  - code: A
    role: company
    element: company.name
    label: "-名称"
    required: false
    required_when: {"==": [{var: answers.x}, "007"]}
    condition: false
    section: basic
    reuse: ask
    constraints: {max_length: 20, pattern: "[A-Z]\\\\d+"}
    help: "+帮助"
    reason: "@用途"
    sources: [S1]
    confidence: seen
materials:
  - {material: charter, role: company, necessity: deferrable, condition: true, form: paper, copies: 2, excludes: [licence], reason: 看, exemptions: [{kind: shared_data, reference: tax, sources: [S1], confidence: inferred}, {kind: generated}]}
outputs:
  - {code: number, label: 号, type: select, options: {"01": 甲, b: "乙: 丙"}, required: false, feeds: "company:company.licence_number"}
results:
  - {certificate_type: business_licence, holder: company, face: {name: "const:=1+1"}, confidence: open}
consents: [{code: promise, text: 我同意, required: false}]
cross_rules: [{code: agree, violated: {"!": {var: "company:company.name"}}, message: 请填, fields: ["company:company.name"]}]
review_points: [{code: look, text: 看一看, message: 请改正, fields: ["company:company.name"], materials: [charter], confidence: seen}]
faqs: [{question: 问, answer: 答}]
"""
    (tiny / "items").mkdir()
    (tiny / "items/everything.yaml").write_text(whole, encoding="utf-8")
    (tiny / "departments.yaml").write_text(
        "- {code: market, name: 市场监管局, short_name: 市场, level: prefecture, parent: tax, division: '360000'}\n"
        "- {code: tax, name: 税务局, short_name: 税务, level: province}\n",
        encoding="utf-8",
    )
    import_package(tiny)
    assert import_package(tiny).tally.is_empty
    out = tmp_path_factory.mktemp("out")
    export_package(out)
    assert import_package(out).tally.is_empty
    read: Any = yaml.safe_load((out / "items/everything.yaml").read_text(encoding="utf-8"))
    written = yaml.safe_load(whole)
    written["facts"]["steps"] = {"confidence": "general"}
    assert read == written
    assert set(read) == set(schema.ITEM.fields)
    assert [row.parent and row.parent.code for row in Department.objects.order_by("pk")] == ["tax", None]


@pytest.mark.django_db
def test_exporting_over_a_folder_keeps_its_head_and_refuses_what_it_does_not_know(tiny: Path, edit: Edit) -> None:
    edit("opening/matter.yaml", "schema: 1", "# 开办企业\n# 示范\nschema: 1")
    import_package(tiny)
    export_package(tiny)
    assert (
        (tiny / "opening/matter.yaml")
        .read_text(encoding="utf-8")
        .startswith("# 开办企业\n# 示范\nschema: 1\nslug: opening\n")
    )
    assert export_package(tiny) == []
    (tiny / "opening/items/old.yaml").write_text("slug: old\n", encoding="utf-8")
    with pytest.raises(PackageInvalid) as refusal:
        export_package(tiny)
    assert [str(problem).partition(":")[0] for problem in refusal.value.problems] == ["opening/items/old.yaml"]
    assert export_package(tiny, replace=True) == ["opening/items/old.yaml"]
    assert not (tiny / "opening/items/old.yaml").exists()


@pytest.mark.django_db
def test_one_matter_comes_out_alone(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    import_package(tiny)
    out = tmp_path_factory.mktemp("out")
    call_command("export_catalog", str(out), matter=["opening"], verbosity=0)
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*.yaml")) == [
        *("opening/en.yaml", "opening/items/invoicing.yaml", "opening/items/registration.yaml", "opening/matter.yaml")
    ]
    assert import_package(out).tally.is_empty
    assert import_package(out / "opening").tally.is_empty
    with pytest.raises(CommandError, match="没有这件事：closing"):
        call_command("export_catalog", str(out), matter=["closing"], verbosity=0)


@pytest.mark.django_db
def test_what_no_file_can_say_is_named_and_nothing_is_written(
    tiny: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import_package(tiny)
    ServiceItem.objects.filter(slug="registration").update(
        legal_basis=[{"law": "公司法", "url": "https://example.org"}]
    )
    DataElement.objects.filter(code="company.name").update(name="\x07")
    out = tmp_path_factory.mktemp("out")
    with pytest.raises(PackageInvalid) as refusal:
        export_package(out)
    assert {problem.file for problem in refusal.value.problems} == {"elements.yaml", "opening/items/registration.yaml"}
    assert "legal_basis" in str(refusal.value)
    assert list(out.iterdir()) == []


@pytest.mark.django_db
def test_an_item_that_its_matter_dropped_still_comes_out_and_goes_in(
    tiny: Path, edit: Edit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edit("opening/items/registration.yaml", ', feeds: "company:company.licence_number"', "")
    import_package(tiny)
    MatterItem.objects.get(item__slug="invoicing").delete()
    out = tmp_path_factory.mktemp("out")
    export_package(out)
    assert import_package(out).tally.is_empty


@pytest.mark.django_db
def test_matters_that_applicants_combined_stay_out(tiny: Path) -> None:
    import_package(tiny)
    Matter.objects.create(slug="own_basket", name="自由组合", subject="person", stage="", is_listed=False)
    assert not any(name.startswith("own_basket") for name in export_files())


@pytest.mark.django_db
def test_the_shipped_catalog_comes_back_as_it_is(tmp_path: Path) -> None:
    once_a_run("plans", import_shipped)  # which leaves its rows here, unless another worker was first
    if not Matter.objects.exists():
        import_package(CONTENT)
    export_package(tmp_path)
    assert import_package(tmp_path).tally.is_empty
    before, after = _entries(CONTENT), _entries(tmp_path)
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert differing(value, after[name]) is None, name
    for folder in sorted(path.parent for path in CONTENT.glob("*/matter.yaml")):
        problems = Problems()
        check_references(read_package(folder, problems, PARTS), problems, [part.check for part in PARTS])
        assert problems.sorted() == [], folder.name


def _entries(root: Path) -> dict[str, Any]:
    """Return every record of a catalog's files by what it is: the entries of lists by their codes, in whichever folder they lie."""
    found: dict[str, Any] = {}
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root)
        spec = _spec_of(name)
        if name.parts[0] == "search" or spec is None:
            continue
        read = _read(spec, path)
        if isinstance(read, list):
            found |= {f"{name.stem} {record.get('code') or record.get('slug')}": record for record in read}
        else:
            found[str(name)] = read
    return found


def _spec_of(name: Path) -> Spec | None:
    if name.stem in schema.DICTIONARIES and len(name.parts) <= 2:
        return schema.DICTIONARIES[name.stem]
    if name.name == "matter.yaml":
        return schema.MATTER
    return schema.ITEM if name.parent.name == "items" else None


def _read(spec: Spec, path: Path) -> Any:
    node = nodes_of(path.read_text(encoding="utf-8"), path.name, Problems())
    assert node is not None
    return spec.read(node, path.name, Problems())
