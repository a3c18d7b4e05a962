"""What people ask for when they measure: a window and a scope, read from a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from chengshu.kernel.accounts.models import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators.contracts import Window
from chengshu.kernel.indicators.queries import MEASURE, covers_city

_OFFERED = 200  # organisations that a form lists; others are typed by code


@dataclass(frozen=True, slots=True)
class Asked:
    """A window and scope as typed, and what is wrong with them."""

    values: Mapping[str, str]
    window: Window | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The scope as typed."""
        return self.values.get("scope", "")


def read_asked(given: Mapping[str, str]) -> Asked:
    """Read a form; days that are none are named in `errors`."""
    values = {name: str(given.get(name, "")).strip() for name in ("from", "until", "scope")}
    days: dict[str, date] = {}
    errors: dict[str, str] = {}
    for name in ("from", "until"):
        try:
            days[name] = date.fromisoformat(values[name])
        except ValueError:
            errors[name] = gettext("请填写日期，如 2024-01-31。")
    if not errors and days["from"] > days["until"]:
        errors["until"] = gettext("截止日期早于起始日期。")
    return Asked(values, None if errors else Window(days["from"], days["until"]), errors)


def blank(viewer: User, *, today: date) -> Asked:
    """Give a form that stands for this year so far, over what the viewer may measure first."""
    offered = offer_scopes(viewer, today=today)
    scope = offered[0][0] if offered else ""
    return Asked({"from": f"{today.year}-01-01", "until": today.isoformat(), "scope": scope})


def offer_scopes(viewer: User, *, today: date) -> list[tuple[str, str]]:
    """Offer the whole city, where that may be measured, and the organisations, as values and names."""
    rows = grants.list_permitted_organisations(viewer, MEASURE, on=today)
    offered = [(f"organisation:{row.code}", str(row.name)) for row in rows.order_by("code")[:_OFFERED]]
    return [("", gettext("全市")), *offered] if covers_city(viewer, MEASURE, on=today) else offered
