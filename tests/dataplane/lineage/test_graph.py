"""Questions to the graph of columns: judged by a plain search over the same edges."""

from collections import deque
from itertools import pairwise
from pathlib import Path

import pytest
from dataplane.lineage.drawing import CITY, trace
from hypothesis import given
from hypothesis import strategies as st

from chengshu.dataplane.errors import GraphUnreadable
from chengshu.dataplane.lineage.columns import ROWS, Column, Transformation
from chengshu.dataplane.lineage.graph import ColumnGraph, GraphEdge, edges_of
from chengshu.dataplane.lineage.graph_files import load_graph, save_graph

SAME = Transformation.IDENTITY


def _column(number: int) -> Column:
    return Column(f"t{number // 3}", f"c{number % 3}")


def _edges(pairs: list[tuple[int, int]]) -> list[GraphEdge]:
    return [GraphEdge(_column(source), _column(target), SAME) for source, target in pairs]


def _search(pairs: list[tuple[int, int]], start: int) -> dict[Column, int]:
    """The plain answer: each column reached, with its distance."""
    depths, waiting = {start: 0}, deque([start])
    while waiting:
        node = waiting.popleft()
        for source, target in pairs:
            if source == node and target not in depths:
                depths[target] = depths[node] + 1
                waiting.append(target)
    return {_column(node): depth for node, depth in depths.items() if node != start}


def _answer(graph: ColumnGraph, start: int) -> dict[Column, int]:
    found = graph.impact([_column(start)]).list_found()
    assert [one.depth for one in found] == sorted(one.depth for one in found)
    return {one.column: one.depth for one in found}


pairs_of_ends = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40)


@given(arranged=pairs_of_ends, later=pairs_of_ends, replaced=pairs_of_ends, start=st.integers(0, 14))
def test_answers_are_those_of_a_plain_search_however_the_edges_came(
    arranged: list[tuple[int, int]], later: list[tuple[int, int]], replaced: list[tuple[int, int]], start: int
) -> None:
    graph = ColumnGraph()
    graph.put("a", _edges(arranged))
    graph.put("b", _edges(replaced))
    graph.compact()
    graph.put("c", _edges(later))
    graph.remove("b")
    standing = arranged + later
    assert _answer(graph, start) == _search(standing, start)
    assert len(graph) == len(standing)
    backwards = [(target, source) for source, target in standing]
    found = graph.origin([_column(start)]).list_found()
    assert {one.column: one.depth for one in found} == _search(backwards, start)
    graph.compact()
    assert _answer(graph, start) == _search(standing, start)


@given(pairs=pairs_of_ends, start=st.integers(0, 14))
def test_every_path_goes_along_edges_and_is_as_long_as_the_depth(pairs: list[tuple[int, int]], start: int) -> None:
    graph = ColumnGraph()
    graph.put("a", _edges(pairs))
    answer = graph.impact([_column(start)])
    edges = {(_column(source), _column(target)) for source, target in pairs}
    for one in answer.list_found():
        path = answer.path_to(one.column)
        assert path[0] == _column(start)
        assert path[-1] == one.column
        assert len(path) == one.depth + 1
        assert path[-2] == one.via
        assert set(pairwise(path)) <= edges
        assert (one.way, one.statement) == (SAME, "a")


def test_a_circle_ends() -> None:
    graph = ColumnGraph()
    graph.put("a", _edges([(0, 1), (1, 2), (2, 0)]))
    assert _answer(graph, 0) == {_column(1): 1, _column(2): 2}


def test_depth_can_be_bounded_and_answers_paged() -> None:
    graph = ColumnGraph()
    graph.put("a", _edges([(number, number + 1) for number in range(10)]))
    assert graph.impact([_column(0)], depth=3).depth == 3
    answer = graph.impact([_column(0)])
    assert len(answer) == 10
    assert [one.column for one in answer.list_found(first=4, count=2)] == [_column(5), _column(6)]


def test_a_column_that_nobody_knows_hits_nothing() -> None:
    graph = ColumnGraph()
    graph.put("a", _edges([(0, 1)]))
    answer = graph.impact([Column("no", "where")])
    assert (len(answer), answer.depth, answer.list_found(), answer.path_to(_column(0))) == (0, 0, [], [])


def test_conditions_are_followed_when_asked() -> None:
    """A wrong join key changes no value, but which rows a table has, and what is counted of them."""
    sql = """create table kept as select o.amount from orders o join customers c on c.id = o.cust;
        create table counted as select count(*) as n from kept"""
    graph = ColumnGraph()
    for one in trace(sql, "postgres", CITY):
        graph.put(str(one.number), edges_of(one.reading))
    key = Column("customers", "id")
    assert graph.impact([key], through_rows=False).list_found() == []
    hit = {one.column for one in graph.impact([key]).list_found()}
    assert hit == {Column("kept", ROWS), Column("counted", "n"), Column("counted", ROWS)}
    assert [one.column for one in graph.origin([Column("counted", "n")]).list_found()] == [Column("kept", ROWS)]
    late = graph.impact(graph.columns_of("orders"))
    assert late.tally_tables() == [("counted", 2), ("kept", 2)]
    assert [one.column for one in graph.origin([Column("kept", "amount")]).list_found()] == [Column("orders", "amount")]


def test_a_statement_read_again_replaces_what_it_said() -> None:
    graph = ColumnGraph()
    graph.put("job", _edges([(0, 1)]))
    graph.compact()
    graph.put("job", _edges([(0, 2)]))
    assert _answer(graph, 0) == {_column(2): 1}
    graph.put("job", _edges([(0, 3)]))
    graph.compact()
    assert _answer(graph, 0) == {_column(3): 1}
    assert graph.edges.names == ["job"]


@given(pairs=pairs_of_ends, start=st.integers(0, 14))
def test_what_is_kept_answers_the_same(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]], start: int
) -> None:
    folder = tmp_path_factory.mktemp("graph")
    graph = ColumnGraph()
    graph.put("甲", _edges(pairs))
    save_graph(graph, folder)
    loaded = load_graph(folder)
    assert loaded.impact([_column(start)]).list_found() == graph.impact([_column(start)]).list_found()
    found = loaded.impact([_column(start)]).list_found()
    nearest = {one.column.table: one.depth for one in reversed(found)}
    assert {table: depth for table, depth, _count in loaded.impact([_column(start)]).list_tables()} == nearest
    loaded.put("乙", _edges([(start, 99)]))
    save_graph(loaded, folder)
    assert _answer(load_graph(folder), start)[_column(99)] == 1
    assert len(list(folder.glob("*.parquet"))) == 4


def test_damaged_files_are_told(tmp_path: Path) -> None:
    with pytest.raises(GraphUnreadable):
        load_graph(tmp_path)
    graph = ColumnGraph()
    graph.put("a", _edges([(0, 1)]))
    save_graph(graph, tmp_path)
    edges = next(tmp_path.glob("edges-*"))
    edges.write_bytes(edges.read_bytes()[:20])
    with pytest.raises(GraphUnreadable) as caught:
        load_graph(tmp_path)
    assert "重新生成" in caught.value.message
