"""The city's tables as they are handed over: rows with their faults, and the files and databases they come in."""

import csv
import io
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import psycopg
from openpyxl import Workbook
from psycopg import sql

from chengshu.synthetic.city.dirt import DirtyRow, Planted, list_ways, plant, spoil_bytes
from chengshu.synthetic.city.rows import Row, draw_rows
from chengshu.synthetic.city.shapes import TABLES, Table

Cells = list[str | None]
_SUFFIX_OF = {"dbdx": ".csv", "zwbj": ".csv", "gysml": ".xlsx"}
"""The tables that come as files; the others stand in databases."""


@dataclass(frozen=True, slots=True)
class CityPlan:
    """How large the city is: rows of a table, how often each fault is planted in it, up to which day it lived."""

    seed: int
    rows: int
    each: int = 1
    until: date = date(2024, 3, 1)


@dataclass(frozen=True, slots=True)
class Stock:
    """A table with its faults."""

    table: Table
    rows: Sequence[DirtyRow]
    planted: Sequence[Planted]

    def cells(self, *, until: int | None = None, mended: Collection[int] = frozenset()) -> Iterator[Cells]:
        """Give the first rows as a delivery has them, those numbered in `mended` as they ought to be."""
        for number, row in enumerate(self.rows[:until], start=1):
            extra = () if number in mended else row.extra
            first, *others = (row.right if number in mended else row.cells).values()
            yield [first, *extra, *others]

    def faults(self, *, until: int | None = None, mended: Collection[int] = frozenset()) -> list[Planted]:
        """Give the faults that the same delivery has; of a repeated key both rows have to be there."""
        there = [one for one in self.planted if one.number not in mended and one.number <= (until or len(self.rows))]
        shared = {one.key for one in there if one.wrong == "duplicate_key"}
        alone = {key for key in shared if sum(one.key == key and one.wrong == "duplicate_key" for one in there) < 2}
        return [one for one in there if one.wrong != "duplicate_key" or one.key not in alone]


def draw_city(plan: CityPlan) -> Mapping[str, Stock]:
    """Draw all tables by their name, each with its faults; equal plans give equal cities."""
    city: dict[str, Stock] = {}
    for name in ("gysml", "hydj", "dbdx", "cght", "zwbj"):
        table, suffix = TABLES[name], _SUFFIX_OF.get(name, "")
        suppliers = _right_rows(city["gysml"]) if name == "cght" else ()
        rows = draw_rows(name, plan.rows, seed=plan.seed, until=plan.until, suppliers=suppliers)
        ways = list_ways(table, in_file=bool(suffix)) + ([spoil_bytes(table)] if suffix == ".csv" else [])
        draw = Random(f"{plan.seed}:{name}:faults")  # noqa: S311 - invented data
        city[name] = Stock(table, *plant(table, rows, ways, each=plan.each, draw=draw))
    return city


def write_csv(table: Table, rows: Iterator[Cells], *, more: Mapping[str, str] | None = None) -> bytes:
    """Write rows as departments' systems export them: GB18030; `more` are columns that nobody announced."""
    added = dict(more or {})
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*table.codes, *added])
    writer.writerows([*cells, *added.values()] for cells in rows)
    return out.getvalue().encode("gb18030", "surrogateescape")


def write_xlsx(table: Table, rows: Iterator[Cells]) -> bytes:
    """Write rows as a workbook with one sheet; every cell is a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title[:31])
    sheet.append(table.codes)
    for cells in rows:
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_sqlite(path: Path, table: Table, rows: Iterator[Cells]) -> None:
    """Put rows in place of a table of a SQLite file; all columns are texts, as old systems have them."""
    columns = ", ".join(f'"{code}" TEXT' for code in table.codes)
    places = ", ".join("?" for _ in table.codes)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f'DROP TABLE IF EXISTS "{table.name}"')
        database.execute(f'CREATE TABLE "{table.name}" ({columns})')
        database.executemany(f'INSERT INTO "{table.name}" VALUES ({places})', rows)  # noqa: S608 - names are our own


def write_postgresql(url: str, table: Table, rows: Iterator[Cells]) -> None:
    """Put rows in place of a table of a PostgreSQL database; all columns are texts."""
    name = sql.Identifier(table.name)
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(code)) for code in table.codes)
    with psycopg.connect(url) as database, database.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, columns))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as copy:
            for cells in rows:
                copy.write_row(cells)


def _right_rows(stock: Stock) -> list[Row]:
    """Give the rows of a table that nothing is wrong with."""
    wrong = {one.number for one in stock.planted}
    return [row.right for number, row in enumerate(stock.rows, start=1) if number not in wrong]
