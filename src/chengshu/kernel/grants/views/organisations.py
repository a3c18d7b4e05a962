"""Pages of organisations: the list, and one with its place, its names and its history."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import queries
from chengshu.kernel.grants.operations import restructuring
from chengshu.kernel.grants.operations.restructuring import MANAGE
from chengshu.kernel.grants.registry import name_role
from chengshu.kernel.grants.views.restructuring import CHANGES
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import KIND_LABELS, Organisation
from chengshu.kernel.organisations.facade import Kind as OrganisationKind

VIEW = "organisations.view"
_ENTRIES = 50
_LIVING, _ENDED = "living", "ended"


def _page(organisation: Organisation) -> str:
    return reverse("organisations:organisation", args=[organisation.pk])


def _narrow_state(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows if {_LIVING, _ENDED} <= set(values) else rows.filter(ended_on__isnull=_LIVING in values)


ORGANISATIONS = ListingSpec(
    key="organisations",
    columns=(
        Column("name", gettext_lazy("名称"), lambda o: o.name, order_by=("name",), url=_page),
        Column("code", gettext_lazy("代码"), lambda o: o.code, order_by=("code",)),
        Column(
            "kind",
            gettext_lazy("类别"),
            lambda o: KIND_LABELS[OrganisationKind(o.kind)],
            order_by=("kind",),
        ),
        Column("parent", gettext_lazy("上级"), lambda o: o.parent_name, order_by=("parent_name",)),
        Column("founded", gettext_lazy("设立日期"), lambda o: o.founded_on, Kind.DATE, ("founded_on",)),
        Column("ended", gettext_lazy("撤销日期"), lambda o: o.ended_on, Kind.DATE, ("ended_on",)),
    ),
    default_sort="code",
    filters=(
        Filter(
            "kind",
            gettext_lazy("类别"),
            lambda: [Choice(kind.value, label) for kind, label in KIND_LABELS.items()],
            lambda rows, kinds: rows.filter(kind__in=kinds),
        ),
        Filter(
            "state",
            gettext_lazy("状态"),
            lambda: [Choice(_LIVING, gettext_lazy("在用")), Choice(_ENDED, gettext_lazy("已撤销"))],
            _narrow_state,
        ),
    ),
    search=("name__icontains", "code__icontains"),
    search_hint=gettext_lazy("名称、代码"),
    empty=gettext_lazy("还没有组织。管理员可以新设，或导入组织表。"),
    file_name="组织",
)


@require_http_methods(["GET", "POST"])
def show_list(request: HttpRequest) -> HttpResponseBase:
    """Show the organisations where the viewer has any role."""
    viewer, today = authenticated_user(request), localdate()
    queries.require_anywhere(viewer, VIEW, on=today)
    rows = organisations.list_organisations(
        on=today, within=queries.permitted(viewer, VIEW, on=today)
    ).with_parent_names(today)
    listing = open_listing(ORGANISATIONS, rows, request)
    return respond_with_listing(request, listing, "organisations/list.html", {"can_manage": _can_manage(viewer, today)})


@require_GET
def show_organisation(request: HttpRequest, organisation_id: int) -> HttpResponseBase:
    """Show one organisation; one out of sight does not exist for the viewer."""
    viewer, today = authenticated_user(request), localdate()
    queries.require(viewer, VIEW, organisation_id, on=today, is_hidden=True)
    within = queries.permitted(viewer, VIEW, on=today)
    history = organisations.list_history(organisation_id)
    ancestors = organisations.ancestors_on(organisation_id, today)
    others = {event.other_id for event in history} | {ancestor.id for ancestor in ancestors}
    may_rename = queries.is_permitted(viewer, MANAGE, organisation_id, on=today)
    may_restructure = may_rename and restructuring.may_restructure(viewer, organisation_id, on=today)
    held = queries.list_grants(viewer, on=today).in_force_on(today).order_by("role", "pk")
    context = {
        "organisation": organisations.list_organisations(on=today).get(pk=organisation_id),
        "ancestors": ancestors,
        "children": organisations.list_children(organisation_id, on=today).order_by("code"),
        "history": history,
        # Names of others are told, their pages only to whom they are open.
        "open_ids": set(within.filter(descendant__in=others - {None})),
        "changes": [
            (kind, change.label)
            for kind, change in CHANGES.items()
            if may_restructure or (may_rename and kind == "rename")
        ],
        "entries": _entries(organisation_id) if may_rename else [],
        "grants": [(grant, name_role(grant.role)) for grant in held.filter(organisation=organisation_id)],
    }
    return render(request, "organisations/organisation.html", context)


def _entries(organisation_id: int) -> list[tuple[audit.Entry, str]]:
    """Return the newest entries of the audit about the organisation, each with the name of its action."""
    newest = audit.list_entries(f"organisation:{organisation_id}")[:_ENTRIES]
    return [(entry, audit.name_action(entry.action)) for entry in newest]


def _can_manage(viewer: User, today: date) -> bool:
    return queries.is_permitted_anywhere(viewer, MANAGE, on=today)
