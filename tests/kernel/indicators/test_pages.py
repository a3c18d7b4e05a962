"""What people see of indicators: the list, a history, the evidence, what changed; and who may."""

import gzip
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from conftest import PASSWORD
from django.test import Client
from django.utils import timezone

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import (
    Aggregation,
    Direction,
    FactColumn,
    IndicatorSpec,
    Mask,
    Measurement,
    Window,
)
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OPENED = datetime(2024, 5, 1, tzinfo=UTC)
YEAR = {"from": "2024-01-01", "until": "2024-12-31"}
SPEC = IndicatorSpec(
    key="test.page_accounts",
    name="在用账号数占比",
    unit="%",
    direction=Direction.UP,
    aggregation=Aggregation.RATIO,
    factor=100,
    definition="在用账号数 ÷ 全部账号数",
    columns=(FactColumn("display_name", "姓名", mask=Mask.NAME),),
    sql="""
        SELECT u.login_name AS fact_key, CASE WHEN u.is_active THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
               u.display_name
        FROM accounts_user u
        WHERE u.created_at >= %(from)s AND u.created_at < %(until)s
          AND (CAST(%(organisation)s AS bigint) IS NULL OR u.organisation_name IN (
              SELECT o.code FROM organisations_organisation o
              JOIN organisations_ancestry a ON a.descendant_id = o.id
              WHERE a.ancestor_id = %(organisation)s))
    """,
)


def _found(code: str, kind: Kind, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, f"{code}名", LONG_AGO.date(), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=LONG_AGO)


def _hire(login: str, name: str, place: Organisation, role: HouseRole = HouseRole.OFFICER) -> User:
    user = create_account(NewAccount(login, name, place.code, Role.OFFICER, PASSWORD), now=OPENED)
    grants.give_grant(NewGrant(user.pk, role, place.pk, LONG_AGO.date(), "分工"), actor=None, now=LONG_AGO)
    return user


@pytest.fixture
def city() -> Organisation:
    indicators.register_indicator(SPEC)
    return _found("C", Kind.CITY)


@pytest.fixture
def officer(city: Organisation) -> User:
    return _hire("chen", "陈专员", _found("U1", Kind.UNIT, city))


@pytest.fixture
def page(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def kept(officer: User) -> Measurement:
    window = Window(date(2024, 1, 1), date(2024, 12, 31))
    return indicators.measure(SPEC.key, window, "organisation:U1", actor=officer, now=timezone.now())


def _text(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestList:
    def test_shows_what_is_registered_with_its_last_value(self, page: Client, kept: Measurement) -> None:
        text = _text(page, "/indicators/?q=在用账号数占比")
        assert "在用账号数 ÷ 全部账号数" in text
        assert f'href="/indicators/measurements/{kept.pk}/">100.00</a>' in text

    def test_hides_the_values_of_other_units(self, client: Client, city: Organisation, kept: Measurement) -> None:
        client.force_login(_hire("wang", "王专员", _found("U2", Kind.UNIT, city)))
        text = _text(client, "/indicators/?q=在用账号数占比")
        assert f"/measurements/{kept.pk}/" not in text
        assert "没有计量过" in text
        assert client.get(f"/indicators/measurements/{kept.pk}/").status_code == 404

    def test_that_finds_nothing_says_so(self, page: Client) -> None:
        assert "没有符合条件的指标" in _text(page, "/indicators/?q=没有这样的")

    def test_measures_several_in_the_background(self, page: Client) -> None:
        answer = page.post("/indicators/measure/", {"selected": [SPEC.key], "scope": "organisation:U1", **YEAR})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/jobs/")

    def test_asks_for_a_choice(self, page: Client) -> None:
        answer = page.post("/indicators/measure/", {"scope": "organisation:U1", **YEAR})
        assert answer.status_code == 422
        assert "请先选择要计量的指标" in answer.content.decode()


class TestIndicator:
    def test_measures_and_shows_the_evidence(self, page: Client) -> None:
        answer = page.post(f"/indicators/{SPEC.key}/measure/", {"scope": "organisation:U1", **YEAR}, follow=True)
        text = answer.content.decode()
        assert "100.00" in text
        assert "陈＊＊" in text
        assert "陈专员" not in text.split('id="sample-title"')[1]
        assert Measurement.objects.get().digest in text

    def test_refuses_another_units_scope(self, page: Client, city: Organisation) -> None:
        _found("U2", Kind.UNIT, city)
        answer = page.post(f"/indicators/{SPEC.key}/measure/", {"scope": "organisation:U2", **YEAR})
        assert answer.status_code in {403, 404}
        assert not Measurement.objects.exists()

    @pytest.mark.parametrize("wrong", [{"from": "昨天"}, {"until": "2023-01-01"}, {"scope": "organisation:没有"}])
    def test_keeps_what_was_typed_when_it_is_wrong(self, page: Client, wrong: dict[str, str]) -> None:
        given = {"scope": "organisation:U1", **YEAR} | wrong
        answer = page.post(f"/indicators/{SPEC.key}/measure/", given)
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()

    @pytest.mark.usefixtures("kept")
    def test_draws_its_windows_once_there_are_two(self, page: Client, officer: User) -> None:
        assert "<svg" not in _text(page, f"/indicators/{SPEC.key}/").split('class="shell-main"')[1]
        earlier = Window(date(2024, 5, 1), date(2024, 6, 30))
        indicators.measure(SPEC.key, earlier, "organisation:U1", actor=officer, now=timezone.now())
        assert "<polyline" in _text(page, f"/indicators/{SPEC.key}/")

    def test_that_nobody_registered_is_not_there(self, page: Client) -> None:
        assert page.get("/indicators/test.no_such/").status_code == 404


class TestMeasurement:
    def test_verified_says_that_nothing_changed(self, page: Client, kept: Measurement) -> None:
        text = page.post(f"/indicators/measurements/{kept.pk}/verify/").content.decode()
        assert "复核一致" in text
        assert Entry.objects.filter(action="indicators.verify").count() == 1

    def test_verified_names_the_fact_that_changed(self, page: Client, kept: Measurement, officer: User) -> None:
        User.objects.filter(pk=officer.pk).update(display_name="沈专员")
        text = page.post(f"/indicators/measurements/{kept.pk}/verify/").content.decode()
        assert "事实已变" in text
        assert "改动的事实：chen" in text

    def test_gives_the_counted_rows(self, page: Client, kept: Measurement) -> None:
        answer = page.get(f"/indicators/measurements/{kept.pk}/rows/")
        lines = gzip.decompress(b"".join(answer)).decode()
        assert lines == '["chen","1","1","陈＊＊"]\n'

    def test_measured_again_is_another_record(self, page: Client, kept: Measurement) -> None:
        answer = page.post(f"/indicators/measurements/{kept.pk}/again/")
        newest = Measurement.objects.order_by("-pk")[0]
        assert answer["Location"] == f"/indicators/measurements/{newest.pk}/"
        assert (newest.digest, newest.pk == kept.pk) == (kept.digest, False)


class TestMeasureMany:
    def test_skips_what_an_interrupted_attempt_measured(self, officer: User, kept: Measurement) -> None:
        asked_at = kept.measured_at
        progress = _Progress(officer.pk, [SPEC.key, "test.gone"], asked_at)
        result = indicators.work_measuring(progress, clock=timezone.now)
        assert (result["measured"], list(result["failed"])) == (1, ["test.gone"])
        assert Measurement.objects.count() == 1


class _Progress:
    """The worker's side of a job."""

    uuid = UUID(int=1)
    attempt = 2

    def __init__(self, owner_id: int, keys: list[str], asked_at: datetime) -> None:
        self.owner_id = owner_id
        self.payload = {
            "keys": keys,
            "first": "2024-01-01",
            "last": "2024-12-31",
            "scope": "organisation:U1",
            "asked_at": asked_at.isoformat(),
        }

    def report(self, stage: str, *, done: int, total: int, message: str = "") -> None:
        assert (stage, done <= total) == ("计量", True)
        assert "指标" in message or not message
