"""An indicator leads back to the departments whose data it measures, and their fields lead to the indicators."""

import re
from datetime import date
from typing import Any

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.collection.fakes import add_source
from resources.lineage.land import Land

from chengshu.kernel.indicators import facade as indicators
from chengshu.resources.facade import lineage_work
from chengshu.resources.facade.lineage import HitKind, LineageTable, NodeKind, list_hits, tally_hits
from chengshu.resources.models import DataSource, DeliveryPromise, PlannedCheck, QualityRule

_RATE, _TIMELY, _COVERAGE, _ROWS_HELD, _INTEGRATIONS = (
    f"indicator:resources.{key}"
    for key in ("rectification_rate", "collection_timeliness", "check_coverage", "rows_held", "integrations")
)


def _add_rule(land: Land, key: str, **definition: Any) -> None:
    QualityRule.objects.create(
        resource=land.marriage, key=key, name=key, definition=definition, origin="person", changed_at=NOW
    )


@pytest.fixture
def source(land: Land, settings: Settings) -> DataSource:
    """Collect, plan and check 婚姻登记信息, and let the big-data centre be the market department's colleague."""
    settings.DATA_CENTRE = land.town.market.code
    source = add_source(land.town.civil)
    DataSource.objects.filter(pk=source.pk).update(resource=land.marriage, name="婚姻登记系统")
    DeliveryPromise.objects.create(source=source, cycle="daily", due_hours=9, since=date(2024, 1, 1))
    PlannedCheck.objects.create(
        resource=land.marriage, month_on=NOW.date().replace(day=1), month_at=NOW, planned_at=NOW
    )
    _add_rule(land, "sfzh.citizen", kind="check_digit", scheme="citizen_id", columns=["sfzh"])
    _add_rule(land, "djrq.after", kind="expression", expression="djrq >= '1949-10-01'", where="djbh is not null")
    take(land.town)
    return source


def take(_town: Town) -> None:
    """Take what indicators and records say, as the worker does, and build the graph."""
    lineage_work.take_indicators(NOW)
    lineage_work.take_records(NOW)
    lineage_work.build_graph()


def _hits(column: str | None) -> dict[str, HitKind]:
    return {hit.node: hit.hit for hit in lineage_work.tell_impact("307/MZ001", column).nodes}


def test_an_indicator_is_followed_to_the_sources_of_the_departments(source: DataSource) -> None:
    steps = lineage_work.list_steps(_RATE, None)
    way = list(dict.fromkeys(step.column.table for step in steps))
    assert way == [
        "resources_issuerow",
        "resources_qualityissue",
        "resources_checkrun",
        "307/MZ001",
        lineage_work.source_node(source.pk),
    ]
    assert {step.column.table for step in lineage_work.list_steps(_TIMELY, None)} >= {
        "resources_duedelivery",
        "resources_delivery",
        "307/MZ001",
        lineage_work.source_node(source.pk),
    }


def test_the_page_says_every_step_in_words_and_who_answers_for_it(land: Land, source: DataSource) -> None:
    client = Client()
    client.force_login(land.town.operator)
    told = client.get(reverse("resources:lineage-origins"), {"node": _RATE}).content.decode()
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", told))
    assert "“数据质量问题整改率”往回追溯 5 步。各步的责任部门：市场监督管理局、民政局。" in plain
    assert "数据质量问题整改率的“值” 汇总自 质量问题行的“办结时间（settled_at）” 平台记录" in plain
    assert "质量检查记录 的记录取自 婚姻登记信息的记录" in plain
    assert "婚姻登记信息 的记录取自 婚姻登记系统的记录 数据源" in plain
    assert "还没有登记责任部门" not in plain


def test_a_checked_field_hits_the_indicators_of_its_checks_and_a_late_table_those_of_its_collection(
    source: DataSource,
) -> None:
    for column in ("sfzh", "djrq", "djbh"):
        hits = _hits(column)
        assert hits[_RATE] is HitKind.ROWS
        assert {hits[node] for node in (_TIMELY, _COVERAGE, _ROWS_HELD, _INTEGRATIONS)} == {HitKind.LATE}
    unchecked = _hits("xm")
    assert unchecked[_TIMELY] is HitKind.LATE
    assert unchecked[_RATE] is HitKind.LATE, "no rule looks at it, but without the delivery nothing is checked"
    assert set(_hits(None)) >= {_RATE, _TIMELY, _COVERAGE, _ROWS_HELD, _INTEGRATIONS}
    assert not any(node.startswith("indicator:tickets") for node in _hits(None))


def test_the_page_tells_wrong_and_late_apart_and_whom_to_notify(land: Land, source: DataSource) -> None:
    client = Client()
    client.force_login(land.town.operator)
    asked = {"node": "307/MZ001", "column": "sfzh"}
    told = client.get(reverse("resources:lineage-impact"), asked).content.decode()
    wrong, late = re.search(r'<p class="lineage-answer">(.*?出错，.*?。) ?(所在的表迟到，.*?。)', told).groups()  # type: ignore[union-attr]
    assert re.search(r"\d+ 个指标", wrong)
    assert re.search(r"\d+ 个指标", late)
    assert "数据归集及时率" in told
    assert "<strong>民政局</strong>" in told
    assert "<strong>市场监督管理局</strong>" in told
    only = client.get(
        reverse("resources:lineage-impact"), asked | {"hit": "late", "kind": "indicator"}
    ).content.decode()
    assert "数据质量问题整改率" not in only.split("hits-title")[-1]
    assert "数据归集及时率" in only.split("hits-title")[-1]


def test_records_are_no_tables_of_departments_and_have_an_owner(land: Land, source: DataSource) -> None:
    record = LineageTable.objects.get(name="resources_issuerow")
    assert (record.kind, record.title, record.department) == (NodeKind.RECORD, "质量问题行", land.town.market)
    assert LineageTable.objects.get(name=_RATE).department == land.town.market
    told = lineage_work.tell_impact("307/MZ001", None)
    hits: Any = list_hits(told, on=NOW.date())
    assert tally_hits(hits)["tables"] == hits.filter(kind=NodeKind.TABLE.value).count() == 2
    assert not LineageTable.objects.filter(kind=NodeKind.RECORD.value, title__regex="^[a-z_]*$").exists()


def test_what_is_no_longer_promised_or_checked_is_told_no_more(land: Land, source: DataSource) -> None:
    assert lineage_work.take_records(NOW) == 0, "told again, nothing changes"
    QualityRule.objects.filter(key="sfzh.citizen").update(is_active=False)
    assert lineage_work.take_records(NOW) > 0
    lineage_work.build_graph()
    assert _hits("sfzh")[_RATE] is HitKind.LATE
    assert _hits("djrq")[_RATE] is HitKind.ROWS


def test_without_a_named_centre_nobody_is_made_to_answer(land: Land, settings: Settings) -> None:
    settings.DATA_CENTRE = "没有的代码"
    take(land.town)
    assert LineageTable.objects.get(name="resources_issuerow").department is None


def test_every_figure_begins_with_the_facts_that_it_counts(land: Land) -> None:
    take(land.town)
    for spec in indicators.list_specs():
        steps = lineage_work.list_steps(lineage_work.indicator_node(spec.key), None)
        assert any(step.column.name == "*" for step in steps), spec.key


def test_the_drawing_of_an_indicator_shows_its_records_and_that_there_is_more(source: DataSource) -> None:
    found = lineage_work.find_neighbourhood(_RATE, None, opened=frozenset(), most=40)
    drawn = {table for table, _step in found.tables}
    assert {"resources_issuerow", "resources_qualityissue"} <= drawn
    assert "resources_qualityissue" in found.hidden, "its checks and fields are not drawn yet"
