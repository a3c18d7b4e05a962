"""What is handed in at each door of the house: programs, pages with scripts, bombs, names that mean to climb.

It is refused, or kept and given back as a bare download that no browser shows; nothing breaks, nothing is unpacked without end.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from web.world import CITY_ADMIN, Side, World, build_world

from chengshu.kernel.tickets.facade import Attachment
from chengshu.performance.facade import FormRecord

pytestmark = pytest.mark.django_db
_PROGRAM = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00" + b"\x00" * 200
_ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 200
_SCRIPTED = b"<!doctype html><script>alert(1)</script>"
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
_ZEROS = 64 * 1024 * 1024


def _pack(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def _workbook_bomb() -> bytes:
    """Pack a workbook whose only sheet is 64 MB of blanks."""
    stream = io.BytesIO()
    head = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", head + b" " * _ZEROS)
    return stream.getvalue()


def _nested_bomb() -> bytes:
    packed = _pack("0.txt", b"\x00" * _ZEROS)
    for depth in range(8):
        packed = _pack(f"{depth}.zip", packed)
    return packed


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a program": ("setup.exe", lambda: _PROGRAM),
    "a program called a table": ("支付.xlsx", lambda: _PROGRAM),
    "a program called a paper": ("证明.pdf", lambda: _ELF),
    "a page with a script": ("x.html", lambda: _SCRIPTED),
    "a page called a picture": ("x.png", lambda: _SCRIPTED),
    "a drawing with a script": ("x.svg", lambda: _SVG),
    "a workbook that swells": ("支付.xlsx", _workbook_bomb),
    "an archive in an archive": ("表.zip", _nested_bomb),
    "an archive that climbs": ("表.zip", lambda: _pack("../../../evil.txt", b"x")),
    "nothing": ("空.xlsx", lambda: b""),
    "a name that climbs": ("../../../../evil.csv", lambda: b"a,b\n1,2\n"),
    "a name with a tag": ("<img src=x onerror=a()>\r\nX-Evil: 1.csv", lambda: b"a,b\n1,2\n"),
}


def _doors(side: Side) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Give each door: its address, the field of the file, and what else the form asks."""
    adjustment = {"source": "fiscal", "amount": "1", "adjusted_on": "2024-03-02", "reason": "追加"}
    result = [side.evaluation_id, side.promise_id]
    return {
        "forms": (reverse("performance:upload"), "files", {}),
        "tables": (reverse("performance:table-new"), "table", {"kind": "payments"}),
        "tickets": (reverse("tickets:remark", args=[side.ticket_id]), "file", {"note": "附件"}),
        "evidence": (
            reverse("performance:evaluation-document", args=result),
            "document",
            {"version": "1", "note": "页1"},
        ),
        "adjustments": (reverse("performance:budget-adjust", args=[side.year_id]), "document", adjustment),
        "calendars": (reverse("calendars:years"), "notices", {}),
        "organisations": (reverse("organisations:import"), "file", {"on": "2024-01-01", "reason": "导入"}),
    }


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_world()


@pytest.fixture
def client(world: World) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.people[CITY_ADMIN])
    return client


def test_no_door_breaks_or_lets_anything_climb(world: World, client: Client) -> None:
    faults = []
    for door, (address, field, more) in _doors(world.sides["own"]).items():
        for kind, (name, make) in FILES.items():
            upload = SimpleUploadedFile("x", make())
            upload._name = name  # type: ignore[attr-defined]  # noqa: SLF001 - as a client may send it, folders and all
            with transaction.atomic():
                answer = client.post(address, {**more, field: upload})
                transaction.set_rollback(True)
            if answer.status_code >= 500 or answer.has_header("X-Evil"):
                faults.append(f"{kind} at {door}: {answer.status_code}")
    assert faults == []
    outside = list(Path(settings.FILES_ROOT).parent.rglob("*evil*"))
    assert outside == []


@pytest.mark.parametrize("kind", ["a program", "a page with a script", "a drawing with a script"])
def test_what_is_kept_is_only_given_back_as_a_download(kind: str, world: World, client: Client) -> None:
    name, make = FILES[kind]
    side = world.sides["own"]
    address, field, more = _doors(side)["tickets"]
    answer = client.post(address, {**more, field: SimpleUploadedFile(name, make())})
    kept = Attachment.objects.filter(ticket=side.ticket_id).first()
    if kept is None:
        assert answer.status_code == 422
        return
    given = client.get(reverse("tickets:attachment", args=[side.ticket_id, kept.pk]))
    b"".join(given)
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"
    assert given["X-Content-Type-Options"] == "nosniff"


def test_a_program_becomes_no_form(world: World, client: Client) -> None:
    before = FormRecord.objects.count()
    address, field, _more = _doors(world.sides["own"])["forms"]
    client.post(address, {field: SimpleUploadedFile("setup.exe", _PROGRAM)})
    assert FormRecord.objects.count() == before
