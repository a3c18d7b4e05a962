"""A `kill -9` in the middle of a workbook: its import goes on afterwards, no entry lost, none told twice."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import NOW
from django.conf import settings
from django.db import connection
from openpyxl import Workbook
from resources.catalogue.town import Town

from chengshu.resources.facade import intakes
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.intakes import ENTRY_COLUMNS, FIELD_COLUMNS
from chengshu.resources.models import Field

CUT = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from django.db import connection
from django.utils import timezone
from chengshu.resources.facade.intakes import take_intake
told = []
def die(execute, sql, params, many, context):
    if "INSERT" in sql and "resources_field" in sql:
        told.append(sql)
        if len(told) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(die):
    take_intake(int(sys.argv[1]), data=Path(sys.argv[2]).read_bytes(), clock=timezone.now, report=lambda *_told: None)
"""
ENTRIES = 250
"""More than two pieces."""


def _book() -> bytes:
    book = Workbook(write_only=True)
    entries, fields = book.create_sheet("资源"), book.create_sheet("信息项")
    entries.append([column.header for column in ENTRY_COLUMNS])
    fields.append([column.header for column in FIELD_COLUMNS])
    for number in range(ENTRIES):
        # Every tenth belongs to a department that there is not.
        entries.append([f"A-{number}", f"资源{number}", "XX" if number % 10 == 9 else "S-MZ"])
        fields.append([f"A-{number}", "xm", "姓名"])
        fields.append([f"A-{number}", "rq", "日期"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cut(intake: intakes.Intake, book: Path, nth: int, folder: Path) -> None:
    """Take a workbook in a process that dies before the fields of the n-th entry are written."""
    place = connection.settings_dict
    login = f"{quote(place['USER'], safe='')}:{quote(place['PASSWORD'], safe='')}"
    on_postgresql = f"postgresql://{login}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{place['NAME']}" if connection.vendor == "sqlite" else on_postgresql,
        "CHENGSHU_VAR_DIR": str(folder),
        "CHENGSHU_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    command = [sys.executable, "-c", CUT, str(intake.pk), str(book), str(nth)]
    ended = subprocess.run(command, check=False, env=environment, timeout=120, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("nth", "kept"), [(1, 0), (150, 90), (225, 180)])
def test_import_goes_on_where_its_last_whole_piece_ended(town: Town, tmp_path: Path, nth: int, kept: int) -> None:
    book = tmp_path / "目录.xlsx"
    book.write_bytes(_book())
    intake = intakes.Intake.objects.create(name="目录.xlsx", author=town.operator, taken_at=NOW, state="waiting")
    _cut(intake, book, nth, tmp_path)
    intake.refresh_from_db()
    assert (intake.state, DataResource.objects.count(), intake.created) == ("waiting", kept, kept)
    taken = intakes.take_intake(intake.pk, data=book.read_bytes(), clock=lambda: NOW, report=lambda _done, _total: None)
    assert (taken.state, taken.created, taken.unchanged, taken.rejected) == ("taken", 225, 0, 25)
    assert intakes.list_rejections(taken).count() == 25
    assert (DataResource.objects.count(), Field.objects.count()) == (225, 450)
