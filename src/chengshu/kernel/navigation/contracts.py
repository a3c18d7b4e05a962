"""What a domain says about its place in the navigation."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(StrEnum):
    """The parts of the navigation, in their order on the page."""

    DESK = "desk"
    YEAR = "year"
    FORMS = "forms"
    DATA = "data"
    HOUSE = "house"


GROUP_LABELS = {
    Group.DESK: _("工作台"),
    Group.YEAR: _("绩效年度"),
    Group.FORMS: _("自评表核查"),
    Group.DATA: _("数据资源"),
    Group.HOUSE: _("管理"),
}


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the main navigation.

    `key` is stable. `label` is Chinese, or a lazy translation of it. `url_name` is reversed without arguments; pages
    whose address begins with the entry's are marked as belonging to it. `icon` is the name of a Tabler icon that stands
    before the label, one of those that `scripts/install_frontend.py` lays out. `order` sorts, small first. Who lacks
    `permission` (`app.codename`) does not see the entry; empty shows it to everybody who is logged in. `group` is the
    part of the navigation that it stands in.
    """

    key: str
    label: str | Promise
    url_name: str
    icon: str = ""
    order: int = 100
    permission: str = ""
    group: Group = Group.HOUSE
