"""`render`, `report`, `templates`, `archive` and `import`: what comes out, and by which exit code."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from performance.fakes import a_record

from chengshu.cli.main import main
from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import Batch, FormRecord, write_archive


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["performance", *map(str, arguments)])


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "表.jsonl"
    lines = [json.dumps(a_record(name, total={"weight": "100", "score": "95"})) for name in ("甲项目", "乙项目")]
    path.write_text("\n".join(lines), "utf-8")
    return path


class TestRender:
    def test_prints_every_form_on_a_sheet_of_its_own(self, records: Path) -> None:
        result = _run("render", records, "--format", "xlsx")
        assert result.exit_code == 0
        assert len(load_workbook(io.BytesIO(result.stdout_bytes)).sheetnames) == 2

    def test_what_is_printed_reads_back(self, records: Path, tmp_path: Path) -> None:
        printed = tmp_path / "打印.docx"
        assert _run("render", records, "--format", "docx", "--out", printed).exit_code == 0
        projects = [json.loads(line)["project"] for line in _run("read", printed, "--json").stdout.splitlines()]
        assert projects == ["甲项目", "乙项目"]

    def test_uses_the_template_that_was_asked_for(self, records: Path) -> None:
        result = _run("render", records, "--format", "html", "--template", "shanghai-2024")
        assert "执行率(%)" in result.stdout

    def test_refuses_an_unknown_template(self, records: Path) -> None:
        assert _run("render", records, "--template", "mars-2099").exit_code == 2


class TestReport:
    def test_names_findings_and_what_could_not_be_read(self, records: Path, tmp_path: Path) -> None:
        result = _run("report", records, tmp_path / "没有.pdf", "--format", "html")
        assert "总分不符" in result.stdout
        assert "没有.pdf" in result.stdout
        assert result.exit_code == 2

    def test_is_written_in_english_too(self, records: Path) -> None:
        result = _run("report", records, "--format", "html", "--language", "en")
        assert "Wrong total" in result.stdout
        assert result.exit_code == 0


class TestTemplates:
    def test_lists_them(self) -> None:
        assert "shanghai-2020" in _run("templates").stdout.splitlines()


class TestArchive:
    @pytest.fixture
    def parquet(self, tmp_path: Path) -> Path:
        path = tmp_path / "档案.parquet"
        write_archive((a_record(f"项目{n}", total={"weight": "100", "score": "95"}) for n in range(5)), path)
        return path

    def test_checks_and_goes_on_where_it_stopped(self, parquet: Path, tmp_path: Path) -> None:
        target = tmp_path / "结果"
        first = _run("archive", parquet, target, "--workers", "1")
        assert "共 5 张" in first.stdout
        assert first.exit_code == 1
        assert list((target / "findings").glob("*.parquet"))
        assert _run("archive", parquet, target, "--workers", "1").stdout == first.stdout

    def test_refuses_what_is_no_archive(self, records: Path, tmp_path: Path) -> None:
        result = _run("archive", records, tmp_path / "结果", "--workers", "1")
        assert "不是可读的 Parquet 文件" in result.stderr
        assert result.exit_code == 2


@pytest.mark.django_db
class TestImport:
    def test_keeps_the_forms_as_a_batch_of_the_owner(self, records: Path, officer: User) -> None:
        result = _run("import", records, "--owner", "officer", "--name", "档案")
        assert result.exit_code == 0
        batch = Batch.objects.get()
        assert (batch.name, batch.owner) == ("档案", officer)
        assert FormRecord.objects.filter(batch=batch).count() == 2

    @pytest.mark.usefixtures("officer")
    def test_names_what_could_not_be_read(self, records: Path, tmp_path: Path) -> None:
        broken = tmp_path / "坏.pdf"
        broken.write_bytes(b"%PDF-1.4 broken")
        result = _run("import", broken, records, tmp_path / "没有.txt", "--owner", "officer")
        assert "坏.pdf" in result.stderr
        assert "没有.txt" in result.stderr
        assert result.exit_code == 2
        assert FormRecord.objects.count() == 2

    def test_asks_for_a_known_owner(self, records: Path) -> None:
        result = _run("import", records, "--owner", "nobody")
        assert "nobody" in result.stderr
        assert result.exit_code == 2
        assert Batch.objects.count() == 0
