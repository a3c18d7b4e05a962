"""The pages of self-evaluations as a browser without scripts gets them."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from performance.evaluations.conftest import RESULT, Office, make_year, reload, type_in

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation, ProjectYear
from chengshu.performance.models import GoalSheet

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


@pytest.fixture
def enter() -> As:
    def _enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _enter


def at(name: str, *args: object) -> str:
    return reverse(f"performance:{name}", args=args)


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def editor_of(client: Client, sheet: Evaluation) -> dict[str, str]:
    """Read the fields of the editor as a browser would send them."""
    return fields_of(text_of(client, at("evaluation-edit", sheet.pk)))


def fields_of(page: str) -> dict[str, str]:
    tree: Any = html.document_fromstring(page)  # the stubs know no forms
    form = next(form for form in tree.forms if form.get("id") == "editor")
    return {name: value or "" for name, value in form.form_values()}


def goal_id(sheet: Evaluation, number: int) -> int:
    return int(evaluations.list_promises(sheet)[number].pk)


class TestList:
    def test_shows_years_that_nobody_opened_beside_those_with_scores(
        self, filled: Evaluation, office: Office, enter: As
    ) -> None:
        other = make_year(office.unit, office.officer, code="P002", number=2023)
        page = text_of(enter(office.officer), at("evaluations"))
        assert at("evaluation", filled.pk) in page
        assert at("evaluation-open", other.pk) in page
        assert "99.5" in page
        assert "未开始自评" in page

    @pytest.mark.usefixtures("filled")
    def test_filters_by_state(self, office: Office, enter: As) -> None:
        other = make_year(office.unit, office.officer, code="P002", number=2023)
        page = text_of(enter(office.officer), at("evaluations") + "?state=none")
        assert at("evaluation-open", other.pk) in page
        assert "99.5" not in page

    @pytest.mark.usefixtures("filled")
    def test_shows_strangers_nothing(self, office: Office, enter: As) -> None:
        assert "绩效目标批复以后会出现在这里" in text_of(enter(office.stranger), at("evaluations"))


class TestOpening:
    def test_leads_into_the_editor(self, year: ProjectYear, office: Office, enter: As) -> None:
        client = enter(office.officer)
        assert "开始自评" in text_of(client, at("evaluation-open", year.pk))
        answer = client.post(at("evaluation-open", year.pk))
        opened = Evaluation.objects.get(project_year=year)
        assert answer["Location"] == at("evaluation-edit", opened.pk)

    def test_is_offered_to_writers_only(self, year: ProjectYear, office: Office, enter: As) -> None:
        assert "单位还没有开始" in text_of(enter(office.auditor), at("evaluation-open", year.pk))
        assert enter(office.auditor).post(at("evaluation-open", year.pk)).status_code == 403
        assert enter(office.stranger).get(at("evaluation-open", year.pk)).status_code == 404

    def test_tells_when_the_goals_were_taken_back(
        self, year: ProjectYear, evaluation: Evaluation, office: Office, enter: As
    ) -> None:
        evaluation.indicators.all().delete()
        Evaluation.objects.filter(pk=evaluation.pk).delete()
        client = enter(office.officer)
        page = text_of(client, at("evaluation-open", year.pk))
        assert "看批复的目标" in page
        GoalSheet.objects.filter(project_year=year).update(state="draft")
        assert client.get(at("evaluation-open", year.pk)).status_code == 404


class TestEditing:
    def test_saves_what_was_typed_and_shows_it_scored(self, evaluation: Evaluation, office: Office, enter: As) -> None:
        client = enter(office.officer)
        sent = editor_of(client, evaluation)
        sent |= {"result": RESULT, f"actual-{goal_id(evaluation, 0)}": "3次", "do": "save"}
        answer = client.post(at("evaluation-edit", evaluation.pk), sent, follow=True)
        page = answer.content.decode()
        assert "已保存，并按规则重新计分。" in page
        assert "3次" in page
        assert reload(evaluation, office.officer).actual == RESULT

    def test_says_of_a_score_in_words_that_it_is_none_and_keeps_the_text(
        self, evaluation: Evaluation, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        sent = editor_of(client, evaluation) | {f"score-{goal_id(evaluation, 4)}": "九分半", "result": "只写了一半"}
        answer = client.post(at("evaluation-edit", evaluation.pk), sent)
        assert answer.status_code == 422
        again = fields_of(answer.content.decode())
        assert again[f"score-{goal_id(evaluation, 4)}"] == "九分半"
        assert again["result"] == "只写了一半"

    def test_measures_one_after_saving(self, evaluation: Evaluation, office: Office, enter: As) -> None:
        client = enter(office.officer)
        goal = goal_id(evaluation, 1)
        sent = editor_of(client, evaluation) | {"result": RESULT, "do": f"measure:{goal}"}
        answer = client.post(at("evaluation-edit", evaluation.pk), sent)
        assert answer["Location"].endswith("#line-1")
        again = reload(evaluation, office.officer)
        assert (again.actual, evaluations.results_of(again)[goal].actual) == (RESULT, "100%")

    def test_measures_all_that_can_be_and_only_once(self, evaluation: Evaluation, office: Office, enter: As) -> None:
        client = enter(office.officer)
        for count in (1, 0):
            sent = editor_of(client, evaluation) | {"do": "measure"}
            page = client.post(at("evaluation-edit", evaluation.pk), sent, follow=True).content.decode()
            assert f"计量了 {count} 项指标" in page
        assert reload(evaluation, office.officer).evidence_count == 1

    def test_shows_both_texts_when_somebody_saved_first(self, filled: Evaluation, office: Office, enter: As) -> None:
        client = enter(office.officer)
        sent = editor_of(client, filled) | {"result": "我写的", f"actual-{goal_id(filled, 0)}": "5次"}
        theirs = type_in(filled, actual="同事写的", deviation=(None, None, None, "同事写的原因"))
        evaluations.save_evaluation(filled.pk, theirs, filled.version, actor=office.colleague, now=filled.edited_at)
        answer = client.post(at("evaluation-edit", filled.pk), sent)
        page = answer.content.decode()
        assert answer.status_code == 409
        for text in ("李专员", "同事写的", "我写的"):
            assert text in page
        again = fields_of(page)
        assert again["result"] == "我写的"
        assert again[f"actual-{goal_id(filled, 0)}"] == "5次"
        assert again[f"deviation-{goal_id(filled, 3)}"] == "同事写的原因"
        assert client.post(at("evaluation-edit", filled.pk), again).status_code == 302

    def test_takes_the_others_words_where_both_wrote(self, filled: Evaluation, office: Office, enter: As) -> None:
        client, deviation = enter(office.officer), f"deviation-{goal_id(filled, 3)}"
        sent = editor_of(client, filled) | {"result": "我写的", deviation: "我写的原因"}
        theirs = type_in(filled, actual="同事写的", deviation=(None, None, None, "同事写的原因"))
        evaluations.save_evaluation(filled.pk, theirs, filled.version, actor=office.colleague, now=filled.edited_at)
        address = at("evaluation-edit", filled.pk)
        again = fields_of(client.post(address, sent).content.decode())
        answer = client.post(address, again | {"do": "theirs::result"})
        again = fields_of(answer.content.decode())
        assert (answer.status_code, again["result"], again[deviation]) == (409, "同事写的", "我写的原因")
        assert f"theirs:{goal_id(filled, 3)}:deviation" in answer.content.decode(), "the other clash is still shown"
        assert reload(filled, office.officer).actual == "同事写的", "nothing was saved by taking"
        answer = client.post(address, again | {"do": f"theirs:{goal_id(filled, 3)}:deviation"})
        again = fields_of(answer.content.decode())
        assert (again["result"], again[deviation]) == ("同事写的", "同事写的原因")
        assert client.post(address, again).status_code == 302

    def test_loses_no_word_when_it_was_handed_in_meanwhile(self, filled: Evaluation, office: Office, enter: As) -> None:
        client = enter(office.officer)
        sent = editor_of(client, filled) | {"result": "还没有保存的话"}
        Evaluation.objects.filter(pk=filled.pk).update(state="submitted")
        answer = client.post(at("evaluation-edit", filled.pk), sent)
        assert answer.status_code == 409
        assert "还没有保存的话" in answer.content.decode()

    def test_is_closed_to_readers_and_after_handing_in(self, filled: Evaluation, office: Office, enter: As) -> None:
        address = at("evaluation-edit", filled.pk)
        assert enter(office.auditor).get(address)["Location"] == at("evaluation", filled.pk)
        Evaluation.objects.filter(pk=filled.pk).update(state="submitted")
        page = enter(office.officer).get(address, follow=True).content.decode()
        assert "已提交的自评不能再改" in page

    def test_tells_while_typing_what_is_missing_and_what_was_copied(
        self, filled: Evaluation, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        copied = filled.project_year.goal_sheet.expected
        sent = editor_of(client, filled) | {"result": copied, f"actual-{goal_id(filled, 0)}": "3次"}
        page = client.post(at("evaluation-check", filled.pk), sent).content.decode()
        assert "没有写偏差原因" in page
        assert "100% 与目标逐字相同" in page
        assert f'id="state-{goal_id(filled, 0)}" hx-swap-oob="true"' in page
        assert reload(filled, office.officer).version == filled.version


class TestEvidence:
    def test_shows_the_measurement_with_query_sample_and_digest(
        self, filled: Evaluation, office: Office, enter: As
    ) -> None:
        (kept,) = evaluations.read_measurements(filled).values()
        page = text_of(enter(office.finance_reviewer), at("evaluation-evidence", filled.pk, goal_id(filled, 1)))
        for text in (kept.digest, "FROM accounts_user", "陈＊＊", "在用账号数 ÷ 账号数"):
            assert text in page
        assert "重新计量" not in page

    def test_gives_the_counted_rows(self, filled: Evaluation, office: Office, enter: As) -> None:
        answer: Any = enter(office.auditor).get(at("evaluation-rows", filled.pk, goal_id(filled, 1)))
        assert b"".join(answer.streaming_content)[:2] == b"\x1f\x8b"
        assert enter(office.stranger).get(at("evaluation-rows", filled.pk, goal_id(filled, 1))).status_code == 404

    def test_takes_a_document_with_its_place_and_gives_it_back(
        self, evaluation: Evaluation, office: Office, enter: As
    ) -> None:
        client, goal = enter(office.officer), goal_id(evaluation, 0)
        proof = SimpleUploadedFile("巡检记录.pdf", b"%PDF-1.7 proof")
        sent = {"version": evaluation.version, "document": proof, "note": "第 3 页"}
        page = client.post(at("evaluation-document", evaluation.pk, goal), sent, follow=True).content.decode()
        assert "巡检记录.pdf" in page
        assert "第 3 页" in page
        answer: Any = enter(office.department_reviewer).get(at("evaluation-file", evaluation.pk, goal))
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 proof"
        assert enter(office.stranger).get(at("evaluation-file", evaluation.pk, goal)).status_code == 404

    def test_asks_for_the_file_and_keeps_the_place_that_was_typed(
        self, evaluation: Evaluation, office: Office, enter: As
    ) -> None:
        sent = {"version": evaluation.version, "note": "附件二"}
        answer = enter(office.officer).post(at("evaluation-document", evaluation.pk, goal_id(evaluation, 0)), sent)
        assert answer.status_code == 422
        assert "请选择一份佐证材料" in answer.content.decode()
        assert 'value="附件二"' in answer.content.decode()

    def test_refuses_documents_of_readers(self, evaluation: Evaluation, office: Office, enter: As) -> None:
        sent = {"version": evaluation.version, "document": io.BytesIO(b"x")}
        address = at("evaluation-document", evaluation.pk, goal_id(evaluation, 0))
        assert enter(office.auditor).post(address, sent).status_code == 403

    def test_takes_a_measurement_off_and_measures_again(self, filled: Evaluation, office: Office, enter: As) -> None:
        client, goal = enter(office.officer), goal_id(filled, 1)
        client.post(at("evaluation-unmeasure", filled.pk, goal), {"version": filled.version})
        assert reload(filled, office.officer).evidence_count == 0
        page = client.post(
            at("evaluation-measure", filled.pk, goal), {"version": filled.version + 1}, follow=True
        ).content.decode()
        assert "已计量。" in page
        assert reload(filled, office.officer).evidence_count == 1

    def test_tells_of_a_save_in_between(self, filled: Evaluation, office: Office, enter: As) -> None:
        address = at("evaluation-unmeasure", filled.pk, goal_id(filled, 1))
        assert enter(office.officer).post(address, {"version": filled.version - 1}).status_code == 409


class TestRecord:
    def test_names_every_gap_with_its_place_when_it_is_handed_in(
        self, evaluation: Evaluation, office: Office, enter: As
    ) -> None:
        sent = {"version": evaluation.version, "action": "submit"}
        answer = enter(office.officer).post(at("evaluation-step", evaluation.pk), sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#line-1"' in page
        assert "在用账号比例：还没有计量" in page

    def test_shows_decisions_and_reasons(self, filled: Evaluation, office: Office, enter: As) -> None:
        sent = {"version": filled.version, "action": "submit"}
        assert enter(office.officer).post(at("evaluation-step", filled.pk), sent).status_code == 302
        sent |= {"action": "return", "reason": ""}
        reviewer = enter(office.department_reviewer)
        assert reviewer.post(at("evaluation-step", filled.pk), sent).status_code == 422
        sent |= {"reason": "满意度请附问卷"}
        assert reviewer.post(at("evaluation-step", filled.pk), sent).status_code == 302
        assert "满意度请附问卷" in text_of(enter(office.officer), at("evaluation", filled.pk))

    def test_brings_back_an_earlier_version(self, filled: Evaluation, office: Office, enter: As) -> None:
        seen = filled.version
        evaluations.save_evaluation(
            filled.pk, type_in(filled, actual="另写"), seen, actor=office.officer, now=filled.edited_at
        )
        client = enter(office.officer)
        assert f"恢复到版本 {seen}" in text_of(client, at("evaluation-versions", filled.pk))
        sent = {"version": seen + 1, "target": seen}
        page = client.post(at("evaluation-restore", filled.pk), sent, follow=True).content.decode()
        assert f"已恢复到版本 {seen}。" in page
        assert reload(filled, office.officer).actual == RESULT

    def test_asks_as_often_for_many_indicators_as_for_few(self, filled: Evaluation, office: Office, enter: As) -> None:
        longer = make_year(office.unit, office.officer, code="P002")
        goals = longer.goal_sheet.indicators
        for number in range(5, 40):
            goals.create(number=number, level1="产出指标", level2="数量指标", name=f"指标{number}", target="≥1次")
        many = evaluations.open_evaluation(longer.pk, actor=office.officer, now=filled.edited_at)
        client = enter(office.officer)
        for name in ("evaluation", "evaluation-edit"):
            assert _count(client, at(name, many.pk)) <= _count(client, at(name, filled.pk))


def _count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
