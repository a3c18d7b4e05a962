"""Domains tell the shell what they have."""

import pytest

from chengshu.kernel.navigation.facade import NavigationEntry, NavigationEntryTwice, list_entries, register_entry


class TestRegisterEntry:
    def test_refuses_a_second_entry_of_the_same_key(self) -> None:
        with pytest.raises(NavigationEntryTwice):
            register_entry(NavigationEntry("jobs", "别的任务", "home"))

    def test_takes_the_same_entry_again(self) -> None:
        entry = next(entry for entry in list_entries() if entry.key == "jobs")
        register_entry(entry)
        assert [other.key for other in list_entries()].count("jobs") == 1


def test_entries_come_in_their_order() -> None:
    orders = [entry.order for entry in list_entries()]
    assert orders == sorted(orders)
