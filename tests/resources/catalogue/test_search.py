"""A search finds words of two signs, synonyms and codes, in what the person may see, the nearest first."""

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from resources.catalogue.fakes import add_resource
from resources.catalogue.town import Town, a_content, published

from chengshu.kernel.accounts.facade import User
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import DataResource, FieldContent
from chengshu.resources.models import IndexedResource, Posting
from chengshu.resources.operations.indexing import index_resources, list_unindexed, rebuild_index
from chengshu.resources.rules.postings import SEGMENT, intersect, pack_all, place_of, put, take_out
from chengshu.resources.rules.tokens import read_query

TODAY = NOW.date()


def _find(viewer: User, text: str) -> list[str]:
    rows = catalogue.list_resources(viewer, on=TODAY)
    found = catalogue.find_resources(text, rows)
    names = dict(DataResource.objects.values_list("pk", "name"))
    return [names[entry] for entry in found.ids]


@pytest.mark.parametrize(
    "text",
    [
        "婚姻",
        "婚姻登记信息",
        "姻",
        "登记 姓名",
        "公民身份号码",
        "身份证号",
        "sfzh",
        "SFZH",
        "307/MZ001",
        "mz0",
        "民政局",
        "婚 登记",
    ],
)
def test_finds_an_entry_by_each_of_its_words(town: Town, text: str) -> None:
    published(town)
    assert _find(town.reader, text) == ["婚姻登记信息"]


@pytest.mark.parametrize("text", ["企业", "婚姻企业", "   ", "。，！", "zzz", "姻婚"])
def test_finds_nothing_where_a_word_does_not_stand(town: Town, text: str) -> None:
    published(town)
    assert _find(town.reader, text) == []


def test_puts_the_code_first_then_the_name_then_fields(town: Town) -> None:
    for more in (
        {"code": "A-1", "name": "低保家庭信息"},
        {"code": "A-2", "name": "低保"},
        {"code": "A-3", "name": "困难群众救助", "fields": (FieldContent("db", "低保证号"),)},
        {"code": "低保", "name": "养老机构名录"},
    ):
        catalogue.register_resource(a_content(**more), actor=town.operator, now=NOW)
    assert _find(town.operator, "低保") == ["养老机构名录", "低保", "低保家庭信息", "困难群众救助"]


def test_finds_drafts_for_their_department_alone(town: Town) -> None:
    catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    assert _find(town.operator, "婚姻") == ["婚姻登记信息"]
    assert _find(town.other, "婚姻") == []


def test_follows_a_change_in_its_own_transaction(town: Town) -> None:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    content = a_content(name="收养登记信息", fields=(FieldContent("syr", "收养人"),))
    catalogue.change_resource(resource.pk, content, seen=1, actor=town.operator, now=NOW)
    assert _find(town.operator, "收养人") == ["收养登记信息"]
    assert _find(town.operator, "sfzh") == []


def test_tells_in_which_fields_the_words_stand(town: Town) -> None:
    resource = published(town)
    found = catalogue.find_resources("身份证号", catalogue.list_resources(town.reader, on=TODAY))
    places = catalogue.find_fields(found, [resource.pk])
    assert [place.code for place in places[resource.pk]] == ["sfzh"]


def test_suggests_entries_and_no_more_than_asked(town: Town) -> None:
    for number in range(4):
        published(town, code=f"B-{number}", name=f"低保对象信息{number}")
    entries, _elements = catalogue.suggest("低保", catalogue.list_resources(town.reader, on=TODAY), most=3)
    assert len(entries) == 3


def test_building_anew_gives_the_index_that_writing_gave(town: Town) -> None:
    for number in range(3):
        published(town, code=f"C-{number}", name=f"低保对象信息{number}")
    rows = Posting.objects.exclude(offsets=b"").order_by("token", "segment")
    before = [(p.token, p.segment, bytes(p.offsets), bytes(p.weights)) for p in rows.all()]
    entries, _words = rebuild_index(actor=town.steward, now=NOW)
    assert entries == 3
    assert [(p.token, p.segment, bytes(p.offsets), bytes(p.weights)) for p in rows.all()] == before


def test_many_at_once_give_the_index_that_building_anew_gives(town: Town) -> None:
    entries = [add_resource(town.civil, code=f"D-{number}", name=f"低保对象信息{number}") for number in range(120)]
    index_resources(entries, now=NOW)
    for number, entry in enumerate(entries[::2]):
        entry.name = f"殡葬服务名录{number}"
        entry.save()
    index_resources([*entries[:90], *entries[:3]], now=NOW)
    index_resources(entries[90:], now=NOW)
    rows = Posting.objects.exclude(offsets=b"").order_by("token", "segment")
    written = [(p.token, p.segment, bytes(p.offsets), bytes(p.weights)) for p in rows.all()]
    rebuild_index(actor=town.steward, now=NOW)
    assert [(p.token, p.segment, bytes(p.offsets), bytes(p.weights)) for p in rows.all()] == written


def test_the_worker_indexes_what_is_not_indexed(town: Town) -> None:
    add_resource(town.civil, name="殡葬服务机构名录")
    assert list_unindexed() == 1
    catalogue.keep_index(NOW)
    assert list_unindexed() == 0
    assert _find(town.operator, "殡葬") == ["殡葬服务机构名录"]
    IndexedResource.objects.update(rules="old")
    catalogue.keep_index(NOW)
    assert list_unindexed() == 0


@given(st.dictionaries(st.integers(1, 3 * SEGMENT), st.integers(1, 200), max_size=40))
def test_postings_put_one_by_one_are_those_packed_at_once(held: dict[int, int]) -> None:
    from array import array  # noqa: PLC0415 - of this test alone

    one_by_one: dict[int, tuple[bytes, bytes]] = {}
    for entry, weight in held.items():
        segment, offset = place_of(entry)
        one_by_one[segment] = put(one_by_one.get(segment, (b"", b"")), offset, weight)
    packed = pack_all(array("q", [7] * len(held)), array("q", held), array("B", held.values()))
    assert {segment: part for _token, segment, part in packed} == one_by_one
    ids, scores = intersect([(segment, *part) for segment, part in one_by_one.items()], 1)
    assert dict(zip(ids.tolist(), scores.tolist(), strict=True)) == held
    for entry in held:
        segment, offset = place_of(entry)
        one_by_one[segment] = take_out(one_by_one[segment], offset)
    assert set(one_by_one.values()) <= {(b"", b"")}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read(text: str) -> None:
    wordings = read_query(text)
    assert all(wording.tokens for wording in wordings)
    assert len(wordings) <= 4
