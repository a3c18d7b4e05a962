"""The invented city is the same again for the same plan, and its key tells of every fault and of nothing else."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from chengshu.dataplane.tables.digits import is_citizen_id, is_credit_code
from chengshu.synthetic.city.delivering import CityPlan, draw_city, write_csv, write_sqlite, write_xlsx
from chengshu.synthetic.city.dirt import QUARANTINE, Wrong
from chengshu.synthetic.city.shapes import TABLES

PLAN = CityPlan(seed=7, rows=60)


def test_equal_plans_give_equal_cities() -> None:
    cities = [draw_city(plan) for plan in (PLAN, PLAN, CityPlan(seed=8, rows=60))]
    told = [{name: list(stock.cells()) for name, stock in city.items()} for city in cities]
    assert told[0] == told[1]
    assert told[0] != told[2]
    assert {one.wrong for stock in cities[0].values() for one in stock.planted} == set(Wrong)


@pytest.mark.parametrize("name", list(TABLES))
def test_key_names_exactly_the_cells_that_differ(name: str) -> None:
    stock = draw_city(PLAN)[name]
    differing = set()
    for number, row in enumerate(stock.rows, start=1):
        differing |= {(number, code) for code in stock.table.codes if row.cells[code] != row.right[code]}
        differing |= {(number, "")} if row.extra else set()
    named = {(one.number, one.column) for one in stock.planted}
    assert differing <= named
    # The first of two rows with one key is as it was; a day that was wrong anyway may be drawn as it was.
    assert all(one.wrong is Wrong.DUPLICATE_KEY for one in stock.planted if (one.number, one.column) not in differing)


def test_numbers_are_right_where_nothing_is_wrong() -> None:
    for stock in draw_city(PLAN).values():
        for row in stock.rows:
            assert is_citizen_id(row.right.get("sfzh") or "11010519491231002X")
            assert is_credit_code(row.right.get("tyshxydm") or "91350100M000100Y43")


def test_contracts_name_suppliers_that_arrive() -> None:
    city = draw_city(PLAN)
    suppliers, wrong = city["gysml"], {one.number for one in city["gysml"].planted}
    keys = {row.right["gysbh"] for number, row in enumerate(suppliers.rows, start=1) if number not in wrong}
    assert {row.right["gysbh"] for row in city["cght"].rows} <= keys


def test_files_hold_the_rows_as_departments_write_them(tmp_path: Path) -> None:
    city = draw_city(PLAN)
    households = city["dbdx"]
    text = write_csv(households.table, households.cells(), more={"bz": "新"}).decode("gb18030", "replace")
    lines = list(csv.reader(io.StringIO(text)))
    assert (lines[0][-1], lines[1][-1], len(lines)) == ("bz", "新", 61)
    (shifted,) = (one for one in households.planted if one.wrong is Wrong.SHIFTED)
    assert len(lines[shifted.line - 1]) == len(lines[0]) + 1
    (broken,) = (one for one in households.planted if one.wrong is Wrong.BAD_BYTES)
    assert "\ufffd" in lines[broken.line - 1][4]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(city["gysml"].table, city["gysml"].cells()))).active
    assert sheet is not None
    assert sheet.max_row == 61
    write_sqlite(tmp_path / "a.db", city["hydj"].table, city["hydj"].cells())
    write_sqlite(tmp_path / "a.db", city["hydj"].table, city["hydj"].cells(until=5))
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        assert database.execute("SELECT count(*) FROM hydj").fetchone() == (5,)


def test_mended_rows_are_right_and_leave_the_key() -> None:
    stock = draw_city(PLAN)["hydj"]
    (first, second) = (one for one in stock.planted if one.wrong is Wrong.DUPLICATE_KEY)
    left = stock.faults(mended={second.number})
    assert first not in left
    assert len(left) == len(stock.planted) - 2
    mended = list(stock.cells(mended={one.number for one in stock.planted}))
    assert mended == [list(row.right.values()) for row in stock.rows]
    assert [one for one in stock.planted if one.found_by == QUARANTINE] == []


def test_a_city_too_small_for_its_faults_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        draw_city(CityPlan(seed=1, rows=10))
