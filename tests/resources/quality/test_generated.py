"""Rules follow from the catalogue: ranges, order of days, references and history; they come and go with its editions."""

from dataclasses import replace

import pyarrow as pa
import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, published, step
from resources.quality.lake import check, deliver, row

from chengshu.dataplane.lake import writing
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.resources.contracts.catalogue import FieldContent, ValueType
from chengshu.resources.facade import catalogue, elements, quality
from chengshu.resources.facade.catalogue import Step
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.elements import ElementContent
from chengshu.resources.facade.quality import CheckRun, QualityRule, TableProfile
from chengshu.resources.models import DataResource, DataSource
from chengshu.resources.rules.lake_tables import lake_table_name

_KEY = FieldContent("djbh", "登记编号", length=20, is_key=True, is_nullable=False)
_PERSON = FieldContent("sfzh", "公民身份号码", length=18, refers_to="307/GA001 sfzh")
_DAY = FieldContent("djrq", "登记日期", ValueType.DATE, element="DE-RQ")


@pytest.fixture
def people(town: Town) -> DataResource:
    """The register of persons that the marriage register refers to."""
    fields = (FieldContent("sfzh", "公民身份号码", is_key=True, is_nullable=False),)
    return published(town, code="307/GA001", name="常住人口信息", fields=fields)


@pytest.fixture
def marriages(town: Town, people: DataResource) -> DataResource:
    day = ElementContent("DE-RQ", "登记日期", ValueType.DATE, least="1949-10-01", most="2024-03-15")
    elements.keep_element(day, actor=town.steward, now=NOW)
    fields = (_KEY, FieldContent("xm", "姓名", length=50), _PERSON, _DAY)
    resource = published(town, fields=fields)
    quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
    return resource


def _found(run: CheckRun) -> dict[str, tuple[int, str]]:
    """Give how many rows failed and what could not be asked, by rule, for the rules that did not pass."""
    return {one.rule.key: (one.failed, one.fault[:12]) for one in run.outcomes.filter(is_passed=False)}


def _deliver_people(people: DataResource, *numbers: str) -> None:
    table = pa.table({"sfzh": list(numbers)}, schema=pa.schema([("sfzh", pa.string())]))
    name = TableName(Zone.STANDARD, lake_table_name(people.code))
    writing.replace(open_lake(), name, table, entry=writing.Entry("people", "tests"))


def test_a_range_and_a_reference_of_the_catalogue_are_asked_of_the_rows(
    town: Town, people: DataResource, marriages: DataResource
) -> None:
    rule = QualityRule.objects.get(key="djrq.between")
    assert rule.name == "登记日期应在 1949-10-01 至 2024-03-15 之间"
    rows = [row("1", sfzh="A"), row("2", sfzh="B"), row("3", sfzh="A", djrq="1912-01-01"), row("4", sfzh=None)]
    deliver(marriages, [*rows, row("5", sfzh="A", djrq="2024-03-15")])
    assert _found(check(marriages, town)) == {
        "djrq.between": (1, ""),
        "sfzh.references": (0, "被引用的表还没有归集，或"),
    }
    _deliver_people(people, "A")
    assert _found(check(marriages, town)) == {"djrq.between": (1, ""), "sfzh.references": (1, "")}


def test_days_are_held_in_order_and_the_rule_goes_with_the_edition_that_drops_it(
    town: Town, marriages: DataResource
) -> None:
    end = FieldContent("xm", "离婚日期", ValueType.DATE, not_before="djrq")
    for tied, state in ((end, True), (replace(end, not_before=""), False)):
        content = catalogue.open_content(marriages)
        others = [field for field in content.fields if field.code != "xm"]
        changed = replace(content, fields=(*others, tied))
        marriages.refresh_from_db()
        seen = marriages.revision
        catalogue.change_resource(marriages.pk, changed, seen=seen, actor=town.operator, now=NOW)
        step(marriages, Step.SUBMIT, town.operator)
        step(marriages, Step.APPROVE, town.steward)
        quality.remake_rules(marriages.pk, actor=town.steward, now=NOW)
        rule = QualityRule.objects.get(key="xm.date_order")
        assert (rule.name, rule.is_active) == ("离婚日期不应早于登记日期", state)
        if state:
            rows = [row("1", xm="2024-01-30"), row("2", xm="2024-01-31"), row("3", xm=None)]
            deliver(marriages, [{**one, "sfzh": None} for one in rows])
            assert _found(check(marriages, town))["xm.date_order"] == (1, "")


def test_rows_and_empty_cells_of_elements_are_held_against_the_last_versions(
    town: Town, marriages: DataResource
) -> None:
    for _version in range(4):
        deliver(marriages, [row(str(number), sfzh=None) for number in range(4)])
    run = check(marriages, town)
    assert set(_found(run)) == {"sfzh.references"}
    columns = [{"name": name, "nulls": 0, "distinct": 1} for name in ("xm", "sfzh", "djrq")]
    for version in range(run.version or 0):
        kept = {"resource": marriages, "table": run.table, "version": version, "made_at": NOW}
        TableProfile.objects.create(**kept, rows=10, columns=columns)
    deliver(marriages, [row(str(number), sfzh=None, djrq=None) for number in range(4)])
    found = _found(check(marriages, town))
    assert found["table.row_drift"] == (1, "")  # four rows, ten before
    assert found["djrq.null_drift"] == (1, "")
    assert "sfzh.null_drift" not in found  # no data element, so nothing follows


def test_a_cell_that_is_no_day_at_all_is_one_fault_and_not_out_of_range_too(
    town: Town, people: DataResource, marriages: DataResource
) -> None:
    _deliver_people(people, "A")
    deliver(marriages, [row("1", sfzh="A", djrq="去年"), row("2", sfzh="A", djrq="1912-01-01"), row("3", sfzh="A")])
    run = check(marriages, town)
    assert _found(run) == {"djrq.type": (1, ""), "djrq.between": (1, "")}
    assert run.outcomes.get(rule__key="djrq.between").checked == 2


def test_the_page_tells_when_the_rules_are_behind_the_catalogue(
    client: Client, town: Town, marriages: DataResource
) -> None:
    client.force_login(town.steward)
    page = f"/resources/{marriages.pk}/quality/"
    assert "规则与现在的编目不一致" not in client.get(page).content.decode()
    wider = ElementContent("DE-RQ", "登记日期", ValueType.DATE, least="1911-01-01")
    elements.keep_element(wider, actor=town.steward, now=NOW)
    assert "新增 0 条，变动 1 条，停用 0 条" in client.get(page).content.decode()
    client.force_login(town.operator)
    assert "规则与现在的编目不一致" not in client.get(page).content.decode()
    client.force_login(town.steward)
    client.post(page, {"step": "make"})
    assert "规则与现在的编目不一致" not in client.get(page).content.decode()
    assert QualityRule.objects.get(key="djrq.between").definition["min"] == "1911-01-01"


def test_a_rule_that_a_person_changed_stays_when_the_range_does(town: Town, marriages: DataResource) -> None:
    rule = QualityRule.objects.get(key="djrq.between")
    mine = replace(quality.draft_of(rule), definition={"kind": "between", "min": "1900-01-01", "columns": ["djrq"]})
    quality.amend_rule(rule.pk, mine, is_active=True, reason="补录旧档案", actor=town.steward, now=NOW)
    wider = ElementContent("DE-RQ", "登记日期", ValueType.DATE, least="1911-01-01")
    elements.keep_element(wider, actor=town.steward, now=NOW)
    quality.remake_rules(marriages.pk, actor=town.steward, now=NOW)
    rule.refresh_from_db()
    assert (rule.definition["min"], rule.revision) == ("1900-01-01", 2)


@pytest.mark.parametrize(("mode", "held"), [("replace", True), ("append", False), ("merge", False)])
def test_a_table_that_is_only_added_to_is_not_held_against_its_rows(
    town: Town, marriages: DataResource, mode: str, *, held: bool
) -> None:
    source = {"name": "婚姻登记", "department": town.civil, "kind": "folder", "table": "hydj", "columns": []}
    DataSource.objects.create(**source, resource=marriages, mode=mode, created_at=NOW)
    quality.remake_rules(marriages.pk, actor=town.steward, now=NOW)
    assert QualityRule.objects.get(key="table.row_drift").is_active is held
