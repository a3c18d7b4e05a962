"""The first organisations and the first administrator come from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import is_permitted
from chengshu.kernel.organisations.facade import find_organisation

pytestmark = pytest.mark.django_db

_TABLE = "代码,名称,类别,上级代码,设立日期\nC,示范市,市,,2020-01-01\nU,甲单位,单位,C,2020-01-01\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "组织.csv"
    path.write_text(_TABLE, encoding="utf-8")
    return path


def test_an_empty_installation_gets_its_tree_and_its_administrator(table: Path, officer: User) -> None:
    out = StringIO()
    call_command("import_organisations", str(table), stdout=out)
    assert "新设 2，更名 0，划转 0，未变 0，未收 0" in out.getvalue()
    call_command("give_grant", "officer", role="admin", organisation="C", reason="启用", stdout=out)
    unit = find_organisation("U")
    assert unit is not None
    assert is_permitted(officer, "grants.give", unit.pk, on=localdate())


def test_rows_that_were_not_taken_are_told(table: Path) -> None:
    table.write_text(f"{_TABLE}X,乙,公司,C,\n", encoding="utf-8")
    told = StringIO()
    with pytest.raises(CommandError, match="有行未收"):
        call_command("import_organisations", str(table), stdout=StringIO(), stderr=told)
    assert "第 4 行 X：类别“公司”" in told.getvalue()
    assert find_organisation("U") is not None


@pytest.mark.parametrize(("login", "code"), [("nobody", "C"), ("officer", "没有")])
def test_unknown_people_and_places_are_told(login: str, code: str, table: Path, officer: User) -> None:
    call_command("import_organisations", str(table), stdout=StringIO())
    with pytest.raises(CommandError, match="没有"):
        call_command("give_grant", login, role="admin", organisation=code, reason="启用")
