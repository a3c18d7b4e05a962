"""What people do on the pages: find, read, write, hand in, approve, and say what is wrong."""

import re
from datetime import date
from html import unescape

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town, a_content, published, step

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import NewGrant
from chengshu.resources.contracts.sections import Fact, SectionKey, SectionTold
from chengshu.resources.facade import catalogue, elements, sections
from chengshu.resources.facade.catalogue import DataResource, FieldContent, ListContent, ListKind, Step, ValueType
from chengshu.resources.facade.elements import ElementContent
from chengshu.resources.ui.forms.entries import EntryForm


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _typed(html: str) -> dict[str, str]:
    """Give what the form on the page would post as it stands."""
    typed = {}
    for name, value in re.findall(r'<input[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"', html):
        typed[name] = unescape(value)
    for name, inside in re.findall(r'<select[^>]*\bname="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inside) or re.search(r'value="([^"]*)"', inside)
        assert chosen is not None
        typed[name] = chosen[1]
    for name, inside in re.findall(r'<textarea[^>]*\bname="(\w+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        typed[name] = unescape(inside)
    return typed


def test_the_form_of_an_entry_posted_as_it_stands_changes_nothing(town: Town) -> None:
    elements.keep_element(ElementContent("DE-1", "姓名", ValueType.TEXT), actor=town.steward, now=NOW)
    content = a_content(
        grade=4,
        lists=(ListContent(ListKind.RESPONSIBILITY, "三定规定", "2023-01-01"),),
        fields=(
            *a_content().fields,
            FieldContent("bz", "备注", element="DE-1", description="一段 话", unit="个", grade=4),
        ),
    )
    resource = catalogue.register_resource(content, actor=town.operator, now=NOW)
    client, address = _client(town.operator), f"/resources/{resource.pk}/edit/"
    answer = client.post(address, _typed(client.get(address).content.decode()))
    assert answer.status_code == 302
    resource.refresh_from_db()
    assert resource.revision == 1
    assert catalogue.standing_content(resource) == content


def test_a_list_of_the_three_is_taken_out_of_the_catalogue_with_its_reasons(town: Town) -> None:
    negative = (ListContent(ListKind.NEGATIVE, "保密规定第九条", "2023-02-01"),)
    catalogue.register_resource(a_content(lists=negative), actor=town.operator, now=NOW)
    catalogue.register_resource(a_content(code="307/0999", name="可以共享的"), actor=town.operator, now=NOW)
    told = _client(town.operator).get(
        "/resources/all/", {"list": "negative", "columns": "name,list_negative", "export": "csv"}
    )
    lines = b"".join(told).decode("utf-8-sig").splitlines()
    assert len([line for line in lines if "保密规定第九条（2023-02-01）" in line]) == 1
    assert not any("可以共享的" in line for line in lines)


def test_the_day_of_a_basis_is_typed_and_stays_when_its_words_are_changed(town: Town) -> None:
    lists = (ListContent(ListKind.RESPONSIBILITY, "三定规定", "2023-01-01"),)
    resource = catalogue.register_resource(a_content(lists=lists), actor=town.operator, now=NOW)
    client, address = _client(town.operator), f"/resources/{resource.pk}/edit/"
    typed = _typed(client.get(address).content.decode())
    typed |= {"responsibility": "三定规定第四条", "demand": "街道核验", "demand_since": "2024-05-06"}
    client.post(address, typed)
    resource.refresh_from_db()
    assert catalogue.standing_content(resource).lists == (
        ListContent(ListKind.DEMAND, "街道核验", "2024-05-06"),
        ListContent(ListKind.RESPONSIBILITY, "三定规定第四条", "2023-01-01"),
    )
    answer = client.post(address, typed | {"demand_since": "去年", "seen": "2"})
    assert answer.status_code == 422
    assert "去年" in answer.content.decode()


def test_who_demands_a_resource_is_typed_shown_found_and_taken_along(town: Town) -> None:
    resource = catalogue.register_resource(a_content(), actor=town.operator, now=NOW)
    catalogue.register_resource(a_content(code="307/0999", name="没人要的"), actor=town.operator, now=NOW)
    client, address = _client(town.operator), f"/resources/{resource.pk}/edit/"
    typed = _typed(client.get(address).content.decode())
    typed |= {"demand": "核验", "requester": "市人社局", "contact": "李四 021-1", "wanted_by": "2024-12-31"}
    client.post(address, typed)
    resource.refresh_from_db()
    demand = ListContent(ListKind.DEMAND, "核验", "", "市人社局", "李四 021-1", "2024-12-31")
    assert catalogue.standing_content(resource).lists == (demand,)
    again = _typed(client.get(address).content.decode())
    assert (again["requester"], again["contact"], again["wanted_by"]) == ("市人社局", "李四 021-1", "2024-12-31")
    page = client.get(f"/resources/{resource.pk}/").content.decode()
    assert "市人社局 · 李四 021-1" in page
    query = {"requester": "市人社局", "columns": "name,requester,wanted_by", "export": "csv"}
    told = b"".join(client.get("/resources/all/", query)).decode("utf-8-sig")
    assert "市人社局" in told
    assert "2024-12-31" in told
    assert "没人要的" not in told
    assert 'value="市人社局"' in client.get("/resources/all/").content.decode()
    assert "市人社局" not in _client(town.other).get("/resources/all/").content.decode(), (
        "who sees no draft learns nothing"
    )


@pytest.mark.parametrize("line", ["zz only bad", "djbh", "zz only\t\t字符型"])
def test_a_line_that_was_not_pasted_in_columns_is_refused_with_its_number(town: Town, line: str) -> None:
    typed = _form_of(town) | {"fields_table": f"xm\t姓名\t字符型\n{line}"}
    answer = _client(town.operator).post("/resources/new/", typed)
    assert answer.status_code == 422
    assert "第 2 行“zz only" in answer.content.decode() or "第 2 行“djbh" in answer.content.decode()
    assert not DataResource.objects.exists()


@pytest.mark.parametrize("department", ["民政局", "民政", "S-MZ", "S-MZ 民政局"])
def test_the_department_is_named_as_people_call_it(town: Town, department: str) -> None:
    client = _client(town.operator)
    assert 'value="S-MZ 民政局"' in client.get("/resources/new/").content.decode()
    client.post("/resources/new/", _form_of(town) | {"department": department, "fields_table": "xm\t姓名\t字符型"})
    assert DataResource.objects.get().department == town.civil


def _form_of(town: Town) -> dict[str, str]:
    form = EntryForm(None, viewer=town.operator, today=NOW.date(), content=a_content())
    return {name: str(value) for name, value in form.initial.items()}


def test_a_name_that_several_departments_have_is_asked_for_again(town: Town) -> None:
    new = NewGrant(town.operator.pk, "data_operator", town.market.pk, NOW.date(), "兼管")
    grants.give_grant(new, actor=None, now=NOW)
    client = _client(town.operator)
    answer = client.post("/resources/new/", _form_of(town) | {"department": "局", "fields_table": "xm\t姓名\t字符型"})
    assert answer.status_code == 422
    assert "“局”可能是民政局（S-MZ）、市场监督管理局（S-SC）" in answer.content.decode()


def test_a_new_entry_is_typed_corrected_handed_in_and_approved(town: Town) -> None:
    operator, steward = _client(town.operator), _client(town.steward)
    form = EntryForm(None, viewer=town.operator, today=NOW.date(), content=a_content())
    typed = {name: str(value) for name, value in form.initial.items()} | {"fields_table": "xm\t姓名\t文字"}
    answer = operator.post("/resources/new/", typed)
    assert answer.status_code == 422
    assert "第 1 行" in answer.content.decode()
    typed["fields_table"] = "xm\t姓名\t字符型\t50\nsfzh\t公民身份号码\t字符型\t18\t\t\t3"
    address = operator.post("/resources/new/", typed).headers["Location"]
    resource = DataResource.objects.get()
    assert resource.grade == 3
    operator.post(f"{address}step/", {"step": "submit", "seen": "1"})
    assert a_content().name in steward.get("/resources/waiting/").content.decode()
    steward.post(f"{address}step/", {"step": "approve", "seen": "2"})
    page = _client(town.reader).get(address).content.decode()
    assert "第 1 版" in page
    assert "编目质量" not in page  # what an entry lacks is its department's affair


def test_what_stands_in_the_way_of_a_step_is_told_with_its_cure(town: Town) -> None:
    resource = catalogue.register_resource(a_content(summary=""), actor=town.operator, now=NOW)
    answer = _client(town.operator).post(f"/resources/{resource.pk}/step/", {"step": "submit", "seen": "1"})
    assert answer.status_code == 422
    assert "还有 1 处没有达标" in answer.content.decode()
    assert "没有填写。请补上。" in answer.content.decode()


def test_the_search_tells_where_the_words_stand_and_by_which_synonym(town: Town) -> None:
    published(town)
    page = _client(town.reader).get("/resources/", {"q": "身份证号"}).content.decode()
    assert "找到 1 项" in page
    assert "公民身份号码（" in page
    assert "也按这些说法找了：公民身份号码" in page


def test_one_character_is_too_little_and_the_page_says_so(town: Town) -> None:
    published(town)
    assert "请至少写两个字" in _client(town.reader).get("/resources/", {"q": "姓"}).content.decode()
    assert "请至少写两个字" not in _client(town.reader).get("/resources/", {"q": "没有"}).content.decode()


@pytest.mark.parametrize(("person", "page"), [("operator", "/resources/work/"), ("steward", "/resources/work/")])
def test_people_of_data_begin_with_the_work_of_the_day(town: Town, person: str, page: str) -> None:
    assert _client(getattr(town, person)).get("/", follow=True).request["PATH_INFO"] == page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"cycle": "irregular"}, 1),
        ({"cycle": "daily"}, 0),
        ({"department": "S-MZ", "grade": "3"}, 1),
        ({"kind": "?"}, None),
    ],
)
def test_the_search_is_narrowed_without_words_too(town: Town, asked: dict[str, str], count: int | None) -> None:
    published(town)
    page = _client(town.reader).get("/resources/", asked).content.decode()
    assert (f"找到 {count} 项" in page) is (count is not None)


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_is_not_there_is_the_nearest_one(town: Town, page: str) -> None:
    published(town)
    answer = _client(town.reader).get("/resources/", {"q": "婚姻", "page": page})
    assert answer.status_code == 200
    assert "婚姻登记信息" in answer.content.decode()


def test_suggestions_come_while_typing(town: Town) -> None:
    published(town)
    assert "婚姻登记信息" in _client(town.reader).get("/resources/suggest/", {"q": "婚"}).content.decode()


def test_the_page_says_plainly_what_is_not_known(town: Town) -> None:
    page = _client(town.reader).get(f"/resources/{published(town).pk}/").content.decode()
    assert "还没有登记归集来源" in page
    assert "还没有检查过数据质量" in page


def test_samples_are_masked_by_the_grade_of_their_fields(town: Town) -> None:
    def tell(resource_id: int, _viewer: object, _on: date) -> SectionTold | None:
        if resource_id != resource.pk:
            return None
        row = ("A-1", "张三", "310101199001011234", "私")
        return SectionTold("样例", (Fact("行", "1"),), ("djbh", "xm", "sfzh", "unknown"), (row,))

    resource = published(town)
    sections.register_section(SectionKey.SAMPLE, tell)
    told = sections.tell_sections(resource, viewer=town.reader, on=NOW.date())
    assert told[SectionKey.SAMPLE][0].rows == (("A-1", "张三", "310***********1234", "●●●"),)


def test_the_versions_tell_what_changed(town: Town) -> None:
    resource = published(town)
    seen = resource.revision
    catalogue.change_resource(resource.pk, a_content(system="婚登系统"), seen=seen, actor=town.operator, now=NOW)
    step(resource, Step.SUBMIT, town.operator)
    step(resource, Step.APPROVE, town.steward)
    page = _client(town.reader).get(f"/resources/{resource.pk}/versions/").content.decode()
    assert "<ins>婚登系统</ins>" in page


def test_the_compliance_list_tells_the_rate_and_what_to_fix(town: Town) -> None:
    published(town)
    catalogue.register_resource(a_content(code="X-1", category=""), actor=town.operator, now=NOW)
    page = _client(town.operator).get("/resources/lacking/").content.decode()
    assert "2 项编目中 1 项达标，编目质量达标率 50.00%。" in page
    assert "分类：没有填写。请补上" in page
