"""Passwords of sources are kept sealed, are never shown again, and go nowhere but to where they were given for."""

import importlib
import json
import traceback
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.collection.sources import a_source, allow_machine, take

from chengshu.dataplane.errors import SourceUnreachable
from chengshu.kernel.audit.facade import list_all_entries
from chengshu.resources.errors import SecretUnreadable
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import DataSource, Delivery, SourceInvalid, SourceKind
from chengshu.resources.queries.secrets import full_address
from chengshu.resources.rules.secrets import keep_known, mask_url, take_secrets, unseal

WORD = "Zq7-geheim"
URLS = {
    f"postgresql://reader:{WORD}@10.0.0.8:5432/civil?sslmode=require": "postgresql://reader:******@10.0.0.8:5432/civil?sslmode=require",
    f"postgresql://10.0.0.8/civil?user=reader&password={WORD}": "postgresql://10.0.0.8/civil?user=******&password=******",
    f"https://{WORD}@api.example/rows?page=1&token={WORD}": "https://******@api.example/rows?page=1&token=******",
    f"mysql://u:{WORD}%2F@db/x": "mysql://u:******@db/x",
    f"postgresql://u:{WORD}/{WORD}@db/x": "postgresql://******",
    f"postgresql://u:{WORD}@db:port/x": "postgresql://******",
    "sqlite:////srv/civil.db": "sqlite:////srv/civil.db",
}


@pytest.mark.parametrize(("url", "shown"), URLS.items())
def test_an_address_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert mask_url(url) == shown
    assert mask_url(shown) == shown
    assert take_secrets({"url": url, "table": "t"}) == ({"url": url} if url != shown else {})
    assert take_secrets({"url": shown}) == {}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40))
def test_no_text_makes_masking_fail_or_leak_a_password(text: str) -> None:
    mask_url(text)
    assert WORD not in mask_url(f"postgresql://u:{WORD}@h/{text}")
    assert WORD not in mask_url(f"https://h/rows?key={WORD}#{text}")


def test_a_known_password_goes_on_only_to_the_same_place() -> None:
    known = {"url": f"https://api.example/a?key={WORD}", "header": "X-Key", "secret": WORD}
    shown = {"url": "https://api.example/a?key=******", "header": "X-Key", "rows_at": "data"}
    assert keep_known(shown, known) == ({**known, "rows_at": "data"}, "")
    assert keep_known({**shown, "url": "https://evil.example/a?key=******"}, known)[1] == "url"
    assert keep_known({**shown, "url": "https://evil.example/a"}, known)[1] == "secret"
    assert keep_known({**shown, "header": "X-Other"}, known)[1] == "secret"


def _source(town: Town) -> DataSource:
    address = {"url": f"postgresql://reader:{WORD}@127.0.0.1:1/civil", "table": "登记"}
    return a_source(town, kind=SourceKind.DATABASE, address=address)


def _everything() -> str:
    return json.dumps(list(DataSource.objects.values()), default=str) + json.dumps(
        [[entry.before, entry.after, entry.details, entry.reason] for entry in list_all_entries()], default=str
    )


def test_a_password_is_nowhere_but_sealed(
    town: Town, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = _source(town)
    assert full_address(source)["url"] == f"postgresql://reader:{WORD}@127.0.0.1:1/civil"
    allow_machine(town)
    collection.ask_pull(source, actor=town.operator, now=NOW)
    with pytest.raises(SourceUnreachable) as caught:
        take(Delivery.objects.get())
    dumped = tmp_path / "dump.json"
    call_command("dumpdata", "resources", "audit", output=str(dumped))
    client = Client()
    client.force_login(town.operator)
    page = client.get(reverse("resources:source", args=[source.pk])).content.decode()
    assert "reader:******@127.0.0.1" in page
    told = [
        str(caught.value),
        "".join(traceback.format_exception(caught.value)),
        str(caught.value.details),
        caplog.text,
    ]
    for text in (*told, *capfd.readouterr(), dumped.read_text(), _everything(), page, Delivery.objects.get().reason):
        assert WORD not in text


def test_a_new_signing_key_opens_what_the_one_before_sealed_until_it_is_sealed_anew(
    town: Town, settings: Settings
) -> None:
    source = _source(town)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-signing-key"
    with pytest.raises(SecretUnreadable, match="重新填写"):
        full_address(source)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert collection.reseal_secrets(now=NOW) == 1
    settings.SECRET_KEY_FALLBACKS = []
    source.refresh_from_db()
    assert WORD in full_address(source)["url"]


def test_what_lay_open_is_sealed_by_the_migration_and_can_be_put_back(town: Town, settings: Settings) -> None:
    source = _source(town)
    address: dict[str, Any] = {"url": f"https://h/rows?key={WORD}", "header": "X-Key", "secret": WORD}
    DataSource.objects.filter(pk=source.pk).update(address=address, secret_box="")
    migration = importlib.import_module("chengshu.resources.migrations.0012_seal_addresses")
    for _twice in range(2):
        migration.seal_addresses(apps, None)
    source.refresh_from_db()
    assert source.address == {"url": "https://h/rows?key=******", "header": "X-Key"}
    assert unseal(source.secret_box, house_keys=[settings.SECRET_KEY]) == {"url": address["url"], "secret": WORD}
    assert WORD not in _everything()
    migration.open_addresses(apps, None)
    source.refresh_from_db()
    assert (source.address, source.secret_box) == (address, "")


def test_an_address_that_cannot_be_taken_apart_is_not_taken(town: Town) -> None:
    for url in ("postgresql://u:a/b@db/x", "postgresql://u:p@db:port/x", "postgresql://u p@db/x", "mysql://"):
        with pytest.raises(SourceInvalid):
            a_source(town, kind=SourceKind.DATABASE, address={"url": url, "table": "t"})
