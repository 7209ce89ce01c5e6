"""The command of the documents that fine-tunes a pretrained encoder, on sentences of our own in the place of the corpus."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from src.tests.docs.test_documents import ROOT, copy, environment

__all__ = ["copy"]

NAMES = {"Chemical": ["Aspirin", "Sodium chloride", "Naloxone"], "Disease": ["fever", "heart failure", "headache"]}


def sentences(count: int) -> str:
    """`<chemical> may cause <disease> in patients .`, in columns."""
    rows = []
    for number in range(count):
        chemical, disease = NAMES["Chemical"][number % 3], NAMES["Disease"][number // 3 % 3]
        marked = [
            *tagged(chemical, "Chemical"),
            "may\tO",
            "cause\tO",
            *tagged(disease, "Disease"),
            "in\tO",
            f"{number}\tO",
        ]
        rows.append("\n".join([*marked, "patients\tO", ".\tO"]))
    return "\n\n".join(rows) + "\n\n"


def tagged(words: str, kind: str) -> list[str]:
    return [f"{word}\t{'I' if number else 'B'}-{kind}" for number, word in enumerate(words.split())]


@pytest.mark.docs
@pytest.mark.timeout(900)
def test_the_command(copy: Path) -> None:
    lines = (ROOT / "docs/modules.md").read_text("utf-8").splitlines()
    (command,) = [line.removeprefix("$ ") for line in lines if line.startswith("$ python") and "dataset=bc5cdr" in line]
    folder = copy / "resources/datasets/bc5cdr_iob"
    folder.mkdir()
    for name, count in {"train": 64, "devel": 9, "test": 9}.items():
        (folder / f"{name}.tsv").write_text(sentences(count), "utf-8")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command], cwd=copy, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    result = json.loads((copy / "data/check_points/demo_app/ner/encoder/test_result.json").read_text("utf-8"))
    assert {"entity_f1", "entity_precision", "entity_recall"} <= set(result)
