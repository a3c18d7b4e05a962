"""Source databases are reached only where the centre allowed it; fields are edited one by one on their page."""

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, a_content, published

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.errors import ResourceInvalid, SourceUnreadable
from chengshu.resources.facade import addresses, catalogue
from chengshu.resources.facade.catalogue import FieldContent
from chengshu.resources.rules.field_edits import move_field, put_field, remove_field
from chengshu.resources.rules.hosts import find_endpoint, read_host


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        ("postgresql://u:p@DB1.mz.example/x", ("db1.mz.example", 5432)),
        ("mysql://u@10.2.3.4:3307/x", ("10.2.3.4", 3307)),
        ("postgresql://u:p%40x@[::1]:1/x?sslmode=require", ("::1", 1)),
        ("postgresql://u@a,b/x", None),
        ("postgresql://allowed#@evil/x", None),
        ("postgresql://allowed/x?host=evil", None),
        ("postgresql://allowed/x?hostADDR=10.0.0.1", None),
        ("postgresql:///x", None),
        ("postgresql://%2Ftmp/x", None),
        ("mysql://u%20host=evil@allowed/x", None),
        ("host=evil dbname=x", None),
        ("http://[", None),
    ],
)
def test_an_address_names_one_host_or_none(address: str, endpoint: tuple[str, int] | None) -> None:
    assert find_endpoint(address) == endpoint


def test_hosts_are_compared_in_one_form() -> None:
    assert [read_host(text) for text in ("DB.Example.", "[0:0::1]", "a b", "", "-x")] == [
        "db.example",
        "::1",
        "",
        "",
        "",
    ]


def test_the_centre_allows_and_takes_back(town: Town) -> None:
    with pytest.raises(PermissionRefused):
        addresses.allow_address("db1", 0, "民政局婚登库", actor=town.operator, now=NOW)
    for host, port, note in (("d b", 0, "x"), ("db1", 70000, "x"), ("db1", 0, " ")):
        with pytest.raises(ResourceInvalid):
            addresses.allow_address(host, port, note, actor=town.steward, now=NOW)
    kept = addresses.allow_address("DB1", 5432, "民政局婚登库", actor=town.steward, now=NOW)
    addresses.require_allowed("postgresql://u:p@db1/x")
    for address in ("postgresql://u:p@db1:5433/x", "mysql://u:p@db1/x", "postgresql://u:p@db2/x"):
        with pytest.raises(SourceUnreadable, match="还没有许可"):
            addresses.require_allowed(address)
    addresses.forbid_address(kept.pk, actor=town.steward, now=NOW)
    with pytest.raises(SourceUnreadable):
        addresses.require_allowed("postgresql://u:p@db1/x")


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_scan_asks_for_the_permission_before_it_connects(town: Town) -> None:
    told = {"department": "S-MZ", "system": "婚登", "code_head": "X-", "address": "postgresql://u:p@127.0.0.1:1/x"}
    operator, steward = _client(town.operator), _client(town.steward)
    refused = operator.post("/resources/scan/", told)
    assert refused.status_code == 422
    assert "还没有许可连接 127.0.0.1:1" in refused.content.decode()
    assert operator.get("/resources/addresses/").status_code == 403
    steward.post("/resources/addresses/", {"host": "127.0.0.1", "port": "", "note": "本机"})
    assert "连不上或读不了" in operator.post("/resources/scan/", told).content.decode()
    page = steward.get("/resources/addresses/").content.decode()
    assert "本机" in page
    steward.post("/resources/addresses/", {"forbid": str(addresses.list_addresses().get().pk)})
    assert not addresses.list_addresses().exists()


def test_steps_with_fields_keep_all_others_in_their_order() -> None:
    one, two, three = (FieldContent(code, code) for code in "abc")
    new = FieldContent("d", "d")
    assert put_field((one, two), new) == (one, two, new)
    assert put_field((one, two, three), new, instead_of="b") == (one, new, three)
    assert put_field((one, two, three), three, instead_of="c", place=1) == (three, one, two)
    assert put_field((one,), new, place=9) == (one, new)
    assert remove_field((one, two), "a") == (two,)
    assert move_field((one, two, three), "a", 1) == (two, one, three)
    assert move_field((one, two), "a", -1) == move_field((one, two), "x", 1) == (one, two)


def test_fields_are_edited_one_by_one_with_the_difference_in_sight(town: Town) -> None:
    resource, operator = published(town), _client(town.operator)
    address = f"/resources/{resource.pk}/fields/edit/"
    assert _client(town.other).get(address).status_code == 403

    def post(**more: str) -> int:
        resource.refresh_from_db()
        return operator.post(address, {"seen": str(resource.revision)} | more).status_code

    assert post(down="djbh") == 302
    assert post(remove="djrq") == 302
    typed = {"put": "1", "type": "text", "grade": "1", "is_nullable": "1"}
    assert post(**typed, code="djjg", name="登记机关", place="1") == 302
    assert post(**typed, code="xm", name="当事人姓名", instead_of="xm") == 302
    assert post(**typed, code="xm", name="又一个") == 422
    assert post(**typed, code="", name="") == 422
    assert operator.post(address, {"seen": "1", "remove": "xm"}).status_code == 422  # somebody was quicker
    fields = catalogue.open_content(resource).fields
    assert [(field.code, field.name) for field in fields] == [
        ("djjg", "登记机关"),
        ("xm", "当事人姓名"),
        ("djbh", "登记编号"),
        ("sfzh", "公民身份号码"),
    ]
    assert catalogue.standing_content(resource).fields == a_content().fields
    page = operator.get(f"{address}?field=xm").content.decode()
    assert '<span class="tag">删去</span> <del>登记日期</del>' in page
    assert "<ins>登记机关</ins>" in page
    assert 'value="当事人姓名"' in page


def test_the_page_of_a_field_tells_why_it_has_its_grade_and_lowers_what_is_gathered_up(town: Town) -> None:
    published(town)
    field = FieldContent("rs", "人数", derived_from="汇总 307/MZ001 sfzh")
    total = catalogue.register_resource(
        a_content(code="307/SC001", department="S-SC", fields=(field,)), actor=town.other, now=NOW
    )
    client, address = _client(town.other), f"/resources/{total.pk}/fields/edit/?field=rs"
    assert "现为 3 级：本部门定 1 级，来源要求 3 级" in client.get(address).content.decode()
    client.post(f"/resources/{total.pk}/fields/grade/", {"field": "rs", "grade": "1", "reason": "只有人数"})
    page = client.get(address).content.decode()
    assert "现为 1 级" in page
    assert "汇总部分已降为 1 级：只有人数" in page
