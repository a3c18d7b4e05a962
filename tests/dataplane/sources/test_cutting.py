"""Files cut into pieces: no record is lost, cut in two or numbered anew."""

import csv
import io
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
        texts = [_bytes(piece).decode() for piece in pieces]
    assert "".join(texts) == out.getvalue()
    assert [record for text in texts for record in _records(text)] == _records(out.getvalue())
    assert [piece.is_first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    numbers = [len(_records(text)) for text in texts]
    assert [piece.records_before for piece in pieces] == [sum(numbers[:place]) for place in range(len(pieces))]
    assert [piece.records for piece in pieces if piece.copy] == numbers[
        : sum(piece.copy is not None for piece in pieces)
    ]


@given(st.binary(max_size=400), st.integers(1, 50))
def test_no_byte_is_lost_whatever_the_file_is(content: bytes, size: int) -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "whole.csv"
        path.write_bytes(content)
        assert b"".join(map(_bytes, cut_file(path, Path(name), quote='"', size=size))) == content


def _bytes(piece: Piece) -> bytes:
    return piece.content if piece.copy else piece.source.read_bytes()[piece.start :]


def test_what_is_read_side_by_side_comes_in_order_and_a_fault_reaches_the_reader(tmp_path: Path) -> None:
    pieces = [
        *(Piece(tmp_path, number, 0, copy=tmp_path / str(number), content=b"%d" % number) for number in range(10)),
        Piece(tmp_path, 10, 0),
    ]

    def read(piece: Piece, worst: int) -> bytes:
        if piece.start == worst or piece.copy is None:
            raise ValueError("不能读")
        return piece.copy.read_bytes()

    told = [(piece.start, found) for piece, found in read_side_by_side(iter(pieces), lambda piece: read(piece, 99))]
    assert told == [*((number, b"%d" % number) for number in range(10)), (10, None)]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="不能读"):
        list(read_side_by_side(iter(pieces), lambda piece: read(piece, 7)))


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


@pytest.mark.parametrize("has_stray_quote", [False, True])
def test_records_of_several_lines_are_whole_in_a_file_of_many_pieces(tmp_path: Path, *, has_stray_quote: bool) -> None:
    """In the way spreadsheets write: CR LF after a record, LF within a cell."""
    schema = pa.schema([pa.field("编号", pa.int64(), nullable=False), pa.field("说明", pa.string())])
    text = "长\n" * 15_000
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("编号,说明\r\n")
        for number in range(2, 1_000):
            out.write(f'{number},"没有完\r\n' if has_stray_quote and number == 600 else f'{number},"{text}"\r\n')
    with open_file(path, schema, folder=tmp_path) as intake:
        taken = [row for batch in intake.batches() for row in batch.to_pylist()]
        assert [(row.row, row.reason) for row in intake.list_refused()] == [(600, "引号没有成对")] * has_stray_quote
    assert [row["编号"] for row in taken] == [n for n in range(2, 1_000) if not (has_stray_quote and n == 600)]
    assert {row["说明"] for row in taken} == {text}
