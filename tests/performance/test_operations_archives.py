"""Importing archives and files on which the program itself fails: nothing is doubled, the others go on."""

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from conftest import NOW
from performance.fakes import FakeReader, a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance.models import Batch, FormRecord, SourceFile, Verdict
from chengshu.performance.operations.imports import create_batch, retry_failed, run_import
from chengshu.performance.queries import intake
from chengshu.performance.queries.intake import PageProgress, Reading

pytestmark = pytest.mark.django_db

FORM = (
    "财政项目支出绩效自评表\n（2024年度）\n项目名称\t甲项目\n主管部门\t某局\t实施单位\t某中心\n"
    "项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分数\t执行率(%)\t得分\n"
    "\t年度资金总额\t10.00\t10.00\t10.00\t10.00\t100.00\t10.00\n"
    "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施\n"
    "产出指标\t数量指标\t检查次数\t≥4.00(次)\t5.00(次)\t90.00\t90.00\t\n"
    "总分\t\t\t\t\t100.00\t100.00\t\n"
)


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the second entry of one name, which is what we want
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


@pytest.fixture
def read(officer: User, now: datetime) -> Callable[[bytes], Batch]:
    def _read(data: bytes) -> Batch:
        batch = create_batch([("a.zip", data)], name="三月", owner=officer, now=now)
        run_import(batch.pk, reader=intake, clock=lambda: now, report=lambda _: None)
        return batch

    return _read


def test_keeps_both_members_of_one_name(read: Callable[[bytes], Batch]) -> None:
    batch = read(zipped(("甲.txt", FORM.encode()), ("甲.txt", FORM.replace("甲项目", "乙项目").encode())))
    projects = FormRecord.objects.filter(batch=batch).values_list("project", flat=True)
    assert sorted(projects) == ["乙项目", "甲项目"]


def test_tells_of_every_broken_archive_inside_an_archive(read: Callable[[bytes], Batch]) -> None:
    batch = read(zipped(("好.txt", FORM.encode()), ("坏一.zip", b"PK\3\4broken"), ("坏二.zip", b"PK\3\4broken")))
    faults = SourceFile.objects.filter(batch=batch, verdict=Verdict.ERROR)
    assert sorted(fault.name for fault in faults) == ["坏一.zip", "坏二.zip"]
    assert FormRecord.objects.filter(batch=batch).count() == 1


def test_a_further_try_doubles_no_member(read: Callable[[bytes], Batch], officer: User, now: datetime) -> None:
    batch = read(zipped(("好.txt", FORM.encode()), ("坏.zip", b"PK\3\4broken")))
    SourceFile.objects.filter(batch=batch, member="").update(verdict=Verdict.ERROR, error_message="断了")
    assert retry_failed(batch.pk, actor=officer, now=NOW) == 1
    run_import(batch.pk, reader=intake, clock=lambda: now, report=lambda _: None)
    assert FormRecord.objects.filter(batch=batch).count() == 1
    assert SourceFile.objects.filter(batch=batch).count() == 3


class StumblingReader(FakeReader):
    """Fails as only a fault of the program does, on one file."""

    def read_bytes(self, name: str, data: bytes, on_page: PageProgress) -> Iterator[Reading]:
        if name == "难.txt":
            raise ZeroDivisionError
        return super().read_bytes(name, data, on_page)


def test_other_files_go_on_when_the_program_fails_on_one(officer: User, now: datetime) -> None:
    good = as_bytes(a_record("甲项目"))
    batch = create_batch([("难.txt", b"x"), ("好.txt", good)], name="三月", owner=officer, now=now)
    run_import(batch.pk, reader=StumblingReader(), clock=lambda: now, report=lambda _: None)
    failed = SourceFile.objects.get(batch=batch, name="难.txt")
    assert (failed.verdict, failed.error_code) == (Verdict.ERROR, "PROGRAM_FAILED")
    assert "难.txt" in failed.error_message
    assert FormRecord.objects.get(batch=batch).project == "甲项目"
