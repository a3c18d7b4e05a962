"""Random pipelines over small random tables: every one can be computed, so engines have no excuse to differ."""

from datetime import UTC, date, datetime
from functools import cache

import pyarrow as pa
from hypothesis import strategies as st

from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.tables.schemas import arrow_schema
from chengshu.dataplane.tables.shapes import Column, Shape, Type

Draw = st.DrawFn
INTEGER, DECIMAL, DOUBLE, TEXT, BOOLEAN, DATE, MOMENT = (
    *(Type.INTEGER, Type.DECIMAL, Type.DOUBLE),
    *(Type.TEXT, Type.BOOLEAN, Type.DATE, Type.MOMENT),
)
Fields = dict[str, Type]
PLAIN = frozenset({INTEGER, DOUBLE, TEXT, BOOLEAN})
"""The types that SQLite has as well."""
FULL = PLAIN | {DECIMAL, DATE, MOMENT}

VALUES = {
    INTEGER: st.integers(-5, 5),
    DECIMAL: st.decimals(-100, 100, places=2),
    DOUBLE: st.sampled_from([-1.5, 0.0, 0.25, 3.0]),
    TEXT: st.sampled_from(["", "a", "B", "ab", "上海", "海 ", "%", "O'", "\\"]),
    BOOLEAN: st.booleans(),
    DATE: st.sampled_from([date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]),
    MOMENT: st.sampled_from(
        [datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC), datetime(1969, 12, 31, 18, 0, 0, 1, tzinfo=UTC)]
    ),
}
PEOPLE: Fields = {
    "id": INTEGER,
    "n": INTEGER,
    "m": INTEGER,
    "s": TEXT,
    "z": TEXT,
    "d": DECIMAL,
    "e": DATE,
    "at": MOMENT,
}
CITIES: Fields = {"k": INTEGER, "v": TEXT, "w": INTEGER}


class Trial:
    """A pipeline with rows for its inputs; shown as people would write it down."""

    def __init__(self, pipeline: Pipeline, tables: dict[str, pa.Table]) -> None:
        self.pipeline = pipeline
        self.tables = tables

    def __repr__(self) -> str:
        steps = "\n".join(f"-- {step.name}\n{step.query}" for step in self.pipeline.steps)
        tables = "\n".join(f"{name}: {table.to_pydict()}" for name, table in self.tables.items())
        return f"\n{steps}\n{tables}\n"


@st.composite
def trials(draw: Draw, types: frozenset[Type] = FULL) -> Trial:
    """Draw a pipeline of up to four steps and the rows it reads."""
    fields = {name: kind for name, kind in PEOPLE.items() if kind in types}
    relations, name, steps = {"people": fields}, "people", []
    for number in range(draw(st.integers(1, 4))):
        query, fields = draw(_steps(name, relations[name], types))
        name = f"s{number}"
        relations[name] = fields
        steps.append(Step(name, query))
    used = {"people", *(("cities",) if any("cities" in str(step.query) for step in steps) else ())}
    shapes = [_shape(one, {"people": relations["people"], "cities": CITIES}[one]) for one in sorted(used)]
    tables = {shape.name: draw(_tables(shape)) for shape in shapes}
    return Trial(Pipeline("任意", tuple(shapes), tuple(steps)), tables)


def _shape(name: str, fields: Fields) -> Shape:
    return Shape(name, name, tuple(Column(kind, one, name=one) for one, kind in fields.items()))


@st.composite
def _tables(draw: Draw, shape: Shape) -> pa.Table:
    row = st.fixed_dictionaries({one.name: st.none() | VALUES[one.type] for one in shape.columns})
    return pa.Table.from_pylist(draw(st.lists(row, max_size=6)), schema=arrow_schema(shape))


@st.composite
def _steps(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    return draw(
        draw(st.sampled_from([_filters, _projections, _groups, _joins, _unions, _windows]))(name, fields, types)
    )


@st.composite
def _filters(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    distinct = draw(st.sampled_from(["", "DISTINCT "]))
    where = draw(expressions(BOOLEAN, fields, types))
    if draw(st.booleans()):
        negated = draw(st.sampled_from(["", "NOT "]))
        where += f" AND {draw(expressions(INTEGER, fields, types))} {negated}IN (SELECT k FROM cities WHERE w > 0)"
    return f"SELECT {distinct}* FROM {name} WHERE {where}", fields


@st.composite
def _projections(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    kinds = draw(st.lists(st.sampled_from(sorted(types - {BOOLEAN})), min_size=1, max_size=4))
    made = {f"c{place}": kind for place, kind in enumerate(kinds)}
    chosen = ", ".join(f"{draw(expressions(kind, fields, types))} AS {at}" for at, kind in made.items())
    return f"SELECT {chosen} FROM {name}", made


@st.composite
def _groups(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    key = draw(st.sampled_from([None, *sorted(fields)]))
    aggregates = {
        "a0": ("COUNT(*)", INTEGER),
        "a1": (f"SUM({draw(expressions(INTEGER, fields, types))})", INTEGER),
        "a2": (f"{draw(st.sampled_from(['MIN', 'MAX']))}({draw(expressions(TEXT, fields, types))})", TEXT),
        "a3": (f"COUNT(DISTINCT {draw(expressions(TEXT, fields, types))})", INTEGER),
        "a4": (f"COUNT(*) FILTER (WHERE {draw(expressions(BOOLEAN, fields, types))})", INTEGER),
    }
    if types >= FULL:
        aggregates["a6"] = (f"AVG({draw(expressions(DECIMAL, fields, types))})", DOUBLE)
        aggregates["a7"] = (f"COUNT_IF({draw(expressions(BOOLEAN, fields, types))})", INTEGER)
        aggregates["a8"] = (f"BOOL_OR({draw(expressions(BOOLEAN, fields, types))})", BOOLEAN)
        aggregates["a5"] = (f"CAST(SUM({draw(expressions(DECIMAL, fields, types))}) AS DECIMAL(18, 2))", DECIMAL)
    made = {at: kind for at, (_, kind) in aggregates.items()}
    chosen = ", ".join(f"{text} AS {at}" for at, (text, _) in aggregates.items())
    if key is None:
        return f"SELECT {chosen} FROM {name}", made
    return f"SELECT {key} AS g, {chosen} FROM {name} GROUP BY {key}", {"g": fields[key], **made}


@st.composite
def _joins(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    left = {f"{name}.{one}": value for one, value in fields.items()}
    on = f"{draw(expressions(INTEGER, left, types))} = cities.k"
    if draw(st.booleans()):
        on += f" AND {draw(expressions(BOOLEAN, {**left, 'cities.v': TEXT, 'cities.w': INTEGER}, types))}"
    kinds = ["JOIN", "LEFT JOIN", *(["FULL JOIN", "SEMI JOIN", "ANTI JOIN"] if types >= FULL else [])]
    kind = draw(st.sampled_from(kinds))
    if kind in ("SEMI JOIN", "ANTI JOIN"):
        return f"SELECT {name}.* FROM {name} {kind} cities ON {on}", fields
    fresh = {one: kind_ for one, kind_ in CITIES.items() if one not in fields}
    chosen = ", ".join([f"{name}.*", *(f"cities.{one}" for one in fresh)])
    return f"SELECT {chosen} FROM {name} {kind} cities ON {on}", {**fields, **fresh}


@st.composite
def _unions(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    how = draw(st.sampled_from(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]))
    columns = ", ".join(fields)
    where = draw(expressions(BOOLEAN, fields, types))
    return f"SELECT {columns} FROM {name} {how} SELECT {columns} FROM {name} WHERE {where}", fields


@st.composite
def _windows(draw: Draw, name: str, fields: Fields, types: frozenset[Type]) -> tuple[str, Fields]:
    by, order = draw(st.sampled_from(sorted(fields))), draw(st.sampled_from(sorted(fields)))
    way = draw(st.sampled_from(["", " DESC", " NULLS FIRST"]))
    made = {
        "r0": f"RANK() OVER (PARTITION BY {by} ORDER BY {order}{way})",
        "r1": f"SUM({draw(expressions(INTEGER, fields, types))}) OVER (PARTITION BY {by} ORDER BY {order}{way})",
        "r2": f"COUNT(*) OVER (PARTITION BY {by})",
    }
    chosen = ", ".join(f"{text} AS {at}" for at, text in made.items())
    kept = {one: kind for one, kind in fields.items() if one not in made}
    return f"SELECT {', '.join(kept)}, {chosen} FROM {name}", {**kept, **dict.fromkeys(made, INTEGER)}


def expressions(kind: Type, fields: Fields, types: frozenset[Type], depth: int = 2) -> st.SearchStrategy[str]:
    """Give expressions of a type over some columns; none of them can fail."""
    return _expressions(kind, tuple(fields.items()), types, depth)


@cache
def _expressions(
    kind: Type, fields: tuple[tuple[str, Type], ...], types: frozenset[Type], depth: int
) -> st.SearchStrategy[str]:
    leaves = [st.just(one) for one, given in fields if given is kind]
    leaves += [VALUES[kind].map(lambda value: _literal(kind, value)), st.just(f"CAST(NULL AS {_NAMES[kind]})")]
    if depth == 0:
        return st.one_of(leaves)

    def part(of: Type) -> st.SearchStrategy[str]:
        return _expressions(of, fields, types, depth - 1)

    shared = [
        st.builds("COALESCE({}, {})".format, part(kind), part(kind)),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, part(BOOLEAN), part(kind), part(kind)),
        st.builds("NULLIF({}, {})".format, part(kind), part(kind)),
    ]
    if types >= FULL and kind is not BOOLEAN:
        greatest = st.sampled_from(["GREATEST", "LEAST"])
        shared.append(st.builds("{}({}, {})".format, greatest, part(kind), part(kind)))
    return st.one_of([*leaves, *leaves, *shared, *_OWN[kind](part, types)])


def _literal(kind: Type, value: object) -> str:
    if kind is TEXT:
        return "'" + str(value).replace("'", "''") + "'"
    return f"CAST('{value}' AS {_NAMES[kind]})" if kind in (DECIMAL, DATE, DOUBLE, MOMENT) else f"({value})"


_NAMES = {
    INTEGER: "BIGINT",
    DECIMAL: "DECIMAL(18, 2)",
    DOUBLE: "DOUBLE",
    TEXT: "TEXT",
    BOOLEAN: "BOOLEAN",
    DATE: "DATE",
    MOMENT: "TIMESTAMPTZ",
}


def _integers(part: object, types: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    n, s = part(INTEGER), part(TEXT)  # type: ignore[operator]
    made = [
        st.builds("(({} {} {}) % 1009)".format, n, st.sampled_from("+-*"), n),
        st.builds("({} {} {})".format, n, st.sampled_from(["//", "%"]), n),
        st.builds("(-{})".format, n),
        st.builds("ABS({})".format, n),
        st.builds("LENGTH({})".format, s),
    ]
    if DATE in types:
        e, d = part(DATE), part(DECIMAL)  # type: ignore[operator]
        made += [
            st.builds("{}({})".format, st.sampled_from(["YEAR", "MONTH", "QUARTER"]), e),
            st.builds("DATE_DIFF('day', {}, {})".format, e, e),
            st.builds("CAST(({}) % 1000 AS BIGINT)".format, n),
            st.builds("TRY_CAST({} AS BIGINT)".format, s),
            st.builds("{}({})".format, st.sampled_from(["CEIL", "FLOOR"]), d),
            st.builds("STRPOS({}, {})".format, s, st.sampled_from(["'a'", "'海'"])),
            st.builds("CAST({} AS BIGINT)".format, st.one_of(d, part(BOOLEAN))),  # type: ignore[operator]
            st.builds("HOUR({})".format, part(MOMENT)),  # type: ignore[operator]
        ]
    return made


def _decimals(part: object, _: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    d, n = part(DECIMAL), part(INTEGER)  # type: ignore[operator]
    return [
        st.builds("CAST({} {} {} AS DECIMAL(18, 2))".format, d, st.sampled_from("+-"), d),
        st.builds("CAST(CAST({} AS DECIMAL(12, 2)) * ({} % 7) AS DECIMAL(18, 2))".format, d, n),
        st.builds("CAST(ROUND({}, 1) AS DECIMAL(18, 2))".format, d),
        st.builds("CAST({} AS DECIMAL(18, 2))".format, n),
    ]


def _texts(part: object, types: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    s, n = part(TEXT), part(INTEGER)  # type: ignore[operator]
    made = [
        st.builds("({} || {})".format, s, s),
        st.builds("SUBSTRING({}, {}, {})".format, s, st.integers(1, 3), st.integers(0, 3)),
        st.builds("REPLACE({}, 'a', {})".format, s, s),
        st.builds("CAST({} AS TEXT)".format, n),
    ]
    if DATE in types:
        e, d = part(DATE), part(DECIMAL)  # type: ignore[operator]
        made += [
            st.builds("CONCAT({}, {})".format, s, s),
            st.builds("{}({})".format, st.sampled_from(["UPPER", "LOWER", "TRIM", "LTRIM"]), s),
            st.builds("CAST({} AS TEXT)".format, st.one_of(e, d)),
            st.builds("{}({}, 3, '*')".format, st.sampled_from(["LPAD", "RPAD"]), s),
            st.builds("{}({}, {})".format, st.sampled_from(["LEFT", "RIGHT"]), s, st.integers(0, 3)),
            st.builds("SPLIT_PART({}, {}, {})".format, s, st.sampled_from(["'a'", "'海'"]), st.integers(1, 3)),
            st.builds("REGEXP_EXTRACT({}, '([a-z上])(.?)', {})".format, s, st.integers(0, 2)),
            st.builds("STRFTIME({}, '%Y-%m-%d %H:%M:%S')".format, part(MOMENT)),  # type: ignore[operator]
            st.builds("STRFTIME({}, '%Y/%m')".format, e),
        ]
    return made


def _booleans(part: object, types: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    b, s, n = part(BOOLEAN), part(TEXT), part(INTEGER)  # type: ignore[operator]
    signs = st.sampled_from(["=", "<>", "<", "<=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
    kinds = sorted(types - {BOOLEAN, DOUBLE})
    pairs = [st.builds("({} {} {})".format, part(kind), signs, part(kind)) for kind in kinds]  # type: ignore[operator]
    return [
        *pairs,
        st.builds("({} {} {})".format, b, st.sampled_from(["AND", "OR"]), b),
        st.builds("(NOT {})".format, b),
        st.builds("({} IS {}NULL)".format, st.one_of(s, n), st.sampled_from(["", "NOT "])),
        st.builds("({} {}IN (1, 2, {}))".format, n, st.sampled_from(["", "NOT "]), n),
        st.builds("({} BETWEEN {} AND {})".format, n, n, n),
        st.builds("({} LIKE {})".format, s, st.sampled_from(["'a%'", "'%海_'", "'%'"])),
        *([] if types < FULL else [st.builds("REGEXP_FULL_MATCH({}, '.?[a-b]*')".format, s)]),
    ]


def _dates(part: object, _: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    e = part(DATE)  # type: ignore[operator]
    units = st.sampled_from(["DAY", "MONTH", "YEAR"])
    return [
        st.builds("({} {} INTERVAL {} {})".format, e, st.sampled_from("+-"), st.integers(1, 13), units),
        st.builds("DATE_TRUNC('{}', {})".format, st.sampled_from(["month", "week", "year"]), e),
        st.builds("LAST_DAY({})".format, e),
        st.builds("CAST({} AS DATE)".format, part(MOMENT)),  # type: ignore[operator]
        st.builds("TRY_CAST({} AS DATE)".format, part(TEXT)),  # type: ignore[operator]
    ]


def _moments(part: object, _: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    at = part(MOMENT)  # type: ignore[operator]
    units = st.sampled_from(["MINUTE", "HOUR", "DAY", "MONTH"])
    return [
        st.builds("({} {} INTERVAL {} {})".format, at, st.sampled_from("+-"), st.integers(1, 50), units),
        st.builds("DATE_TRUNC('{}', {})".format, st.sampled_from(["hour", "day", "week", "month"]), at),
        st.builds("CAST({} AS TIMESTAMPTZ)".format, part(DATE)),  # type: ignore[operator]
    ]


def _doubles(part: object, _: frozenset[Type]) -> list[st.SearchStrategy[str]]:
    n = part(INTEGER)  # type: ignore[operator]
    return [st.builds("({} / {})".format, n, n)]


_OWN = {
    INTEGER: _integers,
    DECIMAL: _decimals,
    DOUBLE: _doubles,
    TEXT: _texts,
    BOOLEAN: _booleans,
    DATE: _dates,
    MOMENT: _moments,
}
