"""A process that dies in the middle of one step with many tickets: each ticket took it whole or not at all."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from kernel.tickets.conftest import Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.models import Entry, Link
from chengshu.kernel.audit.worker import Keeper
from chengshu.kernel.tickets import facade
from chengshu.kernel.tickets.facade import Ticket
from chengshu.kernel.tickets.models import ClockSegment, Settlement, TicketEvent

_TICKETS, _DIES_AT = 6, 3
_START = """
import os, signal, sys, django
django.setup()
from datetime import datetime
from django.db import transaction
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.tickets.models import TicketEvent
from chengshu.kernel.tickets import facade
accepted = 0
keep = TicketEvent.save
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def save(event, *arguments, **fields):
    global accepted
    accepted += 1
    if accepted == int(sys.argv[1]):
        %s
    keep(event, *arguments, **fields)
TicketEvent.save = save
ids = [int(text) for text in sys.argv[4:]]
facade.batch_act(ids, "accept", actor=User.objects.get(pk=int(sys.argv[2])), now=datetime.fromisoformat(sys.argv[3]))
"""
_BEFORE_COMMIT = _START % "die()"
_BEFORE_LINKING = _START % "transaction.on_commit(die)"


def _run(script: str, folder: Path, *arguments: object) -> int:
    place = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**place)
    environment = {
        "PATH": os.defpath,
        "DATABASE_URL": f"sqlite:///{place['NAME']}" if connection.vendor == "sqlite" else url,
        "CHENGSHU_VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, env=environment, check=False, timeout=240).returncode


def _marks(ticket: Ticket) -> tuple[str, int, int, int, int]:
    """Give what a step leaves: state, events, segments, settled clocks, entries of the audit."""
    ticket.refresh_from_db()
    entries = Entry.objects.filter(subject=f"ticket:{ticket.pk}", action="tickets.act")
    rows = (TicketEvent, ClockSegment, Settlement)
    counts = (model.objects.filter(ticket=ticket).count() for model in rows)
    return ticket.state, *counts, entries.count()  # type: ignore[return-value]  # three counts


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("script", "done"), [(_BEFORE_COMMIT, _DIES_AT - 1), (_BEFORE_LINKING, _DIES_AT)], ids=["uncommitted", "unlinked"]
)
def test_a_killed_batch_leaves_whole_tickets_and_can_be_taken_again(
    script: str, done: int, open_one: Open, handler: User, now: datetime, tmp_path: Path
) -> None:
    tickets = [open_one(f"第{number}张") for number in range(_TICKETS)]
    untouched = _marks(tickets[-1])
    ids = [ticket.pk for ticket in tickets]
    assert _run(script, tmp_path, _DIES_AT, handler.pk, now.isoformat(), *ids) == -signal.SIGKILL
    marks = [_marks(ticket) for ticket in tickets]
    taken = marks[0]
    assert taken[0] == "repairing"
    assert taken != untouched
    assert marks == [taken] * done + [untouched] * (_TICKETS - done)

    outcomes = facade.batch_act(ids, "accept", actor=handler, now=now)
    assert [outcome.error == "" for outcome in outcomes] == [False] * done + [True] * (_TICKETS - done)
    assert [_marks(ticket) for ticket in tickets] == [taken] * _TICKETS
    Keeper()(now)
    assert Link.objects.count() == Entry.objects.count()
    assert audit.verify(audit.read_public_keys(settings.AUDIT_KEYS_DIR)).broken is None
