"""What catalogues of messages promise, those of the library and those of a project (`src/messages/`)."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tengjia.messages import LIBRARY, Message, catalogue

CODE: Final = re.compile(r"[a-z_]+\.[a-z0-9_]+\Z")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_FILE_ENDINGS: Final = re.compile(r"\.(csv|html|jsonl?|log|lr|md|onnx|png|py|safetensors|tsv|txt|yaml)\Z")


def faults_of_project(root: Path) -> list[str]:
    """What is wrong with the catalogues of a project and with the codes that its files raise; nothing, one hopes.

    Args:
        root: Root of the project, whose catalogues are in use (`registry.set_scope`).
    """
    folder = root / "src" / "messages"
    names = sorted(file.stem for file in folder.glob("[a-z]*.py"))
    taken = [
        f"{name}.py: the library has a catalogue of this name" for name in names if (LIBRARY / f"{name}.py").is_file()
    ]
    own = {name: catalogue(name) for name in names if not (LIBRARY / f"{name}.py").is_file()}
    wrong = [fault for name, messages in own.items() for fault in faults(name, messages)]
    files = (file for file in (root / "src").rglob("*.py") if not set(file.parts) & {"tests", "tengjia"})
    return [*taken, *wrong, *codes_without_words(files, {code for one in own.values() for code in one}, own)]


def faults(name: str, messages: Mapping[str, Message]) -> Iterator[str]:
    """What is wrong with a catalogue: its codes, its two languages, the values that they name."""
    for code, entry in messages.items():
        if not CODE.match(code) or code.partition(".")[0] != name:
            yield f"{code}: not `{name}.` and a name in small letters"
        if not entry.en or not entry.zh or bool(entry.hint_en) != bool(entry.hint_zh):
            yield f"{code}: said in one language only"
        elif not _CHINESE.search(entry.zh):
            yield f"{code}: the Chinese words are not Chinese"
        for one, other in ((entry.en, entry.zh), (entry.hint_en, entry.hint_zh)):
            if different := places(one) ^ places(other):
                yield f"{code}: named in one language only: {', '.join(sorted(different))}"


def places(template: str) -> set[str]:
    """The values that a template names."""
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


def codes_without_words(files: Iterable[Path], known: set[str], catalogues: Iterable[str]) -> Iterator[str]:
    """Codes in source files (`"chat.no_question"`) that no catalogue has words for, with the places where they stand.

    Args:
        files: Python files.
        known: Codes that have words.
        catalogues: Names of the catalogues that are looked after; other first parts are no codes of theirs.
    """
    names = set(catalogues)
    for file in files:
        tree = ast.parse(file.read_bytes())
        # A full config key looks like a code.
        keys = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "key"}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in keys:
                continue
            code = node.value
            if (
                CODE.match(code)
                and code.partition(".")[0] in names
                and code not in known
                and not _FILE_ENDINGS.search(code)
            ):
                yield f"{file}:{node.lineno}: no words for {code}"
