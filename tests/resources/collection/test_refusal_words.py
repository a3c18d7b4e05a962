"""Why rows were refused is said in the language of who reads it; what is kept stays as it is."""

import re
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, send

from chengshu.dataplane.sources.files import open_file
from chengshu.resources.facade.collection import say_refusal

CHINESE = re.compile("[\u4e00-\u9fff]")
SCHEMA = pa.schema(
    [
        pa.field("whole", pa.int64()),
        pa.field("share", pa.float64()),
        pa.field("money", pa.decimal128(18, 2)),
        pa.field("day", pa.date32()),
        pa.field("moment", pa.timestamp("us", "UTC")),
        pa.field("flag", pa.bool_()),
        pa.field("name", pa.string(), nullable=False),
    ]
)
HEADER = ",".join(SCHEMA.names)
LINES = (
    "x,,,,,,a",
    ",x,,,,,a",
    ",,1.005,,,,a",
    ",,,x,,,a",
    ",,,,x,,a",
    ",,,,,x,a",
    "1,,,,,,",
    "1,2",
    "1,,,,,,a,b",
    '1,,,,,,"a',
    f"1,,,,,,{'x' * 2_100_000}",
)
DEEP = '{"a": ' * 50_000 + "1" + "}" * 50_000
ODD = f'{{"name": "a", "name": "b"}}\n{{"name": "\\ud800"}}\n{{"name": [{{"x": 1, "x": 2}}]}}\n{DEEP}\n'
JSON = '{"whole": 1, "name": "a"}\n' * 1000 + '{"whole": 1, "other": 2}\nno json\n[1]\n'


def _reasons(path: Path, content: bytes) -> set[str]:
    path.write_bytes(content)
    with open_file(path, SCHEMA, folder=path.parent) as intake:
        for _batch in intake.batches():
            pass
        return {row.reason for row in intake.list_refused()}


def _workbook() -> bytes:
    """Give a sheet with cells merged into one, a formula that failed and a number of more places than a sheet keeps."""
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    firsts = (1, 2, "#N/A", 1.5e17)
    for line in (SCHEMA.names, *([first, *[None] * 5, "a"] for first in firsts)):
        sheet.append(line)
    sheet.merge_cells("A2:A3")
    book.save(file)
    return file.getvalue()


def test_every_reason_of_a_source_is_said_in_english(tmp_path: Path) -> None:
    damaged = b"1,,,,,,\xff\xff\n"
    found = _reasons(tmp_path / "a.csv", "\n".join([HEADER, *LINES, ""]).encode() + damaged)
    found |= _reasons(tmp_path / "b.csv", f"{HEADER}\n1,,,,,,中文\n".encode("gb18030") + damaged)
    found |= _reasons(tmp_path / "a.jsonl", JSON.encode()) | _reasons(tmp_path / "b.jsonl", f"{JSON}{ODD}".encode())
    found |= _reasons(tmp_path / "a.xlsx", _workbook())
    assert len(found) == 23
    for reason in found:
        assert say_refusal(reason) == reason
        with translation.override("en"):
            assert not CHINESE.search(say_refusal(reason)), reason


def test_a_reason_that_is_not_known_stays_as_it_is() -> None:
    with translation.override("en"):
        assert [say_refusal(reason) for reason in ("", "别的原因")] == ["", "别的原因"]


@pytest.mark.django_db
def test_pages_and_files_speak_the_readers_language(town: Town) -> None:
    delivery = send(a_source(town), town, a_file("x1,李四,1", "2,王五,1.005"))
    client = Client()
    client.force_login(town.operator)
    client.cookies["django_language"] = "en"
    page = reverse("resources:delivery", args=[delivery.pk])
    shown = client.get(page).content.decode()
    everything = client.get(reverse("resources:delivery-refused", args=[delivery.pk])).content.decode()
    answer = client.get(reverse("resources:delivery-refused-file", args=[delivery.pk, "csv"]))
    exported = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert not CHINESE.search(exported.splitlines()[0])
    for text in (shown, everything, exported):
        assert "not a whole number" in text
        assert "at most 2 decimal places" in text
    assert set(delivery.refused_rows.values_list("reason", flat=True)) == {"不是整数", "不是最多 2 位小数的数"}
