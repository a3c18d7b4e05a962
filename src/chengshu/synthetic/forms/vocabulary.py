"""The words that synthetic forms are made of, read once from `vocabulary.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class Kind(StrEnum):
    """What an indicator promises: a figure with its sign, an answer in words, a time limit or a day."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EXACTLY = "="
    WORD = "word"
    WITHIN = "within"
    DEADLINE = "deadline"


FIGURES = frozenset({Kind.AT_LEAST, Kind.AT_MOST, Kind.EXACTLY})


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind of indicator. `name` holds `{o}` (the object) or `{b}` (the benefit); `targets` are hundredths."""

    name: str
    kind: Kind
    unit: str = ""
    targets: tuple[int, ...] = ()
    word: str = ""
    day: tuple[int, int] = (12, 31)


@dataclass(frozen=True, slots=True)
class Family:
    """A field of work: who does it, on what, and how it is measured (specs by category)."""

    bureau: str
    units: tuple[str, ...]
    objects: tuple[str, ...]
    projects: tuple[str, ...]
    purpose: str
    benefits: tuple[str, ...]
    specs: Mapping[str, tuple[Spec, ...]]


Layout = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words. A layout names the category and the weight of every row of a class; each sums to the class."""

    city: str
    districts: tuple[str, ...]
    places: tuple[str, ...]
    causes: tuple[str, ...]
    measures: tuple[str, ...]
    partial: Mapping[str, str]
    foreign: Mapping[str, str]
    families: tuple[Family, ...]
    outputs: tuple[Layout, ...]
    outputs_without_cost: tuple[Layout, ...]
    effects: tuple[Layout, ...]
    served: tuple[Layout, ...]


def pick(rng: Random, options: Sequence[T]) -> T:
    """Draw one option; several times faster than `Random.choice`, and as fair for short lists."""
    return options[int(rng.random() * len(options))]


@cache
def get_vocabulary() -> Vocabulary:
    """Read the vocabulary."""
    data = tomllib.loads(files("chengshu.synthetic.forms").joinpath("vocabulary.toml").read_text("utf-8"))
    common = {category: _specs(entries) for category, entries in data["common"].items()}
    return Vocabulary(
        city=data["city"],
        districts=tuple(data["districts"]),
        places=tuple(place + kind for place in data["places"] for kind in data["place_kinds"]),
        causes=tuple(data["causes"]),
        measures=tuple(data["measures"]),
        partial={word: entry[0] for word, entry in data["words"].items()},
        foreign={word: entry[1] for word, entry in data["words"].items()},
        families=tuple(_family(entry, common) for entry in data["families"]),
        outputs=_layouts(data["output"]),
        outputs_without_cost=_layouts(data["output_without_cost"]),
        effects=_layouts(data["effect"]),
        served=_layouts(data["served"]),
    )


def _family(entry: Mapping[str, Any], common: Mapping[str, tuple[Spec, ...]]) -> Family:
    own = {category: _specs(entry[category]) for category in ("quantity", "quality", "timeliness")}
    return Family(
        bureau=entry["bureau"],
        units=tuple(entry["units"]),
        objects=tuple(entry["objects"]),
        projects=tuple(entry["projects"]),
        purpose=entry["purpose"],
        benefits=tuple(entry["benefit"]),
        specs={**common, **own},
    )


def _specs(entries: Sequence[Mapping[str, Any]]) -> tuple[Spec, ...]:
    return tuple(_spec(entry) for entry in entries)


def _spec(entry: Mapping[str, Any]) -> Spec:
    if "word" in entry:
        return Spec(entry["name"], Kind.WORD, word=entry["word"])
    if "within" in entry:
        return Spec(entry["name"], Kind.WITHIN, entry["unit"], (entry["within"] * 100,))
    if "deadline" in entry:
        month, day = entry["deadline"]
        return Spec(entry["name"], Kind.DEADLINE, day=(month, day))
    targets = tuple(round(target * 100) for target in entry["targets"])
    return Spec(entry["name"], Kind(entry["sign"]), entry["unit"], targets)


def _layouts(entries: Sequence[Mapping[str, Any]]) -> tuple[Layout, ...]:
    return tuple(tuple((category, weight) for category, weight in entry["rows"]) for entry in entries)
