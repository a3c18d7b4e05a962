"""Whatever cannot be read at all says why and what to do, and lies as it came beside its failed delivery."""

import io
import json
from zipfile import ZipFile

import openpyxl
import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.collection.sources import HEADER, a_file, a_source, take

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.lake.places import find_table
from chengshu.kernel.files import facade as files
from chengshu.resources.facade import collection
from chengshu.resources.facade.deliveries import open_lake, raw_table
from chengshu.resources.models import RefusedRow


def _workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _archive() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("说明.txt", "不是工作簿")
    return out.getvalue()


UNREADABLE = (
    ("空.csv", b" \r\n", "“空.csv”是空的"),
    ("照片.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是文本文件"),
    ("重名.csv", a_file("1,a,b,2", header=f"{HEADER},姓名"), "重复"),
    ("无名.csv", a_file("1,a,b,2", header=f"{HEADER},"), "列没有列名"),
    ("坏.xlsx", b"PK\x03\x04 cut off", "不是可以打开的 XLSX"),
    ("包.xlsx", _archive(), "不是可以打开的 XLSX"),
    ("空表.xlsx", _workbook(), "表头"),
    ("断.json", b'[{"\xe7\xbc\x96\xe5\x8f\xb7": 1}, {', "不是有效的 JSON"),
    ("无.jsonl", b"\n\n", "是空的"),
    ("坏.parquet", b"PAR1 cut off", "“坏.parquet”不是完整的 Parquet 文件"),
    ("文稿.docx", b"PK\x03\x04", "请交付 CSV、XLSX、JSON 或 Parquet"),
)


def test_files_that_cannot_be_read_fail_with_the_reason_and_are_kept(town: Town) -> None:
    source = a_source(town)
    for name, content, said in UNREADABLE:
        delivery, is_new = collection.receive_file(source, content, name=name, actor=town.operator, now=NOW)
        with pytest.raises(ChengshuError):
            take(delivery)
        delivery.refresh_from_db()
        assert (is_new, delivery.state, delivery.sent) == (True, "failed", 0), name
        assert said in delivery.reason, name
        assert delivery.file is not None
        assert files.get_path(delivery.file).read_bytes() == content, name
    assert find_table(open_lake(), raw_table(source)) is None


def test_rows_that_cannot_be_read_lie_aside_with_number_column_and_reason(town: Town) -> None:
    source = a_source(town)
    lines = ("1,张三,1", "二,李四,1", "3,王五,壹", "4,赵六", "5,钱七,1,多", ",孙八,1", '6,"周九,1', "7,吴十,1.005")
    delivery, _is_new = collection.receive_file(source, a_file(*lines), name="a.csv", actor=town.operator, now=NOW)
    taken = take(delivery)
    refused = {row.row: row for row in RefusedRow.objects.filter(delivery=delivery)}
    assert taken.sent == taken.taken + len(refused)
    told = {number: (row.column, row.reason) for number, row in refused.items()}
    assert told[3] == ("编号", "不是整数")
    assert told[4] == ("金额", "不是最多 2 位小数的数")
    assert told[5] == ("", "列数少于表头")
    assert told[6] == ("", "列数多于表头")
    assert told[7] == ("编号", "不能为空")
    assert all(row.raw for row in refused.values())
    assert json.loads(refused[3].raw)["姓名"] == "李四"
