"""Entries are linked right after their commit, and the chain holds as long as nobody touches it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from conftest import PASSWORD
from django.db import DatabaseError, connection, transaction

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.facade import AuditIsAppendOnly, Origin, ValueNotPlain, Verification
from chengshu.kernel.audit.models import Entry, Head, Link
from chengshu.kernel.audit.operations.guards import TABLES

Chain = Callable[..., list[int]]
Check = Callable[[], Verification]


class TestLinks:
    def test_follow_each_other_without_a_gap(self, chain: Chain, check: Check) -> None:
        entries = chain(5)
        links = list(Link.objects.order_by("sequence"))
        assert [(link.sequence, link.entry_id) for link in links] == list(enumerate(entries, start=1))
        assert [link.previous for link in links] == ["0" * 64, *(link.hash for link in links[:-1])]
        assert check() == Verification(entries=5, heads=0, pending=0, sealed=0, broken=None)

    def test_of_an_empty_house_hold(self, check: Check) -> None:
        assert check() == Verification(entries=0, heads=0, pending=0, sealed=0, broken=None)

    @pytest.mark.django_db(transaction=True)
    def test_come_after_the_commit_and_all_at_once(self, officer: User, now: datetime) -> None:
        with transaction.atomic():
            audit.record(officer, "tests.first", "form:1", now=now)
            with transaction.atomic():
                audit.record(officer, "tests.second", "form:1", now=now)
            assert not Link.objects.exists()
        assert list(Link.objects.order_by("sequence").values_list("entry__action", flat=True)) == [
            "tests.first",
            "tests.second",
        ]

    def test_are_not_made_for_what_was_rolled_back(self, officer: User, now: datetime, check: Check) -> None:
        def fail_inside() -> None:
            with transaction.atomic():
                audit.record(officer, "tests.undone", "form:1", now=now)
                raise ValueError("undone")

        with transaction.atomic():
            audit.record(officer, "tests.kept", "form:1", now=now)
            with pytest.raises(ValueError, match=r"^undone$"):
                fail_inside()
            audit.record(officer, "tests.kept_too", "form:1", now=now)
        assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == ["tests.kept", "tests.kept_too"]
        assert check().entries == Link.objects.count() == 2

    def test_left_out_by_a_crash_are_made_by_the_sweeper(self, chain: Chain, check: Check) -> None:
        entries = chain(3)
        _drop_last_links(2)
        assert check().pending == 2
        assert audit.sweep_links() == 2
        assert list(Link.objects.order_by("sequence").values_list("entry_id", flat=True)) == entries
        assert check() == Verification(entries=3, heads=0, pending=0, sealed=0, broken=None)

    def test_left_out_long_ago_are_found_by_a_deep_sweep(self, chain: Chain, check: Check) -> None:
        chain(2)
        _drop_last_links(2)
        assert audit.sweep_links(deep=True) == 2
        assert audit.sweep_links(deep=True) == 0
        assert check().broken is None


@pytest.mark.django_db
class TestEntries:
    def test_keep_from_what_to_what(self, officer: User, now: datetime) -> None:
        kept = audit.record(officer, "tests.change", "form:1", now=now, before={"score": "1"}, after={"score": "2"})
        entry = Entry.objects.get(pk=kept.pk)
        assert (entry.before, entry.after, entry.actor_name) == ({"score": "1"}, {"score": "2"}, "officer")

    def test_keep_fractions_moments_and_ids_as_text(self, now: datetime) -> None:
        audit.record(
            None, "tests.count", "form:1", now=now, details={"a": Decimal("1.50"), "b": 0.1, "c": now, "d": {2}}
        )
        assert Entry.objects.get().details == {"a": "1.50", "b": "0.1", "c": "2024-03-15T06:05:00.000000Z", "d": [2]}

    def test_keep_signs_that_databases_refuse_as_replaced(self, check: Check, now: datetime) -> None:
        audit.record(None, "tests.type", "form:\x00", now=now, details={"typed\x00": "a\x00b\ud800"})
        assert Entry.objects.get().details == {"typed\ufffd": "a\ufffdb?"}
        assert check().broken is None

    def test_refuse_what_no_database_keeps(self, now: datetime) -> None:
        with pytest.raises(ValueNotPlain):
            audit.record(None, "tests.keep", "form:1", now=now, details={"object": object()})

    def test_carry_where_they_came_from(self, now: datetime) -> None:
        with audit.originating_from(lambda: Origin("192.0.2.7", "5e55", "req-1")):
            audit.record(None, "tests.see", "form:1", now=now)
        audit.record(None, "tests.see", "form:2", now=now)
        assert list(Entry.objects.order_by("pk").values_list("address", "session", "request")) == [
            ("192.0.2.7", "5e55", "req-1"),
            ("", "", ""),
        ]

    def test_of_views_name_the_fields(self, officer: User, now: datetime) -> None:
        audit.record_view(officer, "account:9", now=now, fields=("display_name",), reason="核对身份")
        entry = Entry.objects.get()
        assert (entry.action, entry.subject, entry.details) == (
            "audit.view_personal_data",
            "account:9",
            {"fields": ["display_name"]},
        )

    def test_hold_the_same_digest_in_any_time_zone(self, check: Check) -> None:
        audit.record(None, "tests.see", "form:1", now=datetime.fromisoformat("2024-03-15T23:59:59.999999+08:00"))
        assert check().broken is None


@pytest.mark.usefixtures("guarded")
class TestGuards:
    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("statement", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
    def test_refuse_raw_statements(self, chain: Chain, check: Check, now: datetime, table: str, statement: str) -> None:
        chain(3)
        audit.seal_days(now=now + timedelta(days=2))
        sql = statement.format(table).replace("hash", "digest" if table == "audit_entry" else "hash")
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(sql)
        assert check() == Verification(entries=3, heads=1, pending=0, sealed=3, broken=None)

    def test_refuse_to_empty_a_table(self, chain: Chain) -> None:
        chain(1)
        emptying = "TRUNCATE audit_link, audit_entry" if connection.vendor == "postgresql" else "DELETE FROM audit_link"
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(emptying)

    def test_of_the_models_refuse_as_well(self, chain: Chain, now: datetime) -> None:
        chain(1)
        audit.seal_days(now=now + timedelta(days=2))
        for row in (Link.objects.get(), Head.objects.get()):
            with pytest.raises(AuditIsAppendOnly):
                row.save()
            with pytest.raises(AuditIsAppendOnly):
                row.delete()


class TestHeads:
    def test_cover_each_finished_day_once(self, chain: Chain, check: Check) -> None:
        first = datetime(2024, 3, 15, 1, tzinfo=UTC)
        chain(3, first)
        chain(2, first + timedelta(days=1))
        chain(4, first + timedelta(days=4))
        assert audit.seal_days(now=first + timedelta(days=4)) == 2
        assert audit.seal_days(now=first + timedelta(days=4)) == 0
        ranges = [(str(head.day), head.first, head.last) for head in Head.objects.order_by("first")]
        assert ranges == [("2024-03-15", 1, 3), ("2024-03-16", 4, 5)]
        assert check() == Verification(entries=9, heads=2, pending=0, sealed=5, broken=None)

    def test_follow_the_days_of_the_house_not_of_utc(self, chain: Chain) -> None:
        chain(1, datetime(2024, 3, 15, 15, 59, tzinfo=UTC))
        chain(1, datetime(2024, 3, 15, 16, 0, tzinfo=UTC))
        audit.seal_days(now=datetime(2024, 3, 18, tzinfo=UTC))
        assert [str(head.day) for head in Head.objects.order_by("day")] == ["2024-03-15", "2024-03-16"]

    def test_take_in_what_was_linked_late(self, chain: Chain, check: Check, now: datetime) -> None:
        chain(2, now)
        audit.seal_days(now=now + timedelta(days=1))
        chain(1, now)
        chain(1, now + timedelta(days=1))
        assert audit.seal_days(now=now + timedelta(days=3)) == 1
        assert check() == Verification(entries=4, heads=2, pending=0, sealed=4, broken=None)

    def test_are_made_by_the_keeper_when_a_day_has_ended(self, chain: Chain, now: datetime) -> None:
        chain(1, now)
        audit.keep_chain(now=now)
        assert Head.objects.count() == 0
        audit.keep_chain(now=now + timedelta(days=1), deep=True)
        assert Head.objects.count() == 1


def test_a_log_in_is_linked(transactional_db: None, officer: User, now: datetime, check: Check) -> None:
    from chengshu.kernel.accounts.facade import authenticate_account  # noqa: PLC0415 - of this test alone

    authenticate_account("officer", PASSWORD, now=now)
    assert check() == Verification(entries=1, heads=0, pending=0, sealed=0, broken=None)


def _drop_last_links(count: int) -> None:
    """Take back the last links, as a machine does that loses its power before they reach the disk."""
    sequences = list(Link.objects.order_by("-sequence").values_list("sequence", flat=True)[:count])
    with connection.cursor() as cursor:
        for sequence in sequences:
            cursor.execute("DELETE FROM audit_link WHERE sequence = %s", [sequence])
