"""Pages of lineage stand what scripts call their tables and columns: nothing runs, nothing breaks, nothing is cut out."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from conftest import HOUSE_UNIT
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from hostile.evil_lineage import NASTY, build_evil_lineage, list_questions
from hostile.forms_of_pages import read_page
from openpyxl import load_workbook
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User

pytestmark = pytest.mark.django_db
_RUNS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
def pages(settings: Settings, tmp_path: Path, officer: User) -> dict[str, str]:
    settings.LAKE_ROOT = tmp_path / "lake"
    return build_evil_lineage(HOUSE_UNIT)


@pytest.fixture
def reader(pages: dict[str, str], officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_no_question_runs_what_scripts_call_things(reader: Client) -> None:
    faults = []
    for address in list_questions():
        page = read_page(reader, address)
        faults += [f"{address}: no page"] if page is None else [f"{address}: {found}" for found in page.running]
    assert faults == []


def test_no_name_leaves_its_place_in_a_page(reader: Client, pages: dict[str, str]) -> None:
    html = reader.get(pages["resources:lineage-graph"]).content.decode()
    assert html.count("<script") == html.count('<script src="')
    for name in NASTY:
        assert escape(name) in html
        assert name in html or escape(name) != name
    assert html.count("<svg") - html.count("</svg") == 0


def test_names_that_let_a_sentence_read_otherwise_are_not_kept_and_that_is_told(
    reader: Client, pages: dict[str, str]
) -> None:
    told = reader.get(pages["resources:lineage-teller"]).content.decode()
    assert "名称里有看不见的控制符，没有收下：□gnp.sql." in told
    assert "名称里有看不见的控制符，没有收下：a□b□c." in told
    for name, address in pages.items():
        if name != "resources:lineage-edition":  # shows the scripts as they came
            assert "\u202e" not in reader.get(address).content.decode()


@pytest.mark.parametrize("name", ["lineage-impact", "lineage-teller", "lineage-tellers"])
def test_no_list_gives_away_a_formula(name: str, reader: Client, pages: dict[str, str]) -> None:
    address = pages.get(f"resources:{name}") or reverse(f"resources:{name}")
    joiner = "&" if "?" in address else "?"
    answers: list[Any] = [reader.get(f"{address}{joiner}export={kind}") for kind in ("csv", "xlsx")]
    as_csv, as_xlsx = (b"".join(a.streaming_content) if a.streaming else a.content for a in answers)
    rows = list(csv.reader(io.StringIO(as_csv.decode("utf-8-sig"))))
    told = "".join(cell for row in rows for cell in row)
    assert any(name[1:] in told for name in NASTY if name.startswith(_RUNS)), "no attack reached the list"
    assert [cell for row in rows for cell in row if cell.startswith(_RUNS)] == []
    cells = [cell for sheet in load_workbook(io.BytesIO(as_xlsx)) for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
