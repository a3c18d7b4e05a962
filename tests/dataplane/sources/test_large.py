"""Files of more than one buffer of the reader."""

from pathlib import Path

import pyarrow as pa

from chengshu.dataplane.sources.files import open_file

SCHEMA = pa.schema([pa.field("编号", pa.int64(), nullable=False), pa.field("姓名", pa.string())])


def test_no_broken_record_is_lost_at_the_end_of_a_large_file(tmp_path: Path) -> None:
    long = "x" * 500_000
    path = tmp_path / "large.csv"
    path.write_text("\n".join(["编号,姓名", *(f"1,{long}" for _ in range(40)), *[long] * 160, ""]), encoding="utf-8")
    with open_file(path, SCHEMA, folder=tmp_path) as intake:
        assert sum(batch.num_rows for batch in intake.batches()) == 40
        assert [row.row for row in intake.list_refused()] == list(range(42, 202))
        assert intake.sent == 200
