"""Programs find, read, register, change, lead on and dispute entries as people do on the pages."""

from typing import Any

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, a_content, published

from chengshu.kernel.accounts.facade import User
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import DataResource, FieldContent
from chengshu.resources.http.entries import write_content


class _Program:
    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/resources{path}", query)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"/api/v1/resources{path}", body, content_type="application/json")


def _plain(**more: Any) -> dict[str, Any]:
    return write_content(a_content(**more)).model_dump(mode="json")


def test_ties_of_fields_cross_the_wire_and_their_faults_are_told(town: Town) -> None:
    operator = _Program(town.operator)
    fields = (FieldContent("id", "编号", is_key=True), FieldContent("a", "甲", not_before="z", refers_to="307/GA001 b"))
    entry = operator.post("", _plain(fields=fields)).json()
    told = operator.get(f"/{entry['id']}/fields").json()["items"][1]
    assert (told["not_before"], told["refers_to"]) == ("z", "307/GA001 b")
    assert operator.get(f"/{entry['id']}/faults").json() == [
        {"place": "fields/a/not_before", "rule": "not_before_unknown", "value": "z"},
        {"place": "fields/a/refers_to", "rule": "refers_to_unknown", "value": "307/GA001 b"},
    ]


def test_an_entry_goes_its_whole_way(town: Town) -> None:
    operator, steward, reader = _Program(town.operator), _Program(town.steward), _Program(town.reader)
    made = operator.post("", _plain())
    assert made.status_code == 201
    entry = made.json()
    path = f"/{entry['id']}"
    assert (entry["state"], entry["grade"], entry["content"]) == ("draft", 3, _plain())
    assert reader.get(path).status_code == 404
    again = operator.post("", _plain())
    assert (again.status_code, again.json()["id"]) == (200, entry["id"])  # asked twice, entered once
    other = operator.post("", _plain(name="别的资源"))
    assert (other.status_code, other.json()["code"]) == (422, "RESOURCE_INVALID")
    assert [step["action"] for step in entry["offered"]] == ["submit"]
    submitted = operator.post(f"{path}/steps", {"action": "submit", "version": entry["revision"]}).json()
    stale = steward.post(f"{path}/steps", {"action": "approve", "version": entry["revision"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "RESOURCE_STALE")
    approved = steward.post(f"{path}/steps", {"action": "approve", "version": submitted["revision"]}).json()
    assert (approved["state"], approved["version"]) == ("published", 1)
    content = _plain(system="婚登系统")
    changed = operator.post(f"{path}/changes", {"version": approved["revision"], "content": content}).json()
    assert (changed["content"]["system"], changed["change"]["content"]["system"]) == ("", "婚登系统")
    assert reader.get(path).json()["change"] is None
    held = operator.post(f"{path}/steps", {"action": "submit", "version": changed["revision"]}).json()
    steward.post(f"{path}/steps", {"action": "approve", "version": held["revision"]})
    assert [row["number"] for row in reader.get(f"{path}/versions").json()["items"]] == [2, 1]
    version = reader.get(f"{path}/versions/2").json()
    assert version["differences"] == [{"place": "system", "before": "", "after": "婚登系统"}]
    assert reader.get(f"{path}/versions/3").status_code == 404


def test_finds_lists_and_tells_fields_and_faults(town: Town) -> None:
    entry = published(town)
    poor = catalogue.register_resource(a_content(code="307/MZ002", summary=""), actor=town.operator, now=NOW)
    reader, operator = _Program(town.reader), _Program(town.operator)
    found = reader.get("/search", q="公民身份号码").json()
    assert [row["id"] for row in found["items"]] == [entry.pk]
    assert found["items"][0]["found_in"] == [{"code": "sfzh", "name": "公民身份号码", "element": ""}]
    assert reader.get("/search", q="公民身份号码", page=2).json()["items"] == []
    assert [row["id"] for row in reader.get("", q="婚姻", grade=3).json()["items"]] == [entry.pk]
    assert reader.get("", department="S-SC").json()["count"] == 0
    assert [row["id"] for row in operator.get("", faulty=True).json()["items"]] == [poor.pk]
    fields = reader.get(f"/{entry.pk}/fields", q="号").json()["items"]
    assert [(field["code"], field["number"], field["own_grade"]) for field in fields] == [
        ("djbh", 1, 1),
        ("sfzh", 3, 3),
    ]
    assert operator.get(f"/{poor.pk}/faults").json() == [{"place": "summary", "rule": "missing", "value": ""}]
    assert reader.get(f"/{entry.pk}/faults").json() == []


def test_a_dispute_told_twice_is_one_as_long_as_it_is_open(town: Town) -> None:
    entry = published(town)
    told = {"problem": "应为 20 位", "field": "djbh"}
    operator = _Program(town.operator)
    first, second = (operator.post(f"/{entry.pk}/disputes", told) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"fields": [{"code": "a", "name": "甲", "derived_from": "307/MZ001"}]}, 422),
        ({"fields": [{"code": "a", "name": "甲", "refers_to": "307/MZ001"}]}, 422),
        ({"profile": "none"}, 422),
        ({"code": "a b"}, 422),
        ({"lists": [{"kind": "negative"}]}, 422),
        ({"surplus": 1}, 422),
        ({"department": "S-SC"}, 403),
    ],
)
def test_what_the_pages_refuse_is_refused(town: Town, more: dict[str, Any], status: int) -> None:
    answer = _Program(town.operator).post("", _plain() | more)
    assert answer.status_code == status
    assert not DataResource.objects.exists()


def test_what_is_kept_longer_than_may_be_sent_is_still_given(town: Town) -> None:
    long = a_content(fields=(FieldContent("a", "甲", description="说" * 5000, is_key=True),))
    entry = catalogue.register_resource(long, actor=town.operator, now=NOW)
    answer = _Program(town.operator).get(f"/{entry.pk}")
    assert len(answer.json()["content"]["fields"][0]["description"]) == 5000
