"""Nothing that can be chosen or set is missing from the documents, in either language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tengjia.command.plan import top_level
from tengjia.command.sections import base_tasks, read_base_task
from tengjia.registry import REGISTRIES, Scope, set_scope

DOCS = Path(__file__).parents[3] / "docs"


def named(document: str, ending: str) -> set[str]:
    """Every word in code style of a document: of `stage=test run=best` those are stage, test, run, best."""
    text = (DOCS / f"{document}{ending}").read_text("utf-8")
    return {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"], ids=["english", "chinese"])
class TestNamed:
    def test_modules(self, ending: str):
        set_scope(Scope())
        words = named("modules", ending)
        for kind, registry in REGISTRIES.items():
            missing = {name for name, entry in registry.entries().items() if entry.owner == "library"} - words
            assert kind in words and not missing, f"{kind}: {missing}"

    def test_top_level_keys(self, ending: str):
        assert set(top_level().parameters) - named("configuration", ending) == set()

    def test_sections(self, ending: str):
        words = named("configuration", ending)
        for name in base_tasks():
            for sections in read_base_task(name).sections.values():
                assert set(sections) - words == set()

    def test_keys_of_data(self, ending: str):
        words = named("data", ending)
        sections = read_base_task("sequence_labeling").sections["training"]
        from tengjia.command.sections import section_schema

        for section in ("cleaning", "split", "sampling", "encoding"):
            parameters = set(section_schema(DOCS.parent, sections[section]).parameters) - {"seed"}
            assert parameters - words == set(), section

    def test_options_of_readers(self, ending: str):
        """`repair=lenient\\|strict\\|error` in the row of a reader: it has this option, these choices, this default."""
        text = (DOCS / f"data{ending}").read_text("utf-8")
        rows = re.findall(r"^\| [^|`\n][^|\n]* \| `(\w+)` \| (.*) \|$", text, re.M)
        assert {name for name, _ in rows} == set(REGISTRIES["reader"].entries())
        for name, options in rows:
            schema = REGISTRIES["reader"].schema(name)
            for option, value in re.findall(r"`(\w+)(?:=([^`]*))?`", options):
                if option in REGISTRIES["reader"].entries():
                    continue  # "the others as `csv`"
                parameter = schema.parameters[option]
                choices = tuple(value.split("\\|"))
                if len(choices) > 1:
                    assert choices == parameter.type.choices(), f"{name}.{option}"
                if value:
                    assert choices[0].strip('"').lower() == str(parameter.default).lower(), f"{name}.{option}"

    def test_parameters_of_the_trainer(self, ending: str):
        assert set(REGISTRIES["trainer"].schema("default").parameters) - named("training", ending) == set()


def test_documents_name_the_exit_codes():
    from tengjia import errors
    from tengjia.command.exits import BUG

    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")}
    text = (DOCS / "configuration.md").read_text("utf-8")
    for code in {*codes, BUG}:
        assert re.search(rf"^\| {code} \|", text, re.M), f"exit code {code}"


def test_links_lead_somewhere():
    for document in [*DOCS.glob("*.md"), *DOCS.parent.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"
