"""Workbooks: looked at before they are taken, taken once however often, and every refused row told with its reason."""

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from resources.catalogue.town import Town, a_content, published

from chengshu.kernel.jobs.facade import JobCancelled
from chengshu.resources.facade import catalogue, intakes
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.intakes import ENTRY_COLUMNS, FIELD_COLUMNS, TableUnreadable, Verdict

_ENTRY = {"目录编码": "A-1", "资源名称": "低保对象信息", "提供方代码": "S-MZ", "更新周期": "每月"}
_FIELD = {"目录编码": "A-1", "信息项代码": "xm", "信息项名称": "姓名", "数据类型": "字符型"}


def _book(entries: list[dict[str, Any]], fields: list[dict[str, Any]] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "资源"
    headers = [column.header for column in ENTRY_COLUMNS]
    sheet.append(headers)
    for entry in entries:
        sheet.append([entry.get(header, "") for header in headers])
    if fields is not None:
        below, headers = book.create_sheet("信息项"), [column.header for column in FIELD_COLUMNS]
        below.append(headers)
        for field in fields:
            below.append([field.get(header, "") for header in headers])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _take(town: Town, data: bytes) -> intakes.Intake:
    return intakes.take_workbook(data, name="编目表.xlsx", actor=town.operator, now=NOW)


def test_takes_new_entries_with_their_fields_as_drafts(town: Town) -> None:
    intake = _take(town, _book([_ENTRY], [_FIELD, _FIELD | {"信息项代码": "sfzh", "信息项分级": "3"}]))
    resource = DataResource.objects.get()
    assert (intake.sent, intake.created, resource.state, resource.grade) == (1, 1, "draft", 3)
    assert [field.code for field in catalogue.list_fields(resource.pk).order_by("number")] == ["xm", "sfzh"]


def test_the_same_file_again_changes_nothing(town: Town) -> None:
    data = _book([_ENTRY], [_FIELD])
    _take(town, data)
    again = _take(town, data)
    assert (again.created, again.changed, again.unchanged, again.rejected) == (0, 0, 1, 0)
    assert DataResource.objects.get().revision == 1


def test_a_look_beforehand_writes_nothing(town: Town) -> None:
    outcomes = intakes.preview_workbook(_book([_ENTRY]), name="表.xlsx", actor=town.operator, now=NOW)
    assert [outcome.verdict for outcome in outcomes] == [Verdict.CREATED]
    assert not DataResource.objects.exists()


def test_what_a_row_leaves_out_stays(town: Town) -> None:
    resource = catalogue.register_resource(a_content(code="A-1"), actor=town.operator, now=NOW)
    _take(town, _book([{"目录编码": "A-1", "信息系统": "新系统"}]))
    resource.refresh_from_db()
    assert catalogue.standing_content(resource) == a_content(code="A-1", system="新系统")


def test_a_published_entry_gets_a_change_that_waits(town: Town) -> None:
    resource = published(town, code="A-1")
    assert _take(town, _book([_ENTRY])).changed == 1
    resource.refresh_from_db()
    assert resource.name == "婚姻登记信息"
    assert catalogue.open_content(resource).name == "低保对象信息"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"资源名称": ""}, "没有填资源名称"),
        ({"提供方代码": "S-SC"}, "没有这项权限"),
        ({"提供方代码": "XX"}, "没有代码为“XX”的部门"),
        ({"更新周期": "偶尔"}, "只填实时"),
        ({"分级": "九"}, "只填整数"),
    ],
)
def test_refused_rows_are_kept_with_their_reason_and_the_others_taken(
    town: Town, more: dict[str, str], reason: str
) -> None:
    intake = _take(town, _book([_ENTRY | more, _ENTRY | {"目录编码": "A-2"}]))
    assert (intake.created, intake.rejected) == (1, 1)
    row = intakes.list_rejections(intake).get()
    assert reason in row.reason
    assert (row.sheet, row.row) == ("资源", 2)


def test_an_entry_whose_fields_cannot_be_read_is_refused_whole(town: Town) -> None:
    intake = _take(town, _book([_ENTRY], [_FIELD, _FIELD | {"信息项代码": "", "数据类型": "?"}]))
    assert (intake.created, intake.rejected) == (0, 2)


def test_fields_of_no_entry_are_told(town: Town) -> None:
    intake = _take(town, _book([_ENTRY], [_FIELD | {"目录编码": "B-9"}]))
    assert intakes.list_rejections(intake).get().code == "B-9"


def test_another_departments_code_is_not_taken_over(town: Town) -> None:
    catalogue.register_resource(a_content(code="A-1"), actor=town.operator, now=NOW)
    data = _book([_ENTRY | {"提供方代码": "S-SC"}])
    intake = intakes.take_workbook(data, name="表.xlsx", actor=town.other, now=NOW)
    assert (intake.rejected, DataResource.objects.get().department) == (1, town.civil)


@pytest.mark.parametrize("data", [b"", b"no workbook", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_told(town: Town, data: bytes) -> None:
    with pytest.raises(TableUnreadable):
        _take(town, data)


def test_what_is_taken_away_can_be_handed_in_again(town: Town) -> None:
    resource = catalogue.register_resource(a_content(code="A-1"), actor=town.operator, now=NOW)
    with intakes.write_workbook([resource]) as file:
        data = file.read()
    assert load_workbook(io.BytesIO(data)).sheetnames == ["资源", "信息项"]
    assert _take(town, data).unchanged == 1


def test_the_page_shows_the_outcome_first_and_the_receipt_after(town: Town) -> None:
    client = Client()
    client.force_login(town.operator)
    for act, status in (("preview", 200), ("take", 302)):
        file = SimpleUploadedFile("编目表.xlsx", _book([_ENTRY, _ENTRY]))
        answer = client.post("/resources/workbooks/new/", {"table": file, "act": act})
        assert answer.status_code == status
    receipt = client.get(answer.headers["Location"]).content.decode()
    assert "这个目录编码在文件里写了两次" in receipt
    assert "已导入" in receipt


def test_a_workbook_that_is_stopped_keeps_what_it_took_and_goes_on_when_asked_again(town: Town) -> None:
    data = _book([_ENTRY | {"目录编码": f"A-{n}"} for n in range(250)], [_FIELD | {"目录编码": "A-240"}])
    intake = intakes.Intake.objects.create(name="表.xlsx", author=town.operator, taken_at=NOW, state="waiting")
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 200:
            raise JobCancelled("停止")

    with pytest.raises(JobCancelled):
        intakes.take_intake(intake.pk, data=data, clock=lambda: NOW, report=stop)
    intake.refresh_from_db()
    assert (told, intake.state, intake.created, intake.done) == ([(100, 250), (200, 250)], "stopped", 200, 200)
    intakes.take_intake(intake.pk, data=data, clock=lambda: NOW, report=lambda _done, _total: None)
    intake.refresh_from_db()
    assert (intake.state, intake.created, intake.unchanged, intake.rejected) == ("taken", 250, 0, 0)
    assert DataResource.objects.get(code="A-240").field_count == 1


def test_many_entries_are_written_by_a_job_for_who_asked_alone(town: Town) -> None:
    resource = catalogue.register_resource(a_content(code="A-1"), actor=town.operator, now=NOW)
    hidden = catalogue.register_resource(a_content(code="A-2", department="S-SC"), actor=town.other, now=NOW)
    intakes.ask_export([resource.pk, hidden.pk], actor=town.operator, now=NOW)
    export = intakes.CatalogueExport.objects.get()
    assert export.file is not None
    mine, others = Client(), Client()
    mine.force_login(town.operator)
    others.force_login(town.steward)
    answer = mine.get(f"/files/{export.file.uuid}/")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a FileResponse
    assert [row[0].value for row in book["资源"].iter_rows(min_row=2)] == ["A-1"]
    assert book["信息项"].max_row == 5
    assert others.get(f"/files/{export.file.uuid}/").status_code == 404


def test_fields_of_no_entry_are_told_once_though_the_end_was_cut(town: Town) -> None:
    intake = intakes.Intake.objects.create(name="表.xlsx", author=town.operator, taken_at=NOW, state="waiting")
    data = _book([_ENTRY], [_FIELD | {"信息项代码": "xm"}, _FIELD | {"目录编码": "B-9"}])
    hours = iter([NOW, NOW])

    with pytest.raises(StopIteration):  # the third asking of the hour is that of the end
        intakes.take_intake(intake.pk, data=data, clock=lambda: next(hours), report=lambda _done, _total: None)
    intake.refresh_from_db()
    assert (intake.state, intake.created, intake.rejected) == ("waiting", 1, 0)
    taken = intakes.take_intake(intake.pk, data=data, clock=lambda: NOW, report=lambda _done, _total: None)
    assert (taken.state, taken.created, taken.rejected) == ("taken", 1, 1)
    assert intakes.list_rejections(taken).get().code == "B-9"


def test_an_export_that_is_stopped_leaves_no_files_behind(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    resources = [catalogue.register_resource(a_content(code=f"A-{n}"), actor=town.operator, now=NOW) for n in range(3)]

    def stop(done: int) -> None:
        if done == 2:
            assert list(tmp_path.iterdir())
            raise JobCancelled("停止")

    with pytest.raises(JobCancelled):
        intakes.write_workbook(resources, report=stop)
    assert not list(tmp_path.iterdir())


def test_what_a_workbook_changed_is_found_at_once_by_its_new_words_alone(town: Town) -> None:
    entries = [_ENTRY | {"目录编码": f"A-{n}"} for n in range(3)]
    _take(town, _book(entries))
    _take(town, _book([entry | {"资源名称": "殡葬服务名录"} for entry in entries[:2]]))
    shown = catalogue.list_resources(town.operator, on=NOW.date())
    assert len(catalogue.find_resources("殡葬", shown).ids) == 2
    assert len(catalogue.find_resources("低保", shown).ids) == 1
