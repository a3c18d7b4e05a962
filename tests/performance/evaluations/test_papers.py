"""Self-evaluations on paper: the form reads back as it was, and an outsider recomputes what the annex says."""

import gzip
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
import pdfplumber
import pytest
from django.test import Client
from django.urls import reverse
from performance.evaluations.conftest import TODAY, Office, reload, type_in

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form, MoneyRow
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import AnnexKind, Evaluation, FormKind
from chengshu.performance.reading.reader import read_forms

pytestmark = pytest.mark.django_db
_KINDS: tuple[FormKind, ...] = ("xlsx", "docx", "pdf")
_PAPERS = ("shanghai-2020", "shanghai-2021", "shanghai-2023", "shanghai-2024")


@pytest.fixture
def deducted(filled: Evaluation, office: Office, now: datetime) -> Evaluation:
    """A self-evaluation with points taken off, and words why."""
    content = type_in(filled)
    missed = replace(content.rows[0], actual="3次", deviation="一次巡检遇台风取消，改到下年一月补做。")
    rows = (missed, *content.rows[1:])
    evaluations.save_evaluation(filled.pk, replace(content, rows=rows), filled.version, actor=office.officer, now=now)
    return reload(filled, office.officer)


def _content(form: Form, paper: str) -> Form:
    """Leave what the paper has room for: neither places nor certainty, no breaks of a cell's width, and on papers that
    print one rate only, that one; the grade stands on the newest alone."""
    goal = replace(form.goal, expected=_whole(form.goal.expected), actual=_whole(form.goal.actual))
    rows = tuple(replace(row, confidence=1.0) for row in form.indicators)
    newest = paper == "shanghai-2024"
    money = replace(
        form.money,
        **{name: _money(getattr(form.money, name), rated=newest) for name in ("fiscal", "carried_over", "other")},
    )
    source = replace(form.source, file="", form=0)
    grade = form.grade if newest else None
    return replace(
        form, source=source, goal=goal, indicators=rows, money=money, grade=grade, template=paper, origins={}
    )


def _money(row: MoneyRow, *, rated: bool) -> MoneyRow:
    return row if rated else replace(row, rate=None)


def _whole(text: str | None) -> str | None:
    return None if text is None else text.replace("\n", "")


class TestForm:
    @pytest.mark.parametrize("kind", _KINDS)
    @pytest.mark.parametrize("paper", _PAPERS)
    def test_reads_back_as_the_same_form(self, deducted: Evaluation, paper: str, kind: FormKind) -> None:
        data = evaluations.print_evaluation(deducted, kind, template=paper, font_dir=None)
        (read,) = read_forms(read_document(f"自评.{kind}", data))
        assert _content(read, paper) == _content(evaluations.form_of(deducted), paper)
        assert (read.total.score, read.indicators[0].score) == (Decimal("94.5"), Decimal(15))

    def test_is_offered_on_all_papers_of_the_city_its_year_first(self, filled: Evaluation) -> None:
        assert evaluations.list_papers(filled) == ["shanghai-2024", "shanghai-2020", "shanghai-2021", "shanghai-2023"]

    def test_is_given_to_who_sees_it_on_known_papers_only(self, filled: Evaluation, office: Office) -> None:
        client = Client()
        client.force_login(office.department_reviewer)
        address = reverse("performance:evaluation-form", args=[filled.pk, "docx"])
        answer = client.get(address, {"template": "shanghai-2021"})
        assert answer.status_code == 200
        assert "2024" in answer["Content-Disposition"]
        assert client.get(address, {"template": "../secret"}).status_code == 404
        assert client.get(reverse("performance:evaluation-form", args=[filled.pk, "exe"])).status_code == 404
        client.force_login(office.stranger)
        assert client.get(address).status_code == 404


def _print(sheet: Evaluation, kind: AnnexKind, now: datetime) -> bytes:
    return evaluations.print_annex(sheet, kind, made_at=now, language="zh", font_dir=None)


def _figures(sheet: Evaluation, now: datetime) -> list[dict[str, Any]]:
    annex = json.loads(_print(sheet, "json", now))
    assert annex["recompute"]["hash"] == "SHA-256"
    return list(annex["figures"])


def _root(leaves: Sequence[bytes]) -> bytes:
    """Recompute the Merkle root as RFC 6962 defines it, by halves; none of the product's code."""
    if len(leaves) <= 1:
        return hashlib.sha256(b"".join(b"\0" + leaf for leaf in leaves)).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def _value(measured: dict[str, Any], lines: Sequence[bytes]) -> Decimal:
    facts = [json.loads(line) for line in lines]
    above, below = (sum((Decimal(fact[at]) for fact in facts), Decimal(0)) for at in (1, 2))
    counting = measured["counting"]
    assert counting["aggregation"] == "ratio"
    value: Decimal = above / below * counting["factor"] / counting["divisor"]
    return value.quantize(Decimal(1).scaleb(-measured["digits"]), rounding=ROUND_HALF_UP)


class TestAnnex:
    def test_lets_an_outsider_recompute_digest_and_value(self, filled: Evaluation, now: datetime) -> None:
        measured = _figures(filled, now)[1]["measured"]
        lines = [line.encode() for line in measured["lines"]]
        assert len(lines) == measured["counted"] == 2
        assert [json.loads(line)[0] for line in lines] == sorted(json.loads(line)[0] for line in lines)
        assert _root(lines).hex() == measured["digest"]
        assert _value(measured, lines) == Decimal(measured["value"])

    def test_agrees_with_the_rows_that_are_downloaded(self, filled: Evaluation, office: Office, now: datetime) -> None:
        measured = _figures(filled, now)[1]["measured"]
        goal = evaluations.list_promises(filled)[1]
        name, stream = evaluations.open_evidence_rows(filled.pk, goal.pk, viewer=office.auditor, on=TODAY)
        with stream:
            packed = stream.read()
        kept = measured["rows_file"]
        assert (name, hashlib.sha256(packed).hexdigest()) == (kept["name"], kept["sha256"])
        assert _root(gzip.decompress(packed).splitlines()).hex() == measured["digest"]

    def test_tells_a_digest_that_was_tampered_with(self, filled: Evaluation, now: datetime) -> None:
        measured = _figures(filled, now)[1]["measured"]
        lines = [line.encode() for line in measured["lines"]]
        forged = [lines[0].replace(b'"1"', b'"0"', 1), *lines[1:]]
        assert _root(forged).hex() != measured["digest"]

    def test_names_documents_by_digest_and_place(self, filled: Evaluation, now: datetime) -> None:
        figure = _figures(filled, now)[0]
        assert figure["evidence"] == "document"
        assert figure["document"]["place"] == "第 1 页"
        assert figure["document"]["file"]["sha256"] == hashlib.sha256(b"%PDF-1.7 proof 0").hexdigest()

    def test_says_of_a_figure_without_evidence_that_it_has_none(self, evaluation: Evaluation, now: datetime) -> None:
        assert {figure["evidence"] for figure in _figures(evaluation, now)} == {"none"}
        assert "没有依据" in _text(_print(evaluation, "pdf", now))

    def test_in_print_has_query_counts_digest_and_masked_sample(self, filled: Evaluation, now: datetime) -> None:
        (kept,) = evaluations.read_measurements(filled).values()
        text = _text(_print(filled, "pdf", now))
        for said in (kept.digest, "FROM accounts_user u", "如何自行复算", "2024-01-01 – 2024-12-31", "organisation:U1"):
            assert said in text
        assert "陈＊＊" in text
        assert "陈专员" not in text.replace("计量时间 2025-01-10 10:00（北京时间） 陈专员", "")

    def test_as_workbook_has_the_same(self, filled: Evaluation, now: datetime) -> None:
        (kept,) = evaluations.read_measurements(filled).values()
        book = openpyxl.load_workbook(io.BytesIO(_print(filled, "xlsx", now)))
        figures, facts, sample = (book.worksheets[number] for number in (1, 2, 3))
        assert [row[2] for row in figures.iter_rows(min_row=2, values_only=True)][1] == "在用账号比例"
        said = {row[2]: row[3] for row in facts.iter_rows(min_row=2, values_only=True) if row[0] == 2}
        assert said["摘要"] == kept.digest
        assert "FROM accounts_user u" in str(said["查询"])
        assert sample.max_row == 1 + 1 + kept.counted

    def test_is_given_to_who_sees_the_sheet(self, filled: Evaluation, office: Office) -> None:
        client = Client()
        client.force_login(office.auditor)
        for kind in evaluations.ANNEX_KINDS:
            assert client.get(reverse("performance:evaluation-annex", args=[filled.pk, kind])).status_code == 200
        assert client.get(reverse("performance:evaluation-annex", args=[filled.pk, "html"])).status_code == 404
        client.force_login(office.stranger)
        assert client.get(reverse("performance:evaluation-annex", args=[filled.pk, "json"])).status_code == 404


def _text(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        return "\n".join(page.extract_text() for page in paper.pages)
