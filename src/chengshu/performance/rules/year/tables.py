"""What the tables of the year share: which column is which, and how dates, amounts and years are read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chengshu.base.quantities import parse_amount
from chengshu.base.texts import drop_controls, fold_width, label_key, squeeze
from chengshu.performance.contracts.money import FaultyRow, RowFault

WAN = Decimal(10_000)
#: Beyond what any city spends on one project, and within what every database keeps exactly to 0.0001 元.
MOST_YUAN = Decimal(10) ** 11
_DECIMALS = 4
_HEAD_ROWS = 20
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a table: what it may be called, whether a table must have it, and whether it holds money.

    A money column must tell its unit in its header, 元 or 万元: nothing is guessed.
    """

    key: str
    labels: tuple[str, ...]
    is_needed: bool = False
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands, by key, from 0; the factor to 元 of each money column; and the labels as printed."""

    places: Mapping[str, int]
    factors: Mapping[str, Decimal]
    labels: tuple[str, ...]

    def cell(self, cells: Sequence[str], key: str) -> str:
        """Give a cell without blanks around it; empty when the row is too short or the column is not there."""
        place = self.places.get(key)
        return "" if place is None or place >= len(cells) else drop_controls(cells[place]).strip()

    def by_label(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        """Give the cells with their printed labels in the order of the table, as a refused row is kept."""
        pairs = [(label, drop_controls(cell)[:500]) for label, cell in _pairs(self.labels, cells)]
        return [(label, cell) for label, cell in pairs if label or cell]


def _pairs(labels: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at in range(max(len(labels), len(cells))):
        yield labels[at] if at < len(labels) else "", cells[at] if at < len(cells) else ""


def find_header(rows: Iterator[tuple[str, ...]], columns: Sequence[ColumnSpec]) -> Header | tuple[str, ...]:
    """Consume rows up to the header, which stands among the first 20, and return it; else the labels that are missing.

    What is missing is told of the row that has the most of the columns. A money column without a unit counts as
    missing; it is named with both units that it may have.
    """
    best: tuple[int, tuple[str, ...]] = (-1, tuple(_ask(column) for column in columns if column.is_needed))
    for _number, cells in zip(range(_HEAD_ROWS), rows, strict=False):
        header = _read_header(cells, columns)
        missing = tuple(_ask(column) for column in columns if column.is_needed and column.key not in header.places)
        if not missing:
            return header
        if len(header.places) > best[0]:
            best = (len(header.places), missing)
    return best[1]


def _ask(column: ColumnSpec) -> str:
    return f"{column.labels[0]}(元)或{column.labels[0]}(万元)" if column.is_money else column.labels[0]


def _read_header(cells: Sequence[str], columns: Sequence[ColumnSpec]) -> Header:
    places: dict[str, int] = {}
    factors: dict[str, Decimal] = {}
    keys = [label_key(cell).lower() for cell in cells]
    for column in columns:
        for at, key in enumerate(keys):
            label, factor = _split_unit(key) if column.is_money else (key, None)
            if label in column.labels and (factor is not None or not column.is_money):
                places[column.key] = at
                if factor is not None:
                    factors[column.key] = factor
                break
    return Header(places, factors, tuple(drop_controls(cell)[:100] for cell in cells))


def _split_unit(key: str) -> tuple[str, Decimal | None]:
    """Take the unit off a label such as `金额(万元)` or `金额/元`."""
    for unit, factor in (("万元", WAN), ("元", Decimal(1))):
        for end in (f"({unit})", f"[{unit}]", f"/{unit}", f",{unit}", f":{unit}"):
            if key.endswith(end):
                return key.removesuffix(end), factor
    return key, None


def read_date(text: str) -> date | None:
    """Read a day as offices write it: 2024-03-15, 2024/3/15, 2024.3.15, 2024年3月15日, 20240315; else None."""
    plain = fold_width(text).strip()
    match = _DATE.fullmatch(plain) or _PLAIN_DATE.fullmatch(plain)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_year(text: str) -> int | None:
    """Read a budget year such as 2024, 2024年, 2024年度 (1990 to 2099); else None."""
    match = _YEAR.fullmatch(squeeze(fold_width(text)))
    return int(match[1]) if match and int(match[1]) >= 1990 else None


def read_money(text: str, factor: Decimal) -> Decimal | FaultyRow:
    """Read an amount in the column's unit and give it in 元, exactly."""
    amount = parse_amount(text.strip().lstrip("¥￥"))
    if amount is None:
        return FaultyRow(RowFault.AMOUNT_UNREADABLE, text)
    return check_money(amount * factor, text)


def check_money(yuan: Decimal, text: str = "") -> Decimal | FaultyRow:
    """Pass an amount of 元 that can be kept exactly: at most four decimals, below 100,000,000,000."""
    if abs(yuan) >= MOST_YUAN:
        return FaultyRow(RowFault.AMOUNT_TOO_LARGE, text)
    kept = yuan.quantize(Decimal(1).scaleb(-_DECIMALS))
    return kept if kept == yuan else FaultyRow(RowFault.AMOUNT_TOO_FINE, text)
