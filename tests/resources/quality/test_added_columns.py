"""Rows of a table from before a column was added are checked where they lie, and never brought into memory for that."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.reading import active_files
from chengshu.dataplane.lake.writing import Entry, append
from chengshu.dataplane.runs.offering import offer_table
from chengshu.resources.pipelines.quality import Asked, check_table

PEOPLE, DISTRICTS = TableName(Zone.RAW, "人口"), TableName(Zone.RAW, "区划")
RULES = {
    "key": ["编号"],
    "rules": [
        {"key": "phone", "kind": "not_null", "columns": ["电话"]},
        {
            "key": "district",
            "kind": "references",
            "columns": ["区划"],
            "references": {"data": "raw/区划", "column": "代码"},
        },
    ],
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two tables, to each of which a column was added after its first rows."""
    made = Lake(str(tmp_path / "湖"))
    append(made, PEOPLE, pa.table({"编号": ["1", "2"], "区划": ["01", "09"]}), entry=Entry("1", "t"))
    newer = pa.table({"电话": ["110"], "区划": ["02"], "编号": ["3"]})
    append(made, PEOPLE, newer, entry=Entry("2", "t"), evolve=True)
    append(made, DISTRICTS, pa.table({"代码": ["01"]}), entry=Entry("1", "t"))
    append(made, DISTRICTS, pa.table({"代码": ["02"], "名称": ["二区"]}), entry=Entry("2", "t"), evolve=True)
    return made


def test_what_an_older_file_lacks_is_null_in_the_table_and_in_one_that_a_rule_looks_into(
    lake: Lake, tmp_path: Path
) -> None:
    asked = Asked(lake, "raw/人口", json.dumps(RULES))
    checked = check_table(asked, now=datetime(2024, 3, 5, tzinfo=UTC), keys=tmp_path / "keys")
    assert checked.rows == 3
    found = {one.key: sorted(str(key) for (key,), _value in one.failing()) for one in checked.found}
    assert found == {"phone": ["1", "2"], "district": ["2"]}


def test_the_engine_is_given_the_files_and_no_rows(lake: Lake) -> None:
    class Told:
        shared = None

        def offer(self, _name: str, rows: Any, *, schema: pa.Schema) -> None:
            self.rows, self.schema = rows, schema

    engine: Any = Told()
    active = active_files(lake, PEOPLE)
    offer_table(engine, "data", active)
    assert (engine.rows, len(engine.rows), engine.schema.names) == (active.files, 2, ["编号", "区划", "电话"])
