"""Every command block of every document runs: `make test-docs`.

The blocks of a document run in order in one fresh copy of the repository, as a reader would type them. The copy differs
from the original in two things that only cost time: the sample corpus is cut short, and training is held to two epochs.
In a `console` block the lines that begin with `$ ` are the commands; in a `bash` block all lines are. Above a block,
`<!-- docs: stdin=... -->` gives what the reader types, `<!-- docs: exit=2 -->` the exit code that is expected, and
`<!-- docs: checked by ... -->` says which test runs a block that cannot run here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FENCE = re.compile(
    r"(?:<!-- docs: (?P<note>.*?) -->\n+)?^```(?P<kind>bash|console|shell|sh)\n(?P<body>.*?)^```$",
    re.M | re.S,
)
SENTENCES = {"train.txt": 240, "development.txt": 60, "test.txt": 60}
SHRUNK = "\n# Added by the test of the documents: the same commands, in seconds.\ntrainer/default: {max_epochs: 2}\n"


@dataclass(frozen=True)
class Block:
    """Commands that a reader is told to run."""

    line: int
    script: str
    stdin: str
    exit_code: int
    checked_elsewhere: bool


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def blocks(document: Path) -> list[Block]:
    text = document.read_text("utf-8")
    return [_block(text, match) for match in FENCE.finditer(text)]


def _block(text: str, match: re.Match[str]) -> Block:
    note = match["note"] or ""
    lines = match["body"].splitlines()
    if match["kind"] == "console":
        lines = [line[2:] for line in lines if line.startswith("$ ")]
    stdin = re.search(r'stdin="(.*?)"', note)
    code = re.search(r"exit=(\d+)", note)
    return Block(
        text[: match.start("body")].count("\n") + 1,
        "\n".join(lines),
        stdin[1].replace("\\n", "\n") if stdin else "",
        int(code[1]) if code else 0,
        note.startswith("checked by"),
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
    return target


def environment() -> dict[str, str]:
    """As in the documents: the virtual environment is active, and already made."""
    prefix = Path(sys.prefix)
    path = f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return {
        **os.environ,
        "PATH": path,
        "VENV": str(prefix),
        "TESTS": "src/tests/utilities",
        "TENGJIA_LANG": "en",
    }


def test_documents_hold_commands():
    assert sum(len(blocks(document)) for document in documents()) >= 5


@pytest.mark.docs
@pytest.mark.timeout(900)
@pytest.mark.parametrize("document", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_commands_run(document: Path, copy: Path):
    for block in blocks(document):
        if block.checked_elsewhere:
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.script],
            cwd=copy,
            env=environment(),
            input=block.stdin,
            capture_output=True,
            text=True,
            timeout=600,
        )
        place = f"{document.name}:{block.line}"
        assert done.returncode == block.exit_code, f"{place}\n{block.script}\n{done.stdout}\n{done.stderr}"
