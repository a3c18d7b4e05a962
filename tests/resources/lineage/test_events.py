"""Lineage that others send: events over HTTP, by the test client and by the real client of OpenLineage."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from conftest import NOW
from django.http import HttpRequest
from django.test import Client
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import column_lineage_dataset
from openlineage.client.transport.http import ApiKeyTokenProvider, HttpConfig, HttpTransport
from pytest_django.live_server_helper import LiveServer
from resources.catalogue.town import Town
from resources.lineage.events import RUN, an_event
from resources.lineage.land import Land

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.http import registry
from chengshu.resources.facade import lineage_work
from chengshu.resources.models import LineageEdge, LineageEvent, LineageStatement, LineageTable, LineageTeller

_ADDRESS = "/api/v1/lineage"


def _post(person: User, body: Any, address: str = _ADDRESS) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(address, body, content_type="application/json")


def test_an_event_becomes_lineage_once(land: Land) -> None:
    operator = land.town.operator
    assert _post(operator, an_event()).json() == {"received": 1, "taken": 1}
    edges = LineageEdge.objects.count()
    assert _post(operator, an_event()).json() == {"received": 1, "taken": 0}
    assert (LineageEvent.objects.count(), LineageEdge.objects.count()) == (1, edges)
    lineage_work.build_graph()
    told = lineage_work.tell_impact("307/MZ001", "xm")
    assert "hive://warehouse/dw.names" in {hit.node for hit in told.nodes}, "the event's table is the entry's"


def test_the_last_run_that_ended_well_counts(town: Town) -> None:
    first = an_event()
    later, failed = str(uuid4()), str(uuid4())
    empty: dict[str, Any] = {"outputs": [{"namespace": "hive://warehouse", "name": "dw.names"}]}
    _post(town.operator, [first, an_event("START", run=later, at="2024-03-16T06:00:00Z", **empty)], f"{_ADDRESS}/batch")
    assert LineageEdge.objects.filter(target__name="name").count() == 1, "what has not ended replaces nothing"
    _post(town.operator, an_event("FAIL", run=failed, at="2024-03-16T07:00:00Z", **empty))
    assert LineageEdge.objects.filter(target__name="name").count() == 1, "nor does what failed"
    _post(town.operator, an_event(run=later, at="2024-03-16T08:00:00Z", **empty))
    assert not LineageEdge.objects.filter(target__name="name").exists()
    _post(town.operator, first | {"eventTime": "2024-03-14T00:00:00Z", "run": {"runId": str(uuid4())}})
    assert not LineageEdge.objects.filter(target__name="name").exists(), "an old run comes too late"
    assert LineageStatement.objects.get().told_at.day == 16


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"eventTime": "yesterday"}, "eventTime"),
        ({"run": {"runId": "7"}}, "run/runId"),
        ({"job": {"namespace": "a"}}, "job/name"),
        ({"inputs": [{"namespace": "a"}]}, "inputs/0/name"),
        ({"eventType": "DONE"}, "eventType"),
        ({"job": {"namespace": "a\0", "name": "b"}}, ""),
    ],
)
def test_a_bad_event_is_refused_with_the_place(town: Town, wrong: dict[str, Any], place: str) -> None:
    alone = _post(town.operator, an_event(**wrong))
    among = _post(town.operator, [an_event(), an_event(**wrong)], f"{_ADDRESS}/batch")
    assert (alone.status_code, among.status_code) == (422, 422)
    assert alone.json()["code"] == "LINEAGE_REFUSED"
    assert alone.json()["facts"]["field"] == place
    assert among.json()["facts"]["field"] == f"1/{place}".rstrip("/")
    assert not LineageEvent.objects.exists(), "either all are taken or none"


@pytest.mark.parametrize("body", ["[]", "{", '"a"', "[1]", "null", '{"a":' * 3000])
def test_what_is_no_event_is_refused(town: Town, body: str) -> None:
    assert _post(town.operator, body).status_code in {400, 422}
    assert not LineageTeller.objects.exists()


def test_who_keeps_no_lineage_sends_none(town: Town) -> None:
    assert _post(town.reader, an_event()).status_code == 403
    assert Client().post(_ADDRESS, an_event(), content_type="application/json").status_code == 401


def test_scripts_come_over_http_and_are_asked_for(land: Land) -> None:
    script = {"name": "a.sql", "text": "create table 名单 as select xm from 婚姻登记信息; nonsense here"}
    body = {"title": "接口", "department": "S-MZ", "dialect": "postgres", "scripts": [script]}
    told = _post(land.town.operator, body, f"{_ADDRESS}/scripts").json()
    assert (told["is_new"], told["statements"], told["faults"]) == (True, 2, 1)
    assert _post(land.town.operator, body, f"{_ADDRESS}/scripts").json()["is_new"] is False
    lineage_work.build_graph()
    client = Client()
    client.force_login(land.town.operator)
    hits = client.get(f"{_ADDRESS}/impact", {"table": "307/MZ001", "column": "xm"}).json()
    assert {(row["node"], row["department"], row["hit"]) for row in hits["items"]} >= {("名单", "民政局", "value")}
    steps = client.get(f"{_ADDRESS}/origins", {"table": "名单", "column": "xm"}).json()
    assert [(row["table"], row["department"]) for row in steps["items"]] == [("307/MZ001", "民政局")]


@pytest.fixture
def token(town: Town) -> Iterator[str]:
    """Give a bearer token that speaks for the operator, until the test ends."""

    def find(_request: HttpRequest, given: str) -> User | None:
        return town.operator if given == "of-the-operator" else None

    registry.register_bearer_finder(find)
    yield "of-the-operator"
    registry._finders.remove(find)  # noqa: SLF001 - nobody else ever takes one away


def test_the_real_client_posts_its_events(live_server: LiveServer, token: str) -> None:
    transport = HttpTransport(HttpConfig(url=live_server.url, auth=ApiKeyTokenProvider({"api_key": token})))
    source = InputDataset("postgres://civil", "mz.persons")
    facet = column_lineage_dataset.ColumnLineageDatasetFacet(
        fields={
            "名称": column_lineage_dataset.Fields(
                inputFields=[column_lineage_dataset.InputField("postgres://civil", "mz.persons", "xm")]
            )
        }
    )
    event = RunEvent(
        eventTime=NOW.isoformat(),
        producer="https://example.cn/etl",
        run=Run(RUN),
        job=Job("warehouse", "load"),
        eventType=RunState.COMPLETE,
        inputs=[source],
        outputs=[OutputDataset("hive://warehouse", "dw.names", facets={"columnLineage": facet})],
    )
    OpenLineageClient(transport=transport).emit(event)
    transport.close(timeout=5)
    assert LineageTable.objects.filter(name="hive://warehouse/dw.names").exists()
    assert LineageEdge.objects.get(target__name="名称").source.name == "xm"
