"""Nothing that is typed breaks a page of the catalogue."""

import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from resources.catalogue.town import Town, a_content

from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.ui.forms.entries import EntryForm

NASTY = (
    "\x00",
    "\ufffe",
    "💣" * 300,
    "\u202egnirts",
    "9" * 400,
    "-1",
    "1e400",
    "NaN",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%s%n{0}",
    "\t" * 20,
    "a\tb\tc\td",
)
ANSWERED = {200, 302, 400, 403, 404, 422}


@pytest.fixture
def client(town: Town) -> Client:
    client = Client()
    client.force_login(town.operator)
    return client


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_every_field_of_an_entry_takes_or_refuses_it(client: Client, town: Town, nasty: str) -> None:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    form = EntryForm(None, viewer=town.operator, today=NOW.date(), content=a_content())
    typed = {name: str(value) for name, value in form.initial.items()}
    for name in (*typed, "seen", "why"):
        resource.refresh_from_db()
        body = typed | {"seen": str(resource.revision)} | {name: nasty}
        assert client.post(f"/resources/{resource.pk}/edit/", body).status_code in ANSWERED, name
    assert DataResource.objects.count() == 1


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_every_other_form_and_address_takes_or_refuses_it(client: Client, town: Town, nasty: str) -> None:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    steward = Client()
    steward.force_login(town.steward)
    for address in ("", "suggest/", "all/", f"{resource.pk}/fields/", "lacking/", "elements/", "workbooks/export.xlsx"):
        for name in ("q", "page", "sort", "grade", "department", "size"):
            answer = client.get(f"/resources/{address}", {name: nasty})
            assert answer.status_code in ANSWERED, (address, name)
            b"".join(answer) if answer.streaming else None
    for who, address, names in (
        (client, f"{resource.pk}/step/", ("step", "seen", "reason")),
        (client, f"{resource.pk}/dispute/", ("problem", "field")),
        (client, "scan/", ("department", "system", "code_head", "address")),
        (steward, "elements/new/", ("code", "name", "type", "length", "domain", "check_name", "grade", "definition")),
        (steward, "domains/new/", ("code", "name", "codes", "description")),
    ):
        for name in names:
            body = dict.fromkeys(names, "1") | {name: nasty}
            assert who.post(f"/resources/{address}", body).status_code in ANSWERED, (address, name)


@pytest.mark.parametrize("data", [b"\x00", b"PK\x03\x04" + b"\x00" * 100, b"%PDF-1.4", "资源".encode("gb18030")])
def test_every_file_is_taken_or_refused(client: Client, data: bytes) -> None:
    for address, name in (("workbooks/new/", "table"), ("scan/", "file")):
        body = {name: SimpleUploadedFile("表.xlsx", data), "department": "S-MZ", "system": "系统", "code_head": "X-"}
        assert client.post(f"/resources/{address}", body).status_code == 422
