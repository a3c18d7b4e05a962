"""From the call to the rating: what a ticket lets people do, and what it keeps."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from kernel.tickets.conftest import Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.calendars.facade import load_calendar
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets import facade
from chengshu.kernel.tickets.facade import Given, NewTicket, Outcome, Settlement, Ticket
from chengshu.kernel.tickets.models import ClockSegment, Forecast, TicketEvent

MINUTE = timedelta(minutes=1)


class Desk:
    """One person who takes steps, some minutes after another."""

    def __init__(self, ticket: Ticket, now: datetime) -> None:
        self.ticket, self.now = ticket, now

    def act(self, actor: User, action: str, after: int = 10, **given: Any) -> Ticket:
        self.now += MINUTE * after
        self.ticket.refresh_from_db()
        parts = Given(**given)
        version = self.ticket.version
        return facade.act(self.ticket.pk, action, actor=actor, now=self.now, expected_version=version, given=parts)

    def repair(self, handler: User) -> Ticket:
        self.act(handler, "accept")
        return self.act(handler, "finish", 60, note="换了交换机")

    def finish(self, handler: User, other: User, rating: int = 5) -> Ticket:
        self.repair(handler)
        self.act(other, "confirm", outcome=Outcome.SOLVED)
        return self.act(other, "rate", rating=rating)


@pytest.fixture
def desk(ticket: Ticket, now: datetime) -> Desk:
    return Desk(ticket, now)


class TestWay:
    def test_leads_through_follow_up_and_rating_to_the_end(self, desk: Desk, handler: User, leader: User) -> None:
        closed = desk.finish(handler, leader, rating=4)
        assert (closed.state, closed.rating) == ("closed", 4)
        assert closed.closed_at == desk.now
        assert not Forecast.objects.exists()
        steps = TicketEvent.objects.order_by("pk").values_list("action", flat=True)
        assert list(steps) == ["open", "accept", "finish", "confirm", "rate"]

    @pytest.mark.parametrize("action", ["rate", "close_unrated", "confirm", "reopen"])
    def test_offers_no_end_before_the_work_is_done(self, desk: Desk, handler: User, action: str) -> None:
        desk.act(handler, "accept")
        with pytest.raises(facade.ActionNotOffered):
            desk.act(handler, action, note="想直接办结", rating=5, outcome=Outcome.SOLVED)

    def test_does_not_close_without_call_back(self, desk: Desk, handler: User, leader: User) -> None:
        desk.repair(handler)
        with pytest.raises(facade.ActionNotOffered):
            desk.act(leader, "rate", rating=5)

    def test_wants_the_call_back_by_another_person(self, desk: Desk, handler: User) -> None:
        desk.repair(handler)
        with pytest.raises(facade.ActionRefused, match="承办人以外"):
            desk.act(handler, "confirm", outcome=Outcome.SOLVED)

    @pytest.mark.parametrize(
        ("action", "given", "field"),
        [
            ("confirm", {}, "outcome"),
            ("confirm", {"outcome": Outcome.UNSOLVED}, "outcome"),
            ("send_back", {"outcome": Outcome.SOLVED, "note": "还是断"}, "outcome"),
            ("send_back", {"outcome": Outcome.UNSOLVED, "note": " \x00 "}, "note"),
        ],
    )
    def test_asks_for_what_a_step_needs(
        self, desk: Desk, handler: User, leader: User, action: str, given: dict[str, Any], field: str
    ) -> None:
        desk.repair(handler)
        with pytest.raises(facade.InputMissing) as fault:
            desk.act(leader, action, **given)
        assert fault.value.details["field"] == field

    @pytest.mark.parametrize("rating", [None, 0, 6])
    def test_takes_ratings_from_one_to_five(self, desk: Desk, handler: User, leader: User, rating: int | None) -> None:
        desk.repair(handler)
        desk.act(leader, "confirm", outcome=Outcome.SOLVED)
        with pytest.raises(facade.InputMissing):
            desk.act(leader, "rate", rating=rating)

    def test_sends_back_what_is_not_solved_for_a_new_round(self, desk: Desk, handler: User, leader: User) -> None:
        desk.repair(handler)
        again = desk.act(leader, "send_back", outcome=Outcome.UNSOLVED, note="还是断")
        assert (again.state, again.work_done_at) == ("repairing", None)
        desk.act(handler, "finish", 30, note="换了光纤")
        rounds = Settlement.objects.filter(clock="repair").order_by("round")
        assert [(row.round, row.elapsed_seconds // 60) for row in rounds] == [(1, 70), (2, 30)]

    def test_opens_again_what_was_closed(self, desk: Desk, handler: User, leader: User) -> None:
        desk.finish(handler, leader)
        again = desk.act(leader, "reopen", note="第二天又断了")
        assert (again.closed_at, again.rating) == (None, None)
        assert again.due_at == desk.now + 240 * MINUTE


class TestClocks:
    def test_settle_response_and_repair(self, desk: Desk, handler: User) -> None:
        desk.repair(handler)
        rows = {row.clock: row for row in Settlement.objects.all()}
        assert (rows["response"].elapsed_seconds, rows["response"].is_met) == (600, True)
        assert (rows["repair"].elapsed_seconds, rows["repair"].limit) == (4200, 4)

    def test_do_not_count_the_wait_for_the_user(self, desk: Desk, handler: User) -> None:
        desk.act(handler, "accept")
        paused = desk.act(handler, "wait", 20, note="机房没人开门")
        assert paused.due_at is None
        desk.act(handler, "go_on", 1000)
        desk.act(handler, "finish", 30, note="好了")
        assert Settlement.objects.get(clock="repair").elapsed_seconds == 60 * 60

    def test_that_are_late_say_so_for_good(self, desk: Desk, handler: User) -> None:
        desk.act(handler, "accept", 31)
        late = Settlement.objects.get(clock="response")
        assert not late.is_met
        late.is_met = True
        with pytest.raises(facade.TicketError):
            late.save()

    def test_call_back_late_when_two_working_days_are_over(self, desk: Desk, handler: User, leader: User) -> None:
        desk.repair(handler)  # on Friday 15 March 2024
        desk.act(leader, "confirm", 5 * 24 * 60, outcome=Outcome.SOLVED)
        row = Settlement.objects.get(clock="follow_up")
        assert not row.is_met
        assert row.due_at == datetime.fromisoformat("2024-03-20T00:00+08:00")

    def test_are_added_to_and_never_changed(self, ticket: Ticket) -> None:
        segment = ClockSegment.objects.filter(ticket=ticket).first()
        assert segment is not None
        with pytest.raises(facade.TicketError):
            ClockSegment.objects.update(limit=1000)
        with pytest.raises(facade.TicketError):
            segment.save()


class TestReclassify:
    def test_counts_by_the_new_limit_and_keeps_the_old(self, ticket: Ticket, leader: User, now: datetime) -> None:
        later = now + 10 * MINUTE
        changed = facade.reclassify(ticket.pk, "urgent", actor=leader, now=later, expected_version=1, reason="影响考试")
        assert changed.due_at == now + 15 * MINUTE
        limits = ClockSegment.objects.filter(clock="response").order_by("sequence").values_list("limit", flat=True)
        assert list(limits) == [30, 15]

    def test_may_change_what_the_clock_counts(self, open_one: Open, handler: User, now: datetime) -> None:
        opening = open_one("开通专线", kind="opening")
        desk = Desk(opening, now)
        surveyed = desk.act(handler, "survey", priority="ready")
        assert surveyed.due_at == now + timedelta(hours=6)

    def test_needs_a_reason(self, ticket: Ticket, leader: User, now: datetime) -> None:
        with pytest.raises(facade.InputMissing):
            facade.reclassify(ticket.pk, "urgent", actor=leader, now=now, expected_version=1, reason=" ")


class TestTogether:
    def test_the_second_sees_what_the_first_did(
        self, ticket: Ticket, handler: User, colleague: User, now: datetime
    ) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        with pytest.raises(facade.TicketChanged, match="handler的姓名 受理"):
            facade.act(ticket.pk, "accept", actor=colleague, now=now, expected_version=1)
        ticket.refresh_from_db()
        assert ticket.assignee == handler

    def test_a_remark_disturbs_nobody(self, ticket: Ticket, handler: User, colleague: User, now: datetime) -> None:
        facade.comment(ticket.pk, "我在路上", actor=colleague, now=now)
        assert facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1).state == "repairing"

    def test_each_write_leaves_one_entry_in_the_audit(self, desk: Desk, handler: User, leader: User) -> None:
        desk.finish(handler, leader)
        facade.comment(desk.ticket.pk, "谢谢", actor=leader, now=desk.now)
        actions = [entry.action for entry in list_entries(f"ticket:{desk.ticket.pk}")]
        assert sorted(actions) == ["tickets.act"] * 4 + ["tickets.comment", "tickets.open"]

    def test_a_refused_step_changes_nothing(self, desk: Desk, handler: User) -> None:
        desk.act(handler, "accept")
        before = (TicketEvent.objects.count(), ClockSegment.objects.count())
        with pytest.raises(facade.InputMissing):
            desk.act(handler, "finish")
        assert (TicketEvent.objects.count(), ClockSegment.objects.count()) == before


class TestUndo:
    def test_lets_clocks_go_on_as_if_nothing_had_been(self, desk: Desk, handler: User) -> None:
        desk.act(handler, "accept")
        started = desk.now - 10 * MINUTE
        desk.act(handler, "finish", 60, note="按错了")
        back = facade.undo(desk.ticket.pk, actor=handler, now=desk.now + MINUTE)
        assert (back.state, back.work_done_at) == ("repairing", None)
        assert back.due_at == started + 240 * MINUTE
        desk.now += MINUTE
        desk.act(handler, "finish", 9, note="真的好了")
        rows = Settlement.objects.filter(clock="repair", revoked_at__isnull=True)
        assert rows.get().elapsed_seconds == 80 * 60

    def test_takes_back_a_start_with_its_round(self, desk: Desk, handler: User, leader: User) -> None:
        desk.finish(handler, leader)
        desk.act(leader, "reopen", note="看错了单")
        back = facade.undo(desk.ticket.pk, actor=leader, now=desk.now)
        assert (back.state, back.rating) == ("closed", 5)
        reading = facade.read_clocks([back], load_calendar(), now=desk.now)[back.pk][1]
        assert (reading.key, reading.state, reading.round) == ("repair", facade.ClockState.STOPPED, 1)

    def test_is_for_the_same_person_and_soon(self, desk: Desk, handler: User, colleague: User) -> None:
        desk.act(handler, "accept")
        with pytest.raises(facade.NothingToUndo):
            facade.undo(desk.ticket.pk, actor=colleague, now=desk.now)
        with pytest.raises(facade.NothingToUndo):
            facade.undo(desk.ticket.pk, actor=handler, now=desk.now + 11 * MINUTE)

    def test_is_not_undone_itself(self, desk: Desk, handler: User) -> None:
        desk.act(handler, "accept")
        facade.undo(desk.ticket.pk, actor=handler, now=desk.now)
        with pytest.raises(facade.NothingToUndo):
            facade.undo(desk.ticket.pk, actor=handler, now=desk.now)


class TestRights:
    def test_others_do_not_learn_that_it_exists(self, ticket: Ticket, stranger: User, now: datetime) -> None:
        with pytest.raises(facade.TicketNotFound):
            facade.act(ticket.pk, "accept", actor=stranger, now=now, expected_version=1)
        with pytest.raises(facade.TicketNotFound):
            facade.comment(ticket.pk, "看看", actor=stranger, now=now)
        assert not facade.list_tickets(stranger, on=now.date()).exists()

    def test_who_only_opened_it_sees_it_and_may_not_handle_it(
        self, unit: Organisation, leader: User, now: datetime
    ) -> None:
        mine = facade.open_ticket(NewTicket("repair", "打印机", unit.pk), actor=leader, now=now)
        with pytest.raises(PermissionRefused):
            facade.act(mine.pk, "accept", actor=leader, now=now, expected_version=1)

    def test_opening_needs_the_right_there(self, unit: Organisation, stranger: User, now: datetime) -> None:
        with pytest.raises(PermissionRefused):
            facade.open_ticket(NewTicket("repair", "打印机", unit.pk), actor=stranger, now=now)
        assert not Ticket.objects.exists()

    def test_assigning_is_for_leaders_and_to_handlers(
        self, ticket: Ticket, handler: User, leader: User, stranger: User, now: datetime
    ) -> None:
        with pytest.raises(PermissionRefused):
            facade.assign(ticket.pk, handler.pk, actor=handler, now=now, expected_version=1)
        with pytest.raises(facade.InputMissing):
            facade.assign(ticket.pk, stranger.pk, actor=leader, now=now, expected_version=1)
        assert facade.assign(ticket.pk, handler.pk, actor=leader, now=now, expected_version=1).assignee == handler


class TestBatch:
    def test_says_of_each_what_became_of_it(self, open_one: Open, handler: User, now: datetime) -> None:
        first, second, third = (open_one(f"第{number}张") for number in range(3))
        facade.act(second.pk, "accept", actor=handler, now=now, expected_version=1)
        outcomes = facade.batch_act([first.pk, second.pk, 999_999, third.pk], "accept", actor=handler, now=now)
        assert [outcome.code for outcome in outcomes] == ["", "ACTION_NOT_OFFERED", "TICKET_NOT_FOUND", ""]
        assert outcomes[0].number == first.number
        assert Ticket.objects.filter(assignee=handler).count() == 3

    def test_keeps_a_refusal_in_the_audit(self, ticket: Ticket, leader: User, now: datetime) -> None:
        facade.batch_act([ticket.pk], "accept", actor=leader, now=now)
        assert "tickets.refuse_in_batch" in [entry.action for entry in list_entries(f"ticket:{ticket.pk}")]

    def test_assigns_many(self, open_one: Open, handler: User, leader: User, now: datetime) -> None:
        tickets = [open_one(f"第{number}张").pk for number in range(3)]
        given = Given(assignee_id=handler.pk)
        outcomes = facade.batch_act(tickets, "assign", actor=leader, now=now, given=given)
        assert not any(outcome.error for outcome in outcomes)

    @pytest.mark.parametrize("count", [0, 201])
    def test_takes_some_and_not_too_many(self, leader: User, now: datetime, count: int) -> None:
        with pytest.raises(facade.InputMissing):
            facade.batch_act(range(count), "accept", actor=leader, now=now)


class TestWords:
    def test_files_are_kept_with_who_brought_them(self, ticket: Ticket, handler: User, now: datetime) -> None:
        kept = facade.attach(ticket.pk, b"%PDF-1.7 a report", "报告.pdf", actor=handler, now=now, note="检测报告")
        assert (kept.file.name, kept.event.actor, kept.event.note) == ("报告.pdf", handler, "检测报告")

    @pytest.mark.parametrize("text", ["", "  ", "字" * 2001])
    def test_remarks_have_words(self, ticket: Ticket, handler: User, now: datetime, text: str) -> None:
        with pytest.raises(facade.InputMissing):
            facade.comment(ticket.pk, text, actor=handler, now=now)
