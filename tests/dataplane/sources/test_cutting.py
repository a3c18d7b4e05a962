"""Files cut into pieces: no record is lost, cut in two or numbered anew."""

import csv
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.dataplane.sources.cutting import Piece, cut_file, read_side_by_side
from chengshu.dataplane.sources.files import open_file

FIELD = st.text(st.sampled_from('甲乙ab,"\n'), max_size=6)
RECORDS = st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=30)


def _records(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(RECORDS, st.integers(1, 80))
def test_the_records_of_the_pieces_are_those_of_the_file(records: list[tuple[str, str]], size: int) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(records)
    with TemporaryDirectory() as name:
        path = Path(name) / "whole.csv"
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        pieces = list(cut_file(path, Path(name), quote='"', size=size))
        texts = [piece.path.read_text(encoding="utf-8") for piece in pieces]
    assert "".join(texts) == out.getvalue()
    assert [record for text in texts for record in _records(text)] == _records(out.getvalue())
    assert [piece.is_first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [later.lines_before - piece.lines_before for piece, later in pairwise(pieces)] == [
        text.count("\n") for text in texts[:-1]
    ]
    assert not any(piece.is_rest for piece in pieces[:-1])


@given(st.binary(max_size=400), st.integers(1, 50))
def test_no_byte_is_lost_whatever_the_file_is(content: bytes, size: int) -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "whole.csv"
        path.write_bytes(content)
        pieces = list(cut_file(path, Path(name), quote='"', size=size))
        assert b"".join(piece.path.read_bytes() for piece in pieces) == content


def test_what_is_read_side_by_side_comes_in_order_and_a_fault_reaches_the_reader() -> None:
    pieces = [Piece(Path(str(number)), number, is_rest=number == 9, is_copy=False) for number in range(10)]

    def read(piece: Piece) -> Iterator[int]:
        if piece.lines_before == 12:
            raise ValueError("十二")
        yield from (piece.lines_before, -piece.lines_before)

    assert list(read_side_by_side(iter(pieces), read)) == [sign * n for n in range(10) for sign in (1, -1)]
    with pytest.raises(ValueError, match="十二"):
        list(read_side_by_side(iter([*pieces[:9], Piece(Path("x"), 12, is_copy=False), pieces[9]]), read))


@pytest.mark.parametrize("quoted", [False, True])
def test_every_record_of_a_file_of_many_pieces_is_taken_or_refused_under_its_number(
    tmp_path: Path, *, quoted: bool
) -> None:
    schema = pa.schema([pa.field("编号", pa.int64(), nullable=False), pa.field("说明", pa.string())])
    sign, filler = '"' if quoted else "", "长" * 30_000
    faults = dict.fromkeys(range(97, 500, 97), ("x", f"{sign}{filler}{sign}"))
    broken = set(range(50, 500, 83))
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as out:
        out.write("编号,说明\n")
        for number in range(2, 500):
            key, text = faults.get(number, (str(number), f"{sign}{filler}{sign}"))
            out.write(f"{key},{text},多\n" if number in broken else f"{key},{text}\n")
    with open_file(path, schema, folder=tmp_path) as intake:
        taken = [key for batch in intake.batches() for key in batch.column("编号").to_pylist()]
        refused = sorted(row.row for row in intake.list_refused())
    assert refused == sorted(broken | set(faults))
    assert taken == [number for number in range(2, 500) if number not in broken | set(faults)]
    assert list(tmp_path.glob("piece-*")) == []


def test_letting_go_of_a_long_file_in_the_middle_leaves_no_reader_behind(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("编号\n" + f"{'0' * 1000}1\n" * 60_000, encoding="utf-8")
    with open_file(path, pa.schema([pa.field("编号", pa.string())]), folder=tmp_path) as intake:
        next(intake.batches())
    assert intake.taken > 0
