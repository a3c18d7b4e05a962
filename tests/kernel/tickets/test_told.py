"""People are told of the tickets that are given to them, and of clocks that came near or over their limit."""

from datetime import datetime, timedelta

import pytest
from kernel.tickets.conftest import Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import FileNotFound, FileTypeRefused, open_download
from chengshu.kernel.notifications.facade import Notification
from chengshu.kernel.tickets.facade import Given, Ticket, act, assign, attach, sweep_escalations

MINUTE = timedelta(minutes=1)


def _told() -> set[tuple[str, str]]:
    return set(Notification.objects.values_list("account__login_name", "template"))


class TestAssigning:
    def test_tells_the_handler_and_where_to_look(
        self, ticket: Ticket, leader: User, handler: User, now: datetime
    ) -> None:
        assign(ticket.pk, handler.pk, actor=leader, now=now, expected_version=1)
        told = Notification.objects.get()
        assert (told.account, told.template, told.url) == (handler, "tickets.assigned", f"/tickets/{ticket.pk}/")
        assert told.fields["by"] == leader.display_name

    def test_tells_nobody_what_he_did_himself(self, ticket: Ticket, handler: User, now: datetime) -> None:
        act(ticket.pk, "accept", actor=handler, now=now, expected_version=1, given=Given())
        ticket.refresh_from_db()
        assert ticket.assignee == handler
        assert _told() == set()

    def test_tells_each_who_comes_to_have_it(
        self, ticket: Ticket, leader: User, handler: User, colleague: User, now: datetime
    ) -> None:
        assign(ticket.pk, handler.pk, actor=leader, now=now, expected_version=1)
        assign(ticket.pk, colleague.pk, actor=leader, now=now, expected_version=2)
        assign(ticket.pk, handler.pk, actor=leader, now=now, expected_version=3)
        assert Notification.objects.filter(account=handler).count() == 2


@pytest.mark.usefixtures("handler", "stranger")
class TestEscalation:
    def test_tells_those_who_can_give_it_to_somebody_where_nobody_has_it(
        self, open_one: Open, leader: User, now: datetime
    ) -> None:
        open_one()
        sweep_escalations(now=now + 23 * MINUTE)
        sweep_escalations(now=now + 24 * MINUTE)
        assert _told() == {(leader.login_name, "tickets.near_limit")}
        assert Notification.objects.count() == 1

    def test_tells_the_handler_and_at_red_also_the_leader(
        self, open_one: Open, leader: User, handler: User, now: datetime
    ) -> None:
        assign(open_one().pk, handler.pk, actor=leader, now=now, expected_version=1)
        sweep_escalations(now=now + 23 * MINUTE)
        assert (leader.login_name, "tickets.near_limit") not in _told()
        sweep_escalations(now=now + 31 * MINUTE)
        assert _told() == {
            (handler.login_name, "tickets.assigned"),
            (handler.login_name, "tickets.near_limit"),
            (handler.login_name, "tickets.over_limit"),
            (leader.login_name, "tickets.over_limit"),
        }

    def test_tells_once_of_a_ticket_whose_clocks_came_over_all_limits_at_once(
        self, open_one: Open, leader: User, now: datetime
    ) -> None:
        open_one()
        sweep_escalations(now=now + 10 * 60 * MINUTE)
        assert list(Notification.objects.values_list("account__login_name", "template")) == [
            (leader.login_name, "tickets.over_limit")
        ]


def test_an_attachment_is_for_those_who_see_the_ticket(
    ticket: Ticket, handler: User, colleague: User, stranger: User, now: datetime
) -> None:
    stored = attach(ticket.pk, b"%PDF-1.7 a report", "报告.pdf", actor=handler, now=now).file
    open_download(stored.uuid, viewer=colleague, on=now.date()).stream.close()
    with pytest.raises(FileNotFound):
        open_download(stored.uuid, viewer=stranger, on=now.date())


def test_a_program_is_not_attached(ticket: Ticket, handler: User, now: datetime) -> None:
    with pytest.raises(FileTypeRefused):
        attach(ticket.pk, b"MZ\x90\x00", "报告.pdf", actor=handler, now=now)
