"""What `audit` measures, once Django is set up. Writes are timed on the clock: they wait for the database."""

import multiprocessing
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measuring import best_seconds, peak_mib, print_line
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.contracts import EntryRecord
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.audit.queries.verifying import read_entries
from chengshu.kernel.audit.rules.encoding import digest_entry

WRITES = 500
PROCESSES, WRITES_EACH = 4, 200
CHUNK = 2_000
DAYS = 10
SEED = 1
_ACTIONS = ("performance.correct_cell", "accounts.log_in", "tickets.act", "performance.import_files")


def measure(sizes: tuple[int, ...]) -> None:
    """Measure writes alone, writes at once, and how a check and a write grow with what is there."""
    call_command("migrate", verbosity=0)
    print_line("database", connection.vendor)
    bare, recorded = _median_seconds(_insert_bare), _median_seconds(_record)
    _print_write("floor: a transaction with one bare insert", bare)
    _print_write("the same with record(), linked after commit", recorded)
    print_line("recording and linking add", f"{(recorded - bare) * 1e3:,.2f} ms", "a write, median")
    entry = next(iter(read_entries(list(Entry.objects.values_list("pk", flat=True)[:1])).values()))
    seconds = best_seconds(lambda: [digest_entry(entry) for _ in range(WRITES)]) / WRITES
    print_line("of which the digest", f"{seconds * 1e6:,.1f} µs", "processor time")
    for label, write in (("bare inserts", _insert_bare), ("writes with record()", _record)):
        print_line(f"{PROCESSES} processes at once: {label}", f"{_rate_at_once(write):,.0f} writes/s", "all together")
    for size in sizes:
        _grow_to(size)
        _measure_check()
    connection.close()


def _measure_check() -> None:
    keys = audit.read_public_keys(settings.AUDIT_KEYS_DIR)
    start = time.process_time()
    found = audit.verify(keys)
    seconds = time.process_time() - start
    if found.broken:
        raise SystemExit(f"the chain is broken: {found.broken}")
    note = f"{seconds:,.1f} s, {found.heads} heads, peak {peak_mib():,.0f} MiB"
    print_line(f"verify {found.entries:,} entries", f"{found.entries / seconds:,.0f} entries/s", note)
    _print_write(f"record() with {found.entries:,} there", _median_seconds(_record))
    sweep = best_seconds(audit.sweep_links, runs=3)
    print_line("the worker's look for what is not linked", f"{sweep * 1e3:,.1f} ms", "every ten seconds")


def _print_write(label: str, seconds: float) -> None:
    print_line(label, f"{seconds * 1e3:,.2f} ms", f"median of {WRITES:,}")


def _median_seconds(write: Callable[[], None]) -> float:
    taken = []
    for _ in range(WRITES):
        start = time.perf_counter()
        write()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _insert_bare() -> None:
    with transaction.atomic():
        Group.objects.create(name=uuid4().hex)


def _record() -> None:
    with transaction.atomic():
        group = Group.objects.create(name=uuid4().hex)
        before, after = {"name": "旧", "members": 4}, {"name": "新", "members": 5}
        subject = f"group:{group.pk}"
        audit.record(None, "bench.write", subject, now=timezone.now(), reason="年度调整", before=before, after=after)


def _rate_at_once(write: Callable[[], None]) -> float:
    connection.close()  # each child opens its own
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_write_many, args=(write,)) for _ in range(PROCESSES)]
    start = time.perf_counter()
    for child in children:
        child.start()
    for child in children:
        child.join()
    if any(child.exitcode for child in children):
        raise SystemExit("a writer failed")
    return PROCESSES * WRITES_EACH / (time.perf_counter() - start)


def _write_many(write: Callable[[], None]) -> None:
    for _ in range(WRITES_EACH):
        write()


def _grow_to(size: int) -> None:
    """Add generated entries of some past days, linked by the sweeper, and seal the days."""
    source, now = random.Random(SEED), timezone.now()  # noqa: S311 - synthetic figures
    for start in range(Entry.objects.count(), size, CHUNK):
        Entry.objects.bulk_create(
            [Entry(**_entry(source, now - timedelta(days=DAYS))) for _ in range(min(CHUNK, size - start))]
        )
        audit.sweep_links()
    audit.seal_days(now=now + timedelta(days=1))


def _entry(source: random.Random, since: Any) -> dict[str, Any]:
    score = source.randrange(1_000)
    entry = EntryRecord(
        id=0,
        at=since + timedelta(seconds=source.randrange(DAYS * 86_400)),
        actor=None,
        actor_name="",
        action=source.choice(_ACTIONS),
        subject=f"form:{source.randrange(100_000)}",
        reason="对照原文",
        details={"cell": f"/indicators/{source.randrange(40)}/score"},
        before={"score": str(score)},
        after={"score": str(score + 1)},
        address=f"192.0.2.{source.randrange(256)}",
        session=f"{source.getrandbits(64):016x}",
        request=f"{source.getrandbits(128):032x}",
    )
    columns = {**asdict(entry), "digest": digest_entry(entry)}
    del columns["id"], columns["actor"]
    return columns
