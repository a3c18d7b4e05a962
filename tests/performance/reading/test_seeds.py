"""The published texts, read and measured cell by cell against the forms that were typed from them by hand."""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import form_record
from chengshu.performance.reading.duplicates import mark_duplicates
from chengshu.performance.reading.reader import read_forms

ROOT = Path(__file__).parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"
TYPED = ROOT / "examples" / "forms"
PRINTED = {"000": 7, "001": 7, "002": 14, "003": 11}
RIGHT_SHARE = {"000": 0.99, "001": 0.99, "002": 0.93, "003": 0.99}
EXACT = ("level1", "level2", "level3", "target", "actual", "weight", "score")

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the published texts are not beside this checkout")


@cache
def read_seed(seed: str) -> tuple[Form, ...]:
    path = next(SEEDS.glob(f"{seed}_*.txt"))
    return read_forms(read_document(path.name, path.read_bytes()))


def typed_records(seed: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(TYPED.glob(f"{seed}-*.json"))]


def list_cells(record: dict[str, Any]) -> dict[str, Any]:
    """The cells that the typed forms hold literally: all but goals and reasons."""
    cells = {
        name: record[name] for name in ("template", "year", "project", "department", "unit", "money_unit", "grade")
    }
    cells |= {
        f"money/{row}/{column}": value for row, values in record["money"].items() for column, value in values.items()
    }
    cells |= {f"total/{name}": value for name, value in record["total"].items()}
    for number, indicator in enumerate(record["indicators"]):
        cells |= {f"indicators/{number}/{name}": indicator[name] for name in EXACT}
    return cells


def pair_up(seed: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(typed, form_record(form)) for typed, form in zip(typed_records(seed), read_seed(seed), strict=True)]


@pytest.mark.parametrize("seed", PRINTED)
class TestSeed:
    def test_gives_every_printed_form_at_its_line(self, seed: str) -> None:
        read = [(form.source.form, form.source.line) for form in read_seed(seed)]
        assert len(read) == PRINTED[seed]
        assert read == [(record["source"]["form"], record["source"]["line"]) for record in typed_records(seed)]

    def test_gives_the_cells_that_a_person_reads(self, seed: str) -> None:
        right = total = 0
        wrong = []
        for typed, read in pair_up(seed):
            expected, found = list_cells(typed), list_cells(read)
            for name in expected.keys() | found.keys():
                total += 1
                if expected.get(name) == found.get(name):
                    right += 1
                else:
                    wrong.append((read["source"]["form"], name, expected.get(name), found.get(name)))
        assert right >= RIGHT_SHARE[seed] * total, wrong

    def test_gives_goals_and_reasons_word_for_word(self, seed: str) -> None:
        keys = {entry["form"]: entry["texts"] for entry in json.loads((TYPED / "key.json").read_text("utf-8"))}
        names = [path.name for path in sorted(TYPED.glob(f"{seed}-*.json"))]
        for name, form in zip(names, read_seed(seed), strict=True):
            record = form_record(form)
            for pointer, fingerprint in keys[name].items():
                text = re.sub(r"\s", "", follow(record, pointer))
                assert hashlib.sha256(text.encode()).hexdigest() == fingerprint["sha256"], (name, pointer)

    def test_knows_where_every_value_came_from(self, seed: str) -> None:
        for form in read_seed(seed):
            record = form_record(form)
            for pointer in present_pointers(record):
                assert pointer in form.origins, (form.source, pointer)
                assert form.origins[pointer].place.line is not None

    def test_is_less_sure_of_a_damaged_page(self, seed: str) -> None:
        doubts = [indicator.confidence for form in read_seed(seed) for indicator in form.indicators]
        assert all(0 < doubt <= 1 for doubt in doubts)
        assert min(doubts) < 1


def follow(record: Any, pointer: str) -> str:
    for key in pointer.strip("/").split("/"):
        record = record[int(key)] if isinstance(record, list) else record[key]
    return str(record)


def present_pointers(record: dict[str, Any]) -> list[str]:
    pointers = [f"/{name}" for name in ("project", "department", "unit", "grade") if record[name] is not None]
    pointers += [f"/goal/{side}" for side, text in record["goal"].items() if text is not None]
    pointers += [f"/{name}" for name in list_cells(record) if "/" in name and list_cells(record)[name] is not None]
    return pointers


def test_second_printings_point_to_the_first() -> None:
    forms = [form for seed in PRINTED for form in read_seed(seed)]
    marked = [form for form in mark_duplicates(forms) if form.duplicate_of is not None]
    assert [(form.source.form, form.duplicate_of.form if form.duplicate_of else 0) for form in marked] == [
        (5, 2),
        (6, 3),
        (7, 4),
    ]
    assert {form.source.file[:3] for form in marked} == {"000"}


def test_what_the_scan_destroyed_is_reported_and_not_invented() -> None:
    forms = {form.source.form: form for form in read_seed("002")}
    assert forms[13].project is None
    assert forms[6].indicators[10].weight is None
    assert ("/indicators/10/weight", "თ") in {(item.field, item.raw) for item in forms[6].unreadable}
    assert forms[1].goal.expected is None
    assert "/goal/expected" in {item.field for item in forms[1].unreadable}
