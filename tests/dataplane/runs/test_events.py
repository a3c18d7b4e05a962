"""Runs of the journal as events that the published client takes and sends."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from dataplane.lineage.published_classes import build_run_event, without_empties
from dataplane.lineage.published_form import list_faults
from openlineage.client import OpenLineageClient
from openlineage.client.transport.file import FileConfig, FileTransport

from chengshu.dataplane.lineage.columns import ROWS, Column, Transformation
from chengshu.dataplane.lineage.event_book import plain_name, tell_story
from chengshu.dataplane.lineage.events_in import read_event
from chengshu.dataplane.lineage.graph import GraphEdge
from chengshu.dataplane.runs.contracts import ColumnSource, InputRead, OutputWritten, Run, RunState
from chengshu.dataplane.runs.events import events_of, run_uuid

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLOSED = OutputWritten(
    "closed",
    "standard/已办结",
    3,
    120,
    "d",
    "s",
    0.5,
    (ColumnSource("街道", ("raw/案件 v1.2.街道",), "identity"), ColumnSource("常数", (), "constant")),
)
COUNTED = OutputWritten(
    "counted", "topic/办结数", 0, 7, "d", "s", 0.1, (ColumnSource("数", (f"raw/案件 v1.2.{ROWS}",), "aggregate"),)
)
RUN = Run(
    id="2026-11-21 办结",
    pipeline="办结统计",
    engine="duckdb",
    engine_version="1.5.5",
    actor="王工",
    state=RunState.DONE,
    started_at=NOON,
    ended_at=NOON + timedelta(seconds=3),
    inputs=(InputRead("案件", "raw/案件 v1.2", 8, 150),),
    outputs=(CLOSED, COUNTED),
)


def _send(events: tuple[dict[str, Any], ...], path: Path) -> list[dict[str, Any]]:
    """Send events by the published client into a file, one a line."""
    client = OpenLineageClient(transport=FileTransport(FileConfig(log_file_path=str(path), append=True)))
    for event in events:
        assert list_faults(event) == []
        client.emit(build_run_event(json.loads(json.dumps(event))))
    client.close()
    sent: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for event in sent:
        assert event["run"]["facets"].pop("tags")["tags"][0]["source"] == "OPENLINEAGE_CLIENT"  # its own mark
    return sent


def test_what_the_client_sends_of_a_finished_run_is_read_back_as_its_edges(tmp_path: Path) -> None:
    events = events_of(RUN)
    sent = _send(events, tmp_path / "events.jsonl")
    assert [without_empties(event) for event in sent] == [without_empties(event) for event in events]
    assert [(event["eventType"], event["eventTime"]) for event in sent] == [
        ("START", NOON.isoformat()),
        ("COMPLETE", (NOON + timedelta(seconds=3)).isoformat()),
    ]
    assert sent[0]["outputs"] == []
    (read,), written = sent[1]["inputs"], sent[1]["outputs"]
    assert (read["name"], read["facets"]["version"]["datasetVersion"], read["inputFacets"]["inputStatistics"]["rowCount"]) == (
        "raw/案件 v1.2", "8", 150,
    )  # fmt: skip
    assert [(one["name"], one["outputFacets"]["outputStatistics"]["rowCount"]) for one in written] == [
        ("standard/已办结", 120),
        ("topic/办结数", 7),
    ]
    story = tell_story([read_event(event) for event in sent], name=plain_name)
    assert set(story.edges) == {
        GraphEdge(Column("raw/案件 v1.2", "街道"), Column("standard/已办结", "街道"), Transformation.IDENTITY),
        GraphEdge(Column("raw/案件 v1.2", ROWS), Column("topic/办结数", "数"), Transformation.AGGREGATE),
    }


@pytest.mark.parametrize(("state", "kind"), [(RunState.FAILED, "FAIL"), (RunState.CANCELLED, "ABORT")])
def test_a_run_that_ended_badly_tells_why_and_what_it_had_committed(state: RunState, kind: str, tmp_path: Path) -> None:
    run = replace(RUN, state=state, outputs=(CLOSED,), reason="磁盘满了")
    begun, ended = _send(events_of(run, lake="s3://city"), tmp_path / "events.jsonl")
    assert (begun["eventType"], ended["eventType"]) == ("START", kind)
    assert "errorMessage" not in begun["run"]["facets"]
    assert ended["run"]["facets"]["errorMessage"]["message"] == "磁盘满了"
    assert [(one["namespace"], one["name"]) for one in ended["outputs"]] == [("s3://city", "standard/已办结")]


def test_a_run_that_goes_on_has_begun_only_and_keeps_its_id() -> None:
    (begun,) = events_of(replace(RUN, state=RunState.RUNNING, ended_at=None))
    assert begun["run"]["runId"] == events_of(RUN)[1]["run"]["runId"] == str(run_uuid(RUN.id))
    own = UUID("01939761-1a2b-7c3d-8e4f-5a6b7c8d9e0f")
    assert run_uuid(str(own)) == own
