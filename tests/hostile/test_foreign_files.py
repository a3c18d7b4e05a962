"""Files behind the door of all files: for who may see what they hang on, for nobody else, and not after the right ends."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from conftest import NOW
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from web.world import (
    CITY_ADMIN,
    CITY_AUDITOR,
    DEPARTMENT_REVIEWER,
    OFFICER,
    TICKET_HANDLER,
    Side,
    World,
    build_world,
)

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import StoredFile, store_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators.facade import Measurement
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance.facade import evaluations, money
from chengshu.performance.facade.evaluations import Proof
from chengshu.performance.models import EvaluatedIndicator, Receipt, SourceFile

pytestmark = pytest.mark.django_db
KINDS = ("evidence", "receipt", "import", "adjustment", "document", "attachment")


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_world()


def _files(side: Side) -> dict[str, StoredFile]:
    """Give a file of every kind that hangs on something of the unit, each handed in by the unit's person."""
    person = side.person
    evidence = Measurement.objects.get(pk=side.measurement_id).evidence
    change = money.Adjustment(money.FundSource.FISCAL, Decimal(5), date(2024, 3, 1), "追加", "")
    scan = ("批文.txt", "关于追加预算的批复".encode())
    adjustment = money.adjust_budget(side.year_id, change, actor=person, now=NOW, document=scan)
    paper = evaluations.get_evaluation(side.evaluation_id, viewer=person, on=datetime.date(NOW))
    proof = Proof("台账.txt", BytesIO("台账".encode()), "合计行")
    evaluations.attach_document(paper.pk, side.promise_id, proof, paper.version, actor=person, now=NOW)
    new = grants.NewGrant(person.pk, grants.HouseRole.TICKET_HANDLER, side.unit.pk, datetime.date(NOW), "值班")
    grants.give_grant(new, actor=None, now=NOW)
    photo = tickets.attach(side.ticket_id, "现场".encode(), "现场.txt", actor=person, now=NOW).file
    document = EvaluatedIndicator.objects.get(evaluation=paper, document__isnull=False).document
    found = (
        evidence,
        Receipt.objects.get(pk=side.receipt_id).stored,
        SourceFile.objects.get(pk=side.file_id).stored,
        adjustment.document,
        document,
        photo,
    )
    assert None not in found
    return dict(zip(KINDS, found, strict=True))  # type: ignore[arg-type]  # none is None


def _given(viewer: User, files: dict[str, StoredFile]) -> set[str]:
    client = Client()
    client.force_login(viewer)
    given = set()
    for kind, stored in files.items():
        answer = client.get(reverse("files:download", args=[stored.uuid]))
        assert answer.status_code in {200, 404}, kind
        if answer.streaming:
            assert b"".join(answer)
            given.add(kind)
    return given


def test_another_unit_gets_none(world: World) -> None:
    files = _files(world.sides["foreign"])
    for who in (OFFICER, DEPARTMENT_REVIEWER, TICKET_HANDLER):
        assert _given(world.people[who], files) == set(), who


def test_the_unit_gets_its_own(world: World) -> None:
    side = world.sides["foreign"]
    assert _given(side.person, _files(side)) == set(KINDS)


def test_a_colleague_gets_what_he_may_see_and_no_table_that_names_others(world: World) -> None:
    files = _files(world.sides["own"])
    assert _given(world.people[DEPARTMENT_REVIEWER], files) == set(KINDS) - {"receipt"}


def test_who_reads_the_whole_city_gets_all(world: World) -> None:
    assert _given(world.people[CITY_AUDITOR], _files(world.sides["foreign"])) == set(KINDS)


def test_who_handed_them_in_loses_them_with_the_right(world: World) -> None:
    side = world.sides["foreign"]
    files = _files(side)
    kept = {"report": store_file("报告".encode(), name="报告.txt", owner=side.person, now=NOW)}
    for grant in grants.Grant.objects.filter(account=side.person):
        grants.end_grant(grant.pk, actor=world.people[CITY_ADMIN], now=NOW + timedelta(days=1), reason="调走")
    assert _given(side.person, files) == set()
    assert _given(side.person, kept) == {"report"}
