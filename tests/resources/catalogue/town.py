"""A city with two departments, somebody who keeps the entries of each, the centre that approves, and a reader."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from conftest import NOW, PASSWORD

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.catalogue import (
    Access,
    DataResource,
    FieldContent,
    ResourceContent,
    Step,
    StepAsked,
    ValueType,
)


@dataclass(frozen=True, slots=True)
class Town:
    """The departments 民政局 and 市场局, and the four people."""

    civil: Organisation
    market: Organisation
    operator: User
    other: User
    steward: User
    reader: User


def found_town() -> Town:
    """Found it."""
    city = _found("S", Kind.CITY, "示范市", None)
    civil = _found("S-MZ", Kind.DEPARTMENT, "民政局", city)
    market = _found("S-SC", Kind.DEPARTMENT, "市场监督管理局", city)
    return Town(
        civil,
        market,
        open_person("operator", "data_operator", civil),
        open_person("other", "data_operator", market),
        open_person("steward", "data_steward", city),
        open_person("reader", None, city),
    )


def a_content(**more: Any) -> ResourceContent:
    """Give an entry of the civil department that meets the national profile."""
    content = ResourceContent(
        code="307/MZ001",
        name="婚姻登记信息",
        department="S-MZ",
        summary="本市婚姻登记机关办理结婚、离婚登记产生的信息。",
        category="3/07/婚姻",
        sharing=Access.CONDITIONAL,
        sharing_terms="用于行政审批核验",
        sharing_mode="接口",
        fields=(
            FieldContent("djbh", "登记编号", length=20, is_key=True, is_nullable=False),
            FieldContent("xm", "姓名", length=50, grade=2),
            FieldContent("sfzh", "公民身份号码", length=18, grade=3),
            FieldContent("djrq", "登记日期", ValueType.DATE),
        ),
    )
    return replace(content, **more)


def published(town: Town, **more: Any) -> DataResource:
    """Register an entry of the civil department and lead it to its first edition."""
    resource = catalogue.register_resource(a_content(**more), actor=town.operator, now=NOW)
    step(resource, Step.SUBMIT, town.operator)
    return step(resource, Step.APPROVE, town.steward)


def step(resource: DataResource, kind: Step, actor: User, reason: str = "") -> DataResource:
    """Take a step with an entry as it stands now, and bring the row given in step."""
    resource.refresh_from_db()
    led = catalogue.take_step(StepAsked(resource.pk, kind, resource.revision, reason), actor=actor, now=NOW)
    resource.refresh_from_db()
    return led


def _found(code: str, kind: Kind, name: str, parent: Organisation | None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2020, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def open_person(name: str, role: str | None, place: Organisation) -> User:
    account = create_account(NewAccount(name, f"{name}的姓名", "示范市", Role.OFFICER, PASSWORD), now=NOW)
    if role is not None:
        new = NewGrant(account.pk, role, place.pk, NOW.date(), "分工")
        grants.give_grant(new, actor=None, now=NOW)
    return account
