"""Every message speaks both languages and names the same things; every code that is raised has words."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest

import tengjia.messages
from tengjia.messages import catalogue, language, text
from tengjia.testing.catalogues import codes_without_words, faults

LIBRARY = Path(tengjia.messages.__file__).parents[1]
CATALOGUES = [module.name for module in pkgutil.iter_modules(tengjia.messages.__path__)]
KNOWN = {code for name in CATALOGUES for code in catalogue(name)}


@pytest.mark.parametrize("name", CATALOGUES)
def test_both_languages_name_the_same(name: str):
    assert catalogue(name)
    assert list(faults(name, catalogue(name))) == []


def test_every_code_in_the_source_has_words():
    assert list(codes_without_words(LIBRARY.rglob("*.py"), KNOWN, CATALOGUES)) == []


def test_the_demos_say_everything_in_both_languages(project_messages: Callable[[], None]):
    project_messages()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"TENGJIA_LANG": "zh"}, "zh"),
        ({"TENGJIA_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_language_follows_the_environment(variables, expected, monkeypatch):
    for name in ("TENGJIA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_text_fills_in_the_values(monkeypatch):
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "`x/y`" in text("run.bad_name", found="x/y").message


def test_a_catalogue_does_not_hide_a_function():
    from tengjia import messages

    for name in CATALOGUES:
        catalogue(name)
    assert callable(messages.text) and callable(messages.language)
