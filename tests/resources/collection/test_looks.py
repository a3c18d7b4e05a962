"""Who looks at rows that are about people stands in the audit; who is refused saw nothing."""

import pytest
from conftest import NOW
from django.test import Client
from django.urls import reverse
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, send

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_all_entries

pytestmark = pytest.mark.django_db


def _looks(who: User) -> list[tuple[str, list[str]]]:
    return [
        (entry.subject, entry.details["fields"])
        for entry in list_all_entries()
        if entry.actor_id == who.pk and entry.action == "audit.view_personal_data"
    ]


@pytest.mark.parametrize("page", ["resources:delivery", "resources:delivery-refused"])
def test_a_look_at_refused_rows_is_kept(town: Town, page: str) -> None:
    delivery = send(a_source(town), town, a_file("1,张三,1", "x,李四,2"))
    reader, stranger = Client(), Client()
    reader.force_login(town.operator)
    stranger.force_login(town.other)
    address = reverse(page, args=[delivery.pk])
    assert (reader.get(address).status_code, stranger.get(address).status_code) == (200, 404)
    assert _looks(town.operator) == [(f"delivery:{delivery.pk}", ["refused_rows"])]
    assert _looks(town.other) == []


def test_a_receipt_without_refused_rows_is_no_look(town: Town) -> None:
    delivery = send(a_source(town), town, a_file("1,张三,1"))
    reader = Client()
    reader.force_login(town.operator)
    assert reader.get(reverse("resources:delivery", args=[delivery.pk])).status_code == 200
    assert _looks(town.operator) == []
    assert delivery.received_at == NOW
