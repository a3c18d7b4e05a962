"""Statements of every kind and dialect beside what a reader of the published contract expects of each output column.

The key is text, one file a dialect, bodies of routines apart: `### name`, tables that are known (`schema t(a,b)`), the statements, and below `--`
one line a record, `statement KIND table.column <- sources transformation` or `statement unresolved`, in any order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from chengshu.dataplane.lineage.tracing import Script, trace_scripts
from chengshu.dataplane.lineage.wire import Schema, traced_records

_TABLE = re.compile(r"(\S+?)\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Entry:
    dialect: str
    name: str
    sql: str
    expected: frozenset[str]
    schema: Schema = field(default_factory=dict)


def read_key(folder: str) -> Iterator[Entry]:
    for file in sorted((Path(__file__).parent / folder).glob("*.txt")):
        for block in re.split(r"^### ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            name, _, rest = block.partition("\n")
            asked, _, expected = rest.partition("\n--\n")
            schema: Schema = {}
            if asked.startswith("schema "):
                listed, _, asked = asked.partition("\n")
                schema = {table: dict.fromkeys(columns.split(","), "text") for table, columns in _TABLE.findall(listed)}
            yield Entry(file.stem, name, asked, frozenset(filter(None, expected.splitlines())), schema)


def as_line(record: dict[str, Any]) -> str:
    if "unresolved" in record:
        return f"{record['statement']} unresolved"
    target = ".".join(part for part in (record["target"]["table"], record["target"]["column"]) if part)
    sources = ", ".join(f"{source['table']}.{source['column']}" for source in record["sources"]) or "-"
    return f"{record['statement']} {record['kind']} {target} <- {sources} {record['transformation']}"


KEY = [*read_key("key"), *read_key("bodies")]


def test_the_key_covers_every_dialect_and_kind() -> None:
    assert {entry.dialect for entry in KEY} == {"postgres", "mysql", "hive", "spark", "oracle"}
    kinds = {line.split(" ", 1)[1].partition(" <- ")[0].rsplit(" ", 1)[0] for entry in KEY for line in entry.expected}
    assert kinds >= {"SELECT", "CREATE TABLE AS", "CREATE VIEW", "INSERT", "INSERT OVERWRITE", "MERGE", "UPDATE"}


@pytest.mark.parametrize("entry", KEY, ids=lambda entry: f"{entry.dialect}: {entry.name}")
def test_as_the_key_has_it(entry: Entry) -> None:
    scripts = [Script("a.sql", entry.sql)]
    traced = trace_scripts(scripts, dialect=entry.dialect, schema=entry.schema)
    assert {as_line(record) for one in traced for record in traced_records(one)} == entry.expected
