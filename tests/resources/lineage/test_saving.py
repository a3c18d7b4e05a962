"""Scripts that are handed in become lineage: by version, tied to the catalogue, with what could not be read."""

from dataclasses import replace
from typing import Any

import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.lineage.land import MAKING, Land, given

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.facade import lineage_work
from chengshu.resources.facade.lineage import (
    HitKind,
    LineageRefused,
    LineageTable,
    ScriptGiven,
    get_state,
    list_hits,
    tally_hits,
)
from chengshu.resources.models import LineageEdge, LineageFault, LineageTeller
from chengshu.resources.queries.lineage_origins import trace_saved_origins


def test_what_is_handed_in_twice_is_kept_once_and_a_new_version_replaces_the_old(land: Land) -> None:
    edges = LineageEdge.objects.count()
    again, is_new = lineage_work.take_scripts(given(), actor=land.town.operator, now=NOW)
    assert (again.number, is_new, LineageEdge.objects.count()) == (1, False, edges)
    assert not lineage_work.is_behind()

    shorter = given("create table dwd_marriage as select djbh from 婚姻登记信息")
    edition, is_new = lineage_work.take_scripts(shorter, actor=land.town.operator, now=NOW)
    assert (edition.number, is_new, edition.statement_count) == (2, True, 1)
    assert lineage_work.is_behind()
    state = lineage_work.build_graph()
    assert not lineage_work.is_behind()
    assert state.edges < edges
    assert {hit.hit for hit in lineage_work.tell_impact("307/MZ001", "sfzh").nodes} <= {HitKind.LATE}


def test_statements_that_cannot_be_read_are_listed_with_the_reason(land: Land) -> None:
    (fault,) = LineageFault.objects.select_related("statement")
    assert fault.statement.name == "marriage.sql#3"
    assert "程序体" in fault.reason
    assert LineageTeller.objects.get(title="民政加工脚本").fault_count == 1


def test_a_field_of_the_catalogue_hits_tables_and_the_report(land: Land) -> None:
    told = lineage_work.tell_impact("307/MZ001", "djrq")
    hits = {hit.node: (hit.depth, hit.hit) for hit in told.nodes}
    assert hits == {
        "dwd_marriage": (1, HitKind.VALUE),
        "topic.marriage_monthly": (2, HitKind.VALUE),
        "report:市场局报表/结婚月报.sql": (3, HitKind.VALUE),
    }
    listed: Any = list_hits(told, on=NOW.date())
    listed = listed.order_by("depth")
    assert [(row.title or row.node, row.department_name) for row in listed] == [
        ("dwd_marriage", "民政局"),
        ("topic.marriage_monthly", "民政局"),
        ("结婚月报", "市场监督管理局"),
    ]
    assert tally_hits(listed) == {"departments": 2, "tables": 2, "reports": 1, "indicators": 0, "unowned": 0}
    late = lineage_work.tell_impact("307/MZ001", None)
    assert {hit.node for hit in late.nodes} == set(hits)


def test_a_value_is_followed_back_to_the_field_of_the_catalogue(land: Land) -> None:
    steps = lineage_work.list_steps("report:市场局报表/结婚月报.sql", "月份")
    assert [(step.depth, step.column.table, step.column.name) for step in steps] == [
        (1, "topic.marriage_monthly", "month"),
        (2, "dwd_marriage", "djrq"),
        (3, "307/MZ001", "djrq"),
    ]
    way = lineage_work.list_paths("307/MZ001", "djrq", "report:市场局报表/结婚月报.sql")
    assert [column.name for column in way] == ["djrq", "djrq", "month", "月份"]


def test_an_entry_knows_the_fields_of_others_that_its_fields_are_made_of(land: Land) -> None:
    from resources.catalogue.fakes import add_resource  # noqa: PLC0415

    derived = add_resource(land.town.civil, code="307/MZ900", name="topic_names")
    derived.fields.create(number=0, code="holder", name="持证人", type="text")
    text = "create table topic_names as select name as HOLDER from dwd_marriage"
    told = given(text, title="派生", scripts=(ScriptGiven("a.sql", text),))
    lineage_work.take_scripts(told, actor=land.town.operator, now=NOW)
    lineage_work.build_graph()
    (origin,) = trace_saved_origins([derived.pk])
    assert (origin.field, origin.source_resource_id, origin.source_field) == ("holder", land.marriage.pk, "xm")


def test_a_table_that_is_catalogued_later_becomes_its_entry(land: Land) -> None:
    from resources.catalogue.fakes import add_resource  # noqa: PLC0415

    assert LineageTable.objects.get(name="dwd_marriage").resource is None
    entry = add_resource(land.town.market, code="dwd_marriage", name="婚姻明细")
    lineage_work.build_graph()
    table = LineageTable.objects.get(name="dwd_marriage")
    assert (table.resource, table.department) == (entry, land.town.market)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"dialect": "cobol"}, "dialect"),
        ({"department": "S-??"}, "department"),
        ({"title": " "}, "title"),
        ({"scripts": ()}, "scripts"),
        ({"scripts": (ScriptGiven("a.sql", "select 1"), ScriptGiven("a.sql", "select 2"))}, "scripts"),
        ({"scripts": (ScriptGiven("a.sql", "select \0"),)}, "scripts"),
        ({"scripts": (ScriptGiven("a.sql", " " * 4_000_001),)}, "scripts"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_place(town: Town, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(LineageRefused) as refusal:
        lineage_work.take_scripts(replace(given(), **wrong), actor=town.operator, now=NOW)  # type: ignore[arg-type]
    assert refusal.value.details["field"] == field
    assert not LineageTeller.objects.exists()


def test_nobody_hands_in_for_another_department(land: Land) -> None:
    with pytest.raises(PermissionRefused):
        lineage_work.take_scripts(given(MAKING + "select 1;"), actor=land.town.other, now=NOW)
    with pytest.raises(LineageRefused, match="另一个血缘来源"):
        lineage_work.take_scripts(given(department="S-SC"), actor=land.town.other, now=NOW)
    assert get_state().built_revision == get_state().revision


def test_registered_indicators_stand_at_the_end_of_what_they_count(land: Land) -> None:
    assert lineage_work.take_indicators(NOW) > 0
    assert lineage_work.take_indicators(NOW) == 0, "told again, nothing changes"
    lineage_work.build_graph()
    told = lineage_work.tell_impact("resources_issuerow", "settled_at")
    rate = lineage_work.indicator_node("resources.rectification_rate")
    assert (rate, HitKind.VALUE) in {(hit.node, hit.hit) for hit in told.nodes}
    faults = LineageFault.objects.filter(statement__teller__title="登记的指标")
    assert list(faults.values_list("statement__name", "reason")) == []
