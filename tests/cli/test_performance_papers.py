"""`chengshu performance read` and `check`: the published contract, its exit codes and what people see."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from performance.fakes import a_record

from chengshu.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"

FORM_TEXT = """财政项目支出绩效自评表

(2020 年度)

项目名称\t道路养护
主管部门\t某市交通委员会\t\t实施单位\t某市公路中心
项目资金 (元)\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t1,000.00\t1,000.00\t1,000.00\t10.00\t100.00%\t10.00
\t其中： 当年财政拨款\t1,000.00\t1,000.00\t1,000.00\t—\t\t
\t上年结转资金\t\t0\t\t—\t\t
\t其他资金\t\t0\t\t—\t\t
年度 总体 目标\t预算目标\t\t\t实际完成情况
\t养护道路\t\t\t养护了道路

一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
绩效指标\t产出指标\t数量指标\t养护里程\t≥100公里\t120公里\t50.00\t50.00\t
\t效益指标\t社会效益指标\t平均车速提高\t≥5%\t6%\t30.00\t30.00\t
\t满意度指标\t服务对象满意度指标\t市民满意度\t≥90%\t95%\t10.00\t10.00\t
总分\t100.00\t100.00
"""


def _schema(name: str) -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["performance", *map(str, arguments)])


def _lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def form_file(tmp_path: Path) -> Path:
    path = tmp_path / "养护.txt"
    path.write_text(FORM_TEXT, "utf-8")
    return path


@pytest.fixture
def records_file(tmp_path: Path) -> Path:
    path = tmp_path / "表.jsonl"
    records = [a_record("甲项目"), a_record("乙项目", grade="优")]
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    return path


class TestRead:
    def test_prints_one_record_a_form_by_the_schema(self, form_file: Path) -> None:
        result = _run("read", form_file, "--json")
        [record] = _lines(result)
        _schema("read").validate(record)
        assert (record["project"], record["money"]["total"]["budget"]) == ("道路养护", "1000.00")
        assert record["source"] == {"file": "养护.txt", "form": 1, "line": 1}
        assert result.exit_code == 0

    def test_marks_repeated_printings_over_all_paths(self, form_file: Path, tmp_path: Path) -> None:
        again = tmp_path / "又一份.txt"
        again.write_text(FORM_TEXT, "gb18030")
        first, second = _lines(_run("read", form_file, again, "--json"))
        assert first["duplicate_of"] is None
        assert second["duplicate_of"] == {"file": "养护.txt", "form": 1}

    def test_names_what_cannot_be_read_and_goes_on(self, form_file: Path, tmp_path: Path) -> None:
        broken = tmp_path / "坏.pdf"
        broken.write_bytes(b"%PDF-1.4 broken")
        result = _run("read", broken, tmp_path / "没有.txt", form_file, "--json")
        assert [record["project"] for record in _lines(result)] == ["道路养护"]
        assert "坏.pdf" in result.stderr
        assert "没有.txt" in result.stderr
        assert result.exit_code == 2

    def test_takes_its_own_output(self, form_file: Path, tmp_path: Path) -> None:
        kept = tmp_path / "kept.jsonl"
        assert _run("read", form_file, "--json", "--out", kept).exit_code == 0
        [record] = _lines(_run("read", kept, "--json"))
        assert record == json.loads(kept.read_text("utf-8"))

    def test_shows_people_a_table(self, form_file: Path) -> None:
        result = _run("read", form_file)
        assert "道路养护" in result.stdout
        assert "1,000.00 元" in result.stdout

    def test_a_file_that_cannot_be_written_is_an_error(self, form_file: Path, tmp_path: Path) -> None:
        result = _run("read", form_file, "--out", tmp_path / "none" / "x.json")
        assert result.exit_code == 1
        assert "不能写入" in result.stderr


class TestCheck:
    def test_prints_findings_by_the_schema_in_the_same_order(self, records_file: Path) -> None:
        result = _run("check", records_file, "--json")
        checked = _lines(result)
        for item in checked:
            _schema("check").validate(item)
        assert [item["source"]["form"] for item in checked] == [
            record["source"]["form"] for record in _lines(_run("read", records_file, "--json"))
        ]

    def test_a_clean_form_exits_with_0(self, form_file: Path) -> None:
        result = _run("check", form_file, "--json")
        assert [f for f in _lines(result)[0]["findings"] if f["level"] != "hint"] == []
        assert result.exit_code == 0

    def test_a_wrong_total_exits_with_1(self, form_file: Path) -> None:
        form_file.write_text(FORM_TEXT.replace("总分\t100.00\t100.00", "总分\t100.00\t99.00"), "utf-8")
        result = _run("check", form_file, "--json")
        assert "TOTAL_WRONG" in {finding["code"] for finding in _lines(result)[0]["findings"]}
        assert result.exit_code == 1

    def test_unreadable_input_wins_over_findings(self, form_file: Path, tmp_path: Path) -> None:
        form_file.write_text(FORM_TEXT.replace("总分\t100.00\t100.00", "总分\t100.00\t99.00"), "utf-8")
        empty = tmp_path / "空.txt"
        empty.write_text("")
        assert _run("check", empty, form_file).exit_code == 2

    def test_applies_the_named_rule_set(self, form_file: Path) -> None:
        result = _run("check", form_file, "--json", "--rules", "national-2020")
        assert _lines(result)[0]["rules"] == "national-2020"

    def test_refuses_an_unknown_rule_set(self, form_file: Path) -> None:
        result = _run("check", form_file, "--rules", "atlantis-1")
        assert result.exit_code == 2
        assert "atlantis-1" in result.stderr

    def test_shows_people_the_findings(self, form_file: Path) -> None:
        form_file.write_text(FORM_TEXT.replace("总分\t100.00\t100.00", "总分\t100.00\t99.00"), "utf-8")
        result = _run("check", form_file)
        assert "总分不符" in result.stdout
        assert "共 1 张自评表：错误 1 条" in result.stdout


class TestRules:
    def test_lists_the_rule_sets(self) -> None:
        assert "national-2020" in _run("rules").stdout

    def test_every_setting_has_a_source(self) -> None:
        [record] = _lines(_run("rules", "shanghai-2024", "--json"))
        assert record["settings"]
        assert [setting["key"] for setting in record["settings"] if not setting["source"] or not setting["label"]] == []


class TestPublishedForms:
    def test_the_real_texts_give_39_forms_by_the_schema(self) -> None:
        if not SEEDS.is_dir():
            pytest.skip("the published texts are not beside the project")
        result = _run("read", SEEDS, "--json")
        records = _lines(result)
        for record in records:
            _schema("read").validate(record)
        assert len(records) == 39
        assert sum(record["duplicate_of"] is not None for record in records) == 3
        assert result.exit_code == 0

    def test_their_findings_follow_the_schema_and_point_into_the_forms(self) -> None:
        if not SEEDS.is_dir():
            pytest.skip("the published texts are not beside the project")
        records, checked = _lines(_run("read", SEEDS, "--json")), _lines(_run("check", SEEDS, "--json"))
        for record, item in zip(records, checked, strict=True):
            _schema("check").validate(item)
            assert record["source"] == item["source"]
            for finding in item["findings"]:
                _follow(record, finding["field"])


def _follow(record: dict[str, Any], pointer: str) -> None:
    """Walk the pointer; a step that leads nowhere is a KeyError or IndexError."""
    value: Any = record
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
