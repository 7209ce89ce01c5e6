"""Every command block of every document runs: `make test-docs`.

The blocks of a document run in order in one fresh copy of the repository, as a reader would type them. The copy differs
from the original in two things that only cost time: the sample corpus is cut short, and training is held to two epochs.
In a `console` block the lines that begin with `$ ` are the commands; in a `bash` block all lines are. Above a block,
`<!-- docs: stdin=... -->` gives what the reader types, `<!-- docs: exit=2 -->` the exit code that is expected, and
`<!-- docs: in=FOLDER -->` the folder in which the reader is; `<!-- docs: checked by ... -->` says which test runs a block
that cannot run here. Blocks of other kinds run only where it is said: `<!-- docs: file=PATH -->` writes the block to that
file, `<!-- docs: python -->` runs it by Python.

A Chinese document holds the same blocks as its English twin, so only the twin is run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FENCE = re.compile(r"(?:^<!-- docs: (?P<note>[^\n]*?) -->\n+)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
SHELLS = {"bash", "console", "shell", "sh"}
CHINESE = ".zh-CN.md"
SENTENCES = {"train.txt": 240, "development.txt": 60, "test.txt": 60}
SHRUNK = "\n# Added by the test of the documents: the same commands, in seconds.\ntrainer/default: {max_epochs: 2}\n"


@dataclass(frozen=True)
class Block:
    """Commands that a reader is told to run, or a file to write."""

    line: int
    words: tuple[str, ...]
    """What is started; the last word is the script."""
    stdin: str = ""
    exit_code: int = 0
    file: str = ""
    """Where the script is to be written, instead of being run."""
    inside: str = ""
    """The folder of the copy to run it in."""

    def run(self, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words,
            cwd=folder / self.inside,
            env=environment(),
            input=self.stdin,
            capture_output=True,
            text=True,
            timeout=600,
        )


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def originals() -> list[Path]:
    """The documents, without the Chinese twins of English ones."""
    return [document for document in documents() if not document.name.endswith(CHINESE)]


def blocks(document: Path) -> list[Block]:
    text = document.read_text("utf-8")
    return [found for match in FENCE.finditer(text) if (found := _block(text, match)) is not None]


def _block(text: str, match: re.Match[str]) -> Block | None:
    note, kind, body = match["note"] or "", match["kind"], match["body"]
    line = text[: match.start("body")].count("\n") + 1
    if note.startswith("checked by"):
        return None
    if note.startswith("file="):
        return Block(line, (body,), file=note.removeprefix("file="))
    if note == "python":
        return Block(line, (sys.executable, "-c", body))
    if kind not in SHELLS:
        return None
    if kind == "console":
        body = "\n".join(line[2:] for line in body.splitlines() if line.startswith("$ "))
    stdin = re.search(r'stdin="(.*?)"', note)
    code = re.search(r"exit=(\d+)", note)
    inside = re.search(r"\bin=(\S+)", note)
    return Block(
        line,
        ("bash", "-euo", "pipefail", "-c", body),
        stdin[1].replace("\\n", "\n") if stdin else "",
        int(code[1]) if code else 0,
        inside=inside[1] if inside else "",
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that git would give to a newcomer, with less data."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    target = tmp_path / "tengjia"
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name, count in SENTENCES.items():
        file = target / "resources/datasets/ner" / name
        file.write_text("\n\n".join(file.read_text("utf-8").split("\n\n")[:count]) + "\n\n", "utf-8")
    with open(target / "config_project.yaml", "a", encoding="utf-8") as project:
        project.write(SHRUNK)
    subprocess.run(["git", "init", "-q"], cwd=target, check=True)
    made_environment(target / ".venv")
    return target


def made_environment(folder: Path) -> None:
    """The virtual environment of this process under another name, marked as made.

    The marks are newer than all files of the copy, so `make` installs nothing: an editable install of the copy would
    change the environment that everybody works in.
    """
    folder.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        if (Path(sys.prefix) / name).exists():
            (folder / name).symlink_to(Path(sys.prefix) / name)
    for mark in (".made", ".base", ".dev"):
        (folder / mark).touch()


def environment() -> dict[str, str]:
    """As in the documents: the virtual environment is active; should anything still ask pip to install, it does not."""
    # `make test-docs VENV=...` hands its variables down; the copy has an environment of its own.
    outer = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}
    return {
        **outer,
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "VENV": ".venv",
        "PIP_DRY_RUN": "1",
        "TESTS": "src/tests/utilities",
        "TENGJIA_LANG": "en",
    }


def test_documents_hold_commands():
    assert sum(len(blocks(document)) for document in documents()) >= 5


@pytest.mark.parametrize("chinese", [d for d in documents() if d.name.endswith(CHINESE)], ids=lambda file: file.name)
def test_chinese_documents_hold_the_same_commands(chinese: Path):
    english = chinese.with_name(chinese.name.replace(CHINESE, ".md"))
    said, same = ([replace(block, line=0) for block in blocks(document)] for document in (english, chinese))
    assert same == said
    assert english.name in chinese.read_text("utf-8"), "no link to the English twin"
    assert chinese.name in english.read_text("utf-8"), "no link to the Chinese twin"


@pytest.mark.docs
@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", originals(), ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_run(document: Path, copy: Path):
    installed = metadata.distribution("tengjia").read_text("direct_url.json")
    for block in blocks(document):
        if block.file:
            (copy / block.file).parent.mkdir(parents=True, exist_ok=True)
            (copy / block.file).write_text(block.words[-1], "utf-8")
            continue
        done = block.run(copy)
        place = f"{document.name}:{block.line}"
        assert done.returncode == block.exit_code, f"{place}\n{block.words[-1]}\n{done.stdout}\n{done.stderr}"
    assert metadata.distribution("tengjia").read_text("direct_url.json") == installed, "a document was installed"
