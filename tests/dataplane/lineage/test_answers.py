"""The two questions of the people who run a platform, over a small city."""

import pytest
from dataplane.lineage.drawing import trace

from chengshu.dataplane.lineage.answers import (
    Hit,
    Holder,
    Impact,
    Ownership,
    Use,
    UseKind,
    impact_of,
    impact_of_late,
    origin_of,
    tell_impact,
    tell_step,
)
from chengshu.dataplane.lineage.columns import ROWS, Column
from chengshu.dataplane.lineage.graph import ColumnGraph, edges_of

SQL = """
create table std_person as select id, name, birth_date, district from raw_person where valid = 1;
create table topic_elderly as select district, count(*) as elders, max(age(birth_date)) as oldest
    from std_person where age(birth_date) >= 60 group by district;
create view v_hospital as select h.district, h.beds, e.elders, h.beds * 1.0 / e.elders as beds_per_elder
    from raw_hospital h join topic_elderly e on e.district = h.district;
create table scratch as select name from std_person;
"""
OWNERSHIP = Ownership(
    holders={
        "raw_person": Holder("公安局", "人口基础信息", "王某"),
        "std_person": Holder("大数据中心", "标准人口表"),
        "topic_elderly": Holder("民政局", "老年人口专题"),
        "v_hospital": Holder("卫健委", "医养结合视图"),
        "raw_hospital": Holder("卫健委", "医院基本情况"),
    },
    uses=(
        Use(UseKind.INDICATOR, "每位老人床位数", "卫健委", Column("v_hospital", "beds_per_elder")),
        Use(UseKind.REPORT, "养老月报", "民政局", Column("topic_elderly", ROWS)),
        Use(UseKind.INDICATOR, "最高龄", "民政局", Column("topic_elderly", "oldest")),
        Use(UseKind.REPORT, "医院名录", "卫健委", Column("raw_hospital", "beds")),
    ),
)


@pytest.fixture
def graph() -> ColumnGraph:
    graph = ColumnGraph()
    for one in trace(SQL, "postgres"):
        graph.put(f"第 {one.number} 条语句", edges_of(one.reading))
    return graph


def _uses(impact: Impact) -> dict[str, Hit]:
    return {hit.use.name: hit.hit for department in impact.departments for hit in department.uses}


def test_a_wrong_field_hits_values_here_and_rows_there(graph: ColumnGraph) -> None:
    impact = impact_of(graph, [Column("raw_person", "birth_date")], OWNERSHIP)
    assert _uses(impact) == {"最高龄": Hit.VALUE, "养老月报": Hit.ROWS, "每位老人床位数": Hit.ROWS}
    assert {hit.department for hit in impact.departments} == {"民政局", "卫健委", "大数据中心"}


def test_each_use_shows_the_way_to_it(graph: ColumnGraph) -> None:
    impact = impact_of(graph, [Column("raw_person", "birth_date")], OWNERSHIP)
    (oldest,) = [hit for department in impact.departments for hit in department.uses if hit.use.name == "最高龄"]
    assert oldest.depth == 2
    assert impact.path_to(oldest) == [
        Column("raw_person", "birth_date"),
        Column("std_person", "birth_date"),
        Column("topic_elderly", "oldest"),
    ]


def test_departments_with_uses_come_first_and_the_unowned_last(graph: ColumnGraph) -> None:
    impact = impact_of(graph, [Column("raw_person", "name")], OWNERSHIP)
    assert [hit.department for hit in impact.departments] == ["大数据中心", ""]
    assert impact.departments[-1].tables == (("scratch", 1),)
    assert "1 个字段尚未登记责任部门" in tell_impact(impact)


def test_a_late_table_hits_all_that_reads_it(graph: ColumnGraph) -> None:
    impact = impact_of_late(graph, ["raw_hospital"], OWNERSHIP)
    assert _uses(impact) == {"每位老人床位数": Hit.VALUE, "医院名录": Hit.VALUE}
    assert "卫健委" in {hit.department for hit in impact.departments}
    everything = impact_of_late(graph, ["raw_person"], OWNERSHIP)
    assert tell_impact(everything).endswith("。")
    assert "2 个指标" in tell_impact(everything)
    assert "1 个报表" in tell_impact(everything)


def test_what_nobody_uses_hits_nobody(graph: ColumnGraph) -> None:
    impact = impact_of(graph, [Column("scratch", "name")], OWNERSHIP)
    assert (impact.departments, impact.reached) == ((), 0)
    assert tell_impact(impact) == "没有发现依赖 scratch.name 的数据。"


def test_a_figure_is_followed_to_its_sources_with_who_answers(graph: ColumnGraph) -> None:
    steps = origin_of(graph, Column("v_hospital", "beds_per_elder"), OWNERSHIP)
    told = [tell_step(step, OWNERSHIP) for step in steps]
    assert "《医养结合视图》的“beds_per_elder”计算自《医院基本情况》的“beds”（第 3 条语句），由卫健委负责。" in told
    assert "《老年人口专题》的“elders”汇总自《标准人口表》的行（第 2 条语句），由大数据中心负责。" in told
    assert [step.depth for step in steps] == sorted(step.depth for step in steps)


def test_a_count_goes_back_to_every_table_whose_rows_come_into_it(graph: ColumnGraph) -> None:
    steps = origin_of(graph, Column("topic_elderly", "elders"), OWNERSHIP)
    assert [tell_step(step, OWNERSHIP) for step in steps] == [
        "《老年人口专题》的“elders”汇总自《标准人口表》的行（第 2 条语句），由大数据中心负责。",
        "《标准人口表》的行取自《人口基础信息》的行（第 1 条语句），由公安局（王某）负责。",
    ]
    assert len(origin_of(graph, Column("topic_elderly", "elders"), OWNERSHIP, depth=1)) == 1
    assert len(origin_of(graph, Column("topic_elderly", "elders"), OWNERSHIP, count=1)) == 1


def test_a_step_names_the_person_or_says_that_nobody_is_registered(graph: ColumnGraph) -> None:
    (step,) = origin_of(graph, Column("std_person", "name"), OWNERSHIP)
    assert "由公安局（王某）负责" in tell_step(step, OWNERSHIP)
    (step,) = origin_of(graph, Column("std_person", "name"), Ownership())
    assert "尚未登记责任部门" in tell_step(step, Ownership())
