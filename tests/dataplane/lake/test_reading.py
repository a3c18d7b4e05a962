"""What a table held at a version or a moment, and the files that may be read without the log."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from chengshu.dataplane.errors import LakeTableUnknown, ReadRefused, SnapshotNotFound
from chengshu.dataplane.lake.places import Lake, TableName
from chengshu.dataplane.lake.reading import active_files, list_snapshots, read, scan
from chengshu.dataplane.lake.writing import Entry, append, merge, replace


def _rows(*numbers: int) -> pa.Table:
    return pa.table({"编号": pa.array(numbers, pa.int64()), "值": [f"v{number}" for number in numbers]})


def _fill(lake: Lake, table: TableName) -> None:
    append(lake, table, _rows(1, 2), entry=Entry("a", "王工", "首批"))
    append(lake, table, _rows(3), entry=Entry("b", "李工"))
    replace(lake, table, _rows(9), entry=Entry("c", "王工"))


class TestSnapshots:
    def test_tell_who_wrote_how_many_rows(self, lake: Lake, persons: TableName) -> None:
        _fill(lake, persons)
        told = [(found.version, found.actor, found.note, found.rows) for found in list_snapshots(lake, persons)]
        assert told == [(2, "王工", "", 1), (1, "李工", "", 1), (0, "王工", "首批", 2)]

    def test_are_read_at_a_version_and_at_a_moment(self, lake: Lake, persons: TableName) -> None:
        _fill(lake, persons)
        snapshots = {found.version: found for found in list_snapshots(lake, persons)}
        assert read(lake, persons, version=1).num_rows == 3
        assert read(lake, persons, moment=snapshots[2].at).num_rows == 1
        assert scan(lake, persons, columns=["值"]).read_all().to_pydict() == {"值": ["v9"]}

    def test_are_refused_before_the_table_was_and_after_its_newest_version(
        self, folder_lake: Lake, persons: TableName
    ) -> None:
        _fill(folder_lake, persons)
        with pytest.raises(SnapshotNotFound):
            read(folder_lake, persons, version=7)
        with pytest.raises(SnapshotNotFound):
            read(folder_lake, persons, moment=datetime.now(UTC) - timedelta(days=1))

    def test_are_asked_of_tables_that_are_there(self, lake: Lake, persons: TableName) -> None:
        with pytest.raises(LakeTableUnknown, match="人口"):
            list_snapshots(lake, persons)


class TestActiveFiles:
    def test_give_another_reader_the_same_rows_after_every_kind_of_write(
        self, folder_lake: Lake, persons: TableName
    ) -> None:
        _fill(folder_lake, persons)
        merge(folder_lake, persons, _rows(9, 10), key=["编号"], entry=Entry("d", "王工"))
        files = active_files(folder_lake, persons)
        seen = duckdb.read_parquet(list(files.files)).to_arrow_table()
        assert seen.sort_by("编号").to_pydict() == read(folder_lake, persons).sort_by("编号").to_pydict()
        assert (files.version, files.rows) == (3, 2)

    def test_are_those_of_the_version_asked_for(self, lake: Lake, persons: TableName) -> None:
        _fill(lake, persons)
        assert active_files(lake, persons, version=1).rows == 3

    @pytest.mark.parametrize(
        ("protocol", "configuration"),
        [
            ({"minReaderVersion": 3, "readerFeatures": ["deletionVectors"]}, {}),
            ({"minReaderVersion": 3, "readerFeatures": ["columnMapping"]}, {"delta.columnMapping.mode": "name"}),
            ({"minReaderVersion": 2}, {"delta.columnMapping.mode": "name"}),
        ],
    )
    def test_are_refused_where_files_alone_would_be_wrong(
        self, folder_lake: Lake, persons: TableName, protocol: dict[str, Any], configuration: dict[str, str]
    ) -> None:
        append(folder_lake, persons, _rows(1), entry=Entry("a", "王工"))
        _rewrite_log(Path(folder_lake.address(persons)), protocol, configuration)
        with pytest.raises(ReadRefused):
            active_files(folder_lake, persons)


def _rewrite_log(table: Path, protocol: dict[str, Any], configuration: dict[str, str]) -> None:
    """Make the table one that another writer could have made."""
    log = table / "_delta_log" / "00000000000000000000.json"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    for line in lines:
        if "protocol" in line:
            features = protocol.get("readerFeatures")
            writer = {"minWriterVersion": 7, "writerFeatures": features} if features else {"minWriterVersion": 5}
            line["protocol"] = protocol | writer
        if "metaData" in line:
            line["metaData"]["configuration"] = configuration
            if configuration:
                line["metaData"]["schemaString"] = _map_columns(line["metaData"]["schemaString"])
    log.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n")


def _map_columns(schema: str) -> str:
    found = json.loads(schema)
    for number, field in enumerate(found["fields"], start=1):
        field["metadata"] = {"delta.columnMapping.id": number, "delta.columnMapping.physicalName": field["name"]}
    return json.dumps(found)
