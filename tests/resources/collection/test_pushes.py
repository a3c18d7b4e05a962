"""A department's system pushes rows: whole or not at all, once, with its token, and has the receipt as the answer."""

import gzip
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW
from django.http import UnreadablePostError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, rows_of, take

from chengshu.kernel.audit.facade import list_all_entries, list_entries
from chengshu.kernel.files.facade import StoredFile
from chengshu.resources.errors import PushRefused, PushTooLarge
from chengshu.resources.facade import collection
from chengshu.resources.facade.arrivals import RefusedArrival
from chengshu.resources.facade.collection import DataSource, Delivery, SourceInvalid, SourceKey, SourceKind
from chengshu.resources.rules.pushes import unpack

ROWS = [{"编号": 1, "姓名": "张三", "金额": 1.5}, {"编号": 2, "姓名": "李四", "金额": "0.005"}]
JSON = json.dumps(ROWS).encode()
KEY, PACKED = {"Idempotency-Key": "day-1"}, {"Content-Encoding": "gzip"}


def _token(source: DataSource, town: Town) -> str:
    return collection.issue_key(source, name="婚姻系统", days=30, actor=town.operator, now=timezone.now())[1]


def _push(source: DataSource, token: str, body: bytes = JSON, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    told = {"content_type": "application/json", **more}
    return Client().generic("POST", f"/api/v1/sources/{source.pk}/deliveries", body, headers=headers, **told)


def _gone(_size: int) -> bytes:
    raise UnreadablePostError("the other side closed the connection")


class TestReceipt:
    def test_is_the_answer_and_adds_up(self, town: Town) -> None:
        source = a_source(town)
        token = _token(source, town)
        answer = _push(source, token)
        told = answer.json()
        assert answer.status_code == 201
        assert (told["state"], told["sent"], told["taken"], told["refused"]) == ("taken", 2, 1, 1)
        (refused,) = told["refused_rows"]
        assert (refused["column"], refused["reason"]) == ("金额", "不是最多 2 位小数的数")
        assert len(told["digest"]) == 64
        assert [row["编号"] for row in rows_of(source)] == [1]
        receipt = Client().get(
            f"/api/v1/sources/{source.pk}/deliveries/{told['id']}", headers={"Authorization": f"Bearer {token}"}
        )
        assert receipt.json() == told
        assert "推送" in str(Delivery.objects.get().name)
        kept = list_entries(f"delivery:{told['id']}")
        assert [entry.actor for entry in kept] == [town.operator] * 3  # received, taken, refused rows looked at
        assert SourceKey.objects.get().used_at is not None

    def test_comes_again_for_the_same_key_or_content_and_nothing_is_doubled(self, town: Town) -> None:
        source = a_source(town)
        token = _token(source, town)
        first = _push(source, token, headers=KEY)
        again = _push(source, token, headers=KEY)
        packed = _push(source, token, gzip.compress(JSON), headers=PACKED)
        assert (first.status_code, again.status_code, packed.status_code) == (201, 200, 200)
        assert (first.json()["is_replay"], again.json()["is_replay"]) == (False, True)
        assert {answer.json()["id"] for answer in (first, again, packed)} == {first.json()["id"]}
        take(Delivery.objects.get())  # the job that was queued beside it
        assert len(rows_of(source)) == 1
        other = _push(source, token, JSON + b" ", headers=KEY)
        assert (other.status_code, other.json()["code"]) == (422, "PUSH_KEY_REUSED")
        delivered = StoredFile.objects.exclude(pk__in=RefusedArrival.objects.values("file"))
        assert Delivery.objects.count() == delivered.exclude(name__endswith=".parquet").count() == 1

    @pytest.mark.parametrize(
        ("kind", "body"),
        [
            ("application/x-ndjson", b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)),
            ("text/csv; charset=gb18030", a_file("1,张三,1.5", "2,李四,0.005")),
        ],
    )
    def test_is_the_same_for_lines_and_csv(self, town: Town, kind: str, body: bytes) -> None:
        source = a_source(town)
        told = _push(source, _token(source, town), body, content_type=kind).json()
        assert (told["sent"], told["taken"], told["refused"]) == (2, 1, 1)

    def test_tells_of_drift_and_of_what_cannot_be_read(self, town: Town) -> None:
        source = a_source(town)
        token = _token(source, town)
        held = _push(source, token, json.dumps([ROWS[0] | {"性别": "男"}]).encode())
        assert (held.status_code, held.json()["state"], held.json()["drift"]["added"]) == (202, "held", ["性别"])
        broken = _push(source, token, JSON[:-3])
        assert (broken.status_code, broken.json()["code"]) == (422, "PUSH_FAILED")
        failed = Delivery.objects.get(pk=broken.json()["facts"]["delivery"])
        assert (failed.state, failed.taken, bool(failed.file)) == ("failed", 0, True)


class TestRefusal:
    def test_of_what_did_not_come_whole_leaves_only_its_copy(
        self, town: Town, settings: Settings, tmp_path: Path
    ) -> None:
        source = a_source(town)
        token = _token(source, town)
        settings.FILES_MAX_BYTES = 10_000
        bomb = gzip.compress(b"[" + b" " * 1_000_000 + b"]")
        for wanted, body, more in (
            (422, gzip.compress(JSON)[:-5], {"headers": PACKED}),
            (422, b"\x1f\x8b" + b"x" * 50, {"headers": PACKED}),
            (413, bomb, {"headers": PACKED}),
            (413, b"[" + b" " * 20_000 + b"]", {}),
            (422, JSON, {"headers": {"Idempotency-Key": "x" * 129}}),
            (415, JSON, {"headers": {"Content-Encoding": "br"}}),
            (415, JSON, {"content_type": "application/xml"}),
        ):
            assert _push(source, token, body, **more).status_code == wanted, (wanted, body[:20])
        for read, length in ((io.BytesIO(JSON).read, 9000), (_gone, 9000)):
            push = collection.Push(read, "application/json", "", length)
            with pytest.raises(PushRefused, match="没有收全"):
                collection.receive_push(source, push, actor=town.operator, now=NOW)
        assert not Delivery.objects.exists()
        assert not StoredFile.objects.exclude(pk__in=RefusedArrival.objects.values("file")).exists()
        left = {path.name for path in (tmp_path / "files").rglob("*") if path.is_file()}
        assert left == set(StoredFile.objects.values_list("sha256", flat=True))

    def test_of_tokens_that_do_not_hold_says_nothing_of_the_source(self, town: Town) -> None:
        source, other = a_source(town), a_source(town, table="b")
        token = _token(source, town)
        assert _push(other, token).status_code == 404
        assert _push(source, "cspush_unknown").status_code == 401
        assert Client().get("/api/v1/organisations", headers={"Authorization": f"Bearer {token}"}).status_code == 401
        key = SourceKey.objects.get()
        SourceKey.objects.update(expires_at=timezone.now(), created_at=NOW - timedelta(days=1))
        assert _push(source, token).status_code == 401
        SourceKey.objects.update(expires_at=timezone.now() + timedelta(days=1))
        DataSource.objects.filter(pk=source.pk).update(is_active=False)
        assert _push(source, token).status_code == 422
        collection.revoke_key(source, key.pk, actor=town.operator, now=timezone.now())
        assert _push(source, token).status_code == 401
        assert not Delivery.objects.exists()

    def test_of_who_lost_the_right_also_stops_the_token(self, town: Town) -> None:
        source = a_source(town)
        token = _token(source, town)
        DataSource.objects.filter(pk=source.pk).update(department=town.market)
        assert _push(source, token).status_code == 404

    def test_of_a_token_for_a_source_that_is_pulled(self, town: Town) -> None:
        source = a_source(town, kind=SourceKind.DATABASE, address={"url": "sqlite:////x.db", "table": "t"})
        with pytest.raises(SourceInvalid):
            _token(source, town)


def test_a_token_is_shown_once_and_kept_nowhere(town: Town) -> None:
    source, client = a_source(town), Client()
    client.force_login(town.operator)
    answer = client.post(reverse("resources:source-key-new", args=[source.pk]), {"name": "婚姻系统", "days": "30"})
    page = answer.content.decode()
    token = page[page.index("cspush_") :].split("<", 1)[0]
    assert "no-store" in answer["Cache-Control"]
    assert _push(source, token).status_code == 201
    kept = json.dumps([list(SourceKey.objects.values()), [e.details for e in list_all_entries()]], default=str)
    later = client.get(reverse("resources:source", args=[source.pk])).content.decode()
    assert token not in kept + later
    assert f"…{token[-4:]}" in later
    client.post(reverse("resources:source-key-revoke", args=[source.pk, SourceKey.objects.get().pk]))
    assert _push(source, token).status_code == 401


@given(st.binary(max_size=3000), st.integers(1, 400), st.integers(1, 3))
def test_any_bytes_packed_in_any_members_come_out_as_they_were(content: bytes, piece: int, members: int) -> None:
    packed = gzip.compress(content) * members
    target, source = io.BytesIO(), io.BytesIO(packed)

    def read(_size: int) -> bytes:
        return source.read(piece)

    if not content:
        with pytest.raises(PushRefused):
            unpack(read, target, encoding="gzip", announced=len(packed), most=10_000)
        return
    size = unpack(read, target, encoding="gzip", announced=len(packed), most=10_000)
    assert (target.getvalue(), size) == (content * members, len(content) * members)
    with pytest.raises(PushTooLarge):
        unpack(io.BytesIO(packed).read, io.BytesIO(), encoding="gzip", announced=len(packed), most=size - 1)
