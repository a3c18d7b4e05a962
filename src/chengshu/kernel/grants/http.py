"""Organisations over HTTP. They know nothing of rights, so they are served here, where rights are known."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.http.facade import Id, Page, PageAsked, narrow_to_words, person_of, read_page
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, Organisation

VIEW = "organisations.view"
router = Router(tags=["organisations"])


class OrganisationRow(Schema):
    """An organisation under today's name."""

    id: int
    code: str
    kind: Kind
    name: str
    parent_id: int | None
    founded_on: date
    ended_on: date | None


class Above(Schema):
    """An organisation above another."""

    id: int
    code: str
    name: str


class OrganisationRecord(OrganisationRow):
    """An organisation with those above it, the root first."""

    ancestors: list[Above]


class OrganisationPage(Page[OrganisationRow]):
    """One page of organisations."""


class OrganisationsAsked(PageAsked):
    """Which organisations are asked for."""

    kind: list[Kind] = Field(default_factory=list, description="类别，可多选")
    code: str = Field("", max_length=32, pattern=r"^[^\x00-\x1f\x7f]*$", description="代码")
    living: bool = Field(default=False, description="只要现存的")


@router.get("", response=OrganisationPage, summary=_("组织列表"))
def list_organisations(request: HttpRequest, asked: Query[OrganisationsAsked]) -> dict[str, Any]:
    """List the organisations in sight by code, under their names of today."""
    today = localdate()
    rows = grants.list_permitted_organisations(person_of(request), VIEW, on=today)
    if asked.kind:
        rows = rows.filter(kind__in=asked.kind)
    if asked.code:
        rows = rows.filter(code=asked.code)
    if asked.living:
        rows = rows.existing_on(today)
    found = narrow_to_words(rows, asked, ("name__icontains", "code__icontains"))
    return read_page(found, asked, _write, order=["code"])


@router.get("/{organisation_id}", response=OrganisationRecord, summary=_("一个组织"))
def get_organisation(request: HttpRequest, organisation_id: Id) -> OrganisationRecord:
    """Give an organisation in sight with those above it."""
    viewer, today = person_of(request), localdate()
    grants.require(viewer, VIEW, organisation_id, on=today, is_hidden=True)
    found = organisations.list_organisations(on=today).get(pk=organisation_id)
    above = [Above(id=a.id, code=a.code, name=a.name) for a in organisations.ancestors_on(organisation_id, today)]
    return OrganisationRecord(**_write(found).model_dump(), ancestors=above)


def _write(row: Organisation) -> OrganisationRow:
    return OrganisationRow(
        id=row.pk,
        code=row.code,
        kind=Kind(row.kind),
        name=row.name,
        parent_id=row.parent_pk,
        founded_on=row.founded_on,
        ended_on=row.ended_on,
    )
