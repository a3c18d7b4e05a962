"""The page of an entry shows where its rows come from, some of them masked, and who builds on it."""

from pathlib import Path

from conftest import NOW
from django.test import Client
from pytest_django import Settings
from resources.catalogue.town import Town, a_content, published
from resources.collection.sources import a_file, a_source, send

from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import FieldContent


def test_tells_source_masked_rows_and_derived_entries(town: Town, settings: Settings, tmp_path: Path) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"
    fields = (FieldContent("bh", "编号", is_key=True), FieldContent("xm", "姓名", grade=3))
    resource = published(town, fields=fields)
    source = a_source(town)
    source.resource = resource
    source.save()
    send(source, town, a_file("17,欧阳丽华,1.50"))
    made = FieldContent("x", "某项", derived_from="307/MZ001 bh")
    derived = a_content(code="307/SC001", name="市场主体婚姻", department="S-SC", fields=(made,))
    catalogue.register_resource(derived, actor=town.other, now=NOW)

    def page(user: object) -> str:
        client = Client()
        client.force_login(user)  # type: ignore[arg-type]  # one of the town
        return client.get(f"/resources/{resource.pk}/").content.decode()

    seen = page(town.operator)
    assert f"/resources/sources/{source.pk}/" in seen
    assert "<td>17</td><td>欧***</td><td>●●●</td>" in seen
    assert "欧阳丽华" not in seen
    assert "1 项数据资源由它加工而来" in seen
    assert "市场主体婚姻" not in seen
    assert "市场主体婚姻" in page(town.other)
