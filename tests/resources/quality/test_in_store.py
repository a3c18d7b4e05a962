"""A house whose lake lies in an S3 store: its whole work goes on there, and what is wrong with the store is told with the cure."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pytest
import s3_store
from conftest import NOW
from django.test import Client
from openpyxl import load_workbook
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.collection.sources import send, take
from resources.quality.lake import BAD_ID, GOOD_ID, check, the_issue

from chengshu.dataplane.errors import LakeBusy
from chengshu.dataplane.lake.places import TableName, Zone
from chengshu.dataplane.lake.reading import list_snapshots, read
from chengshu.dataplane.lake.upkeep import compact, find_expired
from chengshu.resources.facade import collection, quality
from chengshu.resources.facade.collection import ColumnContent, DataSource, SourceContent, SourceKind, WriteMode
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.quality import CheckFailed, RuleDraft
from chengshu.resources.models import DataResource

TABLE = TableName(Zone.RAW, "婚姻登记")


@pytest.fixture
def source(town: Town, resource: DataResource) -> DataSource:
    columns = (ColumnContent("djbh", is_nullable=False), *(ColumnContent(name) for name in ("xm", "sfzh", "djrq")))
    content = SourceContent(
        "婚姻登记", "S-MZ", SourceKind.FILE, "婚姻登记", columns, mode=WriteMode.MERGE, key=("djbh",)
    )
    made = collection.register_source(content, actor=town.operator, now=NOW)
    DataSource.objects.filter(pk=made.pk).update(resource=resource)
    made.refresh_from_db()
    return made


def _file(*numbers: str) -> bytes:
    lines = [f"{at},欧阳丽华,{number},2024-01-31" for at, number in enumerate(numbers, start=1)]
    return "\n".join(["djbh,xm,sfzh,djrq", *lines, ""]).encode()


def test_rows_are_collected_checked_profiled_corrected_and_shown(
    town: Town, resource: DataResource, source: DataSource, settings: Settings, s3_address: str, client: Client
) -> None:
    settings.LAKE_S3 = s3_address
    delivery = send(source, town, _file(GOOD_ID, BAD_ID))
    assert (delivery.state, delivery.taken, delivery.rows_held, take(delivery).version) == ("taken", 2, 2, 0)
    assert len(list_snapshots(open_lake(), TABLE)) == 1  # taken once, however often it is asked for

    assert (check(resource, town).rows, the_issue().rows_owed) == (2, 1)
    draft = RuleDraft("x", "x", {"kind": "not_null", "columns": ["xm"]})
    assert quality.preview_rule(resource, draft, viewer=town.steward, now=NOW).checked == 2
    assert quality.profile_resource(resource.pk, now=NOW).rows == 2
    client.force_login(town.operator)
    assert "最近归集到的几行" in client.get(f"/resources/{resource.pk}/").content.decode()

    _correct(town)
    assert (the_issue().rows_owed, the_issue().rows_verified) == (0, 1)
    send(source, town, _file(GOOD_ID, GOOD_ID, GOOD_ID))
    compact(open_lake(), TABLE, actor="王工")
    assert (read(open_lake(), TABLE).num_rows, find_expired(open_lake(), TABLE)) == (3, [])
    assert {path.name for path in Path(settings.LAKE_ROOT).iterdir()} <= {"_locks", "_spool"}


def _correct(town: Town) -> None:
    """Hand in the sheet of the one issue with the right number."""
    with quality.export_sheet(the_issue().pk, actor=town.operator, now=NOW) as data:
        book = load_workbook(data)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(2, header.index("更正为：公民身份号码（sfzh）") + 1, GOOD_ID)
    file = BytesIO()
    book.save(file)
    quality.return_sheet(the_issue().pk, file.getvalue(), name="更正表.xlsx", actor=town.operator, now=NOW)


class _Refusing(BaseHTTPRequestHandler):
    """A store that knows nobody."""

    said: ClassVar = b"<Error><Code>InvalidAccessKeyId</Code></Error>"

    def do_GET(self) -> None:
        self.send_response(403)
        self.send_header("Content-Length", str(len(self.said)))
        self.end_headers()
        self.wfile.write(self.said)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def _refusing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def _told(source: DataSource, resource: DataResource, town: Town) -> set[str]:
    """Give what a check and a delivery say."""
    delivery, _is_new = collection.receive_file(source, _file(GOOD_ID), name="a.csv", actor=town.operator, now=NOW)
    with pytest.raises(CheckFailed) as checked:
        check(resource, town)
    with pytest.raises(LakeBusy):
        take(delivery)
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    return {checked.value.message, delivery.reason}


class TestSaysWhatIsWrongAndTheCure:
    def test_when_the_key_is_not_known(
        self, source: DataSource, resource: DataResource, town: Town, settings: Settings
    ) -> None:
        with _refusing() as place:
            settings.LAKE_S3 = s3_store.address(place, "city-lake")
            (told,) = _told(source, resource, town)
        assert "拒绝了访问桶“city-lake”" in told
        assert "CHENGSHU_LAKE_S3 里的访问键和密钥" in told
        assert s3_store.SECRET not in told

    def test_when_there_is_no_such_bucket(
        self, source: DataSource, resource: DataResource, town: Town, settings: Settings, s3_address: str
    ) -> None:
        settings.LAKE_S3 = s3_address.replace("/lake-", "/pond-")
        (told,) = _told(source, resource, town)
        assert "没有桶“pond-" in told
        assert "请先建好这个桶" in told

    def test_when_nothing_answers(
        self, source: DataSource, resource: DataResource, town: Town, settings: Settings
    ) -> None:
        settings.LAKE_S3 = s3_store.address("127.0.0.1:9", "city-lake")
        (told,) = _told(source, resource, town)
        assert "连不上对象存储 http://127.0.0.1:9" in told
        assert "网络可达" in told
