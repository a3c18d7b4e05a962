"""The annex's own words in each language, beside those of reports."""

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from chengshu.performance.papers.reports import words as reports
from chengshu.performance.papers.reports.words import Language, Words

_FOLDER = files("chengshu.performance.papers.annex") / "words"


@cache
def get_words(language: Language) -> Words:
    """Read the words of a language."""
    data = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    general = reports.get_words(language)
    return replace(general, labels={**general.labels, **data["labels"]})


def list_steps(words: Words) -> list[str]:
    """Give the steps by which an outsider recomputes a figure."""
    return [words[f"step_{number}"] for number in range(1, 7)]
