"""Events of OpenLineage: ours fit the published classes, and what the real client posts is read back as edges."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from dataplane.lineage.drawing import CITY, trace
from dataplane.lineage.published_classes import build_run_event, without_empties
from dataplane.lineage.published_form import list_faults
from hypothesis import given
from hypothesis import strategies as st
from openlineage.client import OpenLineageClient
from openlineage.client import event_v2 as published
from openlineage.client.facet_v2 import column_lineage_dataset, symlinks_dataset
from openlineage.client.serde import Serde
from openlineage.client.transport.http import HttpConfig, HttpTransport

from chengshu.dataplane.errors import EventUnreadable
from chengshu.dataplane.lineage.columns import ROWS, Column, Transformation
from chengshu.dataplane.lineage.event_book import full_name, plain_name, tell_story
from chengshu.dataplane.lineage.events import Assertion, Dataset, DatasetNote, EventType, Job
from chengshu.dataplane.lineage.events_in import read_event
from chengshu.dataplane.lineage.events_out import RunNote, run_event
from chengshu.dataplane.lineage.graph import GraphEdge, edges_of

RUN = UUID("01939761-1a2b-7c3d-8e4f-5a6b7c8d9e0f")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SQL = """create table 日报 as select c.name as 姓名, sum(o.amount) as 金额, count(*) as 笔数, 1 as 常数
    from orders o join customers c on c.id = o.cust where o.amount > 0 group by c.name"""


def _note(**more: Any) -> RunNote:
    (one,) = trace(SQL, "postgres", CITY)
    names = ("orders", "customers", "日报")
    datasets = {name: Dataset("chengshu://lake", name) for name in names}
    return RunNote(
        run_id=RUN,
        job=Job("chengshu", "日报"),
        inputs=tuple(DatasetNote(datasets[name], version="3", rows=7) for name in names[:2]),
        outputs=(DatasetNote(datasets["日报"], columns=(("姓名", "text"), ("金额", "decimal")), rows=2),),
        datasets=datasets,
        reading=one.reading,
        sql=SQL,
        dialect="postgres",
        engine=("duckdb", "1.5.5"),
        **more,
    )


class TestOurs:
    """What we tell of our own runs."""

    @pytest.mark.parametrize("kind", list(EventType))
    def test_every_event_fits_the_published_classes_and_says_the_same_there(self, kind: EventType) -> None:
        event = run_event(_note(error="引擎拒绝了语句"), kind, at=NOON)
        built = build_run_event(json.loads(json.dumps(event)))
        assert without_empties(Serde.to_dict(built)) == without_empties(event)

    @pytest.mark.parametrize("kind", list(EventType))
    def test_every_event_is_in_the_published_form(self, kind: EventType) -> None:
        checked = Assertion(
            "range",
            is_passed=False,
            name="a",
            description="甲",
            severity="error",
            expected="<= 0",
            actual="1/2",
            column="amount",
        )
        note = _note(error="引擎拒绝了语句")
        inputs = tuple(replace(each, assertions=(checked,)) for each in note.inputs)
        assert list_faults(run_event(replace(note, inputs=inputs), kind, at=NOON)) == []

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            (("eventType",), "DONE"),
            (("eventTime",), "2026-11-21 12:00"),
            (("producer",), "chengshu"),
            (("run", "runId"), "1"),
            (("run", "facets", "errorMessage", "message"), None),
            (("job", "facets", "jobType", "_schemaURL"), "https://example.cn/a.json"),
            (("job", "facets", "sql", "_producer"), None),
            (("inputs", 0, "inputFacets", "inputStatistics", "rowCount"), "7"),
            (("outputs", 0, "facets", "schema", "fields", 0, "ordinal_position"), 0),
            (("outputs", 0, "facets", "columnLineage", "fields", "姓名", "inputFields", 0, "field"), None),
            (("outputs", 0, "facets", "mine"), {"a": 1}),
        ],
    )
    def test_an_event_that_is_spoilt_is_not(self, place: tuple[str | int, ...], value: object) -> None:
        event: Any = run_event(_note(error="引擎拒绝了语句"), EventType.FAIL, at=NOON)
        inner = event
        for part in place[:-1]:
            inner = inner[part]
        inner[place[-1]] = value
        assert list_faults(event)

    def test_what_is_told_is_read_back_as_the_same_edges(self) -> None:
        note = _note()
        assert note.reading is not None
        told = read_event(run_event(note, EventType.COMPLETE, at=NOON))
        story = tell_story([told], name=plain_name)
        assert set(story.edges) == set(edges_of(note.reading))
        assert (story.job, story.kind, told.faults) == (note.job, EventType.COMPLETE, ())
        assert story.tables == ("customers", "orders", "日报")

    def test_the_facet_that_others_read_names_columns_only(self) -> None:
        (output,) = run_event(_note(), EventType.COMPLETE, at=NOON)["outputs"]
        facet = output["facets"]["columnLineage"]
        assert {
            name: [source["field"] for source in field["inputFields"]] for name, field in facet["fields"].items()
        } == {
            "姓名": ["name"],
            "金额": ["amount"],
            "笔数": [],
            "常数": [],
        }
        assert {source["field"] for source in facet["dataset"]} == {"id", "cust", "amount", "name"}


class _Taking(BaseHTTPRequestHandler):
    """Takes what a client posts, as our own endpoint will."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, _Server)
        self.server.taken.append((self.path, json.loads(body)))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    taken: list[tuple[str, Any]]


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Taking) as server:
        server.taken = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _others_run() -> list[published.RunEvent]:
    """A run as Spark tells it: files with links to tables at the start, columns at the end."""
    run, job = published.Run(runId=str(RUN)), published.Job(namespace="spark", name="etl.report")
    linked = symlinks_dataset.SymlinksDatasetFacet(
        identifiers=[symlinks_dataset.Identifier(namespace="hive://metastore", name="ods.person", type="TABLE")]
    )
    source = published.InputDataset(namespace="file", name="/lake/person", facets={"symlinks": linked})
    acts = column_lineage_dataset.Transformation
    columns = column_lineage_dataset.ColumnLineageDatasetFacet(
        fields={
            "姓名": column_lineage_dataset.Fields(
                inputFields=[
                    column_lineage_dataset.InputField(
                        "file", "/lake/person", "name", transformations=[acts(type="DIRECT", subtype="IDENTITY")]
                    )
                ]
            ),
            "n": column_lineage_dataset.Fields(
                inputFields=[
                    column_lineage_dataset.InputField(
                        "file", "/lake/person", "id", transformations=[acts(type="DIRECT", subtype="AGGREGATION")]
                    ),
                    column_lineage_dataset.InputField(
                        "file", "/lake/person", "age", transformations=[acts(type="INDIRECT", subtype="FILTER")]
                    ),
                ]
            ),
        },
        dataset=[column_lineage_dataset.InputField("file", "/lake/person", "grade")],
    )
    target = published.OutputDataset(namespace="hive://metastore", name="dw.report", facets={"columnLineage": columns})
    return [
        published.RunEvent(
            eventTime=NOON.isoformat(), run=run, job=job, eventType=published.RunState.START, inputs=[source]
        ),
        published.RunEvent(
            eventTime=(NOON + timedelta(minutes=1)).isoformat(),
            run=run,
            job=job,
            eventType=published.RunState.COMPLETE,
            outputs=[target],
        ),
    ]


EXPECTED = {
    GraphEdge(Column("hive://metastore/ods.person", source), Column("hive://metastore/dw.report", target), way)
    for source, target, way in (
        ("name", "姓名", Transformation.IDENTITY),
        ("id", "n", Transformation.AGGREGATE),
        ("age", ROWS, None),
        ("grade", ROWS, None),
        (ROWS, ROWS, None),
    )
}


class TestOthers:
    """What others tell of theirs."""

    def test_the_real_client_is_understood(self, server: _Server) -> None:
        transport = HttpTransport(HttpConfig(url=f"http://127.0.0.1:{server.server_port}"))
        client = OpenLineageClient(transport=transport)
        for event in _others_run():
            client.emit(event)
        client.close()
        assert [path for path, _ in server.taken] == ["/api/v1/lineage"] * 2
        events = [read_event(body) for _, body in server.taken]
        story = tell_story(events)
        assert set(story.edges) == EXPECTED
        assert story.kind is EventType.COMPLETE
        assert [event.faults for event in events] == [(), ()]

    def test_events_come_in_any_order_and_twice(self) -> None:
        bodies = [Serde.to_dict(event) for event in _others_run()]
        for order in permutations([*bodies, bodies[0]]):
            story = tell_story([read_event(body) for body in order], name=full_name)
            assert (set(story.edges), story.kind) == (EXPECTED, EventType.COMPLETE)

    @pytest.mark.parametrize("end", ["FAIL", "ABORT"])
    def test_a_run_that_ended_badly_made_no_edges(self, end: str) -> None:
        first, last = (Serde.to_dict(event) for event in _others_run())
        story = tell_story([read_event(first), read_event({**last, "eventType": end})])
        assert (story.edges, story.kind) == ((), EventType(end))
        assert story.job == Job("spark", "etl.report")

    def test_without_columns_the_rows_come_from_all_inputs(self) -> None:
        body = {
            "eventTime": "2026-11-21T12:00:00Z",
            "eventType": "COMPLETE",
            "run": {"runId": str(RUN)},
            "job": {"namespace": "a", "name": "b"},
            "inputs": [{"namespace": "n", "name": "x"}, {"namespace": "n", "name": "y"}],
            "outputs": [{"namespace": "n", "name": "z"}],
        }
        story = tell_story([read_event(body)], name=plain_name)
        assert set(story.edges) == {GraphEdge(Column(name, ROWS), Column("z", ROWS), None) for name in "xy"}

    def test_a_job_told_without_a_run(self) -> None:
        body = Serde.to_dict(_others_run()[1])
        del body["run"], body["eventType"]
        event = read_event(body)
        assert (event.run_id, event.kind) == (None, EventType.COMPLETE)
        assert event.job == Job("spark", "etl.report")

    def test_the_first_version_of_the_facet_said_it_by_field(self) -> None:
        fields = {
            "a": {"inputFields": [{"namespace": "n", "name": "x", "field": "k"}], "transformationType": "IDENTITY"},
            "b": {"inputFields": [{"namespace": "n", "name": "x", "field": "k"}]},
        }
        body = {
            "eventTime": "2026-11-21T12:00:00+08:00",
            "run": {"runId": str(RUN)},
            "job": {"namespace": "a", "name": "b"},
            "outputs": [{"namespace": "n", "name": "z", "facets": {"columnLineage": {"fields": fields}}}],
        }
        assert {(edge.target_field, edge.way) for edge in read_event(body).edges} == {
            ("a", Transformation.IDENTITY),
            ("b", Transformation.EXPRESSION),
        }

    def test_a_facet_of_another_form_is_told_and_the_rest_counts(self) -> None:
        body = Serde.to_dict(_others_run()[1])
        body["outputs"][0]["facets"]["columnLineage"]["fields"]["n"] = "?"
        event = read_event(body)
        assert event.edges == ()
        assert "outputs/0/facets/columnLineage/fields/n" in event.faults[0]

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("eventTime", "yesterday"),
            ("eventType", "DONE"),
            ("run", {"runId": "1"}),
            ("run", []),
            ("job", {"namespace": "a"}),
            ("job", None),
            ("outputs", {}),
            ("outputs", [{"namespace": "n"}]),
            ("inputs", ["x"]),
        ],
    )
    def test_an_event_of_another_form_is_refused_with_its_place(self, place: str, value: object) -> None:
        body = Serde.to_dict(_others_run()[1])
        with pytest.raises(EventUnreadable) as caught:
            read_event({**body, place: value})
        assert str(caught.value.details["place"]).startswith(place)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = (
    ("run",),
    ("job", "name"),
    ("eventTime",),
    ("outputs",),
    ("outputs", 0, "facets"),
    ("outputs", 0, "facets", "columnLineage", "fields"),
    ("outputs", 0, "facets", "columnLineage", "dataset", 0, "transformations"),
    ("outputs", 0, "facets", "columnLineage", "fields", "n", "inputFields"),
)


@given(place=st.sampled_from(PLACES), value=json_values)
def test_any_value_anywhere_is_read_or_refused(place: tuple[str | int, ...], value: object) -> None:
    body: Any = Serde.to_dict(_others_run()[1])
    inner = body
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with suppress(EventUnreadable):  # any other error fails
        tell_story([read_event(body)])
