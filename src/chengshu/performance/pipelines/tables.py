"""The Parquet tables of an archive run: forms in; findings, re-scored forms and refused records out.

Forms are stored as nested columns that mirror the `read --json` record name by name, figures as the printed text. That
reads about as fast as one JSON column would, takes little more than half the room, and any engine can query it without
unpacking text (`indicators[1].score` in DuckDB). A table needs `source` and `template`; other absent columns read as
absent values, and columns of other names are ignored.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.performance.contracts.wire import MONEY_COLUMNS, MONEY_ROWS

Record = Mapping[str, Any]

GROUP_ROWS = 2_000  # forms a row group, the unit of work and of resuming: some seconds of one core
COMPRESSION = "zstd"

_TEXT = pa.string()
_MONEY_ROW = pa.struct([(column, _TEXT) for column in MONEY_COLUMNS])
_INDICATOR = pa.struct(
    [(name, _TEXT) for name in ("level1", "level2", "level3", "target", "actual", "weight", "score", "reason")]
    + [("confidence", pa.float64())]
)

FORMS = pa.schema(
    [
        ("source", pa.struct([("file", _TEXT), ("form", pa.int64()), ("line", pa.int64())])),
        ("duplicate_of", pa.struct([("file", _TEXT), ("form", pa.int64())])),
        ("template", _TEXT),
        ("year", pa.int32()),
        ("project", _TEXT),
        ("department", _TEXT),
        ("unit", _TEXT),
        ("money_unit", _TEXT),
        ("money", pa.struct([(row, _MONEY_ROW) for row in MONEY_ROWS])),
        ("goal", pa.struct([("expected", _TEXT), ("actual", _TEXT)])),
        ("indicators", pa.list_(_INDICATOR)),
        ("total", pa.struct([("weight", _TEXT), ("score", _TEXT)])),
        ("grade", _TEXT),
        ("unreadable", pa.list_(pa.struct([("field", _TEXT), ("raw", _TEXT)]))),
    ]
)
REQUIRED = ("source", "template")

# One row a finding. `file` and `form` name the form; the others are the finding as `check --json` gives it.
FINDINGS = pa.schema(
    [
        ("file", _TEXT),
        ("form", pa.int64()),
        *(
            (name, _TEXT)
            for name in ("code", "level", "field", "printed", "expected", "message", "message_en", "basis")
        ),
        ("doubtful", pa.bool_()),
    ]
)

# One row a form: what it gets by the rules. `changed_lines` holds only the lines whose score differs from the printed.
SCORE = pa.decimal128(18, 4)
RESCORED = pa.schema(
    [
        ("file", _TEXT),
        ("form", pa.int64()),
        ("rules", _TEXT),
        ("printed_total", SCORE),
        ("total", SCORE),
        ("printed_grade", _TEXT),
        ("grade", _TEXT),
        ("changed", pa.bool_()),
        (
            "changed_lines",
            pa.list_(
                pa.struct([("field", _TEXT), ("weight", SCORE), ("printed", SCORE), ("score", SCORE), ("why", _TEXT)])
            ),
        ),
    ]
)

# One row a record that breaks the contract; `row` counts from 0 within the input file.
REFUSED = pa.schema([("input", _TEXT), ("row", pa.int64()), ("reason", _TEXT)])


def write_archive(records: Iterable[Record], path: Path, *, group_rows: int = GROUP_ROWS) -> int:
    """Write `read --json` records as one Parquet file in row groups of `group_rows`, a group at a time; give how many.

    The file appears whole or not at all.
    """
    count = 0
    partial = path.with_name(f".{path.name}.partial")
    with pq.ParquetWriter(partial, FORMS, compression=COMPRESSION) as writer:
        for batch in _batches(records, group_rows):
            writer.write_table(pa.Table.from_pylist(batch, FORMS), row_group_size=group_rows)
            count += len(batch)
    partial.replace(path)
    return count


def _batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    remaining = iter(records)
    while batch := list(islice(remaining, size)):
        yield batch
