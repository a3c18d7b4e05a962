"""An archive is checked from Parquet to Parquet; a killed run is resumed without loss or doubling."""

import fcntl
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.errors import ArchiveBusy, ArchiveMismatch, ArchiveUnreadable, RuleSetUnknown
from chengshu.performance.pipelines import tables
from chengshu.performance.pipelines.archive import check_archive, write_archive
from chengshu.performance.rules.checking import check_form
from chengshu.performance.rules.rulesets import rule_set_for
from chengshu.synthetic.forms import generate_forms

FORMS = 60
GROUP = 10
Record = dict[str, Any]


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [record for record, _ in generate_forms(21, FORMS, defects=0.6)]


@pytest.fixture
def source(tmp_path: Path, records: list[Record]) -> Path:
    path = tmp_path / "forms.parquet"
    assert write_archive(records, path, group_rows=GROUP) == FORMS
    return path


def rows(target: Path, table: str) -> list[Record]:
    found: list[Record] = []
    for path in sorted((target / table).glob("*.parquet")):
        found += pq.ParquetFile(path).read().to_pylist()
    return found


def tables_of(target: Path) -> dict[str, bytes]:
    return {str(path.relative_to(target)): path.read_bytes() for path in sorted(target.glob("*/*.parquet"))}


def cancelled_after(parts: int) -> Callable[[], bool]:
    asked = count()
    return lambda: next(asked) >= parts


class TestWriteArchive:
    def test_gives_back_the_records_it_was_given(self, source: Path, records: list[Record]) -> None:
        assert pq.read_table(source).to_pylist() == records

    def test_leaves_nothing_behind_when_a_record_does_not_fit(self, tmp_path: Path) -> None:
        with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
            write_archive([{"source": "not a structure"}], tmp_path / "forms.parquet")
        assert not (tmp_path / "forms.parquet").exists()


class TestCheckArchive:
    def test_finds_what_checking_each_form_finds(self, source: Path, tmp_path: Path, records: list[Record]) -> None:
        summary = check_archive(source, tmp_path / "out", workers=1)
        forms = [form_from_record(record) for record in records]
        checked = [check_form(form, rule_set_for(form)) for form in forms]
        expected = [
            (found.source.form, finding.code, finding.level.value, finding.field, finding.message)
            for found in checked
            for finding in found.findings
        ]
        assert [
            (row["form"], row["code"], row["level"], row["field"], row["message"])
            for row in rows(tmp_path / "out", "findings")
        ] == expected
        assert summary.codes == Counter(code for _, code, *_ in expected)
        assert (summary.forms, summary.refused, summary.is_complete) == (FORMS, 0, True)

    def test_scores_every_form_again(self, source: Path, tmp_path: Path, records: list[Record]) -> None:
        check_archive(source, tmp_path / "out", workers=1)
        scored = rows(tmp_path / "out", "rescored")
        assert [row["form"] for row in scored] == list(range(1, FORMS + 1))
        for row, record in zip(scored, records, strict=True):
            rescored = check_form(form := form_from_record(record), rule_set_for(form)).rescored
            assert (row["total"], row["grade"], row["changed"]) == (rescored.total, rescored.grade, rescored.changed)
            assert all(line["score"] != line["printed"] for line in row["changed_lines"])

    def test_gives_the_same_tables_in_several_processes(self, source: Path, tmp_path: Path) -> None:
        alone = check_archive(source, tmp_path / "alone", workers=1)
        together = check_archive(source, tmp_path / "together", workers=2)
        assert together == alone
        assert rows(tmp_path / "together", "findings") == rows(tmp_path / "alone", "findings")

    def test_reads_all_files_of_a_folder(self, tmp_path: Path, records: list[Record]) -> None:
        folder = tmp_path / "years"
        folder.mkdir()
        write_archive(records[:25], folder / "2020.parquet", group_rows=GROUP)
        write_archive(records[25:], folder / "2021.parquet", group_rows=GROUP)
        summary = check_archive(folder, tmp_path / "out", workers=1)
        assert (summary.forms, summary.parts) == (FORMS, 7)
        assert [row["form"] for row in rows(tmp_path / "out", "rescored")] == list(range(1, FORMS + 1))

    def test_uses_the_rule_set_that_is_named(self, source: Path, tmp_path: Path) -> None:
        check_archive(source, tmp_path / "out", rules="national-2020", workers=1)
        assert {row["rules"] for row in rows(tmp_path / "out", "rescored")} == {"national-2020"}

    def test_reports_progress_up_to_the_whole(self, source: Path, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        check_archive(source, tmp_path / "out", workers=1, on_progress=lambda done, total: seen.append((done, total)))
        assert seen == [(done, FORMS) for done in range(GROUP, FORMS + 1, GROUP)]

    def test_sets_aside_a_record_outside_the_contract(self, tmp_path: Path, records: list[Record]) -> None:
        broken = {**records[3], "total": {"weight": "100", "score": "ninety"}}
        write_archive([*records[:3], broken, *records[4:]], tmp_path / "forms.parquet", group_rows=GROUP)
        summary = check_archive(tmp_path / "forms.parquet", tmp_path / "out", workers=1)
        assert (summary.forms, summary.refused) == (FORMS - 1, 1)
        refused = rows(tmp_path / "out", "refused")
        assert [(row["input"], row["row"]) for row in refused] == [("forms.parquet", 3)]

    def test_reads_a_table_with_fewer_columns(self, tmp_path: Path, records: list[Record]) -> None:
        table = pa.Table.from_pylist(records, tables.FORMS).drop_columns(["grade", "duplicate_of", "unreadable"])
        pq.write_table(table, tmp_path / "forms.parquet")
        assert check_archive(tmp_path / "forms.parquet", tmp_path / "out", workers=1).forms == FORMS


class TestResuming:
    def test_a_cancelled_run_goes_on_where_it_stopped(self, source: Path, tmp_path: Path) -> None:
        whole = check_archive(source, tmp_path / "whole", workers=1)
        stopped = check_archive(source, tmp_path / "out", workers=1, is_cancelled=cancelled_after(2))
        assert (stopped.forms, stopped.is_complete) == (2 * GROUP, False)
        before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "findings").iterdir()}
        resumed = check_archive(source, tmp_path / "out", workers=1)
        assert (resumed.kept, resumed.is_complete) == (2, True)
        assert (resumed.forms, resumed.codes) == (whole.forms, whole.codes)
        assert all(path.stat().st_mtime_ns == moment for path, moment in before.items())
        assert rows(tmp_path / "out", "findings") == rows(tmp_path / "whole", "findings")

    def test_a_finished_run_is_not_done_again(self, source: Path, tmp_path: Path) -> None:
        first = check_archive(source, tmp_path / "out", workers=1)
        made = tables_of(tmp_path / "out")
        second = check_archive(source, tmp_path / "out", workers=1)
        assert (second.kept, second.forms, second.codes) == (first.parts, first.forms, first.codes)
        assert tables_of(tmp_path / "out") == made

    def test_refuses_a_target_of_another_archive(self, source: Path, tmp_path: Path, records: list[Record]) -> None:
        check_archive(source, tmp_path / "out", workers=1)
        write_archive(records[:-1], source, group_rows=GROUP)
        with pytest.raises(ArchiveMismatch):
            check_archive(source, tmp_path / "out", workers=1)

    def test_refuses_a_target_made_under_other_rules(self, source: Path, tmp_path: Path) -> None:
        check_archive(source, tmp_path / "out", workers=1)
        with pytest.raises(ArchiveMismatch):
            check_archive(source, tmp_path / "out", rules="national-2020", workers=1)

    def test_refuses_a_target_that_another_process_writes(self, source: Path, tmp_path: Path) -> None:
        check_archive(source, tmp_path / "out", workers=1)
        with (tmp_path / "out" / ".lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(ArchiveBusy):
                check_archive(source, tmp_path / "out", workers=1)


KILLED_RUN = """
import sys
from pathlib import Path
from chengshu.performance.pipelines.archive import check_archive

if __name__ == "__main__":
    check_archive(Path(sys.argv[1]), Path(sys.argv[2]), workers=2, on_progress=lambda *_: print("part", flush=True))
"""


class TestKilledRun:
    def test_loses_and_doubles_nothing(self, tmp_path: Path) -> None:
        """Kills the run after its first part, while both workers are at work, then resumes it."""
        records = [record for record, _ in generate_forms(22, 600, defects=0.6)]
        source, target = tmp_path / "forms.parquet", tmp_path / "out"
        write_archive(records, source, group_rows=GROUP)
        (tmp_path / "run.py").write_text(KILLED_RUN, "utf-8")
        with subprocess.Popen(
            [sys.executable, tmp_path / "run.py", source, target], stdout=subprocess.PIPE, text=True
        ) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "part\n"
            os.kill(run.pid, signal.SIGKILL)
        assert run.returncode == -signal.SIGKILL
        summary = check_archive(source, target, workers=1)
        assert 1 <= summary.kept < summary.parts
        assert (summary.forms, summary.refused, summary.is_complete) == (600, 0, True)
        assert [row["form"] for row in rows(target, "rescored")] == list(range(1, 601))
        check_archive(source, tmp_path / "at-once", workers=1)
        assert rows(target, "findings") == rows(tmp_path / "at-once", "findings")
        assert list(target.glob("*/.*.partial")) == []


class TestBadInput:
    def test_names_a_file_that_is_not_parquet(self, tmp_path: Path) -> None:
        (tmp_path / "forms.parquet").write_bytes(b"PAR1 it says, but it is not")
        with pytest.raises(ArchiveUnreadable, match=r"forms\.parquet"):
            check_archive(tmp_path / "forms.parquet", tmp_path / "out")

    def test_names_a_missing_column(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"template": ["shanghai-2020"]}), tmp_path / "forms.parquet")
        with pytest.raises(ArchiveUnreadable, match="source"):
            check_archive(tmp_path / "forms.parquet", tmp_path / "out")

    def test_names_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ArchiveUnreadable, match="Parquet"):
            check_archive(tmp_path, tmp_path / "out")

    def test_refuses_an_unknown_rule_set(self, source: Path, tmp_path: Path) -> None:
        with pytest.raises(RuleSetUnknown):
            check_archive(source, tmp_path / "out", rules="atlantis-1999")
