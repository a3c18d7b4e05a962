"""Imports that are stopped, repeated and fed with archives that lie: nothing lost, nothing doubled."""

import io
import warnings
import zipfile
from collections.abc import Sequence
from datetime import datetime

import pytest
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade
from chengshu.performance.facade import Batch, FormRecord, ImportProgress, SourceFile, Verdict

pytestmark = pytest.mark.django_db


class _KilledError(Exception):
    """The worker's end in the middle of a file."""


def _archive(members: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile's own, of names given twice
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
    return packed.getvalue()


def _page(number: int) -> bytes:
    head = "财政项目支出绩效自评表\n（2021年度）\n"
    rows = [f"项目名称\t项目{number}", "主管部门\t某局\t实施单位\t某中心", "总分\t100\t95"]
    return (head + "\n".join(rows) + "\n").encode()


def _run(batch: Batch, now: datetime, *, stop_at: int | None = None) -> None:
    def report(stage: ImportProgress) -> None:
        if stop_at is not None and stage.done >= stop_at:
            raise _KilledError

    facade.run_import(batch.pk, reader=facade.intake, clock=lambda: now, report=report)


def test_a_stopped_import_goes_on_where_it_stopped(officer: User, now: datetime) -> None:
    files = [(f"{number}.jsonl", as_bytes(a_record(f"项目{number}"))) for number in range(30)]
    batch = facade.create_batch(files, name="停", owner=officer, now=now)
    for stop_at in (7, 7, 19):
        with pytest.raises(_KilledError):
            _run(batch, now, stop_at=stop_at)
    assert FormRecord.objects.filter(batch=batch).count() == 19
    _run(batch, now)
    _run(batch, now)
    projects = list(FormRecord.objects.filter(batch=batch).values_list("project", flat=True))
    assert sorted(projects) == sorted(f"项目{number}" for number in range(30))


@pytest.mark.parametrize(
    "members",
    [
        [("甲.txt", _page(1)), ("甲.txt", _page(2))],
        [("x" * 600 + "/甲.txt", _page(1)), ("y" + "x" * 599 + "/甲.txt", _page(2))],
        [("甲.txt", _page(1)), ("乙.txt", b""), ("丙.zip", b"PK\x03\x04"), ("丁.txt", _page(2))],
        [
            ("深.zip", _archive([("深.zip", _archive([("深.zip", _archive([("甲.txt", _page(1))]))]))])),
            ("丁.txt", _page(2)),
        ],
        [("../../../etc/甲.txt", _page(1)), ("/etc/passwd", _page(2)), ("C:\\甲.txt", _page(3))],
    ],
)
def test_an_archive_that_lies_harms_no_other_file(
    import_files: Import, officer: User, now: datetime, members: list[tuple[str, bytes]]
) -> None:
    batch = import_files(("包.zip", _archive(members)), ("好.jsonl", as_bytes(a_record("好"))))
    assert FormRecord.objects.filter(batch=batch, project="好", rescoring__isnull=False).exists()
    before = list(SourceFile.objects.filter(batch=batch).order_by("member").values_list("member", "verdict"))
    assert Verdict.WAITING not in dict(before).values()
    facade.resume_import(batch.pk, actor=officer, now=now)
    _run(batch, now)
    after = list(SourceFile.objects.filter(batch=batch).order_by("member").values_list("member", "verdict"))
    assert after == before
    assert FormRecord.objects.filter(batch=batch, project="好").count() == 1
