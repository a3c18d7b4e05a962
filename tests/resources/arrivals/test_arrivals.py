"""What is refused as a whole gets its reason, and lies as it came for who has to mend it: once, for a while, in bounds."""

import gzip
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings
from resources.catalogue.fakes import add_resource
from resources.catalogue.town import Town, found_town, open_person
from resources.collection.sources import a_source
from resources.lineage.events import an_event
from resources.lineage.land import given
from resources.quality.fakes import add_issue

from chengshu.base.errors import ChengshuError
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.files.facade import StoredFile, get_path
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.contracts import arrivals as bounds
from chengshu.resources.facade import arrivals, collection, intakes, lineage_work, quality
from chengshu.resources.facade.arrivals import Arrival, ArrivalKind, RefusedArrival, Sender
from chengshu.resources.facade.intakes import ScanAsked, SqliteSource

pytestmark = pytest.mark.django_db
BROKEN = b"PK\x03\x04 cut off"
Send = Callable[[Town], object]


@pytest.fixture
def town() -> Town:
    return found_town()


def _sheet(town: Town) -> None:
    issue = add_issue(add_resource(town.civil, fields=1))
    quality.return_sheet(issue.pk, BROKEN, name="更正表.xlsx", actor=town.operator, now=NOW)


def _preview(town: Town) -> None:
    intakes.preview_workbook(BROKEN, name="编目表.xlsx", actor=town.operator, now=NOW)


def _workbook(town: Town) -> None:
    intakes.receive_workbook(BROKEN, name="编目表.xlsx", actor=town.operator, now=NOW)


def _workbook_at_once(town: Town) -> None:
    intakes.take_workbook(BROKEN, name="编目表.xlsx", actor=town.operator, now=NOW)


def _scripts(town: Town) -> None:
    lineage_work.take_scripts(replace(given("select 1"), dialect="cobol"), actor=town.operator, now=NOW)


def _event(town: Town) -> None:
    lineage_work.take_events([an_event(eventTime="yesterday")], actor=town.operator, now=NOW)


def _push(town: Town, body: bytes = BROKEN, *, kind: str = "text/csv", packed: str = "gzip", length: int = 0) -> None:
    push = collection.Push(io.BytesIO(body).read, kind, packed, length or len(body))
    collection.receive_push(a_source(town), push, actor=town.operator, now=NOW)


def _push_of_unknown_kind(town: Town) -> None:
    _push(town, kind="application/pdf", packed="")


def _push_cut_off(town: Town) -> None:
    _push(town, packed="", length=1000)


@pytest.mark.parametrize(
    ("send", "kind", "name", "said"),
    [
        (_sheet, "sheet", "更正表.xlsx", "已损坏"),
        (_preview, "workbook", "编目表.xlsx", "已损坏"),
        (_workbook, "workbook", "编目表.xlsx", "已损坏"),
        (_workbook_at_once, "workbook", "编目表.xlsx", "已损坏"),
        (_push, "push", "推送-20240315T140500.csv.gz", "有损坏"),
        (_push_of_unknown_kind, "push", "推送-20240315T140500.bin", "Content-Type"),
        (_push_cut_off, "push", "推送-20240315T140500.csv", "没有收全"),
    ],
)
def test_what_is_refused_lies_as_it_came_with_reason_and_trace(
    town: Town, send: Send, kind: str, name: str, said: str
) -> None:
    with pytest.raises(ChengshuError):
        send(town)
    kept = RefusedArrival.objects.get()
    assert (kept.kind, kept.name, kept.organisation, kept.author) == (kind, name, town.civil, town.operator)
    assert said in kept.reason
    assert (kept.size, kept.times, kept.not_kept) == (len(BROKEN), 1, "")
    assert get_path(kept.file).read_bytes() == BROKEN
    (entry,) = list_entries(f"arrival:{kept.pk}")
    assert (entry.action, entry.actor, entry.details["digest"]) == (
        "resources.refuse_arrival",
        town.operator,
        kept.digest,
    )


def test_scripts_and_events_lie_as_they_were_told(town: Town) -> None:
    for send in (_scripts, _event):
        with pytest.raises(ChengshuError):
            send(town)
    kept = {found.kind: get_path(found.file).read_bytes() for found in RefusedArrival.objects.all()}
    assert kept["scripts"] == b"select 1"
    assert json.loads(kept["events"]) == an_event(eventTime="yesterday")


def test_a_file_that_is_no_database_is_kept(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "来源.sqlite3"
    path.write_bytes(BROKEN)
    with pytest.raises(ChengshuError):
        intakes.scan_source(SqliteSource(path), ScanAsked("S-MZ", "系统", "MZ"), actor=town.operator, now=NOW)
    assert get_path(RefusedArrival.objects.get(kind="database").file).read_bytes() == BROKEN


class TestOverHttp:
    def _post(self, person: Any, body: bytes, address: str = "/api/v1/lineage") -> int:
        client = Client()
        client.force_login(person)
        return client.post(address, body, content_type="application/json").status_code

    @pytest.mark.parametrize(
        ("body", "status"),
        [(b'{"eventType": "COMPLETE",', 400), (b"[1, 2]", 422), (b'{"eventType": "DONE"}', 422)],
    )
    def test_events_that_nobody_can_read_are_kept(self, town: Town, body: bytes, status: int) -> None:
        assert self._post(town.operator, body) == status
        kept = RefusedArrival.objects.get(kind="events")
        assert kept.reason
        assert json.loads(get_path(kept.file).read_bytes()) == json.loads(body) if status == 422 else True

    def test_scripts_without_what_they_need_are_kept(self, town: Town) -> None:
        assert self._post(town.operator, b'{"scripts": []}', "/api/v1/lineage/scripts") == 422
        assert get_path(RefusedArrival.objects.get(kind="scripts").file).read_bytes() == b'{"scripts": []}'

    def test_nothing_is_kept_of_who_may_not_send(self, town: Town) -> None:
        for body in (b"{", json.dumps(an_event(eventTime="x")).encode()):
            assert self._post(town.reader, body) in {400, 403}
        assert not RefusedArrival.objects.exists()

    def test_an_event_that_is_taken_leaves_nothing(self, town: Town) -> None:
        assert self._post(town.operator, json.dumps(an_event()).encode()) == 201
        assert not RefusedArrival.objects.exists()


def test_a_script_that_is_no_text_is_kept_from_the_page(town: Town, client: Client) -> None:
    client.force_login(town.operator)
    file = SimpleUploadedFile("加工.sql", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    told = {"title": "脚本", "department": "S-MZ", "kind": "scripts", "dialect": "hive", "scripts": file}
    assert client.post("/resources/lineage/tellers/new/", told).status_code == 422
    kept = RefusedArrival.objects.get()
    assert (kept.name, "不是文本" in kept.reason) == ("加工.sql", True)


class TestBounds:
    def _refuse(self, town: Town, content: bytes = BROKEN, days: int = 0, **more: Any) -> RefusedArrival:
        sender = Sender(town.operator, collection.COLLECT, NOW + timedelta(days=days))
        arrival = Arrival(ArrivalKind.PUSH, "a.csv", content, town.civil.pk, **more)
        kept = arrivals.keep_refused(arrival, "压缩内容有损坏", sender)
        assert kept is not None
        return kept

    def test_the_same_content_counts_up_and_is_kept_once(self, town: Town) -> None:
        first, again = self._refuse(town), self._refuse(town, days=2)
        assert (first.pk, again.times, again.first_at, again.last_at) == (again.pk, 2, NOW, NOW + timedelta(days=2))
        assert StoredFile.objects.count() == 1
        assert list_entries(f"arrival:{first.pk}").count() == 2
        assert self._refuse(town, subject="source:1").times == 1, "handed in elsewhere"
        assert self._refuse(town, b"another").times == 1

    def test_of_what_is_too_large_the_head_is_kept(self, town: Town) -> None:
        large = b"x" * (bounds.MOST_KEPT + 1)
        for kept in (self._refuse(town, large[:-9], is_cut=True, length=10**10), self._refuse(town, large)):
            assert (kept.is_cut, kept.not_kept, kept.file.name) == (True, "", "开头 1 MB-a.csv")
            assert get_path(kept.file).read_bytes() == large[: bounds.HEAD_KEPT]
            assert kept.digest == hashlib.sha256(large[: bounds.HEAD_KEPT]).hexdigest()
        assert set(RefusedArrival.objects.values_list("size", flat=True)) == {10**10, len(large)}
        assert self._refuse(town, b"another").not_kept == "", "what was announced takes no room"

    def test_a_push_longer_than_is_kept_is_not_read_to_its_end(self, town: Town) -> None:
        read: list[int] = []

        def endless(most: int) -> bytes:
            read.append(most)
            return b"x" * most

        push = collection.Push(endless, "application/pdf", "", bounds.MOST_KEPT * 4)
        with pytest.raises(ChengshuError):
            collection.receive_push(a_source(town), push, actor=town.operator, now=NOW)
        assert sum(read) == bounds.HEAD_KEPT
        kept = RefusedArrival.objects.get()
        assert (kept.is_cut, kept.size, kept.file.size) == (True, bounds.MOST_KEPT * 4, bounds.HEAD_KEPT)

    def test_the_same_head_of_two_lengths_is_two_and_of_one_counts_up(self, town: Town) -> None:
        source = a_source(town)
        for length in (bounds.MOST_KEPT * 4, bounds.MOST_KEPT * 5, bounds.MOST_KEPT * 4):
            push = collection.Push(io.BytesIO(BROKEN).read, "application/pdf", "", length)
            with pytest.raises(ChengshuError):
                collection.receive_push(source, push, actor=town.operator, now=NOW)
        told = RefusedArrival.objects.order_by("size").values_list("size", "times", "is_cut")
        assert list(told) == [(bounds.MOST_KEPT * 4, 2, True), (bounds.MOST_KEPT * 5, 1, True)]

    def test_two_pushes_that_are_too_long_are_two_with_their_lengths(self, town: Town) -> None:
        source = a_source(town)
        for length in (bounds.MOST_KEPT * 4, bounds.MOST_KEPT * 5):
            push = collection.Push(io.BytesIO(b"").read, "application/pdf", "", length)
            with pytest.raises(ChengshuError):
                collection.receive_push(source, push, actor=town.operator, now=NOW)
        told = RefusedArrival.objects.order_by("size").values_list("size", "digest", "times")
        assert list(told) == [(bounds.MOST_KEPT * 4, "", 1), (bounds.MOST_KEPT * 5, "", 1)]

    def test_beyond_so_many_a_day_arrivals_are_counted_on_one_row(self, town: Town) -> None:
        first = self._refuse(town)
        RefusedArrival.objects.bulk_create(
            RefusedArrival(
                kind="push", organisation=town.civil, name="a.csv", digest=f"{number:064}", size=1, not_kept="—",
                reason="—", author=town.operator, first_at=NOW, last_at=NOW,
            )
            for number in range(1, bounds.MOST_ROWS_A_DAY)
        )  # fmt: skip
        beyond = [self._refuse(town, b"another"), self._refuse(town, b"third"), self._refuse(town, is_cut=True)]
        assert len({kept.pk for kept in beyond}) == 1
        assert (beyond[-1].times, beyond[-1].file, "只记次数" in beyond[-1].not_kept) == (3, None, True)
        assert self._refuse(town).pk == first.pk, "what is known still counts on its own"
        assert self._refuse(town, b"fourth", days=2).not_kept == "", "the next day there is room"

    def test_a_day_has_a_bound_for_each_organisation(self, town: Town) -> None:
        self._refuse(town)
        RefusedArrival.objects.update(size=bounds.MOST_A_DAY)
        assert "一天内" in self._refuse(town, b"another").not_kept
        assert self._refuse(town, b"another", days=2).not_kept == "", "the next day there is room"

    def test_empty_content_is_told_of(self, town: Town) -> None:
        assert "空文件" in self._refuse(town, b"").not_kept

    def test_is_forgotten_after_its_time_with_its_copy(self, town: Town, settings: Settings) -> None:
        settings.REFUSED_KEEP_DAYS = 30
        self._refuse(town)
        self._refuse(town, b"again and again")
        self._refuse(town, b"again and again", days=20)
        assert arrivals.forget_arrivals(NOW + timedelta(days=31)) == 1
        kept = RefusedArrival.objects.get()
        assert (kept.times, StoredFile.objects.get()) == (2, kept.file)
        assert arrivals.forget_arrivals(NOW + timedelta(days=31)) == 0

    @pytest.mark.usefixtures("town")
    def test_what_the_house_itself_hands_in_lies_where_it_was(self) -> None:
        with pytest.raises(ChengshuError):
            lineage_work.take_scripts(replace(given("select 1"), dialect="cobol"), actor=None, now=NOW)
        assert not RefusedArrival.objects.exists()

    def test_scripts_of_who_may_not_hand_in_leave_nothing(self, town: Town) -> None:
        with pytest.raises((ChengshuError, PermissionRefused)):
            lineage_work.take_scripts(replace(given("select 1"), dialect="cobol"), actor=town.reader, now=NOW)
        assert not RefusedArrival.objects.exists()


class TestPage:
    @pytest.fixture
    def kept(self, town: Town) -> RefusedArrival:
        with pytest.raises(ChengshuError):
            _workbook(town)
        with pytest.raises(ChengshuError):
            _push(town)
        return RefusedArrival.objects.get(kind="workbook")

    def test_shows_who_collects_what_came_and_lets_it_be_taken_away(
        self, town: Town, client: Client, kept: RefusedArrival
    ) -> None:
        client.force_login(town.operator)
        html = client.get("/resources/arrivals/").content.decode()
        address = f"/files/{kept.file.uuid}/"
        assert "编目表.xlsx" in html
        assert address in html
        assert b"".join(client.get(address)) == BROKEN
        assert list_entries(f"file:{kept.file.uuid}").count() == 1

    @pytest.mark.usefixtures("kept")
    @pytest.mark.parametrize(("query", "shown"), [("kind=push", 1), ("q=编目", 1), ("kind=push&q=编目", 0), ("", 2)])
    def test_is_narrowed_and_exported(self, town: Town, client: Client, query: str, shown: int) -> None:
        client.force_login(town.operator)
        assert client.get(f"/resources/arrivals/?{query}").context["listing"].count == shown
        lines = b"".join(client.get(f"/resources/arrivals/?{query}&export=csv")).decode("utf-8-sig").splitlines()
        assert len(lines) == shown + 1

    def test_is_no_business_of_other_departments(self, town: Town, client: Client, kept: RefusedArrival) -> None:
        client.force_login(town.other)
        assert client.get("/resources/arrivals/").context["listing"].count == 0
        assert client.get(f"/files/{kept.file.uuid}/").status_code == 404
        client.force_login(open_person("head", "department_reviewer", town.civil))
        assert client.get("/resources/arrivals/").status_code == 403
        assert client.get(f"/files/{kept.file.uuid}/").status_code == 404

    @pytest.mark.usefixtures("kept")
    def test_the_centre_sees_all(self, town: Town, client: Client) -> None:
        client.force_login(town.steward)
        assert client.get("/resources/arrivals/?owner=S-MZ").context["listing"].count == 2
        assert client.get("/resources/arrivals/?owner=S-SC").context["listing"].count == 0


def test_gzip_that_is_whole_is_received_and_leaves_nothing(town: Town) -> None:
    _push(town, gzip.compress("编号,姓名,金额\n1,张三,1\n".encode()))
    assert not RefusedArrival.objects.exists()
