"""Measuring over real tables, on every database alike: the value, the evidence, the rights, the changed fact."""

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import Settings

from chengshu.base.merkle import merkle_root
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.files.facade import open_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import NewGrant, PermissionRefused
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import (
    Aggregation,
    Direction,
    EvidenceMissing,
    FactColumn,
    FactInvalid,
    FactKind,
    IndicatorSpec,
    IndicatorUnknown,
    Mask,
    MeasurementNotFound,
    ScopeUnknown,
    Window,
    WindowInvalid,
)
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

pytestmark = pytest.mark.django_db

YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))
NOW = datetime(2025, 1, 8, 2, 0, tzinfo=UTC)
ACTIVE_ACCOUNTS = IndicatorSpec(
    key="test.active_accounts",
    name="在用账号比例",
    unit="%",
    direction=Direction.UP,
    aggregation=Aggregation.RATIO,
    factor=100,
    definition="在用账号数 ÷ 账号数",
    columns=(
        FactColumn("display_name", "姓名", mask=Mask.NAME),
        FactColumn("created_at", "开户时间", FactKind.MOMENT),
        FactColumn("is_active", "在用", FactKind.BOOLEAN),
    ),
    sql="""
        SELECT u.login_name AS fact_key, CASE WHEN u.is_active THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
               u.display_name, u.created_at, u.is_active
        FROM accounts_user u
        WHERE u.created_at >= %(from)s AND u.created_at < %(until)s
          AND (CAST(%(organisation)s AS bigint) IS NULL OR u.organisation_name IN (
              SELECT o.code FROM organisations_organisation o
              JOIN organisations_ancestry a ON a.descendant_id = o.id
              WHERE a.ancestor_id = %(organisation)s))
    """,
)


@pytest.fixture
def spec() -> IndicatorSpec:
    indicators.register_indicator(ACTIVE_ACCOUNTS)
    return ACTIVE_ACCOUNTS


def _found(code: str, kind: Kind, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, f"{code}的名称", date(2020, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


@pytest.fixture
def city() -> Organisation:
    return _found("CITY", Kind.CITY)


@pytest.fixture
def unit(city: Organisation) -> Organisation:
    return _found("UNIT", Kind.UNIT, city)


def _open(login_name: str, place: str, *, is_active: bool = True, day: date = date(2024, 5, 1)) -> User:
    user = User(
        login_name=login_name,
        display_name=f"王{login_name}",
        organisation_name=place,
        role="officer",
        is_active=is_active,
        created_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
    )
    user.save(force_insert=True)
    return user


@pytest.fixture
def people(unit: Organisation) -> list[User]:
    """Three of the unit, one of them retired; one of the city; one who came a year later."""
    return [
        _open("a1", "UNIT"),
        _open("a2", "UNIT"),
        _open("a3", "UNIT", is_active=False),
        _open("b1", "CITY"),
        _open("z9", "UNIT", day=date(2025, 2, 1)),
    ]


def _grant(account: User, role: str, organisation: Organisation) -> None:
    new = NewGrant(account.pk, role, organisation.pk, since=date(2025, 1, 8), reason="测试")
    grants.give_grant(new, actor=None, now=NOW)


def _measure(scope: str = "", actor: User | None = None, window: Window = YEAR) -> indicators.Measurement:
    return indicators.measure(ACTIVE_ACCOUNTS.key, window, scope, actor=actor, now=NOW)


@pytest.mark.usefixtures("spec", "people")
class TestTheValue:
    def test_it_is_counted_over_the_window(self) -> None:
        kept = _measure()
        assert (kept.value, kept.numerator, kept.denominator, kept.counted) == (Decimal(75), Decimal(3), Decimal(4), 4)

    def test_it_is_counted_over_the_subtree_of_an_organisation(self) -> None:
        unit, city = _measure("organisation:UNIT"), _measure("organisation:CITY")
        assert (unit.value, unit.counted) == (Decimal("66.67"), 3)
        assert (city.value, city.counted) == (Decimal(75), 4)

    def test_the_window_holds_its_last_day_to_midnight_of_the_city(self) -> None:
        late = _open("late", "UNIT")
        User.objects.filter(pk=late.pk).update(created_at=datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC))
        assert _measure().counted == 5
        User.objects.filter(pk=late.pk).update(created_at=datetime(2024, 12, 31, 16, 0, tzinfo=UTC))
        assert _measure().counted == 4

    def test_an_empty_window_gives_no_value(self) -> None:
        kept = _measure(window=Window(date(2019, 1, 1), date(2019, 12, 31)))
        assert (kept.value, kept.counted, kept.evidence) == (None, 0, None)

    def test_what_cannot_be_asked_for_is_refused_with_nothing_kept(self) -> None:
        for scope, error in (("organisation:NONE", ScopeUnknown), ("project:1", ScopeUnknown)):
            with pytest.raises(error):
                _measure(scope)
        with pytest.raises(WindowInvalid):
            _measure(window=Window(date(2024, 2, 1), date(2024, 1, 1)))
        with pytest.raises(IndicatorUnknown):
            indicators.measure("test.unknown", YEAR, "", actor=None, now=NOW)
        assert indicators.Measurement.objects.count() == 0


@pytest.mark.usefixtures("spec", "people")
class TestTheEvidence:
    def test_an_outsider_recomputes_digest_and_value_from_the_file(self) -> None:
        kept = _measure()
        assert kept.evidence is not None
        with open_file(kept.evidence) as packed:
            lines = gzip.decompress(packed.read()).splitlines()
        assert merkle_root(lines, lambda data: hashlib.sha256(data).digest()).hex() == kept.digest
        rows = [json.loads(line) for line in lines]
        assert sum(Decimal(row[1]) for row in rows) / sum(Decimal(row[2]) for row in rows) * 100 == kept.value
        assert [row[0] for row in rows] == ["a1", "a2", "a3", "b1"]
        assert rows[0][3:] == ["王＊＊", "2024-05-01T04:00:00.000000Z", True]

    def test_the_digest_is_the_same_on_every_database(self) -> None:
        """Written out by hand: whoever changes the canonical form breaks every digest that was ever kept."""
        expected = [
            f'["{name}","{n}","1","王＊＊","2024-05-01T04:00:00.000000Z",{active}]'.encode()
            for name, n, active in (("a1", 1, "true"), ("a2", 1, "true"), ("a3", 0, "false"), ("b1", 1, "true"))
        ]
        assert _measure().digest == merkle_root(expected, lambda data: hashlib.sha256(data).digest()).hex()

    def test_measuring_again_gives_the_same_digest(self) -> None:
        first, second = _measure(), _measure()
        assert first.digest == second.digest
        assert first.sample == second.sample
        assert indicators.verify_measurement(first).same

    def test_a_changed_fact_is_named(self) -> None:
        kept = _measure()
        User.objects.filter(login_name="a1").update(is_active=False)
        _open("new", "UNIT")
        User.objects.filter(login_name="b1").delete()
        found = indicators.verify_measurement(kept)
        assert (found.same, found.added, found.removed, found.altered) == (False, ("new",), ("b1",), ("a1",))
        assert (found.was_value, found.now_value) == (Decimal(75), Decimal(50))

    def test_too_many_facts_leave_digest_and_sample(self, settings: Settings) -> None:
        settings.EVIDENCE_MAX_FACTS = 3
        kept = _measure()
        assert (kept.evidence, len(kept.sample)) == (None, 5)
        with pytest.raises(EvidenceMissing):
            list(indicators.read_evidence(kept))
        User.objects.filter(login_name="a1").update(is_active=False)
        found = indicators.verify_measurement(kept)
        assert (found.same, found.altered) == (False, None)

    def test_a_query_changed_behind_our_back_is_not_run(self) -> None:
        kept = _measure()
        kept.query = "SELECT login_name AS fact_key, 1 AS numerator FROM accounts_user"
        with pytest.raises(EvidenceMissing):
            indicators.verify_measurement(kept)

    def test_a_query_that_counts_a_fact_twice_is_refused_with_nothing_kept(self) -> None:
        twice = replace(ACTIVE_ACCOUNTS, key="test.twice", sql=f"{ACTIVE_ACCOUNTS.sql} UNION ALL {ACTIVE_ACCOUNTS.sql}")
        indicators.register_indicator(twice)
        with pytest.raises(FactInvalid):
            indicators.measure("test.twice", YEAR, "", actor=None, now=NOW)
        assert indicators.Measurement.objects.count() == 0

    def test_measurements_are_never_changed(self) -> None:
        kept = _measure()
        with pytest.raises(TypeError):
            kept.save()
        with pytest.raises(TypeError):
            kept.delete()
        with pytest.raises(TypeError):
            indicators.Measurement.objects.all().delete()
        with pytest.raises(TypeError):
            indicators.Measurement.objects.update(value=100)


@pytest.mark.usefixtures("spec")
class TestRights:
    def test_an_officer_measures_own_unit_and_nothing_beyond(self, people: list[User], unit: Organisation) -> None:
        _grant(people[0], "officer", unit)
        _measure("organisation:UNIT", people[0])
        for scope in ("", "organisation:CITY"):
            with pytest.raises(PermissionRefused):
                _measure(scope, people[0])

    def test_everybody_sees_the_measurements_of_own_places(
        self, people: list[User], unit: Organisation, city: Organisation
    ) -> None:
        officer, reviewer, stranger = people[0], people[1], people[3]
        _grant(officer, "officer", unit)
        _grant(reviewer, "finance_reviewer", city)
        own, whole = _measure("organisation:UNIT"), _measure()
        today = date(2025, 1, 8)
        assert set(indicators.list_measurements(officer, on=today)) == {own}
        assert set(indicators.list_measurements(reviewer, on=today)) == {own, whole}
        assert not indicators.list_measurements(stranger, on=today)
        with pytest.raises(MeasurementNotFound):
            indicators.get_measurement(whole.pk, officer, on=today)

    def test_the_audit_tells_who_measured_what(self, people: list[User], unit: Organisation) -> None:
        _grant(people[0], "officer", unit)
        kept = _measure("organisation:UNIT", people[0])
        (entry,) = audit.list_entries(f"measurement:{kept.pk}")
        assert (entry.actor_id, entry.subject) == (people[0].pk, f"measurement:{kept.pk}")
        assert entry.details["digest"] == kept.digest
