"""Refused rows are seen as they are by who has to put them right; by everybody else masked by grade, files included."""

import io
import json
from typing import Any

import openpyxl
import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town, open_person, published
from resources.collection.sources import a_file, a_source, send

from chengshu.kernel.accounts.facade import User
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.facade.collection import ColumnContent, DataSource, Delivery, sight_of_delivery
from chengshu.resources.rules.masking import HIDDEN, mask_record

PERSON, NAME, NOTE = "319901198801207427", "孙华平", "家住三楼"
COLUMNS = (ColumnContent("djbh", ValueType.INTEGER), *map(ColumnContent, ("姓名", "公民身份号码", "备注")))
HEADER = "djbh,姓名,公民身份号码,备注"


@pytest.fixture
def delivery(town: Town) -> Delivery:
    """A delivery with a row that names no number, and one that is broken; its entry has 公民身份号码 at grade 3."""
    entry, source = published(town), a_source(town, columns=COLUMNS)
    DataSource.objects.filter(pk=source.pk).update(resource=entry)
    rows = [
        *(f"{number},张三,1,无" for number in range(50)),
        f"x,{NAME},{PERSON},{NOTE}",
        f"7,{NAME},{PERSON},{NOTE},多",
    ]
    sent = send(source, town, a_file(*rows, header=HEADER))
    assert sent.refused == 2
    return Delivery.objects.get(pk=sent.pk)


@pytest.fixture
def onlooker(town: Town) -> User:
    """Runs the service: may see the department's deliveries, and has no work with their rows."""
    return open_person("onlooker", "data_service", town.civil)


def _told(user: User, address: str, **query: str) -> str:
    client = Client()
    client.force_login(user)
    answer: Any = client.get(address, query)
    assert answer.status_code == 200, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer["Content-Type"].startswith("application/json"):
        return json.dumps(json.loads(content), ensure_ascii=False)
    if not content.startswith(b"PK"):
        return str(content.decode())
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def _ways(delivery: Delivery) -> list[tuple[str, dict[str, str]]]:
    page, every = (reverse(f"resources:{name}", args=[delivery.pk]) for name in ("delivery", "delivery-refused"))
    files = [reverse("resources:delivery-refused-file", args=[delivery.pk, kind]) for kind in ("csv", "xlsx")]
    api = f"/api/v1/sources/{delivery.source_id}/deliveries/{delivery.pk}"
    plain: list[str] = [page, every, *files, api, f"{api}/refused-rows"]
    return [*((address, {}) for address in plain), (page, {"export": "csv"}), (page, {"export": "xlsx"})]


def test_who_puts_them_right_sees_them_whole_and_others_masked_wherever_they_are(
    delivery: Delivery, town: Town, onlooker: User
) -> None:
    for address, query in _ways(delivery):
        for user in (town.operator, town.steward):
            told = _told(user, address, **query)
            assert PERSON in told
            assert NOTE in told
        masked = _told(onlooker, address, **query)
        assert PERSON not in masked
        assert NOTE not in masked
        assert "319***********7427" in masked
        assert NAME in masked, "of grade 2"


def test_files_with_rows_as_they_are_are_not_for_others(delivery: Delivery, town: Town, onlooker: User) -> None:
    page = reverse("resources:delivery", args=[delivery.pk])
    assert delivery.file is not None
    assert delivery.refused_file is not None
    for file in (delivery.file, delivery.refused_file):
        address = reverse("files:download", args=[file.uuid])
        for user, status in ((town.operator, 200), (town.steward, 200), (onlooker, 404)):
            client = Client()
            client.force_login(user)
            answer: Any = client.get(address)
            assert answer.status_code == status
            b"".join(answer)  # a file is closed once it has been read to its end
        assert address in _told(town.operator, page)
        assert address not in _told(onlooker, page)


def test_what_is_masked_is_not_found_by_searching(delivery: Delivery, town: Town, onlooker: User) -> None:
    page = reverse("resources:delivery", args=[delivery.pk])
    assert NOTE in _told(town.operator, page, q=PERSON)
    assert HIDDEN not in _told(onlooker, page, q=PERSON)
    assert HIDDEN in _told(onlooker, page, q="列数多于表头")


def test_rows_of_no_known_entry_are_hidden(delivery: Delivery, onlooker: User) -> None:
    delivery.source.resource = None
    sight = sight_of_delivery(delivery, onlooker, on=NOW.date())
    assert sight.show('["a"]') == sight.show("a,b") == HIDDEN
    assert sight.show('{"姓名": "孙华平"}') == f'{{"姓名": "{HIDDEN}"}}'
    drift = {"added": ["b"], "retyped": [{"column": "姓名", "declared": "整数", "example": NAME, "share": 1}]}
    assert sight.show_drift(drift)["retyped"][0]["example"] == HIDDEN
    assert sight.show_drift({"added": ["b"]}) == {"added": ["b"]}


@pytest.mark.parametrize(
    ("raw", "highest", "shown"),
    [
        ('{"a": "1234567890", "b": null}', 3, '{"a": "123***7890", "b": null}'),
        ('{"open": "x", "new": "y"}', 3, f'{{"open": "x", "new": "{HIDDEN}"}}'),
        ('["1234567890"]', 3, HIDDEN),
        ('["1234567890"]', 2, '["1234567890"]'),
        ("not json", 2, "not json"),
        ("12", 4, HIDDEN),
    ],
)
def test_a_record_is_masked_value_by_value(raw: str, highest: int, shown: str) -> None:
    assert mask_record(raw, {"a": 3, "b": 3, "open": 2}, highest=highest) == shown
