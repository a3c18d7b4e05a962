"""What a domain says about its place in the navigation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the main navigation.

    `key` is stable; a page names it in its block `nav_key` to be marked as the current one. `label` is Chinese
    (a lazy translation works too). `url_name` is reversed without arguments. `order` sorts, small first. Who lacks
    `permission` (`app.codename`) does not see the entry; empty shows it to everybody who is logged in.
    """

    key: str
    label: str
    url_name: str
    icon: str = ""
    order: int = 100
    permission: str = ""
