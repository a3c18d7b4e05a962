"""What a table's columns look like is kept version by version, masked, and bounded in number."""

from pathlib import Path

import pyarrow as pa
import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.quality.lake import deliver, row

from chengshu.dataplane.lake import writing
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckFailed, TableProfile
from chengshu.resources.models import DataResource, Field
from chengshu.resources.operations.quality_profiles import MOST_PROFILES
from chengshu.resources.pipelines.profiling import Wanted, profile_table
from chengshu.resources.rules.distributions import name_bins, nice_edges, shares_of


def test_a_profile_says_of_every_column_what_the_rows_say(resource: DataResource) -> None:
    people = [
        row(str(number), xm="王五" if number % 3 else "欧阳夏丹", djrq=f"2024-01-{1 + number % 28:02}")
        for number in range(60)
    ]
    deliver(resource, [*people, row("60", xm=None, sfzh=None)])
    Field.objects.filter(resource=resource, code="djbh").update(grade=4)
    profile = quality.profile_resource(resource.pk, now=NOW)
    assert (profile.version, profile.rows) == (0, 61)
    columns = {column["name"]: column for column in profile.columns}
    name = columns["xm"]
    assert (name["nulls"], name["distinct"], name["shortest"], name["longest"]) == (1, 2, 2, 4)
    assert name["top"] == [["王五", 40], ["欧阳夏丹", 20]]
    number = columns["sfzh"]
    assert [number["max"], number["top"]] == ["110***********002X", [["110***********002X", 60]]]  # grade 3
    assert (columns["djbh"]["distinct"], columns["djbh"]["top"], columns["djbh"]["min"]) == (61, [], None)  # grade 4
    day = columns["djrq"]
    assert (day["kind"], day["min"], day["max"]) == ("date", "2024-01-01", "2024-01-31")
    assert sum(day["bins"]) == 61
    assert len(day["bins"]) == len(day["edges"]) + 1
    assert quality.profile_resource(resource.pk, now=NOW) == profile  # once a version
    deliver(resource, [row("1", djrq="2030-01-01")])
    again = quality.profile_resource(resource.pk, now=NOW)
    later = next(column for column in again.columns if column["name"] == "djrq")
    assert later["edges"] == day["edges"]  # so that versions can be compared
    assert later["bins"] == [0] * len(day["edges"]) + [1]


def test_numbers_are_counted_in_round_bins(tmp_path: Path) -> None:
    table = pa.table({"n": list(range(-50, 50)), "empty": pa.array([None] * 100, pa.string())})
    writing.replace(Lake(str(tmp_path)), TableName(Zone.RAW, "t"), table, entry=writing.Entry("1", "t"))
    n, empty = profile_table(Wanted(Lake(str(tmp_path)), "raw/t")).columns
    assert n["edges"] == [-50.0, -40.0, -30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    assert n["bins"] == [0, *[10] * 10, 0]
    assert n["top"] == []  # nothing repeats
    assert (empty["nulls"], empty["distinct"], empty["min"], empty["top"]) == (100, 0, None, [])


def test_edges_are_round_and_hold_every_value() -> None:
    for low, high, is_whole in ((0, 1, False), (-3, 3, True), (18_000, 19_999, True), (0.001, 0.0017, False)):
        edges = nice_edges(low, high, is_whole=is_whole)
        assert edges == sorted(set(edges))
        assert edges[0] <= low <= high < edges[-1]
        assert 3 <= len(edges) <= 13
    assert nice_edges(1, 1, is_whole=True) == []
    assert name_bins([0, 1.5], is_day=False) == ["< 0", "0 – 1.5", "≥ 1.5"]
    assert name_bins([19_000, 19_001], is_day=True)[1] == "2022-01-08 – 2022-01-09"
    assert shares_of([0, 0]) == [0, 0]


def test_the_newest_profiles_are_kept_and_a_missing_table_is_told(resource: DataResource) -> None:
    with pytest.raises(CheckFailed):
        quality.profile_resource(resource.pk, now=NOW)
    deliver(resource, [row("1")])
    TableProfile.objects.bulk_create(
        TableProfile(
            resource=resource, table="old", version=version, rows=1, columns=[], made_at=NOW.replace(year=2020)
        )
        for version in range(MOST_PROFILES + 3)
    )
    quality.profile_resource(resource.pk, now=NOW)
    assert TableProfile.objects.count() == MOST_PROFILES
    assert TableProfile.objects.filter(table__startswith="standard/").count() == 1


def test_a_check_by_job_leaves_a_profile(town: Town, resource: DataResource) -> None:
    deliver(resource, [row("1")])
    quality.order_check(resource.pk, actor=town.steward, now=NOW)
    assert TableProfile.objects.get().run is not None
