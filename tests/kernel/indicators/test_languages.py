"""One process serves readers of both languages: what is registered once is read in the language of whoever looks."""

import re

import pytest
from conftest import enter_account
from django.test import Client
from django.utils import translation

from chengshu.kernel.grants.facade import HouseRole
from chengshu.kernel.indicators.facade import list_specs

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _read(language: str) -> dict[str, tuple[str, str, str]]:
    with translation.override(language):
        return {spec.key: (str(spec.name), str(spec.definition), spec.unit) for spec in list_specs()}


def test_every_indicator_is_read_in_one_language_after_the_other() -> None:
    chinese, english, again = _read("zh-hans"), _read("en"), _read("zh-hans")
    assert chinese == again
    assert chinese.keys() == english.keys()
    assert [
        key
        for key, (name, definition, _unit) in english.items()
        if not key.startswith("test.") and _CHINESE.search(name + definition)
    ] == []


def test_a_unit_stands_in_evidence_as_forms_write_it_whoever_looks() -> None:
    chinese, english = _read("zh-hans"), _read("en")
    assert {key: unit for key, (*_, unit) in chinese.items()} == {key: unit for key, (*_, unit) in english.items()}


@pytest.mark.django_db
def test_the_page_of_indicators_answers_in_both_languages(client: Client) -> None:
    client.force_login(enter_account("officer", HouseRole.OFFICER))
    for language, word in (("zh-hans", "指标计量"), ("en", "Measured indicators"), ("zh-hans", "指标计量")):
        client.cookies["django_language"] = language
        answer = client.get("/indicators/")
        assert answer.status_code == 200
        assert word in answer.content.decode()
