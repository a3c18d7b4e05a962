"""What a rule says is not changed by opening, switching or saving its form; what cannot be read is told."""

from decimal import Decimal
from typing import Any

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town
from resources.quality.browsing import typed_in

from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import PARTS_KINDS, QualityRule, RuleDraft, RuleSeverity
from chengshu.resources.models import DataResource

_STANDING: list[dict[str, Any]] = [
    {"kind": "not_null", "columns": ["xm", "djrq", "sfzh"], "blank": True},
    {"kind": "not_null", "columns": ["xm"], "where": "xm <> 'a\n b' -- 注\nand djbh > '1'"},
    {"kind": "unique", "column": "xm"},
    {"kind": "between", "columns": ["djrq"], "min": "2024-01-31T08:30:00"},
    {"kind": "between", "columns": ["djbh"], "min": 0, "max": 0.5, "where": "xm = '\r\n'"},
    {"kind": "one_of", "columns": ["xm"], "values": ["1", "二 三"]},
    {"kind": "matches", "columns": ["xm"], "pattern": " [0-9]{6} "},
    {"kind": "matches", "columns": ["xm"], "pattern": "a\nb"},
    {"kind": "length", "columns": ["xm"], "max": 50},
    {"kind": "type", "columns": ["djrq"], "type": "timestamp"},
    {"kind": "check_digit", "columns": ["sfzh"], "scheme": "credit_code"},
    {"kind": "date_order", "columns": ["djrq", "sfzh"], "strict": True},
    {"kind": "expression", "expression": '"xm" <> "djbh"'},
    {"kind": "expression", "expression": "xm = 'a\nb'\nor djbh > '1'"},
    {"kind": "expression", "expression": " xm > '1'"},
    {"kind": "references", "columns": ["xm"], "references": {"data": "307/MZ001", "columns": ["djbh"]}},
    {"kind": "completeness", "columns": ["xm"], "minimum": 0.95},
    {"kind": "timeliness", "columns": ["djrq"], "within": "31 d"},
    {"kind": "delivery_timeliness", "within": "8h"},
    {"kind": "history_drift", "measure": "nulls", "column": "xm", "tolerance": 0.2},
]
_REASON = {"reason": "复核"}


@pytest.fixture
def page(client: Client, town: Town, resource: DataResource) -> str:
    client.force_login(town.steward)
    return f"/resources/{resource.pk}/quality/new/"


def _kept(
    town: Town, resource: DataResource, definition: dict[str, Any], name: str = "规则", **more: Any
) -> QualityRule:
    return quality.write_rule(resource.pk, RuleDraft("k", name, definition, **more), actor=town.steward, now=NOW)


def _address(rule: QualityRule) -> str:
    return f"/resources/quality/rules/{rule.pk}/"


def _saved(client: Client, rule: QualityRule, **typed: Any) -> QualityRule:
    """Save a rule as its page shows it, but for what is typed."""
    posted = typed_in(client.get(_address(rule)).content.decode()) | _REASON | typed
    assert client.post(_address(rule), posted).status_code == 302
    rule.refresh_from_db()
    return rule


@pytest.mark.parametrize("definition", _STANDING)
def test_a_rule_that_is_saved_as_it_was_opened_stays_as_it_was(
    client: Client, town: Town, page: str, resource: DataResource, definition: dict[str, Any]
) -> None:
    rule = _saved(client, _kept(town, resource, definition))
    assert (rule.definition, rule.revision) == (definition, 1)
    switched = _saved(client, rule, severity=RuleSeverity.MINOR.value)
    assert (switched.definition, switched.revision) == (definition, 2)


def test_every_kind_that_is_offered_is_opened_here() -> None:
    opened = [quality.parts_of(definition) for definition in _STANDING]
    assert {found[0] for found in opened if found} == set(PARTS_KINDS)


def test_a_threshold_that_the_fields_do_not_know_is_kept(
    client: Client, town: Town, page: str, resource: DataResource
) -> None:
    definition = {"kind": "timeliness", "columns": ["djrq"], "within": "31d"}
    rule = _saved(client, _kept(town, resource, definition, threshold=Decimal("0.5")), name="改了名")
    assert (rule.threshold, rule.name, rule.definition) == (Decimal("0.5"), "改了名", definition)
    typed = typed_in(client.get(_address(rule)).content.decode()) | {"step": "fields"}
    assert "表单说不全这个定义" in client.post(_address(rule), typed).content.decode()


def test_what_is_deleted_in_the_definition_does_not_come_back_in_the_fields(
    client: Client, town: Town, page: str, resource: DataResource
) -> None:
    standing = {
        "kind": "between",
        "columns": ["djrq", "sfzh"],
        "min": "2024-01-01",
        "max": "2024-12-31",
        "where": "xm <> ''",
    }
    rule = _kept(town, resource, standing)
    less = '{"kind": "between", "columns": ["djrq"], "max": "2024-12-31"}'
    typed = {"kind": "json", "definition": less, "name": "规则", "severity": "major", "threshold": "0"}
    html = client.post(_address(rule), typed | {"step": "fields"}).content.decode()
    posted = typed_in(html) | _REASON | {"is_active": "on"}
    assert client.post(_address(rule), posted).status_code == 302
    rule.refresh_from_db()
    assert rule.definition == {"kind": "between", "columns": ["djrq"], "max": "2024-12-31"}


def test_a_name_that_was_written_by_itself_follows_the_rule_and_another_stays(
    client: Client, town: Town, page: str, resource: DataResource
) -> None:
    definition = {"kind": "between", "columns": ["djrq"], "min": "2024-01-01"}
    rule = _kept(town, resource, definition, "登记日期应不小于 2024-01-01")
    assert typed_in(client.get(_address(rule)).content.decode())["name"] == ""
    assert _saved(client, rule, least="2025-01-01").name == "登记日期应不小于 2025-01-01"
    assert _saved(client, rule, name="登记要新").name == "登记要新"
    assert _saved(client, rule, least="2023-01-01").name == "登记要新"


def test_fields_that_cannot_be_read_stay_fields_when_the_definition_is_asked_for(client: Client, page: str) -> None:
    typed = {"kind": "between", "column": "djrq", "least": "低", "where": "xm <> ''", "step": "json", "threshold": "0"}
    answer = client.post(page, typed)
    html = answer.content.decode()
    assert (answer.status_code, 'name="definition"' in html) == (422, False)
    assert "请写成数，或日期" in html
    assert "必须填写" not in html
    assert (typed_in(html)["least"], typed_in(html)["column"]) == ("低", "djrq")
    begun = client.post(page, typed | {"least": ""}).content.decode()
    assert "djrq" in typed_in(begun)["definition"]
    assert "xm &lt;&gt;" in begun


@pytest.mark.parametrize(
    "definition",
    [
        '{"kind": "completeness", "columns": ["xm"], "minimum": "abc"}',
        '{"kind": "completeness", "columns": ["xm"], "minimum": 1e999}',
        '{"kind": "between", "columns": ["xm"], "min": true}',
        '{"kind": "between", "columns": ["xm"], "min": [1]}',
        '{"kind": "expression", "expression": 5}',
        '{"kind": "history_drift", "measure": "rows", "tolerance": "x"}',
        '{"kind": "unique", "columns": {"a": 1}}',
        '{"kind": "unique", "columns": 5}',
        '{"kind": "unique", "columns": [["xm"]]}',
        '{"kind": ["x"]}',
        '{"kind": "type", "columns": ["xm"], "type": "no_such"}',
        '{"kind": "one_of", "columns": ["xm"], "values": 5}',
        '{"kind": "references", "columns": ["xm"], "references": 5}',
        r'{"kind": "matches", "columns": ["xm"], "pattern": "\ud800"}',
        r'{"kind": "matches", "columns": ["xm"], "pattern": "\u0000"}',
    ],
)
def test_a_definition_that_makes_no_sense_is_told_and_not_kept(client: Client, page: str, definition: str) -> None:
    before = QualityRule.objects.count()
    typed = {"kind": "json", "definition": definition, "severity": "major", "threshold": "0", "name": "规则"} | _REASON
    assert client.post(page, typed).status_code == 422
    for step in ("fields", "preview"):
        assert client.post(page, typed | {"step": step}).status_code == 200
    assert QualityRule.objects.count() == before
