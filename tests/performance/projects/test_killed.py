"""A process that dies in the middle of an import: whatever was kept is whole, and the next one finishes the rest."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from performance.projects.town import as_csv, payment

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade.money import Receipt, TableKind
from chengshu.performance.facade.projects import ProjectYear
from chengshu.performance.models import Payment
from chengshu.performance.operations import table_imports
from chengshu.performance.operations.table_imports import PIECE_ROWS, run_table_import

_ROWS = 3 * PIECE_ROWS + 10
_DIE = """
import os, signal, sys, django
django.setup()
from datetime import UTC, datetime
from django.conf import settings
from pathlib import Path
settings.FILES_ROOT = Path(sys.argv[2])
from chengshu.performance.models import Payment, RejectedRow
from chengshu.performance.operations import table_imports
pieces = 0
def keep(*arguments, **fields):
    # in the second piece, after its payments were written and before its receipt is
    global pieces
    pieces += 1
    if pieces == 2:
        assert Payment.objects.count() == 2 * table_imports.PIECE_ROWS
        os.kill(os.getpid(), signal.SIGKILL)
    return rejections(*arguments, **fields)
rejections = table_imports._rejections
table_imports._rejections = keep
now = datetime(2024, 6, 15, 2, 0, tzinfo=UTC)
table_imports.run_table_import(int(sys.argv[1]), clock=lambda: now, report=lambda done, total: None)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_keeps_whole_pieces_and_is_finished_by_the_next(
    clerk: User, year: ProjectYear, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [payment(f"V-{number}", "1.00") for number in range(_ROWS)]
    data = as_csv(rows)
    monkeypatch.setattr(table_imports, "AT_ONCE_BYTES", len(data))  # nobody begins before the process that will die
    receipt = table_imports._open_receipt(  # noqa: SLF001 - the test stands between its two halves
        TableKind.PAYMENTS, data, name="大.csv", actor=clerk, now=now
    )
    process = _start(receipt, tmp_path)
    _out, fault = process.communicate(timeout=240)
    assert process.returncode == -signal.SIGKILL, fault
    _hold_up(receipt, year, rows=PIECE_ROWS)
    run_table_import(receipt.pk, clock=lambda: now, report=lambda _done, _total: None)
    _hold_up(receipt, year, rows=_ROWS)
    assert receipt.finished_at is not None


def _start(receipt: Receipt, folder: Path) -> "subprocess.Popen[str]":
    """Start the program on the database and the files of the test."""
    place = connection.settings_dict
    url = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**place)
    environment = {
        "PATH": os.defpath,
        "DATABASE_URL": f"sqlite:///{place['NAME']}" if connection.vendor == "sqlite" else url,
        "CHENGSHU_VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    command = [sys.executable, "-c", _DIE, str(receipt.pk), str(settings.FILES_ROOT)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def _hold_up(receipt: Receipt, year: ProjectYear, *, rows: int) -> None:
    receipt.refresh_from_db()
    year.refresh_from_db()
    assert (receipt.sent, receipt.taken, receipt.repeated, receipt.rejected) == (rows, rows, 0, 0)
    assert Payment.objects.filter(receipt=receipt).count() == rows
    assert year.executed_yuan == Decimal(rows)
