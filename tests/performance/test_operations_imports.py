"""Importing a batch: what goes in, what stays after a fault, a stop or a second try."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from conftest import NOW
from django.db import connection
from performance.fakes import FakeReader, a_record, as_bytes
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import JobCancelled
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import Batch, FindingRecord, FormRecord, SourceFile, Verdict
from chengshu.performance.operations.imports import (
    ImportProgress,
    add_files,
    create_batch,
    retry_failed,
    run_import,
)
from chengshu.performance.queries.intake import PageProgress, Reading

pytestmark = pytest.mark.django_db

GOOD = as_bytes(a_record("甲项目"), a_record("乙项目"))


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def hand_in(officer: User, now: datetime) -> Callable[..., Batch]:
    def _hand_in(**files: bytes) -> Batch:
        named = [(f"{name}.txt", data) for name, data in files.items()]
        return create_batch(named, name="三月", owner=officer, now=now)

    return _hand_in


def _run(batch: Batch, reader: FakeReader, now: datetime) -> list[ImportProgress]:
    heard: list[ImportProgress] = []
    run_import(batch.pk, reader=reader, clock=lambda: now, report=heard.append)
    return heard


class TestRunImport:
    def test_keeps_forms_with_their_columns(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(甲=GOOD)
        _run(batch, reader, now)
        form = FormRecord.objects.get(project="乙项目")
        assert (form.number, form.line, form.year, form.budget_yuan) == (2, 20, 2020, Decimal("200.0000"))
        assert form.content.record["project"] == "乙项目"
        assert form.content.origins["/total/score"] == {"raw": "89.50", "place": {"line": 21}, "confidence": 0.9}
        assert [row["cells"][0]["text"] for row in form.content.rows] == ["乙项目自评表", "总分"]
        assert [item.level3 for item in form.indicators.order_by("number")] == ["归集数据条数", "办件提速"]

    def test_keeps_amounts_in_yuan_whatever_the_form_prints(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        record = a_record(money_unit="万元", money={"total": {"budget": "96.12", "executed": None}})
        _run(hand_in(甲=as_bytes(record)), reader, now)
        form = FormRecord.objects.get()
        assert (form.budget_yuan, form.executed_yuan) == (Decimal("961200.0000"), None)

    def test_a_figure_that_no_column_can_hold_stays_in_the_content(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        record = a_record(year=20200, total={"weight": "100", "score": "12345678.5"})
        _run(hand_in(甲=as_bytes(record)), reader, now)
        form = FormRecord.objects.get()
        assert (form.year, form.score) == (None, None)
        assert form.content.record["total"]["score"] == "12345678.5"

    def test_a_bad_file_says_why_and_the_others_go_on(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(甲="坏".encode(), 乙=GOOD, 丙="空".encode())
        _run(batch, reader, now)
        verdicts = dict(batch.files.values_list("name", "verdict"))
        assert verdicts == {"甲.txt": "error", "乙.txt": "read", "丙.txt": "error"}
        bad = SourceFile.objects.get(name="甲.txt")
        assert (bad.error_code, bad.error_message) == ("CORRUPT", "甲.txt 已损坏，请重新导出。")
        assert FormRecord.objects.filter(batch=batch).count() == 2

    def test_members_of_an_archive_stand_beside_it(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(包="包\n".encode() + GOOD)
        _run(batch, reader, now)
        assert sorted(batch.files.values_list("member", flat=True)) == ["", "包.txt!/1.txt", "包.txt!/2.txt"]
        assert FormRecord.objects.filter(source_file__member="包.txt!/2.txt").get().project == "乙项目"

    def test_reports_each_file_and_page(self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime) -> None:
        heard = _run(hand_in(甲=GOOD), reader, now)
        assert heard == [
            ImportProgress(0, 1, "甲.txt"),
            ImportProgress(0, 1, "甲.txt", 1, 1),
            ImportProgress(1, 1),
        ]

    def test_a_stopped_import_keeps_and_checks_what_it_has_and_goes_on_later(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(甲=GOOD, 乙=as_bytes(a_record("丙项目", total={"score": "1"})))

        def stop_at_second(progress: ImportProgress) -> None:
            if progress.done == 1:
                raise JobCancelled("停")

        with pytest.raises(JobCancelled):
            run_import(batch.pk, reader=reader, clock=lambda: now, report=stop_at_second)
        assert FormRecord.objects.filter(batch=batch, breach_count=1).count() == 2
        assert batch.files.filter(verdict=Verdict.WAITING).count() == 1

        _run(batch, reader, now)
        assert reader.read == ["甲.txt", "乙.txt"]
        assert FormRecord.objects.filter(batch=batch).count() == 3

    def test_a_crash_inside_a_file_leaves_nothing_of_it(self, hand_in: Callable[..., Batch], now: datetime) -> None:
        class Crashing(FakeReader):
            def read_bytes(self, name: str, data: bytes, on_page: PageProgress) -> Iterator[Reading]:
                yield from super().read_bytes(name, data, on_page)
                raise SystemExit

        batch = hand_in(甲=GOOD)
        with pytest.raises(SystemExit):
            _run(batch, Crashing(), now)
        assert FormRecord.objects.count() == 0
        assert batch.files.get().verdict == Verdict.WAITING

    def test_repeated_printings_are_recognised_across_files(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(甲=GOOD, 乙=as_bytes(a_record("乙项目", department="别处")))
        _run(batch, reader, now)
        copy = FormRecord.objects.get(duplicate_of__isnull=False)
        assert (copy.source_file.name, copy.duplicate_of.project if copy.duplicate_of else None) == ("乙.txt", "乙项目")

    def test_findings_and_rescoring_are_kept(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        _run(hand_in(甲=as_bytes(a_record(total={"score": "95"}))), reader, now)
        form = FormRecord.objects.get()
        assert (form.error_count, form.breach_count, form.hint_count) == (1, 1, 0)
        wrong = FindingRecord.objects.get(code="TOTAL_WRONG")
        assert (wrong.field, wrong.printed, wrong.expected) == ("/total/score", "95", "89.50")
        assert (form.rescoring.total, form.rescoring.rules) == (Decimal("89.5000"), "测试口径")


class TestHandingIn:
    def test_the_same_bytes_are_read_once_and_the_second_file_says_so(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(甲=GOOD)
        _run(batch, reader, now)
        assert add_files(batch, [("别名.txt", GOOD), ("新.txt", as_bytes(a_record("新")))], now=now) == 1
        _run(batch, reader, now)
        assert FormRecord.objects.filter(batch=batch).count() == 3
        repeated = batch.files.get(name="别名.txt")
        assert (repeated.verdict, repeated.same_as) == (Verdict.REPEATED, batch.files.get(name="甲.txt"))

    def test_the_same_bytes_three_times_all_lead_to_the_first(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
    ) -> None:
        batch = hand_in(甲=GOOD, 乙=GOOD, 丙=GOOD)
        _run(batch, reader, now)
        assert reader.read == ["甲.txt"]
        assert set(batch.files.exclude(name="甲.txt").values_list("same_as__name", flat=True)) == {"甲.txt"}

    def test_a_file_that_cannot_be_kept_says_why_and_the_others_go_on(
        self, hand_in: Callable[..., Batch], reader: FakeReader, now: datetime, settings: Settings
    ) -> None:
        settings.FILES_MAX_BYTES = len(GOOD)
        batch = hand_in(空=b"", 大=GOOD + b" ", 好=GOOD)
        _run(batch, reader, now)
        codes = dict(batch.files.values_list("name", "error_code"))
        assert codes == {"空.txt": "FILE_EMPTY", "大.txt": "FILE_TOO_LARGE", "好.txt": ""}
        assert FormRecord.objects.count() == 2


class TestRetryFailed:
    def test_only_failed_files_wait_again(
        self, hand_in: Callable[..., Batch], reader: FakeReader, officer: User, now: datetime
    ) -> None:
        batch = hand_in(甲="坏".encode(), 乙=GOOD)
        _run(batch, reader, now)
        assert retry_failed(batch.pk, actor=officer, now=NOW) == 1
        _run(batch, reader, now)
        assert reader.read == ["甲.txt", "乙.txt", "甲.txt"]

    def test_is_refused_for_a_batch_out_of_sight(self, officer: User) -> None:
        with pytest.raises(BatchNotFound):
            retry_failed(404, actor=officer, now=NOW)


@pytest.mark.only_on("sqlite")  # PostgreSQL keeps its statistics itself
def test_an_import_leaves_the_database_knowing_its_tables(
    hand_in: Callable[..., Batch], reader: FakeReader, now: datetime
) -> None:
    _run(hand_in(甲=GOOD), reader, now)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from sqlite_stat1 where tbl = 'performance_formrecord'")
        [counted] = cursor.fetchone()
    assert counted > 0
