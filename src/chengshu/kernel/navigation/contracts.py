"""What a domain says about its place in the navigation."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the main navigation.

    `key` is stable. `label` is Chinese, or a lazy translation of it. `url_name` is reversed without arguments; pages
    whose address begins with the entry's are marked as belonging to it. `icon` is the name of a Tabler icon that stands
    before the label, one of those that `scripts/install_frontend.py` lays out. `order` sorts, small first. Who lacks
    `permission` (`app.codename`) does not see the entry; empty shows it to everybody who is logged in.
    """

    key: str
    label: str | Promise
    url_name: str
    icon: str = ""
    order: int = 100
    permission: str = ""
