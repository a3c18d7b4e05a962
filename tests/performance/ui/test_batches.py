"""Upload, the batch's page, re-checking, putting away; the dashboard and its charts."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from performance.fakes import a_record, as_bytes

from chengshu.performance.facade import Batch, FormRecord, SourceFile

pytestmark = pytest.mark.django_db


def _file(name: str = "甲.jsonl", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_bytes(a_record("新项目")) if data is None else data)


class TestUpload:
    def test_reads_the_files_and_shows_the_batch(self, as_officer: Client) -> None:
        sent = {"files": [_file(), _file("坏.pdf", b"%PDF-1.4 broken")], "name": "三月"}
        page = as_officer.post("/performance/upload/", sent, follow=True)
        assert page.context["batch"].name == "三月"
        assert FormRecord.objects.get().project == "新项目"
        assert "坏.pdf" in page.content.decode()
        assert SourceFile.objects.get(name="坏.pdf").error_code == "CORRUPT"

    def test_a_batch_without_a_name_takes_the_files(self, as_officer: Client) -> None:
        as_officer.post("/performance/upload/", {"files": [_file("甲.jsonl"), _file("乙.jsonl", b"{}")]})
        assert Batch.objects.get().name == "甲.jsonl 等 2 份文件"

    def test_pasted_text_counts_as_a_file(self, as_officer: Client) -> None:
        as_officer.post("/performance/upload/", {"text": "不是自评表"})
        assert SourceFile.objects.get().error_code == "NOT_A_FORM"

    def test_says_when_nothing_was_chosen(self, as_officer: Client) -> None:
        answer = as_officer.post("/performance/upload/", {"name": "保留的名字"})
        assert answer.status_code == 422
        assert "还没有选择文件" in answer.content.decode()
        assert "保留的名字" in answer.content.decode()

    def test_refuses_an_unknown_rule_set(self, as_officer: Client) -> None:
        assert as_officer.post("/performance/upload/", {"files": [_file()], "rules": "x"}).status_code == 422
        assert Batch.objects.count() == 0

    def test_an_empty_file_does_not_stop_the_others(self, as_officer: Client) -> None:
        as_officer.post("/performance/upload/", {"files": [_file("空.txt", b""), _file()]})
        assert FormRecord.objects.count() == 1


class TestBatchPage:
    def test_a_file_handed_in_twice_says_so_and_leads_to_what_was_read(self, as_officer: Client) -> None:
        sent = {"files": [_file("甲.jsonl"), _file("副本.jsonl")]}
        page = as_officer.post("/performance/upload/", sent, follow=True).content.decode()
        assert "已在本批中，未重复读入" in page
        assert "与本批中的“甲.jsonl”内容完全相同。" in page
        assert f'<a href="/performance/forms/{FormRecord.objects.get().pk}/">打开先前读出的表</a>' in page

    def test_a_batch_without_forms_speaks_of_its_files_only(self, as_officer: Client) -> None:
        sent = {"files": [_file("坏.pdf", b"%PDF-1.4 broken")]}
        page = as_officer.post("/performance/upload/", sent, follow=True)
        assert [sentence.text for sentence in page.context["sentences"]] == ["1 份文件未能读出"]
        assert "看自评表" not in page.content.decode()

    def test_failed_files_are_read_again(self, as_officer: Client) -> None:
        as_officer.post("/performance/upload/", {"files": [_file("坏.pdf", b"%PDF-1.4 broken")]})
        batch = Batch.objects.get()
        page = as_officer.post(f"/performance/batches/{batch.pk}/resume/", follow=True)
        assert page.context["batch"].failed_count == 1

    def test_is_checked_again_under_another_rule_set(self, batch: Batch, as_officer: Client) -> None:
        as_officer.post(f"/performance/batches/{batch.pk}/recheck/", {"rules": "hubei-2020"})
        assert {form.rescoring.rules for form in FormRecord.objects.filter(batch=batch)} == {"hubei-2020"}
        page = as_officer.post(f"/performance/batches/{batch.pk}/recheck/", {"rules": "none"}, follow=True)
        assert "没有这个规则集" in page.content.decode()

    def test_can_be_renamed(self, batch: Batch, as_officer: Client) -> None:
        as_officer.post(f"/performance/batches/{batch.pk}/rename/", {"name": "四月"})
        batch.refresh_from_db()
        assert batch.name == "四月"

    def test_is_put_away_after_a_second_look_and_brought_back(self, batch: Batch, as_officer: Client) -> None:
        assert batch.name in as_officer.get(f"/performance/batches/{batch.pk}/delete/").content.decode()
        as_officer.post(f"/performance/batches/{batch.pk}/delete/")
        assert as_officer.get(f"/performance/batches/{batch.pk}/").status_code == 404
        assert as_officer.get("/performance/forms/").context["listing"].count == 0
        assert batch.name in as_officer.get("/performance/batches/").content.decode()
        as_officer.post(f"/performance/batches/{batch.pk}/restore/")
        assert as_officer.get("/performance/forms/").context["listing"].count == 2


class TestDashboard:
    @pytest.mark.usefixtures("batch")
    def test_every_sentence_opens_a_list_of_as_many(self, as_officer: Client) -> None:
        sentences = as_officer.get("/performance/").context["sentences"]
        assert 1 < len(sentences) <= 7
        wrong = next(item for item in sentences if "算术错误" in item.text)
        assert "2 张表中 2 张" in wrong.text
        assert as_officer.get(wrong.address).context["listing"].count == 2
        assert {as_officer.get(item.address).status_code for item in sentences} == {200}

    def test_says_what_to_do_when_there_is_nothing(self, as_officer: Client) -> None:
        assert "导入第一批文件" in as_officer.get("/performance/").content.decode()

    @pytest.mark.parametrize("name", ["codes", "scores", "years", "units"])
    def test_charts_give_their_series_and_their_table(self, name: str, batch: Batch, as_officer: Client) -> None:
        data = json.loads(as_officer.get(f"/performance/charts/{name}/?batch={batch.pk}").content)
        assert data["categories"]
        assert all(len(series["values"]) == len(data["categories"]) for series in data["series"])
        table = as_officer.get(f"/performance/charts/{name}/?export=csv").content.decode("utf-8-sig")
        assert len(table.splitlines()) > 1

    def test_a_name_that_a_spreadsheet_would_run_is_disarmed(self, as_officer: Client) -> None:
        record = a_record("=1+1")
        as_officer.post("/performance/upload/", {"files": [_file(data=as_bytes(record))]})
        table = as_officer.get("/performance/charts/scores/?export=csv").content.decode("utf-8-sig")
        assert "'=1+1" in table

    @pytest.mark.usefixtures("batch")
    def test_money_is_summed_by_year_in_wan(self, as_officer: Client) -> None:
        data = json.loads(as_officer.get("/performance/charts/years/").content)
        assert data["categories"] == ["2020", "2021"]
        assert data["series"][1]["values"] == [0.02, 0.02]


class TestCompare:
    def test_aligns_the_same_project_across_years(self, as_officer: Client) -> None:
        later = a_record("数据运营(2021年度)", year=2021, total={"weight": "100", "score": "80"})
        later["indicators"][0]["level3"] = "归集数据的条数"
        as_officer.post("/performance/upload/", {"files": [_file("两年.jsonl", as_bytes(a_record(), later))]})
        first = FormRecord.objects.get(year=2020)
        page = as_officer.get(f"/performance/forms/{first.pk}/compare/", follow=True)
        table = page.context["table"]
        assert [form.year for form in table.forms] == [2020, 2021]
        score = next(row for row in table.heads if row.name == "总分 · 得分")
        assert (score.cells[1].text, score.cells[1].move) == ("80.00", "−9.5")
        named = next(row for row in table.indicators if row.starts_group)
        assert [cell.text for cell in named.cells] == ["归集数据条数", "归集数据的条数"]

    @pytest.mark.usefixtures("batch")
    def test_leaves_out_what_is_the_same(self, as_officer: Client) -> None:
        ids = "&".join(f"form={pk}" for pk in FormRecord.objects.values_list("pk", flat=True))
        table = as_officer.get(f"/performance/compare/?{ids}&only=differences").context["table"]
        assert "项目名称" in {row.name for row in table.heads}
        assert "主管部门" not in {row.name for row in table.heads}

    def test_nothing_to_compare_is_not_found(self, as_officer: Client) -> None:
        assert as_officer.get("/performance/compare/").status_code == 404


class TestRules:
    def test_every_number_has_its_source(self, as_officer: Client) -> None:
        settings = as_officer.get("/performance/rules/shanghai-2024/").context["settings"]
        assert settings
        assert all(setting.source and setting.value and setting.label for setting in settings)
