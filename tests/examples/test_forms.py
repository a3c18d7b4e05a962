"""The typed example forms agree with their contract, with themselves and with the published texts."""

import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chengshu.performance.contracts.wire import form_from_record, form_record

ROOT = Path(__file__).parents[2]
FORMS = ROOT / "examples" / "forms"
SEEDS = ROOT.parent / "shared" / "seeds"
COPIED_RUN = 16  # characters; a summary that shares more with the published text is a quotation

CLASS_OF_CATEGORY = {
    "数量指标": "产出指标",
    "质量指标": "产出指标",
    "时效指标": "产出指标",
    "成本指标": "产出指标",
    "经济效益指标": "效益指标",
    "社会效益指标": "效益指标",
    "生态指标": "效益指标",
    "生态效益指标": "效益指标",
    "可持续影响指标": "效益指标",
    "服务对象满意度指标": "满意度指标",
}

Record = dict[str, Any]
PATHS = sorted(FORMS.glob("[0-9]*.json"))
SCANNED = "002"


def load(path: Path) -> Record:
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def squeeze(text: str) -> str:
    """Drop markup and white space."""
    return re.sub(r"<[^>]*>|\s", "", text)


@pytest.fixture(scope="module")
def published() -> dict[str, list[str]]:
    """The lines of every published text, by base name."""
    if not SEEDS.is_dir():
        pytest.skip("the published texts are not beside this checkout")
    return {path.name: path.read_text(encoding="utf-8").split("\n") for path in SEEDS.glob("*.txt")}


def stretch(record: Record, published: dict[str, list[str]]) -> str:
    """The text from a form's title to the next title, squeezed."""
    starts = sorted(
        load(path)["source"]["line"] for path in PATHS if load(path)["source"]["file"] == record["source"]["file"]
    )
    start = record["source"]["line"]
    after = [line for line in starts if line > start]
    lines = published[record["source"]["file"]]
    return squeeze("\n".join(lines[start - 1 : after[0] - 1 if after else len(lines)]))


class TestForms:
    def test_are_the_39_printed_ones_of_which_3_are_second_printings(self) -> None:
        records = [load(path) for path in PATHS]
        assert len(records) == 39
        assert [
            (record["source"]["form"], record["duplicate_of"]["form"]) for record in records if record["duplicate_of"]
        ] == [(5, 2), (6, 3), (7, 4)]

    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
    def test_follow_the_published_contract(self, path: Path) -> None:
        record = load(path)
        assert form_record(form_from_record(record)) == record
        assert path.name.startswith(f"{record['source']['file'][:3]}-{record['source']['form']:02d}-")

    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
    def test_put_every_indicator_under_the_class_of_its_category(self, path: Path) -> None:
        for indicator in load(path)["indicators"]:
            assert CLASS_OF_CATEGORY[indicator["level2"]] == indicator["level1"]

    def test_add_up_to_the_printed_total_where_the_paper_kept_it(self) -> None:
        totals = {path.stem: load(path) for path in PATHS if load(path)["total"]["score"]}
        assert len(totals) == 35
        for name, record in totals.items():
            scores = [record["money"]["total"]["score"], *(item["score"] for item in record["indicators"])]
            assert sum(map(Decimal, scores)) == Decimal(record["total"]["score"]), name


class TestAgainstThePublishedTexts:
    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
    def test_every_figure_and_name_stands_in_the_text(self, path: Path, published: dict[str, list[str]]) -> None:
        record = load(path)
        text = stretch(record, published).replace(">=", "≥").replace("<=", "≤").replace(",", "")
        text = text.replace(r"$\geq90\%$", "≥90%")
        columns = ["target", "actual", "weight", "score"]
        if not path.name.startswith(SCANNED):  # a scan breaks names around the figures
            columns += ["level2", "level3"]
        values = [item[column] for item in record["indicators"] for column in columns]
        values += [value for row in record["money"].values() for value in row.values()]
        values += record["total"].values()
        assert [value for value in values if value and value.replace(",", "") not in text] == []

    def test_the_title_stands_on_the_stated_line(self, published: dict[str, list[str]]) -> None:
        for path in PATHS:
            source = load(path)["source"]
            assert "财政项目支出绩" in published[source["file"]][source["line"] - 1], path.name

    @pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
    def test_goals_and_reasons_are_in_our_own_words(self, path: Path, published: dict[str, list[str]]) -> None:
        record = load(path)
        text = stretch(record, published)
        for summary in [*record["goal"].values(), *(item["reason"] for item in record["indicators"])]:
            runs = (summary[at : at + COPIED_RUN] for at in range(len(summary or "") - COPIED_RUN + 1))
            assert [run for run in runs if run in text] == []

    def test_the_key_names_cells_of_the_text(self, published: dict[str, list[str]]) -> None:
        for entry in json.loads((FORMS / "key.json").read_text(encoding="utf-8")):
            record = load(FORMS / entry["form"])
            lines = published[record["source"]["file"]][record["source"]["line"] - 1 :]
            cells = {squeeze(cell) for line in lines for cell in line.split("\t")}
            digests = {hashlib.sha256(cell.encode()).hexdigest(): len(cell) for cell in cells}
            for pointer, text in entry["texts"].items():
                assert digests.get(text["sha256"]) == text["length"], (entry["form"], pointer)


class TestKey:
    def test_has_one_entry_a_form_with_pointers_into_it(self) -> None:
        entries = json.loads((FORMS / "key.json").read_text(encoding="utf-8"))
        assert [entry["form"] for entry in entries] == [path.name for path in PATHS]
        for entry in entries:
            record = load(FORMS / entry["form"])
            for pointer in [*entry["texts"], *entry["ambiguous"]]:
                value: Any = record
                for step in pointer.strip("/").split("/"):
                    value = value[int(step)] if isinstance(value, list) else value[step]
                assert pointer in entry["ambiguous"] or value is not None
