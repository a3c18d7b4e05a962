"""Numbers of tickets: one after the other, without gaps and without doubles, however many open at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, transaction
from kernel.tickets.conftest import Open

from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets.facade import NewTicket, Ticket, open_ticket


@pytest.mark.django_db
class TestNumbers:
    def test_follow_each_other_by_kind_and_year(self, open_one: Open) -> None:
        numbers = [open_one().number, open_one(kind="opening").number, open_one().number]
        numbers.append(open_one(after=366 * 24 * 60).number)
        assert numbers == ["BX-2024-000001", "KT-2024-000001", "BX-2024-000002", "BX-2025-000001"]

    def test_leave_no_gap_where_opening_failed(self, open_one: Open) -> None:
        open_one()
        with transaction.atomic():
            open_one()
            transaction.set_rollback(True)
        assert open_one().number == "BX-2024-000002"


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_to_many_at_a_time(unit: Organisation, now: datetime) -> None:
    def work(_number: int) -> str:
        try:
            return open_ticket(NewTicket("repair", "同时报修", unit.pk), actor=None, now=now).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(work, range(12)))
    assert numbers == [f"BX-2024-{number:06d}" for number in range(1, 13)]
    assert Ticket.objects.count() == 12
