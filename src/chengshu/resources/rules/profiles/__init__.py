"""Metadata profiles: what an entry must say, as data. Adding a city adds a file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

from chengshu.resources.contracts.catalogue import FieldContent, ResourceContent
from chengshu.resources.errors import ProfileInvalid, ProfileUnknown

_PACKAGE = "chengshu.resources.rules.profiles"
_PLACES = {f.name for f in fields(ResourceContent)} - {"fields", "lists", "profile"}
_PARTS = {f.name for f in fields(FieldContent)}


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """What one place of an entry must hold. Lengths in signs; `pattern` must match the whole text."""

    mandatory: bool = False
    mandatory_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shortest: int = 0
    longest: int | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class FieldsRule:
    """What the fields must say."""

    at_least: int = 0
    of_kinds: tuple[str, ...] = ()
    mandatory: tuple[str, ...] = ()
    name_is_chinese: bool = False
    has_key: bool = False
    agrees_with_element: bool = False


@dataclass(frozen=True, slots=True)
class ListsRule:
    """On which of the three lists an entry must stand."""

    negative_when_refused: bool = False
    responsibility: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """One metadata profile. `unverified` names what could not be checked against an official text."""

    name: str
    title: str
    source: str
    entry: Mapping[str, PlaceRule]
    fields: FieldsRule
    lists: ListsRule
    unverified: tuple[str, ...] = ()


def list_profiles() -> list[Profile]:
    """Give the profiles, by name."""
    names = sorted(path.name.removesuffix(".toml") for path in files(_PACKAGE).iterdir() if path.name.endswith(".toml"))
    return [get_profile(name) for name in names]


@cache
def get_profile(name: str) -> Profile:
    """Give the profile of this name.

    Raises:
        ProfileUnknown: there is none.
        ProfileInvalid: its file breaks the schema.
    """
    path = files(_PACKAGE) / f"{name}.toml"
    if not name.isalnum() or not path.is_file():
        raise ProfileUnknown(f"没有名为“{name}”的元数据规范", profile=name)
    return read_profile(tomllib.loads(path.read_text("utf-8")))


def read_profile(told: Mapping[str, Any]) -> Profile:
    """Turn the data of a file into a profile.

    Raises:
        ProfileInvalid: a key or place is not known, or a name is missing.
    """
    try:
        entry = {place: _place_rule(rule) for place, rule in told["entry"].items()}
        parts: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in told["fields"].items()
        }
        rule = FieldsRule(**parts)
        lists = ListsRule(**told.get("lists", {}))
        profile = Profile(
            told["name"], told["title"], told["source"], entry, rule, lists, tuple(told.get("unverified", ()))
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise ProfileInvalid(f"元数据规范的数据有误：{fault}") from fault
    unknown = (set(entry) - _PLACES) | (set(rule.mandatory) - _PARTS)
    if unknown:
        raise ProfileInvalid(f"元数据规范写了没有的位置：{'、'.join(sorted(unknown))}", place=min(unknown))
    return profile


def _place_rule(told: Mapping[str, Any]) -> PlaceRule:
    conditions = {place: tuple(values) for place, values in told.get("mandatory_when", {}).items()}
    return PlaceRule(**{**told, "mandatory_when": conditions})
