"""Whoever changes the tables behind the house's back is found out, at the entry that he touched first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.contracts import EntryRecord, LinkRecord
from chengshu.kernel.audit.facade import Reason
from chengshu.kernel.audit.models import Head, Link
from chengshu.kernel.audit.queries.entries import read_heads
from chengshu.kernel.audit.queries.verifying import read_entries
from chengshu.kernel.audit.rules.encoding import digest_entry, hash_head, hash_link

Chain = Callable[..., list[int]]
Named = tuple[int | None, Reason]

A_DAY = 8  # entries of each of three days; the last day is not sealed
SEALED = 2 * A_DAY
ALL = 3 * A_DAY
PLACES = st.integers(1, ALL - 1)
SEALED_PLACES = st.integers(1, SEALED)


@dataclass
class Hand:
    """The hand of somebody with the database's password; places in the chain count from 1."""

    ids: list[int]

    def run(self, sql: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    def entry(self, place: int) -> int:
        return self.ids[place - 1]

    def first_of_day(self, place: int) -> int:
        return self.entry((place - 1) // A_DAY * A_DAY + 1)

    def rewrite(self, place: int) -> EntryRecord:
        """Give an entry another reason and the digest that fits it."""
        entry = replace(read_entries([self.entry(place)])[self.entry(place)], reason="改写")
        entry = replace(entry, digest=digest_entry(entry))
        self.run("UPDATE audit_entry SET reason = %s, digest = %s WHERE id = %s", "改写", entry.digest, entry.id)
        return entry

    def rehash(self, place: int, previous: str | None = None) -> str:
        """Give a link the hash that fits its entry's digest (and another predecessor)."""
        row = Link.objects.select_related("entry").get(sequence=place)
        link = LinkRecord(place, row.entry_id, row.previous if previous is None else previous, "")
        hashed = hash_link(link, row.entry.digest)
        sql = "UPDATE audit_link SET previous = %s, hash = %s WHERE sequence = %s"
        self.run(sql, link.previous, hashed, place)
        return hashed

    def shift(self, place: int) -> None:
        """Make room in the chain at a place."""
        self.run("UPDATE audit_link SET sequence = -sequence WHERE sequence >= %s", place)
        self.run("UPDATE audit_link SET sequence = 1 - sequence WHERE sequence < 0")


@pytest.fixture
def hand(chain: Chain, now: datetime) -> Hand:
    """Three days of entries, two of them sealed."""
    ids = [entry for day in range(3) for entry in chain(A_DAY, now + timedelta(days=day))]
    audit.seal_days(now=now + timedelta(days=2))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA ignore_check_constraints=ON")
    return Hand(ids)


def named_after(tampering: Callable[[], object]) -> Named | None:
    """Tamper, verify, and take the tampering back."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("ALTER TABLE audit_link DROP CONSTRAINT audit_link_sequence_from_one")
        tampering()
        broken = audit.verify(audit.read_public_keys(settings.AUDIT_KEYS_DIR)).broken
        transaction.set_rollback(True)
    return (broken.entry, broken.reason) if broken else None


def property_of(**strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Draw tamperings; the chain is the same for all of them, for each is taken back."""

    def wrap(test: Callable[..., None]) -> Callable[..., None]:
        relaxed = hypothesis_settings(
            max_examples=12,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
            derandomize=True,
        )
        return relaxed(given(**strategies)(test))

    return wrap


class TestEntry:
    @property_of(
        place=PLACES,
        column=st.sampled_from(
            ["actor_name", "action", "subject", "reason", "address", "session", "request", "digest"]
        ),
    )
    def test_changed_is_named(self, hand: Hand, place: int, column: str) -> None:
        sql = f"UPDATE audit_entry SET {column} = %s WHERE id = %s"
        assert named_after(lambda: hand.run(sql, "别人", hand.entry(place))) == (hand.entry(place), "entry_changed")

    @property_of(place=PLACES, column=st.sampled_from(["before", "after", "details"]))
    def test_with_changed_data_is_named(self, hand: Hand, place: int, column: str) -> None:
        sql = f"UPDATE audit_entry SET {column} = %s WHERE id = %s"
        value = '{"score":"100"}'
        assert named_after(lambda: hand.run(sql, value, hand.entry(place))) == (hand.entry(place), "entry_changed")

    @property_of(place=PLACES)
    def test_at_another_time_is_named(self, hand: Hand, now: datetime, place: int) -> None:
        sql = "UPDATE audit_entry SET at = %s WHERE id = %s"
        moment = now.replace(tzinfo=None) if connection.vendor == "sqlite" else now
        at = moment + timedelta(days=9)
        found = named_after(lambda: hand.run(sql, str(at), hand.entry(place)))
        assert found == (hand.entry(place), "entry_changed")

    @property_of(place=PLACES)
    def test_removed_is_named(self, hand: Hand, place: int) -> None:
        found = named_after(lambda: hand.run("DELETE FROM audit_entry WHERE id = %s", hand.entry(place)))
        assert found == (hand.entry(place), "entry_removed")

    @property_of(place=PLACES)
    def test_without_its_link_is_named(self, hand: Hand, place: int) -> None:
        found = named_after(lambda: hand.run("DELETE FROM audit_link WHERE sequence = %s", place))
        assert found == (hand.entry(place), "entry_unlinked")

    @property_of(place=st.integers(2, ALL - 1))
    def test_removed_with_its_link_is_named(self, hand: Hand, place: int) -> None:
        def remove() -> None:
            hand.run("DELETE FROM audit_link WHERE sequence = %s", place)
            hand.run("DELETE FROM audit_entry WHERE id = %s", hand.entry(place))

        assert named_after(remove) == (hand.entry(place), "link_missing")

    @property_of(place=PLACES)
    def test_rewritten_with_its_digest_is_named(self, hand: Hand, place: int) -> None:
        assert named_after(lambda: hand.rewrite(place)) == (hand.entry(place), "link_changed")

    @property_of(place=PLACES)
    def test_rewritten_with_digest_and_link_is_named(self, hand: Hand, place: int) -> None:
        def rewrite() -> None:
            hand.rewrite(place)
            hand.rehash(place)

        assert named_after(rewrite) == (hand.entry(place), "link_rehashed")

    @property_of(place=SEALED_PLACES)
    def test_rewritten_with_all_that_follows_is_named_by_its_day(self, hand: Hand, place: int) -> None:
        def rewrite() -> None:
            hand.rewrite(place)
            hashed = hand.rehash(place)
            for later in range(place + 1, ALL + 1):
                hashed = hand.rehash(later, hashed)

        assert named_after(rewrite) == (hand.first_of_day(place), "head_mismatch")

    @property_of(place=st.integers(2, ALL - 1))
    def test_inserted_is_named(self, hand: Hand, place: int) -> None:
        inserted = hand.ids[-1] + 1_000

        def insert() -> None:
            hand.shift(place)
            columns = "at, actor_id, actor_name, action, subject, reason, details, before, after"
            columns += ", address, session, request, digest"
            copied = f"INSERT INTO audit_entry (id, {columns}) SELECT %s, {columns} FROM audit_entry WHERE id = %s"
            hand.run(copied, inserted, hand.entry(1))
            digest = read_entries([inserted])[inserted].digest
            hashed = hash_link(LinkRecord(place, inserted, "f" * 64, ""), digest)
            sql = "INSERT INTO audit_link (sequence, entry_id, previous, hash) VALUES (%s, %s, %s, %s)"
            hand.run(sql, place, inserted, "f" * 64, hashed)

        assert named_after(insert) == (inserted, "entry_inserted")

    @property_of(place=PLACES, distance=st.integers(1, ALL))
    def test_reordered_is_named_where_it_stands_first(self, hand: Hand, place: int, distance: int) -> None:
        other = min(place + distance, ALL)

        def swap() -> None:
            sql = "UPDATE audit_link SET entry_id = %s WHERE sequence = %s"
            hand.run(sql, hand.ids[-1] + 5_000, place)
            hand.run(sql, hand.entry(place), other)
            hand.run(sql, hand.entry(other), place)

        assert named_after(swap) == (hand.entry(other), "link_changed")


class TestLink:
    @property_of(place=PLACES, column=st.sampled_from(["previous", "hash"]))
    def test_changed_is_named_by_its_entry(self, hand: Hand, place: int, column: str) -> None:
        sql = f"UPDATE audit_link SET {column} = %s WHERE sequence = %s"
        assert named_after(lambda: hand.run(sql, "e" * 64, place)) == (hand.entry(place), "link_changed")

    def test_before_the_first_is_named(self, hand: Hand) -> None:
        sql = "UPDATE audit_link SET sequence = -3 WHERE sequence = %s"
        assert named_after(lambda: hand.run(sql, 9)) == (hand.entry(9), "entry_inserted")

    def test_of_a_sealed_day_cut_off_is_missing(self, hand: Hand) -> None:
        def cut() -> None:
            hand.run("DELETE FROM audit_link WHERE sequence > %s", SEALED - 2)
            hand.run("DELETE FROM audit_entry WHERE id > %s", hand.entry(SEALED - 2))

        assert named_after(cut) == (None, "link_missing")


class TestHead:
    @pytest.mark.parametrize("column", ["root", "previous", "hash"])
    def test_changed_is_named_by_its_first_entry(self, hand: Hand, column: str) -> None:
        sql = f"UPDATE audit_head SET {column} = %s WHERE first = %s"
        assert named_after(lambda: hand.run(sql, "a" * 64, A_DAY + 1)) == (hand.entry(A_DAY + 1), "head_changed")

    def test_made_anew_without_the_key_is_named(self, hand: Hand) -> None:
        head = replace(read_heads()[0], root="b" * 64)
        sql = "UPDATE audit_head SET root = %s, hash = %s WHERE first = 1"
        assert named_after(lambda: hand.run(sql, head.root, hash_head(head))) == (hand.entry(1), "head_signature")

    @pytest.mark.parametrize("column", ["ed25519", "sm2", "ed25519_key", "sm2_key"])
    def test_with_another_signature_is_named(self, hand: Hand, column: str) -> None:
        other = Head.objects.values_list(column, flat=True).get(first=1)
        value = "0" * 32 if column.endswith("_key") else other
        sql = f"UPDATE audit_head SET {column} = %s WHERE first = %s"
        found = named_after(lambda: hand.run(sql, value, A_DAY + 1))
        assert found == (hand.entry(A_DAY + 1), "head_signature")

    def test_removed_is_named_by_its_first_entry(self, hand: Hand) -> None:
        found = named_after(lambda: hand.run("DELETE FROM audit_head WHERE first = 1"))
        assert found == (hand.entry(1), "head_missing")

    def test_of_an_unknown_key_is_named(self, hand: Hand) -> None:
        assert audit.verify({}).broken == audit.Fault(hand.entry(1), Reason.HEAD_SIGNATURE, 1)

    @pytest.mark.usefixtures("hand")
    def test_of_an_old_key_still_holds(self, now: datetime) -> None:
        audit.rotate_keys(None, now=now + timedelta(days=2))
        audit.seal_days(now=now + timedelta(days=5))
        keys = audit.read_public_keys(settings.AUDIT_KEYS_DIR)
        assert len(set(Head.objects.values_list("ed25519_key", flat=True))) == 2
        assert (audit.verify(keys).heads, audit.verify(keys).broken) == (3, None)

    @pytest.mark.usefixtures("hand")
    def test_keys_are_readable_by_their_owner_only(self) -> None:
        private = sorted(settings.AUDIT_KEYS_DIR.glob("*.pem"))
        assert [path.name for path in private] == ["ed25519.pem", "sm2.pem"]
        assert {path.stat().st_mode & 0o077 for path in private} == {0}


def test_nothing_changed_is_nothing_found(hand: Hand) -> None:
    assert named_after(lambda: None) is None
