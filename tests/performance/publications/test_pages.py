"""The pages of what is public: without login, cacheable, and gone with a word when they are taken down."""

import hashlib
import io
import xml.etree.ElementTree as ET

import pytest
from conftest import NOW
from django.test import Client
from openpyxl import load_workbook
from performance.reviews.town import ROWS, Town, add_evaluation

from chengshu.documents.reading import read_document
from chengshu.performance.facade import publications
from chengshu.performance.facade.publications import Publication
from chengshu.performance.models import Evaluation
from chengshu.performance.reading.reader import read_forms
from chengshu.performance.ui.limits import PER_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(public: Publication) -> str:
    return f"/performance/public/{public.slug}/"


class TestVisitor:
    def test_reads_the_list_and_the_record_and_gets_no_cookie(self, client: Client, address: str) -> None:
        for page in ("/performance/public/?q=数据平台&year=2023&grade=优", address):
            answer = client.get(page)
            assert "数据平台运维" in answer.content.decode()
            assert answer["Cache-Control"] == "public, max-age=0, s-maxage=60"
            assert not answer.cookies

    @pytest.mark.usefixtures("public")
    def test_finds_nothing_that_is_not_public(self, client: Client, town: Town) -> None:
        add_evaluation(town, name="没有公开的项目")
        html = client.get("/performance/public/").content.decode()
        assert "没有公开的项目" not in html
        assert client.get("/performance/public/2023-999-1/").status_code == 404

    def test_a_page_with_settings_is_nobody_elses(self, client: Client, address: str) -> None:
        answer = client.get(f"{address}?settings=1")
        assert "大字" in answer.content.decode()
        assert "public" not in answer.headers.get("Cache-Control", "")

    def test_a_known_person_gets_a_page_that_no_cache_keeps(self, client: Client, town: Town, address: str) -> None:
        client.force_login(town["finance"])
        assert "no-store" in client.get(address)["Cache-Control"]

    @pytest.mark.usefixtures("town")
    def test_who_asks_too_often_waits(self, client: Client) -> None:
        for _ in range(PER_MINUTE):
            client.head("/performance/public/sitemap.xml")
        answer = client.get("/performance/public/sitemap.xml")
        assert (answer.status_code, answer["Retry-After"]) == (429, "60")
        other = client.get("/performance/public/sitemap.xml", REMOTE_ADDR="192.0.2.7")
        assert other.status_code == 200


class TestFiles:
    def test_the_json_file_is_what_the_digest_was_taken_of(
        self, client: Client, public: Publication, address: str
    ) -> None:
        data = client.get(f"{address}evaluation.json").content
        assert hashlib.sha256(data).hexdigest() == public.digest

    def test_form_and_annex_come_in_open_formats(self, client: Client, address: str) -> None:
        assert client.get(f"{address}evaluation.pdf").content.startswith(b"%PDF")
        assert "办件提速" in client.get(f"{address}evaluation.html").content.decode()
        sheet = load_workbook(io.BytesIO(client.get(f"{address}evaluation.xlsx").content)).worksheets[0]
        assert any(cell == "办件提速" for row in sheet.values for cell in row)
        assert client.get(f"{address}annex.csv").content.decode("utf-8-sig").count("\n") == len(ROWS) + 1
        assert client.get(f"{address}evaluation.exe").status_code == 404

    def test_the_sheet_reads_back_into_what_is_public(self, client: Client, public: Publication, address: str) -> None:
        (read,) = read_forms(read_document("自评.xlsx", client.get(f"{address}evaluation.xlsx").content))
        shown = publications.form_of_publication(public)
        assert (read.template, read.money, read.total) == (shown.template, shown.money, shown.total)
        scores = [(row.level3, row.actual, row.score) for row in shown.indicators]
        assert [(row.level3, row.actual, row.score) for row in read.indicators] == scores

    def test_the_annex_holds_no_formula(self, client: Client, town: Town) -> None:
        rows = (*ROWS[:2], ("满意度指标", "服务对象满意度指标", "=1+1", *ROWS[2][3:]))
        paper = add_evaluation(town, rows=rows)
        slug = publications.publish(paper.pk, None, actor=town["finance"], now=NOW).slug
        text = client.get(f"/performance/public/{slug}/annex.csv").content.decode("utf-8-sig")
        assert ",=1+1" not in text
        assert "=1+1" in text

    def test_who_has_the_file_is_told_that_nothing_changed(self, client: Client, address: str) -> None:
        etag = client.get(f"{address}evaluation.json")["ETag"]
        answer = client.get(f"{address}evaluation.json", headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"")


class TestTakenDown:
    def test_the_address_tells_when_and_why_and_gives_no_file(
        self, client: Client, town: Town, public: Publication, address: str
    ) -> None:
        publications.withdraw(public.pk, "一项指标有误", actor=town["finance"], now=NOW)
        answer = client.get(address)
        assert answer.status_code == 410
        html = answer.content.decode()
        assert "一项指标有误" in html
        assert "办件提速" not in html
        assert client.get(f"{address}evaluation.json").status_code == 410
        assert client.get(f"{address}annex.csv").status_code == 410
        assert public.slug not in client.get("/performance/public/sitemap.xml").content.decode()


def test_the_sitemap_names_what_is_public(client: Client, public: Publication, address: str) -> None:
    root = ET.fromstring(client.get("/performance/public/sitemap.xml").content)  # noqa: S314 - our own page
    places = [element.text or "" for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert [place.removeprefix("http://testserver") for place in places] == ["/performance/public/", address]


class TestHouse:
    def test_a_refusal_names_every_fault(self, client: Client, town: Town) -> None:
        paper = add_evaluation(town, is_secret=True, state="submitted")
        client.force_login(town["finance"])
        answer = client.post(f"/performance/publications/{paper.pk}/publish/", {"version": paper.version})
        assert answer.status_code == 422
        for said in ("涉密项目不公开", "自评还没有审核通过"):
            assert said in answer.content.decode()

    def test_a_withdrawal_without_a_reason_comes_back(
        self, client: Client, town: Town, paper: Evaluation, public: Publication
    ) -> None:
        client.force_login(town["finance"])
        page = f"/performance/publications/{paper.pk}/withdraw/{public.pk}/"
        assert client.post(page, {"reason": " "}).status_code == 422
        assert client.post(page, {"reason": "有误"}).status_code == 302
        assert client.post(page, {"reason": "有误"}).status_code == 422

    def test_the_result_of_many_names_what_was_refused(self, client: Client, town: Town, paper: Evaluation) -> None:
        secret = add_evaluation(town, name="涉密项目", is_secret=True)
        client.force_login(town["finance"])
        answer = client.post("/performance/publications/batch/", {"selected": [paper.pk, secret.pk]})
        job = answer["Location"].strip("/").rpartition("/")[2]
        html = client.get(f"/performance/publications/jobs/{job}/").content.decode()
        assert "1 份已公开" in html
        assert "1 份没有公开" in html
        assert "涉密项目不公开" in html

    @pytest.mark.usefixtures("public")
    @pytest.mark.parametrize(
        ("state", "shown"), [("public", "数据平台运维"), ("closed", "未公开的项目"), ("secret", "涉密项目")]
    )
    def test_the_list_is_filtered_by_what_is_public(self, client: Client, town: Town, state: str, shown: str) -> None:
        add_evaluation(town, name="未公开的项目")
        add_evaluation(town, name="涉密项目", is_secret=True)
        client.force_login(town["finance"])
        html = client.get(f"/performance/publications/?state={state}").content.decode()
        names = [name for name in ("数据平台运维", "未公开的项目", "涉密项目") if f">{name}</a>" in html]
        assert names == [shown]
