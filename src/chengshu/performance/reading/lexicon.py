"""The words of all profiles turned round: from a printed label to its role."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from chengshu.base.texts import label_key
from chengshu.performance.reading.profile import Profile, Words, load_profiles

_PARENTHESIS = re.compile(r"\([^()]*\)")
_AMONG = re.compile(r"^其中:?")
HEADING_STARTS = 5  # characters from which the beginning of a heading stands for all of it
_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．])")


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Labels by block: each maps a label's key to the role that it plays there. Two lexicons are never the same.

    `categories` maps a category to its class, `classes` holds the classes themselves. `column_starts` are the columns'
    headings cut off behind their fifth character or later. `printed` are the labels of all blocks that have roles.
    """

    titles: re.Pattern[str]
    head: Mapping[str, str]
    money_columns: Mapping[str, str]
    money_rows: Mapping[str, str]
    goal: Mapping[str, str]
    goal_labels: frozenset[str]
    banner: frozenset[str]
    columns: Mapping[str, str]
    column_starts: Mapping[str, str]
    classes: frozenset[str]
    categories: Mapping[str, str]
    footer: Mapping[str, str]
    grades: frozenset[str]
    printed: frozenset[str]


@lru_cache(maxsize=1)
def default_lexicon() -> Lexicon:
    """Give the lexicon of the package's own profiles."""
    return build_lexicon(load_profiles())


def build_lexicon(profiles: Iterable[Profile]) -> Lexicon:
    """Collect the words of the profiles; the first profile that claims a word for a role keeps it."""
    profiles = tuple(profiles)
    titles = sorted({label_key(title) for profile in profiles for title in profile.titles}, key=len, reverse=True)
    columns = _roles(profile.columns for profile in profiles)
    categories: dict[str, str] = {}
    for profile in profiles:
        for owner, names in profile.classes.items():
            for name in names:
                categories.setdefault(label_key(name), owner)
    head = _roles(profile.head for profile in profiles)
    money_columns = _roles(profile.money_columns for profile in profiles)
    money_rows = _roles(profile.money_rows for profile in profiles)
    goal = {word: role for word, role in _roles(p.goal for p in profiles).items() if role != "labels"}
    footer = {word: role for word, role in _roles(p.footer for p in profiles).items() if role != "grades"}
    return Lexicon(
        titles=re.compile("|".join(re.escape(title) for title in titles)),
        head=head,
        money_columns=money_columns,
        money_rows=money_rows,
        goal=goal,
        goal_labels=frozenset(label_key(word) for profile in profiles for word in profile.goal["labels"]),
        banner=frozenset(label_key(word) for profile in profiles for word in profile.banner),
        columns=columns,
        column_starts={word[:end]: role for word, role in columns.items() for end in range(HEADING_STARTS, len(word))},
        classes=frozenset(label_key(name) for profile in profiles for name in profile.classes),
        categories=categories,
        footer=footer,
        grades=frozenset(word for profile in profiles for word in profile.footer["grades"]),
        printed=frozenset().union(head, money_columns, money_rows, goal, columns, footer),
    )


def find_role(key: str, roles: Mapping[str, str]) -> str | None:
    """Find the role of a label key: as printed, then without parentheses, "其中" or a number before it."""
    role = roles.get(key)
    if role is not None or not key or len(key) > 24:
        return role
    bare = bare_label(key)
    return roles.get(bare) if bare else None


@lru_cache(maxsize=4096)
def bare_label(key: str) -> str:
    """Strip what a label may carry beside its word: parentheses, a number in front, "其中"."""
    return _NUMBERING.sub("", _AMONG.sub("", _PARENTHESIS.sub("", key))).strip(":")


def _roles(tables: Iterable[Words]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for table in tables:
        for role, words in table.items():
            for word in words:
                roles.setdefault(label_key(word), role)
    return roles
