"""Faults as departments make them, planted into right rows; each is kept with its place and with what has to find it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from chengshu.synthetic.city.rows import Row
from chengshu.synthetic.city.shapes import Column, Kind, Table

QUARANTINE = "quarantine"
"""Stands for the kind of rule where the row is refused as it is read."""
_WORDS_FOR_NOTHING = ("无", "—", "NULL", "不详")
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
BAD_BYTE = "\udcff"
"""One byte that is no character, as Python writes it; files write the byte itself."""


class Wrong(StrEnum):
    """What can be wrong with a row."""

    CITIZEN_ID = "citizen_id"
    """The check sign of a citizen's number."""
    CREDIT_CODE = "credit_code"
    """The check sign of a unified social credit code."""
    DATE = "date"
    """A day that no calendar has."""
    DOMAIN = "domain"
    """A code that is in no value domain."""
    WIDE_DIGITS = "wide_digits"
    """Digits of full width."""
    BLANK = "blank"
    """Nothing, or spaces, where a value is needed."""
    NULL_WORD = "null_word"
    """A word for nothing: 无, —, NULL."""
    DUPLICATE_KEY = "duplicate_key"
    """The key of another row."""
    REFERENCE = "reference"
    """The key of a row that the other table does not have."""
    CONTRADICTION = "contradiction"
    """Two columns that cannot both be right."""
    BACKWARDS = "backwards"
    """An end before its beginning."""
    SWAPPED = "swapped"
    """Two columns exchanged."""
    TRUNCATED = "truncated"
    """A text that was cut."""
    MOJIBAKE = "mojibake"
    """A text that was read in the wrong code."""
    AMOUNT = "amount"
    """An amount or a number that is none."""
    NO_KEY = "no_key"
    """No key at all."""
    BAD_BYTES = "bad_bytes"
    """Bytes that are no characters."""
    SHIFTED = "shifted"
    """A cell too many, by which all others moved."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: the row it is in (`number` from 1; the key as it stands in the data), its column, what finds it.

    `found_by` is a kind of rule, or QUARANTINE. `column` is empty where the whole row is at fault.
    """

    table: str
    number: int
    key: str
    column: str
    wrong: Wrong
    found_by: str

    @property
    def line(self) -> int:
        """The row's line in a file, as a spreadsheet numbers it."""
        return self.number + 1


@dataclass(slots=True)
class DirtyRow:
    """A right row and what was made of it; `extra` are cells too many, put before the second one."""

    right: Row
    cells: Row
    extra: tuple[str, ...] = ()


Spoil = Callable[[DirtyRow, Random], None]
_Way = tuple[Wrong, str, str, Spoil]
"""What is wrong, the column, what finds it, and how it is done."""


def list_ways(table: Table, *, in_file: bool) -> list[_Way]:
    """List every way in which rows of a table can be spoiled; `in_file`: as files can be, beside what databases can."""
    ways = [way for column in table.columns for way in _ways_of(column)]
    codes = set(table.codes)
    if {"xm", "sfzh"} <= codes:
        ways.append((Wrong.SWAPPED, "xm", "matches", _swap("xm", "sfzh")))
        ways.append((Wrong.MOJIBAKE, "xm", "matches", _set("xm", lambda text, _: _misread(text))))
    if "dwmc" in codes:
        ways.append((Wrong.TRUNCATED, "dwmc", "matches", _set("dwmc", lambda text, draw: text[: draw.randrange(4, 6)])))
    if {"sfzh", "xb"} <= codes:
        ways.append((Wrong.CONTRADICTION, "xb", "expression", _set("xb", lambda text, _: "2" if text == "1" else "1")))
    if {"slsj", "blrq"} <= codes:
        ways.append(
            (Wrong.BACKWARDS, "blrq", "date_order", _set("blrq", lambda _, draw: f"2019-0{draw.randrange(1, 9)}-11"))
        )
    ways += [
        (Wrong.REFERENCE, column, "references", _set(column, lambda text, _: f"X{text}")) for column in table.refers
    ]
    if in_file:
        ways.append((Wrong.SHIFTED, "", QUARANTINE, _shift))
    return ways  # fmt: skip


def spoil_bytes(table: Table) -> _Way:
    """Give the way in which only a file of texts can be spoiled."""
    column = "xm" if "xm" in table.codes else "dwmc"
    return Wrong.BAD_BYTES, column, QUARANTINE, _set(column, lambda text, _: text[:1] + BAD_BYTE + text[1:])


def plant(
    table: Table, rows: Sequence[Row], ways: Sequence[_Way], *, each: int, draw: Random
) -> tuple[list[DirtyRow], list[Planted]]:
    """Spoil `each` rows in every way, at most one way a row; give all rows, and the faults by row and column.

    Raises:
        ValueError: there are too few rows.
    """
    dirty = [DirtyRow(row, dict(row)) for row in rows]
    numbers = list(range(len(rows)))
    draw.shuffle(numbers)
    if len(numbers) < each * (len(ways) + 2):
        raise ValueError(f"{table.name}: {len(rows)} rows are too few for {len(ways) + 1} faults {each} times each")
    planted: list[Planted] = []
    for _ in range(each):
        for way in ways:
            at = numbers.pop()
            planted += _spoil(table, dirty[at], at + 1, way, draw)
        planted += _repeat_key(table, dirty, numbers.pop(), numbers.pop())
    return dirty, sorted(planted, key=lambda one: (one.number, one.column))


def _spoil(table: Table, row: DirtyRow, number: int, way: _Way, draw: Random) -> Iterator[Planted]:
    wrong, column, found_by, spoil = way
    spoil(row, draw)
    key = row.cells[table.key] or ""
    yield Planted(table.name, number, key, column, wrong, found_by)
    if wrong is Wrong.SWAPPED:
        yield Planted(table.name, number, key, "sfzh", wrong, "check_digit")


def _repeat_key(table: Table, rows: list[DirtyRow], first: int, second: int) -> Iterator[Planted]:
    key = rows[first].cells[table.key]
    rows[second].cells[table.key] = key
    for at in (first, second):
        yield Planted(table.name, at + 1, key or "", table.key, Wrong.DUPLICATE_KEY, "unique")


def _ways_of(column: Column) -> Iterator[_Way]:
    code = column.code
    if column.is_key and column.is_typed:
        yield Wrong.NO_KEY, code, QUARANTINE, _set(code, lambda _text, _draw: "")
    if column.check == "id_number":
        yield Wrong.CITIZEN_ID, code, "check_digit", _set(code, _wrong_sign)
        yield Wrong.WIDE_DIGITS, code, "check_digit", _set(code, lambda text, _: text.translate(_WIDE))
        yield Wrong.TRUNCATED, code, "check_digit", _set(code, lambda text, draw: text[: draw.randrange(6, 17)])
        yield Wrong.NULL_WORD, code, "check_digit", _nothing(code)
    if column.check == "credit_code":
        yield Wrong.CREDIT_CODE, code, "check_digit", _set(code, _wrong_sign)
        yield Wrong.WIDE_DIGITS, code, "check_digit", _set(code, lambda text, _: text.translate(_WIDE))
    if column.check == "phone":
        yield Wrong.WIDE_DIGITS, code, "matches", _set(code, lambda text, _: text.translate(_WIDE))
        yield Wrong.NULL_WORD, code, "matches", _nothing(code)
    if column.kind is Kind.DATE and not column.is_typed:
        yield (
            Wrong.DATE,
            code,
            "type",
            _set(code, lambda text, draw: f"{text[:4]}-{draw.choice(('02-30', '13-01', '11-31'))}"),
        )
        yield Wrong.NULL_WORD, code, "type", _nothing(code)
    if column.kind in {Kind.DECIMAL, Kind.INTEGER} and column.is_typed:
        bad = ("壹佰元", "1,200.00元", "—") if column.kind is Kind.DECIMAL else ("三人", "2.5", "—")
        yield Wrong.AMOUNT, code, QUARANTINE, _set(code, lambda _, draw: draw.choice(bad))
    if column.codes:
        yield Wrong.DOMAIN, code, "one_of", _set(code, lambda _, draw: draw.choice(("7", "男", "99")))
    if column.is_needed:
        yield Wrong.BLANK, code, "not_null", _set(code, lambda _, draw: draw.choice(("", "\u3000", "  ")))  # fmt: skip


def _set(column: str, change: Callable[[str, Random], str]) -> Spoil:
    def spoil(row: DirtyRow, draw: Random) -> None:
        row.cells[column] = change(row.cells[column] or "", draw)

    return spoil


def _nothing(column: str) -> Spoil:
    return _set(column, lambda _, draw: draw.choice(_WORDS_FOR_NOTHING))


def _swap(one: str, other: str) -> Spoil:
    def spoil(row: DirtyRow, _draw: Random) -> None:
        row.cells[one], row.cells[other] = row.cells[other], row.cells[one]

    return spoil


def _shift(row: DirtyRow, draw: Random) -> None:
    row.extra = (draw.choice(("", "备注", "001")) or "x",)


def _wrong_sign(text: str, draw: Random) -> str:
    return text[:-1] + draw.choice([sign for sign in "0123456789" if sign != text[-1]])


def _misread(text: str) -> str:
    """Read UTF-8 as Western signs; what cannot be printed is lost on the way."""
    return "".join(sign for sign in text.encode().decode("latin-1") if sign >= "\u00a0")
