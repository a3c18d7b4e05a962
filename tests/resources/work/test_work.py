"""All that a department owes today stands in one list, and leaves it once it is done."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from conftest import NOW
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from resources.catalogue.fakes import add_resource
from resources.catalogue.town import Town, a_content, found_town, open_person, published, step
from resources.collection.fakes import add_delivery, add_source
from resources.quality.fakes import add_issue, add_rule

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import Given, NewTicket
from chengshu.resources.facade import catalogue, disputes, quality, work
from chengshu.resources.facade.catalogue import DataResource, Step
from chengshu.resources.facade.collection import DataSource
from chengshu.resources.facade.work import WorkKind
from chengshu.resources.models import DeliveryPromise, ListItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return found_town()


def _kinds(viewer: User) -> list[str]:
    return sorted(item.kind for item in work.list_work(viewer, now=NOW))


def _returned(town: Town) -> DataResource:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    step(resource, Step.SUBMIT, town.operator)
    return step(resource, Step.RETURN, town.steward, "登记日期的说明不清")


def _promising(town: Town, *, due_hours: int, **more: object) -> DataSource:
    source = add_source(town.civil)
    DataSource.objects.filter(pk=source.pk).update(**more)
    DeliveryPromise.objects.create(source=source, cycle="daily", due_hours=due_hours, since=date(2024, 1, 1))
    return source


def _deliver(source: DataSource, state: str, **more: object) -> None:
    delivery = add_delivery(source)
    ended = NOW if state == "taken" else None
    type(delivery).objects.filter(pk=delivery.pk).update(state=state, ended_at=ended, **more)


class TestWhatIsOwed:
    def test_an_entry_that_came_back_until_it_is_handed_in_again(self, town: Town) -> None:
        resource = _returned(town)
        (item,) = work.list_work(town.operator, now=NOW)
        assert (item.kind, item.title, item.note) == ("returned", "婚姻登记信息", "登记日期的说明不清")
        assert (item.owner_name, item.due_state) == ("民政局", "none")
        step(resource, Step.SUBMIT, town.operator)
        assert _kinds(town.operator) == []

    def test_a_change_of_a_published_entry_that_came_back(self, town: Town) -> None:
        resource = published(town)
        changed = replace(a_content(), summary="本市婚姻登记机关办理结婚、离婚登记产生的信息，按年更新。")
        catalogue.change_resource(resource.pk, changed, seen=resource.revision, actor=town.operator, now=NOW)
        assert _kinds(town.operator) == []
        step(resource, Step.SUBMIT, town.operator)
        step(resource, Step.RETURN, town.steward, "摘要不全")
        assert _kinds(town.operator) == ["returned"]

    @pytest.mark.parametrize("is_put_back", [True, False])
    def test_a_returned_change_that_was_given_up_and_the_next_one_are_none(
        self, town: Town, *, is_put_back: bool
    ) -> None:
        resource, changed = (
            published(town),
            replace(a_content(), summary="本市婚姻登记信息，按年更新，供各部门核验使用。"),
        )
        catalogue.change_resource(resource.pk, changed, seen=resource.revision, actor=town.operator, now=NOW)
        step(resource, Step.SUBMIT, town.operator)
        step(resource, Step.RETURN, town.steward, "摘要不全")
        if is_put_back:
            catalogue.change_resource(resource.pk, a_content(), seen=resource.revision, actor=town.operator, now=NOW)
        else:
            step(resource, Step.DISCARD, town.operator)
        assert _kinds(town.operator) == []
        resource.refresh_from_db()
        catalogue.change_resource(resource.pk, changed, seen=resource.revision, actor=town.operator, now=NOW)
        assert _kinds(town.operator) == []

    def test_an_entry_that_others_ask_for_until_it_is_handed_in(self, town: Town) -> None:
        resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
        assert _kinds(town.operator) == []
        ListItem.objects.create(resource=resource, kind="demand", basis="一网通办核验", requester="市人社局")
        assert _kinds(town.operator) == ["demand"]
        step(resource, Step.SUBMIT, town.operator)
        assert _kinds(town.operator) == []

    def test_a_dispute_until_the_department_has_answered(self, town: Town) -> None:
        resource = add_resource(town.civil, state="published", version=1, published_at=NOW)
        dispute = disputes.raise_dispute(resource.pk, "更新周期不对", actor=town.other, now=NOW)
        (item,) = work.list_work(town.operator, now=NOW)
        assert (item.kind, item.subject_id, item.note) == ("dispute", dispute.ticket_id, "更新周期不对")
        assert item.due_at == dispute.ticket.due_at
        given = Given(note="已核对")
        tickets.act(dispute.ticket_id, "answer", actor=town.operator, now=NOW, expected_version=None, given=given)
        assert _kinds(town.operator) == []

    def test_failing_rows_but_not_while_the_centre_has_to_rule(self, town: Town) -> None:
        issue = add_issue(add_resource(town.civil, fields=1), rows=3)
        (item,) = work.list_work(town.operator, now=NOW)
        assert (item.kind, item.amount, bool(item.may_correct)) == ("issue", 3, True)
        quality.dispute_issue(issue.pk, "规则不对", actor=town.operator, now=NOW)
        assert _kinds(town.operator) == []

    def test_a_table_that_fails_as_a_whole_offers_no_rows(self, town: Town) -> None:
        resource = add_resource(town.civil, fields=1)
        rule = add_rule(resource)
        rule.definition = {"kind": "delivery_timeliness", "within": "1d"}
        rule.save()
        add_issue(resource)
        (item,) = work.list_work(town.operator, now=NOW)
        assert (item.amount, bool(item.may_correct)) == (None, False)

    def test_deliveries_that_are_held_or_failed(self, town: Town) -> None:
        source = add_source(town.civil)
        for state in ("waiting", "taken", "held", "failed"):
            _deliver(source, state)
        assert _kinds(town.operator) == ["failed", "held"]

    @pytest.mark.parametrize(("mode", "left"), [("replace", []), ("append", ["failed"])])
    def test_a_failed_delivery_is_made_up_for_by_a_later_one_only_where_that_brings_all(
        self, town: Town, mode: str, left: list[str]
    ) -> None:
        source = add_source(town.civil)
        DataSource.objects.filter(pk=source.pk).update(mode=mode)
        _deliver(source, "failed")
        _deliver(source, "taken", received_at=NOW + timedelta(hours=1))
        assert _kinds(town.operator) == left

    def test_a_promised_delivery_that_is_late_or_coming_up(self, town: Town) -> None:
        late = _promising(town, due_hours=8)  # since eight of this day
        coming = _promising(town, due_hours=20)
        _deliver(coming, "taken", received_at=NOW - timedelta(days=1))  # that of the day before
        _promising(town, due_hours=20, kind="database")  # the house reads it by itself in time
        items = {item.subject_id: item for item in work.list_work(town.operator, now=NOW)}
        assert (items[late.pk].due_state, items[late.pk].due_at) == ("over", NOW.replace(hour=0, minute=0))
        assert items[coming.pk].due_state == "soon"
        assert len(items) == 3  # of the database that of the day before is missing
        for source in (late, coming):
            _deliver(source, "taken")
        assert {item.subject_id for item in work.list_work(town.operator, now=NOW)} == set(items) - {late.pk, coming.pk}

    def test_a_ticket_of_the_service_for_who_handles_tickets(self, town: Town) -> None:
        handler = open_person("handler", "ticket_handler", town.civil)
        new = NewTicket(kind="data_work", title="请补一张表", organisation_id=town.civil.pk)
        tickets.open_ticket(new, actor=handler, now=NOW)
        assert _kinds(handler) == ["service"]
        assert _kinds(town.operator) == []
        tickets.Ticket.objects.update(assignee=town.operator)
        assert _kinds(handler) == []
        assert _kinds(town.operator) == ["service"]


class TestSight:
    def test_each_department_has_its_own_and_the_centre_all_by_department(self, town: Town, client: Client) -> None:
        add_issue(add_resource(town.civil, fields=1))
        _deliver(add_source(town.market), "failed")
        assert (_kinds(town.operator), _kinds(town.other)) == (["issue"], ["failed"])
        assert _kinds(town.steward) == ["failed", "issue"]
        assert _kinds(town.reader) == []
        client.force_login(town.steward)
        html = client.get("/resources/work/?owner=S-SC").content.decode()
        assert "登记.csv" in html
        assert "信息项不得为空" not in html

    def test_failing_rows_are_taken_out_only_by_who_rectifies(self, town: Town, client: Client) -> None:
        issue = add_issue(add_resource(town.civil, fields=1))
        head = open_person("head", "department_reviewer", town.civil)
        link = f'href="/resources/quality/issues/{issue.pk}/rows.xlsx"'
        for person, offered in ((town.operator, True), (head, False)):
            client.force_login(person)
            html = client.get("/resources/work/").content.decode()
            assert (link in html) is offered
            assert f'href="/resources/quality/issues/{issue.pk}/"' in html

    def test_who_sees_no_drafts_is_refused(self, town: Town, client: Client) -> None:
        client.force_login(town.reader)
        assert client.get("/resources/work/").status_code == 403

    def test_is_where_an_operator_lands_and_nobody_else(self, town: Town, client: Client) -> None:
        for person, page in ((town.operator, "/resources/work/"), (town.reader, "/performance/years/start/")):
            client.force_login(person)
            assert client.get("/").headers["Location"] == page


class TestList:
    @pytest.fixture
    def full(self, town: Town) -> Town:
        """One item of four kinds; the promised delivery of years ago is the only one that is late."""
        issue = add_issue(add_resource(town.civil, fields=1), rows=2)
        tickets.Ticket.objects.filter(pk=issue.ticket_id or 0).update(due_at=timezone.now() + timedelta(days=1))
        _promising(town, due_hours=8)
        _returned(town)
        _deliver(add_source(town.civil), "held")
        return town

    def _shown(self, client: Client, query: str) -> list[str]:
        listing = client.get(f"/resources/work/{query}").context["listing"]
        at = [column.key for column in listing.columns].index("kind")
        return [str(row.cells[at].content) for row in listing.rows()]

    def test_puts_first_what_is_late_then_what_comes_up(self, full: Town, client: Client) -> None:
        client.force_login(full.operator)
        assert self._shown(client, "")[:2] == ["应交付", "质量问题待整改"]
        assert sorted(self._shown(client, "")[2:]) == ["结构变化待处理", "编目被退回"]

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("?kind=returned&kind=held", ["结构变化待处理", "编目被退回"]),
            ("?due=over", ["应交付"]),
            ("?due=soon", ["质量问题待整改"]),
            ("?q=婚姻", ["编目被退回"]),
            ("?q=不得为空", ["质量问题待整改"]),
            ("?due=over&q=婚姻", []),
        ],
    )
    def test_is_narrowed(self, full: Town, client: Client, query: str, shown: list[str]) -> None:
        client.force_login(full.operator)
        assert sorted(self._shown(client, query)) == shown

    def test_counts_stand_above(self, full: Town) -> None:
        now = timezone.now()
        counts = work.count_work(work.list_work(full.operator, now=now), now=now)
        assert counts.waiting == {WorkKind.ISSUE: 1, WorkKind.RETURNED: 1, WorkKind.HELD: 1, WorkKind.DUE: 1}
        assert (counts.all_waiting, counts.all_late, counts.soon) == (4, 1, 1)

    def test_the_heading_counts_what_the_list_shows(self, full: Town, client: Client) -> None:
        client.force_login(full.operator)
        for query, count in (("", 4), ("?kind=returned&kind=held", 2), ("?q=婚姻", 1), ("?kind=gone", 0)):
            assert client.get(f"/resources/work/{query}").context["listing"].count == count

    def test_a_page_shows_its_own_rows_of_every_kind(self, full: Town) -> None:
        items = work.list_work(full.operator, now=NOW)
        whole = {item.pk: (item.kind, item.title, item.owner_name) for item in items}
        some = sorted(whole)[1:3]
        found = items.in_bulk(some)
        assert {pk: (item.kind, item.title, item.owner_name) for pk, item in found.items()} == {
            pk: whole[pk] for pk in some
        }
        assert items.in_bulk([]) == {}

    def test_is_taken_away_whole(self, full: Town, client: Client) -> None:
        client.force_login(full.operator)
        lines = b"".join(client.get("/resources/work/?export=csv")).decode("utf-8-sig").splitlines()
        assert len(lines) == 5
        assert lines[1].startswith("S-MZ的数据源")
        book = load_workbook(BytesIO(b"".join(client.get("/resources/work/?export=xlsx"))))
        assert book.worksheets[0].max_row == 5

    def test_is_paged_and_sorted_by_every_column(self, full: Town, client: Client) -> None:
        client.force_login(full.operator)
        for column in ("title", "kind", "place", "since", "due", "late", "owner"):
            for sign in ("", "-"):
                assert len(self._shown(client, f"?sort={sign}{column}")) == 4

    def test_nothing_to_do_is_said(self, town: Town, client: Client) -> None:
        client.force_login(town.operator)
        assert "今天没有待办的数据工作。" in client.get("/resources/work/").content.decode()


def test_asks_as_often_however_much_is_owed(
    town: Town, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for number in range(30):
        add_issue(add_resource(town.civil, fields=1), key=f"r{number}")
        _deliver(add_source(town.civil), "held")
    with django_assert_max_num_queries(5):
        assert len(list(work.list_work(town.operator, now=NOW))) == 60
