"""What changed in the columns since they were declared, found in the header and a sample before a row is taken."""

import re
import unicodedata
from collections.abc import Sequence

import duckdb
import pyarrow as pa
from rapidfuzz.fuzz import ratio

from chengshu.dataplane.sources.conform import REASON, conform_sql, name_type, quote_text
from chengshu.dataplane.sources.contracts import Drift, Retyped

ALIKE = 60.0
"""How alike two names are (per cent of signs) before they are taken for one column."""
MOSTLY = 0.5
"""From which share of unreadable values on a column counts as retyped; below, its rows are refused one by one."""


def find_drift(header: Sequence[str], schema: pa.Schema, sample: pa.Table | None = None) -> Drift:
    """Compare the columns that came with those declared; `sample` holds some of the rows, as they came."""
    added = tuple(name for name in header if name not in schema.names)
    missing = tuple(name for name in schema.names if name not in header)
    retyped = () if sample is None else _find_retyped(schema, sample)
    renamed = _pair_renamed(header, schema.names, added, missing)
    return Drift(added, missing, renamed, retyped, 0 if sample is None else sample.num_rows)


def _pair_renamed(
    header: Sequence[str], declared: Sequence[str], added: tuple[str, ...], missing: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Pair each missing column with the most alike added one; the same place in the row speaks for it too."""
    pairs: list[tuple[str, str]] = []
    free = list(added)
    for old in missing:
        scored = [(_likeness(old, new, same_place=declared.index(old) == header.index(new)), new) for new in free]
        best = max(scored, default=(0.0, ""))
        if best[0] >= ALIKE:
            pairs.append((old, best[1]))
            free.remove(best[1])
    return tuple(pairs)


def _likeness(old: str, new: str, *, same_place: bool) -> float:
    plain = [re.sub(r"[\s_\-()（）]", "", unicodedata.normalize("NFKC", name).lower()) for name in (old, new)]
    return ratio(*plain) + (15.0 if same_place else 0.0)


def _find_retyped(schema: pa.Schema, sample: pa.Table) -> tuple[Retyped, ...]:
    found: list[Retyped] = []
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("sample", sample)
        kinds = {name: str(kind) for name, kind in zip(sample.schema.names, _kinds(connection), strict=True)}
        for field in schema:
            if field.name not in kinds:
                continue
            only = pa.schema([pa.field(field.name, field.type)])
            checked = conform_sql("sample", only, {field.name: kinds[field.name]})
            statement = (
                f"SELECT count(*) FILTER (t.{REASON} IS NOT NULL), "  # noqa: S608 - names are quoted
                f"any_value(json_extract_string(t._raw, '$.' || {quote_text(_json_key(field.name))})) "
                f"FROM ({checked}) t"
            )
            bad, example = connection.execute(statement).fetchone() or (0, "")
            filled = sample.num_rows - sample[field.name].null_count
            if filled and bad / filled > MOSTLY:
                found.append(Retyped(field.name, name_type(field.type), str(example), round(bad / filled, 3)))
    return tuple(found)


def _kinds(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(kind) for kind in connection.sql("SELECT * FROM sample LIMIT 0").types]


def _json_key(name: str) -> str:
    return '"' + name.replace('"', '\\"') + '"'
