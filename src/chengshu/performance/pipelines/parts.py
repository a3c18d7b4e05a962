"""One part of an archive run: check one row group of forms, write its tables, commit by one rename.

A part's tables are written under hidden names and renamed; the findings table comes last and its presence is the
commit. Its Parquet metadata carry the run's key and the part's tally, so that a resumed run knows what it has.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.base.memory import collection_paused
from chengshu.performance.contracts import Checked, Form, Level, RescoredLine
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.errors import RecordInvalid
from chengshu.performance.pipelines.tables import COMPRESSION, FINDINGS, FORMS, REFUSED, RESCORED
from chengshu.performance.rules.checking import check_form
from chengshu.performance.rules.rulesets import RuleSet, get_rule_set, rule_set_for

READ_ROWS = 1_000  # forms in memory at once, however large the row group
BUFFER_BYTES = 1 << 20
TALLY_KEY = b"chengshu"
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PartTask:
    """What one part is made from: a row group of an input file, the rule set's name (None: each form's own)."""

    number: int
    source: Path
    row_group: int
    first_row: int
    target: Path
    rules: str | None
    run_key: str

    @property
    def findings(self) -> Path:
        """Where the findings of this part lie once it is committed."""
        return part_path(self.target, "findings", self.number)


@dataclass(slots=True)
class Tally:
    """Counts of one part or of a whole run; `levels` and `codes` count findings."""

    forms: int = 0
    refused: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Add another part's counts."""
        self.forms += other.forms
        self.refused += other.refused
        self.levels += other.levels
        self.codes += other.codes

    def record(self) -> dict[str, Any]:
        """Give the counts as plain values."""
        return {"forms": self.forms, "refused": self.refused, "levels": dict(self.levels), "codes": dict(self.codes)}


def part_path(target: Path, table: str, number: int) -> Path:
    """Give the file of one table of one part."""
    return target / table / f"part-{number:06d}.parquet"


def read_tally(task: PartTask) -> Tally | None:
    """Give the counts of a committed part; None where it is absent or belongs to another run."""
    if not task.findings.is_file():
        return None
    metadata = pq.read_schema(task.findings).metadata or {}
    kept = json.loads(metadata.get(TALLY_KEY, b"{}"))
    if kept.get("run_key") != task.run_key or kept.get("number") != task.number:
        return None
    counts = kept["tally"]
    return Tally(counts["forms"], counts["refused"], Counter(counts["levels"]), Counter(counts["codes"]))


def check_part(task: PartTask) -> Tally:
    """Check the forms of a part and commit its tables; give its counts. Doing a part again replaces it."""
    rule_set = None if task.rules is None else get_rule_set(task.rules)
    work = _PartTables()
    row = task.first_row
    with collection_paused():
        for records in _read_records(task):
            for record in records:
                work.take(record, rule_set, task.source.name, row)
                row += 1
            work.fold()
    work.commit(task)
    return work.tally


class _PartTables:
    """The tables of a part in the making: rows as they come, folded into Arrow now and then."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._findings = _Rows(FINDINGS)
        self._rescored = _Rows(RESCORED)
        self._refused = _Rows(REFUSED)

    def take(self, record: dict[str, Any], rule_set: RuleSet | None, source: str, row: int) -> None:
        """Check one record."""
        try:
            form = form_from_record(record)
        except RecordInvalid as fault:
            self.tally.refused += 1
            self._refused.rows.append((source, row, fault.message))
            return
        checked = check_form(form, rule_set or rule_set_for(form))
        self.tally.forms += 1
        self._findings.rows.extend(_finding_rows(checked))
        self._rescored.rows.append(_rescored_row(form, checked))
        self.tally.levels.update(finding.level.value for finding in checked.findings)
        self.tally.codes.update(finding.code for finding in checked.findings)

    def fold(self) -> None:
        """Turn the rows so far into Arrow, which holds them in a fraction of the room."""
        for rows in (self._findings, self._rescored, self._refused):
            rows.fold()

    def commit(self, task: PartTask) -> None:
        """Write the tables; the findings last."""
        kept = {"run_key": task.run_key, "number": task.number, "tally": self.tally.record()}
        metadata = {TALLY_KEY: json.dumps(kept, ensure_ascii=False).encode()}
        if self.tally.refused:
            _write_whole(self._refused.table(), part_path(task.target, "refused", task.number))
        _write_whole(self._rescored.table(), part_path(task.target, "rescored", task.number))
        _write_whole(self._findings.table().replace_schema_metadata(metadata), task.findings)


class _Rows:
    def __init__(self, schema: pa.Schema) -> None:
        self.rows: list[Sequence[Any]] = []
        self._schema = schema
        self._batches: list[pa.RecordBatch] = []

    def fold(self) -> None:
        if self.rows:
            columns = zip(*self.rows, strict=True)
            arrays = [pa.array(column, kind) for column, kind in zip(columns, self._schema.types, strict=True)]
            self._batches.append(pa.record_batch(arrays, schema=self._schema))
            self.rows.clear()

    def table(self) -> pa.Table:
        return pa.Table.from_batches(self._batches, self._schema)


def _read_records(task: PartTask) -> Iterator[list[dict[str, Any]]]:
    with pq.ParquetFile(task.source, buffer_size=BUFFER_BYTES, pre_buffer=False) as archive:
        columns = [name for name in FORMS.names if name in archive.schema_arrow.names]
        for batch in archive.iter_batches(READ_ROWS, row_groups=[task.row_group], columns=columns, use_threads=False):
            yield batch.to_pylist()


def _write_whole(table: pa.Table, path: Path) -> None:
    # Named by the process: a worker that outlives a killed run by a moment must not share a file with its successor.
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    pq.write_table(table, partial, compression=COMPRESSION)
    partial.replace(path)


def _finding_rows(checked: Checked) -> Iterator[tuple[Any, ...]]:
    source = checked.source
    for finding in checked.findings:
        yield (
            source.file,
            source.form,
            finding.code,
            finding.level.value,
            finding.field,
            finding.printed,
            finding.expected,
            finding.message,
            finding.message_en,
            finding.basis,
            finding.doubtful,
        )


def _rescored_row(form: Form, checked: Checked) -> tuple[Any, ...]:
    rescored = checked.rescored
    return (
        checked.source.file,
        checked.source.form,
        checked.rules,
        _score(form.total.score),
        _score(rescored.total),
        rescored.printed_grade,
        rescored.grade,
        rescored.changed,
        [_line_row(line) for line in rescored.lines if line.score != line.printed],
    )


def _line_row(line: RescoredLine) -> dict[str, Any]:
    return {
        "field": line.field,
        "weight": _score(line.weight),
        "printed": _score(line.printed),
        "score": _score(line.score),
        "why": line.why,
    }


def _score(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_PLACES, ROUND_HALF_UP)


def count_at(tally: Tally, level: Level) -> int:
    """Give how many findings of a level a tally holds."""
    return tally.levels[level.value]
