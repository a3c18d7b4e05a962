"""The list of refused arrivals."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.facade.arrivals import ArrivalKind
from chengshu.resources.ui.lists.resources import narrow
from chengshu.resources.ui.words import by_words

ARRIVALS: Mapping[str, Promise] = {
    ArrivalKind.SCRIPTS: _("血缘脚本"),
    ArrivalKind.EVENTS: _("血缘事件"),
    ArrivalKind.SHEET: _("更正表"),
    ArrivalKind.PUSH: _("推送的数据"),
    ArrivalKind.FILE: _("交付的文件"),
    ArrivalKind.WORKBOOK: _("编目表"),
    ArrivalKind.DATABASE: _("来源库文件"),
}
_PAGES = {"quality_issue": "resources:quality-issue", "source": "resources:source"}


def arrivals_spec(places: Sequence[Organisation]) -> ListingSpec:
    """Give the list of refused arrivals; `places` are the organisations in sight, by code."""
    named = [Choice(found.code, str(found.name)) for found in places]
    owners = Filter("owner", _("单位"), lambda: named, partial(narrow, "organisation__code"))
    return ListingSpec(
        key="refused-arrivals",
        columns=(
            Column("name", _("来件"), lambda r: r.name, order_by=("name",), url=_copy),
            Column("kind", _("种类"), lambda r: ARRIVALS[r.kind], order_by=("kind",)),
            Column("reason", _("原因和改法"), lambda r: r.reason),
            Column("last", _("最后一次"), lambda r: r.last_at, Kind.MOMENT, ("last_at",)),
            Column("times", _("次数"), lambda r: r.times, Kind.NUMBER, ("times",)),
            Column("author", _("交来人"), lambda r: r.author.display_name, order_by=("author__display_name",)),
            Column("to", _("交到"), _target_name, url=_target),
            Column("size", _("字节数"), lambda r: r.size, Kind.NUMBER, ("size",)),
            Column("kept", _("原件"), _say_kept),
            Column("owner", _("单位"), lambda r: r.owner_name, order_by=("organisation_id",), is_shown=len(named) > 1),
            Column("first", _("第一次"), lambda r: r.first_at, Kind.MOMENT, ("first_at",), is_shown=False),
            Column("digest", _("内容摘要"), lambda r: r.digest, is_shown=False),
        ),
        default_sort="-last",
        filters=(by_words("kind", _("种类"), ARRIVALS, narrow), *((owners,) if len(named) > 1 else ())),
        search=("name__icontains", "reason__icontains", "digest__startswith"),
        search_hint=_("文件名、原因或内容摘要"),
        empty=_("没有被拒的来件。"),
        file_name=_now("被拒来件"),
    )


def _say_kept(arrival: Any) -> str:
    """Say whether there is a copy, and whether it is all that came."""
    return str(arrival.not_kept) or (_now("只留了开头 1 MB") if arrival.is_cut else _now("已留存"))


def _copy(arrival: Any) -> str | None:
    """Give where the copy is taken away; the download is kept in the audit."""
    return None if arrival.file is None else reverse("files:download", args=[arrival.file.uuid])


def _target(arrival: Any) -> str | None:
    kind, _colon, number = arrival.subject.partition(":")
    return reverse(_PAGES[kind], args=[number]) if kind in _PAGES else None


def _target_name(arrival: Any) -> str:
    return _now("看要交到的地方") if arrival.subject else ""
