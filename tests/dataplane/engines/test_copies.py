"""Copies of a store's files: each is fetched once, within a bound, and none is there half."""

from pathlib import Path

import obstore
import pytest

from chengshu.dataplane.engines.copies import StoreCopies
from chengshu.dataplane.engines.stores import store_of
from chengshu.dataplane.errors import EngineFault
from chengshu.dataplane.lake.places import Lake

SIZE = 1000


@pytest.fixture
def addresses(s3_lake: Lake) -> list[str]:
    names = [f"raw/人口 信息/part-{number}.parquet" for number in range(4)]
    for number, name in enumerate(names):
        obstore.put(s3_lake.store(), name, bytes([number]) * SIZE)
    return [f"{s3_lake.root}/{name}" for name in names]


@pytest.fixture
def copies(s3_lake: Lake, tmp_path: Path) -> StoreCopies:
    return StoreCopies(store_of(s3_lake.options), tmp_path / "copies", most_bytes=3 * SIZE)


def test_files_come_in_the_order_asked_for_and_paths_stay_as_they_are(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    found = copies.hold("t", [addresses[2], tmp_path / "own.parquet", addresses[0]])
    assert [found[0].read_bytes(), found[2].read_bytes()] == [bytes([2]) * SIZE, bytes([0]) * SIZE]
    assert found[1] == tmp_path / "own.parquet"


def test_a_file_is_fetched_once(copies: StoreCopies, addresses: list[str], s3_lake: Lake) -> None:
    first = copies.hold("t", addresses[:2])
    obstore.delete(s3_lake.store(), addresses[0].removeprefix(f"{s3_lake.root}/"))
    copies.release("t")
    assert copies.hold("u", addresses[:1]) == first[:1]


def test_copies_that_no_relation_has_go_when_there_is_no_room(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    oldest, held = copies.hold("a", addresses[:1])[0], copies.hold("b", addresses[1:2])[0]
    copies.release("a")
    copies.hold("c", addresses[2:])
    assert not oldest.exists()
    assert held.exists()
    assert sum(path.stat().st_size for path in (tmp_path / "copies").iterdir()) == 3 * SIZE


def test_more_than_there_is_room_for_is_refused_with_the_cure_before_anything_is_fetched(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    with pytest.raises(EngineFault, match=r"copied_bytes.*reads_s3"):
        copies.hold("t", addresses)
    assert not (tmp_path / "copies").exists()


def test_an_offer_that_was_refused_leaves_the_relation_what_it_had(copies: StoreCopies, addresses: list[str]) -> None:
    had = copies.hold("t", addresses[:2])
    with pytest.raises(EngineFault):
        copies.hold("t", addresses[2:])
    assert all(path.exists() for path in had)


def test_a_file_that_the_store_does_not_have_is_named_and_leaves_nothing(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    missing = addresses[0].replace("part-0", "part-9")
    with pytest.raises(EngineFault, match="part-9"):
        copies.hold("t", [missing])
    assert not (tmp_path / "copies").exists()
