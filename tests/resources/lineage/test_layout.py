"""Boxes of a lineage graph stand left to right, apart from each other, with every edge drawn."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from chengshu.resources.facade.lineage_drawing import WIDTH, BoxAsked, Drawing, LinkAsked, lay_out, shorten

_NAMES = [f"t{number}" for number in range(12)]


def _link(source: str, target: str, source_column: str = "", target_column: str = "") -> LinkAsked:
    return LinkAsked(source, source_column, target, target_column)


def _overlap(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (one.name, other.name)
        for one, other in combinations(drawing.boxes, 2)
        if abs(one.x - other.x) < WIDTH and one.y < other.y + other.height and other.y < one.y + one.height
    ]


def test_sources_stand_left_of_what_is_made_of_them() -> None:
    boxes = [BoxAsked("topic", 0, ("n",)), BoxAsked("std", -1, ("a", "b")), BoxAsked("raw", -1), BoxAsked("report", 1)]
    links = [_link("raw", "std", "x", "a"), _link("std", "topic", "a", "n"), _link("topic", "report", "n", "m")]
    drawing = lay_out(boxes, links)
    at = {box.name: box.x for box in drawing.boxes}
    assert at["raw"] < at["std"] < at["topic"] < at["report"], "raw feeds std though both are one step away"
    std = next(box for box in drawing.boxes if box.name == "std")
    assert [name for name, _y in std.rows] == ["a", "b"]
    to_std = next(curve for curve in drawing.curves if curve.pairs[0].target == "std")
    assert to_std.path.endswith(f"{std.x - 7} {std.rows[0][1] + 12}"), "the curve ends at the column's row"


def test_many_edges_of_folded_tables_are_one_curve() -> None:
    links = [_link("a", "b", f"c{n}", f"d{n}") for n in range(50)]
    (curve,) = lay_out([BoxAsked("a", 0), BoxAsked("b", 1)], links).curves
    assert len(curve.pairs) == 50


@given(st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES)), max_size=40), st.integers(0, 30))
def test_any_graph_is_laid_out_without_overlap(pairs: list[tuple[str, str]], columns: int) -> None:
    boxes = [
        BoxAsked(name, at % 5 - 2, tuple(f"c{n}" for n in range(columns * (at % 2)))) for at, name in enumerate(_NAMES)
    ]
    drawing = lay_out(boxes, [_link(*pair) for pair in pairs if pair[0] != pair[1]])
    assert {box.name for box in drawing.boxes} == set(_NAMES)
    assert _overlap(drawing) == []
    assert all(0 <= box.x <= drawing.width - WIDTH and box.y + box.height <= drawing.height for box in drawing.boxes)
    assert sum(len(curve.pairs) for curve in drawing.curves) == len([p for p in pairs if p[0] != p[1]])


def test_long_titles_are_cut_by_their_width() -> None:
    assert shorten("婚姻登记信息", 12) == "婚姻登记信息"
    assert shorten("婚姻登记信息汇总", 12) == "婚姻登记信…"
    assert shorten("dwd_marriage", 12) == "dwd_marriage"
