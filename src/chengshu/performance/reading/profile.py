"""Template profiles: what each printed form calls its parts. One TOML file a template, no code a template."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from chengshu.performance.errors import ProfileInvalid

Words = Mapping[str, tuple[str, ...]]

# The tables of words that a profile may hold, and the names allowed in each; None allows any name.
_TABLES: Mapping[tuple[str, ...], frozenset[str] | None] = {
    ("head",): frozenset({"project", "department", "unit", "ignored"}),
    ("money", "columns"): frozenset({"initial", "budget", "executed", "weight", "rate", "score", "ignored"}),
    ("money", "rows"): frozenset({"total", "fiscal", "carried_over", "other", "ignored"}),
    ("goal",): frozenset({"expected", "actual", "labels", "others"}),
    ("indicators", "columns"): frozenset(
        {"level1", "level2", "level3", "sign", "figure", "measure", "target", "actual", "weight", "score", "reason"}
        | {"ignored"}
    ),
    ("indicators", "classes"): None,
    ("footer",): frozenset({"total", "grade", "end", "grades"}),
}
_PLAIN_KEYS = frozenset({"name", "extends", "title", "years", "titles", "signature"})


@dataclass(frozen=True, slots=True)
class Profile:
    """One template: its name in the record, its years, and the words printed on it, by part and role.

    `signature` are the printed words that tell it from the other templates. `sub_columns` are the money columns that
    the rows below the total fill in. `classes` maps a first-level class to the categories that it holds.
    """

    name: str
    title: str
    years: tuple[int, int]
    titles: tuple[str, ...]
    signature: tuple[str, ...]
    head: Words
    money_columns: Words
    money_rows: Words
    sub_columns: tuple[str, ...]
    goal: Words
    banner: tuple[str, ...]
    columns: Words
    classes: Words
    footer: Words


@lru_cache(maxsize=1)
def load_profiles() -> tuple[Profile, ...]:
    """Load every profile of the package, ordered by name.

    Raises ProfileInvalid naming the profile and the key that breaks the schema.
    """
    folder = resources.files("chengshu.performance.reading") / "profiles"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return build_profiles({item.name.removesuffix(".toml"): item.read_text("utf-8") for item in files})


def build_profiles(sources: Mapping[str, str]) -> tuple[Profile, ...]:
    """Build profiles from the TOML text of each, by name; a profile inherits from the one that it `extends`.

    Word lists are inherited by appending, plain values by replacing.
    """
    raw = {name: _parse(name, text) for name, text in sources.items()}
    return tuple(_profile(name, _inherit(name, raw, ())) for name in raw)


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _invalid(name, "", str(fault)) from fault
    if data.get("name") != name:
        raise _invalid(name, "name", "name must equal the file's name")
    return data


def _inherit(name: str, raw: Mapping[str, dict[str, Any]], seen: tuple[str, ...]) -> dict[str, Any]:
    own = raw[name]
    base = own.get("extends")
    if base is None:
        return own
    if base not in raw or base in seen:
        raise _invalid(name, "extends", f"no such profile to extend: {base}")
    return _merge(own, _inherit(base, raw, (*seen, name)))


def _merge(own: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        inherited = base.get(key)
        if isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = _merge(value, inherited)
        elif (
            isinstance(value, list) and isinstance(inherited, list) and key not in ("years", "signature", "sub_columns")
        ):
            merged[key] = value + [item for item in inherited if item not in value]
        else:
            merged[key] = value
    return merged


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    tables = {path: _words(name, data, path, allowed) for path, allowed in _TABLES.items()}
    unknown = set(data) - _PLAIN_KEYS - {path[0] for path in _TABLES}
    if unknown:
        raise _invalid(name, min(unknown), "unknown key")
    money_columns = tables["money", "columns"]
    sub_columns = _strings(name, "money.sub_columns", _at(data, ("money", "sub_columns")))
    if not set(sub_columns) <= set(money_columns):
        raise _invalid(name, "money.sub_columns", "not a column of the money block")
    return Profile(
        name=name,
        title=_text(name, data, "title"),
        years=_years(name, data.get("years")),
        titles=_strings(name, "titles", data.get("titles")),
        signature=_strings(name, "signature", data.get("signature")),
        head=tables["head",],
        money_columns=money_columns,
        money_rows=tables["money", "rows"],
        sub_columns=sub_columns,
        goal=tables["goal",],
        banner=_strings(name, "indicators.banner", _at(data, ("indicators", "banner"))),
        columns=tables["indicators", "columns"],
        classes=tables["indicators", "classes"],
        footer=tables["footer",],
    )


def _at(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = data
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _words(name: str, data: Mapping[str, Any], path: tuple[str, ...], allowed: frozenset[str] | None) -> Words:
    where = ".".join(path)
    table = _at(data, path)
    if not isinstance(table, Mapping):
        raise _invalid(name, where, "a table of word lists is missing")
    names = {key for key, value in table.items() if isinstance(value, list)}
    if allowed is not None and not names <= allowed:
        raise _invalid(name, where, f"unknown names: {', '.join(sorted(names - allowed))}")
    return {key: _strings(name, f"{where}.{key}", table[key]) for key in table if key in names}


def _strings(name: str, where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise _invalid(name, where, "a list of words is missing")
    return tuple(value)


def _years(name: str, value: Any) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(year, int) for year in value):
        raise _invalid(name, "years", "two years are missing")
    return value[0], value[1]


def _text(name: str, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise _invalid(name, key, "a text is missing")
    return value


def _invalid(name: str, key: str, reason: str) -> ProfileInvalid:
    return ProfileInvalid(f"模板配置 {name} 的 {key or '内容'} 有误：{reason}", profile=name, key=key, reason=reason)
