"""Who writes into the audit through what he sends: it is kept as text, shown as text, and proves the same."""

import json
from datetime import datetime

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.audit.operations.guards import install_guards, remove_guards

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)",
    "'; DROP TABLE audit_entry; --",
    "\u202etxt.exe",
    "a\x00b\ud800c",
    "{{ 7|add:7 }}{% debug %}",
)


@pytest.mark.parametrize("text", EVIL)
def test_hostile_words_are_shown_as_words(client: Client, admin: User, now: datetime, text: str) -> None:
    entry = audit.record(
        admin, "tests.type", f"form:{text}", now=now, reason=text, before={text: text}, after={text: 1}
    )
    client.force_login(admin)
    for address in (reverse("audit:list"), reverse("audit:entry", args=[entry.pk])):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    taken = client.get(reverse("audit:list"), {"export": "csv"})
    content = b"".join(taken.streaming_content) if taken.streaming else taken.content  # type: ignore[attr-defined]
    assert b"\n=HYPERLINK" not in content
    assert b",=HYPERLINK" not in content


@pytest.mark.parametrize("text", EVIL)
@pytest.mark.django_db(transaction=True)
def test_hostile_words_keep_the_chain_whole(now: datetime, text: str) -> None:
    audit.record(None, "tests.type", f"form:{text}"[:128], now=now, reason=text, details={text: [text, {text: text}]})
    json.dumps(Entry.objects.get().details)
    assert audit.verify(audit.read_public_keys(settings.AUDIT_KEYS_DIR)).broken is None


def test_figures_of_any_size_keep_their_digest(db: None, now: datetime) -> None:
    figures = {
        "large": 10**60,
        "small": -(10**30),
        "fraction": 1e300,
        "nothing": -0.0,
        "odd": float("nan"),
        "yes": True,
    }
    audit.record(None, "tests.count", "form:1", now=now, details=figures)
    assert audit.verify({}).broken is None
    assert Entry.objects.get().details["large"] == 10**60


@pytest.mark.parametrize("address", ["/audit/0/", "/audit/99999999999999999999999/", "/audit/verifications/x/"])
def test_addresses_of_nothing_are_not_found(client: Client, admin: User, address: str) -> None:
    client.force_login(admin)
    assert client.get(address).status_code == 404


def test_another_persons_check_is_not_shown(client: Client, admin: User, officer: User) -> None:
    client.force_login(admin)
    page = client.post(reverse("audit:verify"))["Location"]
    client.force_login(officer)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET reason = ''", "DELETE FROM audit_entry", "INSERT"])
@pytest.mark.django_db(transaction=True)
def test_a_raw_hand_is_refused_by_the_database(now: datetime, statement: str) -> None:
    audit.record(None, "tests.see", "form:1", now=now)
    if statement == "INSERT":  # a second link with the same predecessor would fork the chain
        columns = "INSERT INTO audit_link (sequence, entry_id, previous, hash)"
        statement = f"{columns} SELECT sequence + 1, entry_id + 1, previous, hash FROM audit_link"
    install_guards(connection)
    try:
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        remove_guards(connection)
