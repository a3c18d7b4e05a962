"""The overview of the data service: what waits, every figure with the measurement behind it, and what cannot be counted yet."""

import re
from datetime import date

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import found_town

from chengshu.kernel.indicators.facade import Measurement, Window, measure
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import NewTicket

PAGE = "/resources/service/?month=2024-03&place=S"
MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.django_db
def test_shows_what_waits_and_each_figure_with_its_evidence(client: Client) -> None:
    town = found_town()
    client.force_login(town.operator)
    assert client.get(PAGE).status_code == 403
    client.force_login(town.steward)
    empty = client.get(PAGE).content.decode()
    assert "没有计量" in empty
    assert empty.count('<span class="tag">待具备条件</span>') == 2
    assert "数据开放建成后由系统计量" in empty

    tickets.open_ticket(NewTicket("data_work", "接入新数据源", town.civil.pk), actor=None, now=NOW)
    assert client.post("/resources/service/measure/", {"month": "2024-03", "place": "S"}).status_code == 302
    kept = Measurement.objects.filter(key="resources.service_fault_rate", first_day=MARCH.first, last_day=MARCH.last)
    assert kept.get().scope_code == "S"
    page = client.get(PAGE).content.decode()
    found = re.search(rf'href="/indicators/measurements/{kept.get().pk}/">([^<]+)<', page)
    assert found is not None
    assert found[1] == "0.00"
    assert not re.search(r"/indicators/measurements/\d+/[^<]+<[^<]+<[^<]+ 年度数据开放数", page)
    assert client.get(f"/indicators/measurements/{kept.get().pk}/").status_code == 200
    newer = measure("resources.service_fault_rate", MARCH, "organisation:S", actor=None, now=NOW)
    assert f"/indicators/measurements/{newer.pk}/" in client.get(PAGE).content.decode()
    assert f"/indicators/measurements/{newer.pk}/" not in client.get(PAGE.replace("03", "04")).content.decode()
    assert client.get("/resources/service/?month=no&place=nowhere").status_code == 200


@pytest.mark.django_db
def test_opens_over_the_place_that_was_measured_last_unless_asked_otherwise(client: Client) -> None:
    town = found_town()
    client.force_login(town.steward)
    kept = measure("resources.service_fault_rate", MARCH, f"organisation:{town.civil.code}", actor=None, now=NOW)
    evidence = f"/indicators/measurements/{kept.pk}/"
    assert evidence in client.get("/resources/service/?month=2024-03").content.decode()
    assert evidence not in client.get(PAGE).content.decode()
