"""The audit only grows."""

from datetime import datetime, timedelta

import pytest

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import AuditIsAppendOnly, list_entries, record
from chengshu.kernel.audit.models import Entry


class TestRecord:
    def test_keeps_who_what_when_and_why(self, officer: User, now: datetime) -> None:
        record(officer, "tests.correct", "form:7", now=now, reason="对照原文", details={"old": "1", "new": "2"})
        entry = list_entries("form:7").get()
        assert (entry.actor, entry.at, entry.action, entry.reason) == (officer, now, "tests.correct", "对照原文")
        assert entry.details == {"old": "1", "new": "2"}

    def test_lists_the_newest_first(self, officer: User, now: datetime) -> None:
        for minutes in (0, 2, 1):
            record(officer, f"tests.step{minutes}", "form:7", now=now + timedelta(minutes=minutes))
        assert [entry.action for entry in list_entries("form:7")] == ["tests.step2", "tests.step1", "tests.step0"]


class TestEntry:
    def test_cannot_be_changed(self, officer: User, now: datetime) -> None:
        entry = record(officer, "tests.see", "form:7", now=now)
        entry.action = "tests.other"
        with pytest.raises(AuditIsAppendOnly):
            entry.save()
        with pytest.raises(AuditIsAppendOnly):
            Entry.objects.update(action="tests.other")

    def test_cannot_be_removed(self, officer: User, now: datetime) -> None:
        entry = record(officer, "tests.see", "form:7", now=now)
        with pytest.raises(AuditIsAppendOnly):
            entry.delete()
        with pytest.raises(AuditIsAppendOnly):
            Entry.objects.all().delete()
