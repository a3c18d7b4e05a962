"""What one setting is: its variable, how its text is read, and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chengshu.base.errors import ChengshuError

T = TypeVar("T")


class SettingUnreadable(ChengshuError):
    """An environment variable holds a text that its setting cannot take."""

    code = "SETTING_UNREADABLE"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: the variable's name, how its text becomes a value, the value without it, and what it is for."""

    name: str
    parse: Callable[[str], T]
    default: T
    zh: str
    en: str
