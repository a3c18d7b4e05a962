"""What collection refuses and checks find is compared with the key of the invented city, row by row and field by field."""

from conftest import NOW
from resources.catalogue.town import Town
from resources.city.arranging import Found, address_of, deliver, keep_elements, list_found, register, score

from chengshu.resources.facade import addresses, quality
from chengshu.synthetic.city.delivering import CityPlan, draw_city
from chengshu.synthetic.city.dirt import QUARANTINE, Planted, Wrong
from chengshu.synthetic.city.shapes import TABLES


def test_every_planted_fault_is_found_in_its_row_and_field_and_nothing_right_is_called_wrong(
    town: Town, finance_url: str
) -> None:
    city = draw_city(CityPlan(seed=20240301, rows=120, each=2))
    keep_elements(town)
    addresses.allow_address("127.0.0.1", 0, "财政局的库", actor=town.steward, now=NOW)
    inbox = addresses.inbox_folder()
    inbox.mkdir(parents=True)
    planted: list[Planted] = []
    found: list[Found] = []
    for name, table in sorted(TABLES.items(), key=lambda pair: bool(pair[1].refers)):
        resource, source = register(table, town, address_of(table, inbox, finance_url))
        delivery = deliver(city[name], source, town, inbox, finance_url)
        refused = sum(one.found_by == QUARANTINE for one in city[name].planted)
        assert (delivery.sent, delivery.taken, delivery.refused) == (120, 120 - refused, refused), name
        run = quality.check_resource(resource.pk, actor=town.steward, now=NOW)
        assert (run.state, run.rows) == ("done", delivery.taken)
        planted += city[name].planted
        found += list_found(table, run, delivery)
    scores, wrongly = score(planted, found)
    assert wrongly == []
    assert {wrong: one for wrong, one in scores.items() if (one.recall, one.precision) != (1.0, 1.0)} == {}
    assert set(scores) == set(Wrong)
