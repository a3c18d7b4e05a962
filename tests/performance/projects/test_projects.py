"""Projects are entered, changed and ended by who may, and every write leaves what was before and after."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from performance.projects.town import Town, give

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import HouseRole, PermissionRefused
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.facade import projects
from chengshu.performance.facade.projects import Project, ProjectFacts, ProjectInvalid, ProjectNotFound, ProjectStale


class TestCreateProject:
    def test_keeps_the_facts_and_tells_the_audit(self, project: Project, facts: ProjectFacts, clerk: User) -> None:
        assert projects.facts_of(Project.objects.get(pk=project.pk)) == facts
        entry = list_entries(f"project:{project.pk}").get()
        assert entry.after is not None
        assert (entry.action, entry.actor, entry.after["code"]) == ("performance.create_project", clerk, "P-001")

    def test_is_refused_where_the_actor_has_no_right(self, facts: ProjectFacts, stranger: User, now: datetime) -> None:
        with pytest.raises(PermissionRefused):
            projects.create_project(facts, actor=stranger, now=now)
        assert not Project.objects.exists()

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"code": " "}, "code"),
            ({"code": "P" * 41}, "code"),
            ({"name": ""}, "name"),
            ({"description": "长" * 2001}, "description"),
            ({"started_on": date(1949, 10, 1)}, "started_on"),
            ({"department_id": 10**9}, "department"),
        ],
    )
    def test_names_the_field_that_cannot_be_kept(
        self, facts: ProjectFacts, clerk: User, now: datetime, change: dict[str, object], field: str
    ) -> None:
        with pytest.raises(ProjectInvalid) as refusal:
            projects.create_project(replace(facts, **change), actor=clerk, now=now)  # type: ignore[arg-type]  # as given
        assert refusal.value.details["field"] == field

    @pytest.mark.usefixtures("project")
    def test_gives_no_code_twice(self, facts: ProjectFacts, clerk: User, now: datetime) -> None:
        with pytest.raises(ProjectInvalid) as refusal:
            projects.create_project(replace(facts, name="另一个"), actor=clerk, now=now)
        assert refusal.value.details["field"] == "code"
        assert Project.objects.count() == 1

    def test_takes_no_unit_that_has_ended(self, town: Town, facts: ProjectFacts, clerk: User, now: datetime) -> None:
        organisations.end_organisation(town.unit.pk, on=date(2024, 6, 1), actor=None, now=now, reason="机构改革")
        with pytest.raises(ProjectInvalid) as refusal:
            projects.create_project(facts, actor=clerk, now=now)
        assert refusal.value.details["field"] == "unit"


class TestChangeProject:
    def test_keeps_what_changed_from_what_to_what(
        self, project: Project, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        mark = projects.mark_facts(facts)
        projects.change_project(
            project.pk, replace(facts, name="平台升级"), seen=mark, actor=clerk, now=now, reason="批复"
        )
        entry = list_entries(f"project:{project.pk}").first()
        assert entry is not None
        assert (entry.before, entry.after, entry.reason) == ({"name": "数据平台运维"}, {"name": "平台升级"}, "批复")

    def test_refuses_an_edit_that_began_before_somebody_elses(
        self, project: Project, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        mark = projects.mark_facts(facts)
        projects.change_project(project.pk, replace(facts, name="先改的"), seen=mark, actor=clerk, now=now)
        with pytest.raises(ProjectStale):
            projects.change_project(project.pk, replace(facts, name="后改的"), seen=mark, actor=clerk, now=now)
        assert Project.objects.get(pk=project.pk).name == "先改的"

    def test_is_hidden_from_other_units_and_refused_to_readers(
        self, project: Project, facts: ProjectFacts, stranger: User, auditor: User, now: datetime
    ) -> None:
        mark = projects.mark_facts(facts)
        with pytest.raises(ProjectNotFound):
            projects.change_project(project.pk, facts, seen=mark, actor=stranger, now=now)
        with pytest.raises(PermissionRefused):
            projects.change_project(project.pk, facts, seen=mark, actor=auditor, now=now)

    def test_moves_to_another_unit_only_with_rights_on_both(
        self, project: Project, facts: ProjectFacts, town: Town, clerk: User, now: datetime
    ) -> None:
        moved, mark = replace(facts, unit_id=town.other_unit.pk), projects.mark_facts(facts)
        with pytest.raises(PermissionRefused):
            projects.change_project(project.pk, moved, seen=mark, actor=clerk, now=now)
        give(clerk, town.other_unit, HouseRole.OFFICER)
        projects.change_project(project.pk, moved, seen=mark, actor=clerk, now=now)
        assert Project.objects.get(pk=project.pk).unit_id == town.other_unit.pk

    def test_writes_nothing_when_nothing_changed(
        self, project: Project, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        before = list_entries(f"project:{project.pk}").count()
        projects.change_project(project.pk, facts, seen=projects.mark_facts(facts), actor=clerk, now=now)
        assert list_entries(f"project:{project.pk}").count() == before


class TestEndProject:
    def test_ends_and_goes_on(self, project: Project, clerk: User, now: datetime) -> None:
        projects.end_project(project.pk, date(2024, 12, 31), reason="完成", actor=clerk, now=now)
        assert Project.objects.get(pk=project.pk).ended_on == date(2024, 12, 31)
        projects.end_project(project.pk, None, reason="延续", actor=clerk, now=now)
        assert Project.objects.get(pk=project.pk).ended_on is None
        assert [e.action for e in list_entries(f"project:{project.pk}")][:2] == [
            "performance.resume_project",
            "performance.end_project",
        ]

    @pytest.mark.parametrize("day", [date(2021, 12, 31), date(2023, 12, 31)])
    def test_not_before_its_start_or_an_open_year(
        self, project: Project, clerk: User, now: datetime, day: date
    ) -> None:
        projects.open_year(project.pk, 2024, actor=clerk, now=now)
        with pytest.raises(ProjectInvalid):
            projects.end_project(project.pk, day, reason="完成", actor=clerk, now=now)

    def test_needs_a_reason(self, project: Project, clerk: User, now: datetime) -> None:
        with pytest.raises(projects.ReasonMissing):
            projects.end_project(project.pk, date(2024, 12, 31), reason=" ", actor=clerk, now=now)


class TestOpenYear:
    def test_carries_the_unit_of_that_year_for_good(
        self, project: Project, facts: ProjectFacts, town: Town, clerk: User, now: datetime
    ) -> None:
        year = projects.open_year(project.pk, 2024, actor=clerk, now=now)
        give(clerk, town.other_unit, HouseRole.OFFICER)
        moved = replace(facts, unit_id=town.other_unit.pk)
        projects.change_project(project.pk, moved, seen=projects.mark_facts(facts), actor=clerk, now=now)
        year.refresh_from_db()
        assert year.unit_id == town.unit.pk
        assert projects.open_year(project.pk, 2025, actor=clerk, now=now).unit_id == town.other_unit.pk

    def test_only_once_and_only_while_the_project_runs(self, project: Project, clerk: User, now: datetime) -> None:
        projects.open_year(project.pk, 2024, actor=clerk, now=now)
        for year in (2024, 2021):
            with pytest.raises(ProjectInvalid):
                projects.open_year(project.pk, year, actor=clerk, now=now)


class TestSight:
    def test_a_grant_on_one_project_shows_that_project_alone(
        self, project: Project, facts: ProjectFacts, town: Town, clerk: User, stranger: User, now: datetime
    ) -> None:
        projects.create_project(replace(facts, code="P-002"), actor=clerk, now=now)
        give(stranger, town.unit, HouseRole.OFFICER, scope=f"project:{project.pk}")
        seen = projects.list_projects(stranger, on=now.date()).values_list("code", flat=True)
        assert list(seen) == ["P-001"]
