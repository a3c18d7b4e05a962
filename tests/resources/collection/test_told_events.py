"""What the house tells other systems of its own work: events that the published classes of OpenLineage take."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import NOW
from dataplane.lineage.published_classes import build_run_event
from dataplane.lineage.published_form import list_faults
from django.test import Client
from django.utils.timezone import localdate
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, send
from resources.quality.lake import BAD_ID, check, deliver, register, row

from chengshu.cli.main import main
from chengshu.dataplane.lineage.columns import Column, Transformation
from chengshu.dataplane.lineage.event_book import plain_name, tell_story
from chengshu.dataplane.lineage.events_in import read_event
from chengshu.dataplane.lineage.graph import GraphEdge
from chengshu.dataplane.runs.contracts import InputRead, OutputWritten, Run, RunState
from chengshu.dataplane.runs.journal import save_run
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.models import CheckRun, Delivery


def _told(since: str = "") -> list[dict[str, Any]]:
    answer = CliRunner().invoke(main, ["resources", "events", "--since", since or localdate(NOW).isoformat()])
    assert answer.exit_code == 0, answer.output
    events = [json.loads(line) for line in answer.output.splitlines()]
    for event in events:
        build_run_event(event)
        assert list_faults(event) == []
    return events


def test_a_delivery_is_told_with_its_rows_and_where_each_column_goes(town: Town) -> None:
    delivery = send(a_source(town), town, a_file("1,张三,1", "2,李四,很多"))
    begun, ended = _told()
    assert (begun["eventType"], ended["eventType"]) == ("START", "COMPLETE")
    assert begun["run"]["runId"] == ended["run"]["runId"] == str(delivery.uuid)
    (given,), (written,) = ended["inputs"], ended["outputs"]
    assert (given["namespace"], given["name"]) == ("chengshu://sources", "S-MZ/婚姻登记")
    assert (written["namespace"], written["name"]) == ("chengshu://lake", "raw/婚姻登记")
    counts = given["inputFacets"]["inputStatistics"], written["outputFacets"]["outputStatistics"]
    assert [told["rowCount"] for told in counts] == [2, 1]
    assert [told["name"] for told in written["facets"]["schema"]["fields"]] == ["编号", "姓名", "金额"]
    story = tell_story([read_event(event) for event in (begun, ended)], name=plain_name)
    assert GraphEdge(Column("S-MZ/婚姻登记", "金额"), Column("raw/婚姻登记", "金额"), Transformation.IDENTITY) in {
        *story.edges
    }


def test_a_delivery_that_failed_says_why_and_one_that_waits_has_begun_only(town: Town) -> None:
    source = a_source(town)
    failed, waiting = send(source, town, a_file("1,张三,1")), send(source, town, a_file("2,李四,1"))
    Delivery.objects.filter(pk=failed.pk).update(state="failed", reason="磁盘满了", version=None)
    Delivery.objects.filter(pk=waiting.pk).update(state="waiting", ended_at=None)
    told = {(event["run"]["runId"], event["eventType"]): event for event in _told()}
    assert {*told} == {
        *((str(failed.uuid), kind) for kind in ("START", "FAIL")),
        (str(waiting.uuid), "START"),
    }
    fault = told[str(failed.uuid), "FAIL"]
    assert fault["run"]["facets"]["errorMessage"]["message"] == "磁盘满了"
    assert fault["outputs"] == []


def test_a_check_is_told_with_each_rule_and_how_it_came_out(town: Town) -> None:
    resource = register(town)
    version = deliver(resource, [row("1"), row("2", sfzh=BAD_ID)])
    run = check(resource, town)
    begun, ended = _told()
    assert (begun["eventType"], ended["eventType"]) == ("START", "COMPLETE")
    (read,) = ended["inputs"]
    assert read["name"] == run.table
    assert read["facets"]["version"]["datasetVersion"] == str(version)
    assert read["inputFacets"]["inputStatistics"]["rowCount"] == 2
    rules = {each["name"]: each for each in read["inputFacets"]["dataQualityAssertions"]["assertions"]}
    assert len(rules) == run.outcomes.count()
    wrong = rules["sfzh.check_digit"]
    assert (wrong["assertion"], wrong["column"], wrong["success"], wrong["actual"]) == (
        *("check_digit", "sfzh", False, "1/2"),
    )
    assert {each["success"] for name, each in rules.items() if name.startswith("xm.")} == {True}
    CheckRun.objects.update(state="failed", fault="表被删了")
    assert _told()[1]["run"]["facets"]["errorMessage"]["message"] == "表被删了"


def test_runs_of_pipelines_come_between_by_when_they_began(town: Town) -> None:
    send(a_source(town), town, a_file("1,张三,1"))
    early = datetime(2020, 1, 1, tzinfo=UTC)
    inputs = (InputRead("登记", "raw/婚姻登记", 0, 1),)
    outputs = (OutputWritten("数", "topic/数", 0, 1, "d", "s", 0.1),)
    run = Run("r1", "统计", "duckdb", "1", "王工", RunState.DONE, early, early, inputs, outputs)
    save_run(open_lake(), run)
    assert [event["job"]["name"] for event in _told("2020-01-01")] == [*["统计"] * 2, *["collect/婚姻登记"] * 2]


def test_what_lies_before_the_day_is_not_told_and_the_same_is_told_alike(town: Town) -> None:
    send(a_source(town), town, a_file("1,张三,1"))
    assert _told("2100-01-01") == []
    assert _told() == _told()


class TestOverHttp:
    """Another system fetches the same page by page."""

    @staticmethod
    def _page(person: User, **query: Any) -> Any:
        client = Client()
        client.force_login(person)
        return client.get("/api/v1/lineage/events", {"since": NOW.replace(hour=0).isoformat(), **query})

    def _all(self, person: User, size: int) -> list[list[dict[str, Any]]]:
        pages, cursor = [], ""
        while True:
            told = self._page(person, size=size, cursor=cursor).json()
            pages.append(told["items"])
            cursor = told["cursor"]
            if not cursor:
                return pages

    @pytest.mark.parametrize("size", [1, 2, 3, 4, 200])
    def test_the_pages_are_what_the_command_gives_nothing_twice_or_left_out(self, town: Town, size: int) -> None:
        resource = register(town)
        deliver(resource, [row("1"), row("2", sfzh=BAD_ID)])
        source = a_source(town)
        for number in range(3):  # all of one moment
            send(source, town, a_file(f"{number},张三,1"))
        check(resource, town)
        pages = self._all(town.steward, size)
        assert [event for page in pages for event in page] == _told()
        assert max(len({event["run"]["runId"] for event in page}) for page in pages) <= size

    def test_a_page_is_noted_down_and_who_may_not_is_refused(self, town: Town) -> None:
        send(a_source(town), town, a_file("1,张三,1"))
        assert self._page(town.steward).status_code == 200
        (entry,) = list_entries("lineage:events")
        assert (entry.actor, entry.details["events"], entry.details["is_last"]) == (town.steward, 2, True)
        assert self._page(town.operator).status_code == 403, "a department's operator does not see all departments'"
        assert Client().get("/api/v1/lineage/events").status_code == 401

    @pytest.mark.parametrize(
        "wrong", [{"cursor": "abc"}, {"cursor": "WzFd"}, {"since": "2026-01-01T00:00:00"}, {"size": 0}]
    )
    def test_what_is_asked_wrongly_is_named(self, town: Town, wrong: dict[str, Any]) -> None:
        answer = self._page(town.steward, **wrong)
        assert answer.status_code == 422
        told = answer.json()
        places = [told["facts"].get("field", ""), *(fault["field"] for fault in told["faults"])]
        assert any(place.endswith(next(iter(wrong))) for place in places)

    @pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
    def test_the_ends_of_the_calendar_are_moments_like_others(self, town: Town, since: str) -> None:
        send(a_source(town), town, a_file("1,张三,1"))
        assert len(self._page(town.steward, since=since).json()["items"]) == (2 if since < "1" else 0)
        cursor = urlsafe_b64encode(json.dumps([since, "run", "x"]).encode()).decode()
        assert self._page(town.steward, cursor=cursor).status_code == 422
