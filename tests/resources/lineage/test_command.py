"""`chengshu resources keep-lineage`: SQL files handed in from a terminal."""

from pathlib import Path

from click.testing import CliRunner, Result
from resources.catalogue.town import Town

from chengshu.cli.main import main
from chengshu.kernel.jobs.facade import Job
from chengshu.resources.models import LineageEdge, LineageTeller


def _run(*paths: Path, department: str = "S-MZ") -> Result:
    options = ["--title", "终端", "--department", department, "--dialect", "hive"]
    return CliRunner().invoke(main, ["resources", "keep-lineage", *map(str, paths), *options])


def test_files_are_kept_as_a_version_and_the_graph_is_asked_for(town: Town, tmp_path: Path) -> None:
    script = tmp_path / "a.sql"
    script.write_text("insert overwrite table b select x from a; broken", "gb18030")
    first, again = _run(script), _run(script)
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert "已收下第 1 版：2 条语句" in first.output
    assert "内容没有变" in again.output
    assert LineageEdge.objects.filter(target__name="x", target__table__name="b").exists()
    assert Job.objects.filter(kind="resources.build_lineage").count() == 1


def test_what_cannot_be_taken_replaces_nothing(town: Town, tmp_path: Path) -> None:
    script = tmp_path / "a.sql"
    script.write_text("select 1", "utf-8")
    refused, absent = _run(script, department="X"), _run(script, tmp_path / "b.sql")
    assert (refused.exit_code, absent.exit_code) == (2, 2)
    assert "没有代码为" in refused.output
    assert "b.sql" in absent.output
    assert not LineageTeller.objects.exists()
