"""A standard table holds the sound rows in the catalogue's types; its runs are kept, stopped, gone on with and repeated."""

from datetime import date, timedelta

import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.processing.register import BAD_ID, GOOD_ID, Register, last_of, work

from chengshu.dataplane.lake.places import find_table
from chengshu.dataplane.lake.reading import list_snapshots
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.jobs.facade import Job, State
from chengshu.resources.facade import processing, quality
from chengshu.resources.facade.deliveries import open_lake
from chengshu.resources.facade.processing import PipelineRun, ProcessingState, Trigger
from chengshu.resources.facade.processing_work import RunStopped, carry_out, order_due
from chengshu.resources.models import DataResource, QualityRule

pytestmark = pytest.mark.database

SOUND = f"1,王五,{GOOD_ID},2024-01-31"
ROWS = (
    SOUND,
    f" 2 ,李四　,{GOOD_ID},2024-02-29",
    f"3,赵六,{BAD_ID},2024-03-01",
    f"4,钱七,{GOOD_ID},2024-02-30",
    f",孙八,{GOOD_ID},2024-03-02",
    f"5,周九,{GOOD_ID},2024-03-03",
    f"5,周久,{GOOD_ID},2024-03-03",
    "6,吴十,,",
    "6,吴十,,",
)


class TestStandardTable:
    def test_holds_the_sound_rows_typed_trimmed_and_once(self, register: Register) -> None:
        register.deliver(*ROWS)
        run = work(register.begin())
        assert run.state == ProcessingState.DONE
        assert register.held() == {
            "1": {"djbh": "1", "xm": "王五", "sfzh": GOOD_ID, "djrq": date(2024, 1, 31)},
            "2": {"djbh": "2", "xm": "李四", "sfzh": GOOD_ID, "djrq": date(2024, 2, 29)},
            "6": {"djbh": "6", "xm": "吴十", "sfzh": None, "djrq": None},
        }
        assert (run.rows_read, run.rows_written) == (9, 3)

    def test_leaves_rows_to_a_rule_that_was_switched_off(self, register: Register) -> None:
        register.deliver(SOUND, f"3,赵六,{BAD_ID},2024-03-01")
        rule = QualityRule.objects.get(key="sfzh.check_digit")
        draft = quality.RuleDraft(rule.key, rule.name, rule.definition)
        quality.amend_rule(
            rule.pk, draft, actor=register.town.steward, now=NOW, is_active=False, reason="号码以公安为准"
        )
        work(register.begin())
        assert set(register.held()) == {"1", "3"}

    def test_reads_days_of_other_forms_where_no_rule_asks_for_one(self, register: Register) -> None:
        register.deliver(f"1,王五,{GOOD_ID},20240229", f"2,李四,{GOOD_ID},2024/03/01", f"3,赵六,{GOOD_ID},20240230")
        work(register.begin())
        assert register.held() == {}
        QualityRule.objects.filter(key="djrq.type").update(is_active=False)
        work(processing.ask_run(register.resource.pipeline.pk, actor=register.town.steward, now=NOW))
        assert {key: row["djrq"] for key, row in register.held().items()} == {
            "1": date(2024, 2, 29),
            "2": date(2024, 3, 1),
        }

    def test_is_made_anew_when_the_source_delivered_and_not_otherwise(self, register: Register) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        work(last_of(pipeline))
        assert order_due(NOW + timedelta(hours=1)) == 0
        register.deliver(SOUND, f"7,郑一,{GOOD_ID},2024-05-01")
        PipelineRun.objects.update(queued_at=NOW - timedelta(hours=1))  # before the delivery
        assert order_due(NOW + timedelta(hours=1)) == 1
        assert order_due(NOW + timedelta(hours=1)) == 0  # it is queued
        run = pipeline.runs.get(state=ProcessingState.QUEUED)
        assert run.trigger == Trigger.AUTOMATIC
        work(run)
        assert set(register.held()) == {"1", "7"}

    def test_is_not_made_by_itself_once_switched_off(self, register: Register) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        processing.switch_pipeline(pipeline.pk, is_automatic=False, actor=register.town.steward, now=NOW)
        work(last_of(pipeline))
        register.deliver(f"7,郑一,{GOOD_ID},2024-05-01")
        PipelineRun.objects.update(queued_at=NOW - timedelta(hours=1))
        assert order_due(NOW) == 0
        assert Entry.objects.filter(action="resources.switch_pipeline").exists()

    def test_that_was_given_up_runs_no_more_and_may_be_taken_up_again(self, register: Register) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        with pytest.raises(processing.ProcessingRefused, match="停止"):
            processing.remove_pipeline(pipeline.pk, actor=register.town.steward, now=NOW)
        work(last_of(pipeline))
        processing.remove_pipeline(pipeline.pk, actor=register.town.steward, now=NOW)
        with pytest.raises(processing.ProcessingRefused, match="已取消"):
            processing.ask_run(pipeline.pk, actor=register.town.steward, now=NOW)
        assert register.standardise().pk == pipeline.pk
        assert set(register.held()) == {"1"}


class TestRun:
    def test_repeated_over_its_versions_gives_the_same_rows(self, register: Register) -> None:
        register.deliver(SOUND)
        first = work(register.begin())
        register.deliver(f"7,郑一,{GOOD_ID},2024-05-01")
        again = processing.repeat_run(first.uuid, actor=register.town.steward, now=NOW)
        done = work(again)
        assert (done.trigger, done.inputs[0]["version"]) == (Trigger.REPEAT, first.inputs[0]["version"])
        assert processing.compare_repeat(done) == ((str(register.table), True),)

    def test_repeated_keeps_to_the_rules_that_it_was_made_by(self, register: Register) -> None:
        register.deliver(SOUND, f"3,赵六,{BAD_ID},2024-03-01")
        first = work(register.begin())
        QualityRule.objects.filter(key="sfzh.check_digit").update(is_active=False)
        again = work(processing.repeat_run(first.uuid, actor=register.town.steward, now=NOW))
        assert processing.compare_repeat(again) == ((str(register.table), True),)

    def test_asked_for_twice_is_one(self, register: Register) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        one, other = (processing.ask_run(pipeline.pk, actor=register.town.steward, now=NOW) for _ in range(2))
        assert one == other == last_of(pipeline)

    def test_is_stopped_and_gone_on_with(self, register: Register) -> None:
        register.deliver(SOUND)
        run = register.begin()
        with pytest.raises(RunStopped):
            work(run, is_cancelled=lambda: True)
        run.refresh_from_db()
        assert (run.state, "停止" in run.reason) == (ProcessingState.CANCELLED, True)
        register.deliver(f"7,郑一,{GOOD_ID},2024-05-01")
        processing.resume_run(run.uuid, actor=register.town.steward, now=NOW)
        work(run)
        assert set(register.held()) == {"1"}  # over the version that it began with

    def test_that_waits_is_stopped_at_once_and_its_job_does_nothing(self, register: Register) -> None:
        register.deliver(SOUND)
        run = register.begin()
        assert processing.stop_run(run.uuid, actor=register.town.steward, now=NOW).state == ProcessingState.CANCELLED
        assert work(run).state == ProcessingState.CANCELLED

    def test_that_runs_hears_the_stop_of_another_person(self, register: Register, town: Town) -> None:
        register.deliver(SOUND)
        run = register.begin()

        def tell(_stage: str, _done: int, _total: int) -> None:
            processing.stop_run(run.uuid, actor=town.steward, now=NOW)

        with pytest.raises(RunStopped):
            carry_out(run.pk, tell=tell, clock=lambda: NOW)

    def test_whose_worker_died_is_gone_on_with_and_writes_once(self, register: Register) -> None:
        register.deliver(SOUND)
        run = register.begin()

        def die(_stage: str, _done: int, total: int) -> None:
            if _done == total:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            carry_out(run.pk, tell=die, clock=lambda: NOW)
        run.refresh_from_db()
        assert run.state == ProcessingState.RUNNING
        assert work(run).state == ProcessingState.DONE
        assert len(list_snapshots(open_lake(), register.table)) == 1

    def test_whose_job_ended_without_it_gives_way_to_the_next(self, register: Register) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        dead = last_of(pipeline)
        Job.objects.update(state=State.FAILED, finished_at=NOW)
        assert processing.may_resume(PipelineRun.objects.get(pk=dead.pk))
        fresh = processing.ask_run(pipeline.pk, actor=register.town.steward, now=NOW)
        dead.refresh_from_db()
        assert (fresh.pk != dead.pk, dead.state) == (True, ProcessingState.CANCELLED)
        with pytest.raises(processing.ProcessingRefused, match="另一次运行"):
            processing.resume_run(dead.uuid, actor=register.town.steward, now=NOW)

    def test_that_fails_tells_the_cure(self, register: Register) -> None:
        register.deliver(SOUND)
        run = register.begin()
        register.resource.fields.filter(code="sfzh").update(code="公民\t身份")
        with pytest.raises(processing.ProcessingRefused):
            work(run)
        run.refresh_from_db()
        assert run.state == ProcessingState.FAILED
        register.resource.fields.filter(code="公民\t身份").update(code="sfzh")
        processing.resume_run(run.uuid, actor=register.town.steward, now=NOW)
        assert work(run).state == ProcessingState.DONE

    def test_of_an_entry_whose_columns_changed_remakes_the_table(self, register: Register) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        work(last_of(pipeline))
        register.resource.fields.filter(code="djrq").update(type="text")
        register.resource.fields.filter(code="xm").delete()
        work(processing.ask_run(pipeline.pk, actor=register.town.steward, now=NOW))
        assert register.held() == {"1": {"djbh": "1", "sfzh": GOOD_ID, "djrq": "2024-01-31"}}
        assert [one.version for one in list_snapshots(open_lake(), register.table)] == [1, 0]

    def test_repeated_puts_no_older_rows_back(self, register: Register) -> None:
        register.deliver(SOUND)
        first = work(register.begin())
        register.deliver(SOUND, f"7,郑一,{GOOD_ID},2024-05-01")
        work(processing.ask_run(first.pipeline_id, actor=register.town.steward, now=NOW))
        again = work(processing.repeat_run(first.uuid, actor=register.town.steward, now=NOW))
        assert (processing.compare_repeat(again), set(register.held())) == (((str(register.table), True),), {"1", "7"})
        assert again.outputs[0]["version"] == -1

    def test_that_another_has_outrun_is_not_gone_on_with(self, register: Register) -> None:
        register.deliver(SOUND)
        first = register.begin()
        with pytest.raises(RunStopped):
            work(first, is_cancelled=lambda: True)
        register.deliver(SOUND, f"7,郑一,{GOOD_ID},2024-05-01")
        work(processing.ask_run(first.pipeline_id, actor=register.town.steward, now=NOW))
        with pytest.raises(processing.ProcessingRefused, match="后来又运行过"):
            processing.resume_run(first.uuid, actor=register.town.steward, now=NOW)
        assert not processing.may_resume(PipelineRun.objects.get(pk=first.pk))

    def test_that_was_taken_over_commits_nothing_and_stays_ended(self, register: Register) -> None:
        register.deliver(SOUND)
        run = register.begin()

        def tell(_stage: str, done: int, total: int) -> None:
            if done < total:
                PipelineRun.objects.filter(pk=run.pk).update(state=ProcessingState.CANCELLED.value, ended_at=NOW)

        with pytest.raises(RunStopped):
            carry_out(run.pk, tell=tell, clock=lambda: NOW)
        run.refresh_from_db()
        assert (run.state, find_table(open_lake(), register.table)) == (ProcessingState.CANCELLED, None)

    def test_of_a_job_that_is_tried_again_does_the_work(self, register: Register) -> None:
        register.deliver(SOUND)
        run = register.begin()
        register.resource.fields.filter(code="sfzh").update(code="公民\t身份")
        with pytest.raises(processing.ProcessingRefused):
            work(run)
        register.resource.fields.filter(code="公民\t身份").update(code="sfzh")
        assert work(run).state == ProcessingState.DONE

    def test_of_an_entry_under_a_new_code_stays_its_department_s(self, register: Register) -> None:
        register.deliver(SOUND)
        run = work(register.begin())
        DataResource.objects.filter(pk=register.resource.pk).update(code="307/NEW")
        work(processing.ask_run(run.pipeline_id, actor=register.town.steward, now=NOW))
        assert run.pipeline.__class__.objects.get(pk=run.pipeline_id).outputs == ["standard/307~2fNEW"]


class TestRights:
    def test_operators_see_their_department_and_run_nothing(self, register: Register, town: Town) -> None:
        register.deliver(SOUND)
        pipeline = register.standardise()
        today = NOW.date()
        assert [one.pk for one in processing.list_pipelines(town.operator, on=today)] == [pipeline.pk]
        assert not processing.list_pipelines(town.other, on=today)
        assert not processing.list_pipelines(town.reader, on=today)
        with pytest.raises(PermissionRefused):
            processing.ask_run(pipeline.pk, actor=town.operator, now=NOW)
        with pytest.raises(processing.PipelineNotFound):
            processing.ask_run(pipeline.pk, actor=town.other, now=NOW)

    def test_nothing_is_set_up_for_what_was_not_collected(self, register: Register) -> None:
        with pytest.raises(processing.ResourceNotFound, match="没有归集过"):
            register.standardise()
        assert not processing.list_standardisable(register.town.steward, on=NOW.date())
