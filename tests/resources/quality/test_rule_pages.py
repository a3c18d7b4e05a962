"""A rule is filled in by its kind without a word of JSON; faults stand at their fields, and nothing is lost on the way."""

from typing import Any

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, published
from resources.quality.lake import deliver, row, the_rule

from chengshu.resources.contracts.catalogue import FieldContent
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import QualityRule, RuleDraft
from chengshu.resources.models import DataResource


@pytest.fixture
def page(client: Client, town: Town, resource: DataResource) -> str:
    client.force_login(town.steward)
    return f"/resources/{resource.pk}/quality/new/"


def _typed(kind: str, **parts: Any) -> dict[str, Any]:
    return {"kind": kind, "severity": "major", "threshold": "0", "reason": "业务要求", "name": "", "key": ""} | parts


def _field_faults(html: str) -> list[str]:
    return [part.split('"', 1)[0].removesuffix("-error") for part in html.split('class="field-error" id="rule-')[1:]]


def test_a_range_is_written_named_and_numbered_by_itself(client: Client, page: str, town: Town) -> None:
    typed = _typed("between", column="djrq", least="2024-01-01", most="2024-12-31", where="xm <> ''")
    assert client.post(page, typed).status_code == 302
    rule = the_rule("djrq.between")
    assert rule.name == "登记日期应在 2024-01-01 至 2024-12-31 之间"
    told = {"kind": "between", "columns": ["djrq"], "min": "2024-01-01", "max": "2024-12-31", "where": "xm <> ''"}
    assert (rule.definition, rule.changed_by) == (told, town.steward)
    assert client.post(page, _typed("between", column="djrq", least="2023-01-01")).status_code == 302
    assert the_rule("djrq.between.2").definition == {"kind": "between", "columns": ["djrq"], "min": "2023-01-01"}


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        (_typed("between", column="", least="1"), ["column"]),
        (_typed("between", column="djrq", least="低"), ["least"]),
        (_typed("between", column="djrq", least="2", most="1"), ["most"]),
        (_typed("between", column="other", least="1"), ["column"]),
        (_typed("matches", column="xm", pattern="(?=x)"), ["pattern"]),
        (_typed("expression", expression="xm >"), ["expression"]),
        (_typed("unique", column="xm", where="xm >"), ["where"]),
        (_typed("compare", left="djrq", comparison="<", right="xm"), ["right"]),
        (_typed("references", column="sfzh", table="没有", their_column="x"), ["table"]),
        (_typed("references", column="sfzh", table="307/MZ001", their_column="x"), ["their_column"]),
        (_typed("completeness", column="xm", minimum="2"), ["minimum"]),
        (_typed("history_drift", measure="nulls", column="", tolerance="0.1", last="6"), ["column"]),
        (_typed("history_drift", measure="rows", tolerance="-1", last="6"), ["tolerance"]),
        (_typed("delivery_timeliness", within="0", unit="d"), ["within"]),
        (_typed("between", column="djrq", least="2024-01-01", key="a b"), ["key"]),
        (_typed("between", column="djrq", least="2024-01-01", key="key.unique"), ["key"]),
        (_typed("between", column="djrq", least="2024-01-01", threshold="2"), ["threshold"]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(
    client: Client, page: str, typed: dict[str, Any], places: list[str]
) -> None:
    before = QualityRule.objects.count()
    answer = client.post(page, typed)
    assert (answer.status_code, _field_faults(answer.content.decode())) == (422, places)
    assert QualityRule.objects.count() == before


def test_another_kind_asks_for_its_own_parts_and_keeps_what_both_have(client: Client, page: str) -> None:
    html = client.post(page, _typed("one_of", column="xm", step="kind")).content.decode()
    assert 'name="values"' in html
    assert 'name="least"' not in html
    assert '<option value="xm" selected>' in html
    assert 'class="field-error"' not in html


def test_the_preview_says_what_the_fields_would_find_and_waits_until_they_are_filled(
    client: Client, page: str, resource: DataResource
) -> None:
    deliver(resource, [row("1", djrq="2023-12-31"), row("2"), row("3")])
    for begun in ({"column": "djrq"}, {"least": "1"}):
        waiting = client.post(page, _typed("between", step="preview", **begun)).content.decode()
        assert "写好规则后" in waiting
    refused = client.post(page, _typed("between", column="djrq", least="低", step="preview")).content.decode()
    assert "写好规则后" not in refused
    assert "请写成数，或日期" in refused
    found = client.post(page, _typed("between", column="djrq", least="2024-01-01", step="preview")).content.decode()
    assert "<dd>3</dd>" in found
    assert "<dd>1</dd>" in found
    assert "<td>2023-12-31</td>" in found


def test_a_rule_opens_in_its_fields_and_is_changed_there(
    client: Client, town: Town, page: str, resource: DataResource
) -> None:
    client.post(page, _typed("not_null", column="xm", more=["sfzh", "djrq"], blank="on"))
    rule = the_rule("xm.not_null")
    address = f"/resources/quality/rules/{rule.pk}/"
    html = client.get(address).content.decode()
    assert 'name="definition"' not in html
    assert html.count("checked") == 4  # two more columns, blanks, in force
    typed = _typed("not_null", column="xm", more=["sfzh"], is_active="on", name="姓名和号码要填")
    assert client.post(address, typed).status_code == 302
    rule.refresh_from_db()
    assert (rule.definition, rule.revision) == ({"kind": "not_null", "columns": ["xm", "sfzh"]}, 2)
    assert (rule.name, rule.is_active) == ("姓名和号码要填", True)
    client.force_login(town.operator)
    shown = client.get(address).content.decode()
    assert "&quot;not_null&quot;" in shown
    assert client.post(address, typed).status_code == 403


def test_a_rule_of_a_column_that_the_catalogue_lost_can_still_be_switched_off(
    client: Client, town: Town, page: str, resource: DataResource
) -> None:
    draft = RuleDraft("old", "旧栏目", {"kind": "unique", "columns": ["gone"]})
    rule = quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    assert client.post(f"/resources/quality/rules/{rule.pk}/", _typed("unique", column="gone")).status_code == 302
    rule.refresh_from_db()
    assert (rule.is_active, rule.definition) == (False, {"kind": "unique", "columns": ["gone"]})


def test_fields_become_a_definition_and_come_back_where_they_can_say_it(client: Client, page: str) -> None:
    html = client.post(page, _typed("between", column="djrq", least="2024-01-01", step="json")).content.decode()
    assert "&quot;min&quot;: &quot;2024-01-01&quot;" in html
    definition = '{"kind": "unique", "columns": ["djrq"]}'
    back = client.post(page, _typed("json", definition=definition, step="fields")).content.decode()
    assert '<option value="unique" selected>' in back
    many = '{"kind": "date_order", "columns": ["a", "b", "c"]}'
    kept = client.post(page, _typed("json", definition=many, step="fields")).content.decode()
    assert "表单说不全这个定义" in kept
    assert "date_order" in kept
    assert client.post(page, _typed("json", definition=definition)).status_code == 422  # it has to be named
    assert client.post(page, _typed("json", definition=definition, name="不重复")).status_code == 302


def test_other_tables_in_sight_are_offered_with_their_fields(client: Client, town: Town, page: str) -> None:
    fields = (FieldContent("gmsfhm", "公民身份号码", is_key=True),)
    published(town, code="307/GA001", name="常住人口信息", fields=fields)
    html = client.post(page, _typed("references", column="sfzh", table="307/GA001", step="kind")).content.decode()
    assert '<option value="gmsfhm">公民身份号码</option>' in html
    typed = _typed("references", column="sfzh", table="307/GA001", their_column="gmsfhm")
    assert client.post(page, typed).status_code == 302
    assert the_rule("sfzh.references").definition["references"] == {"data": "307/GA001", "column": "gmsfhm"}
