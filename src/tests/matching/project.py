"""A small matching task on disk: pairs of Chinese sentences that fit, half fit, or do not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tengjia.base_tasks import text_matching
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.command.notebook import compose
from tengjia.config import Settings
from tengjia.runs import RunFolder

ROOT = Path(__file__).parents[3]
TOPICS = ("做账报税", "修理电机", "给病人输液", "写后台程序", "管理仓库", "教语文课")
WAYS = ("我会{}", "长期{}", "{}好几年", "擅长{}")
SMALL = [
    "model.embedding_size=12",
    "model.comparison=learned",
    "criterion=regression",
    "encoding.bigrams=false",
    "model.hidden_size=8",
    "trainer.device=cpu",
    "trainer.threads=1",
    "preprocess.workers=0",
]


def pairs(count: int = 36) -> list[dict[str, Any]]:
    """Rows: the second text is of the same topic (1), of the same and another (0.5), or of another (0)."""
    rows = []
    for number in range(count):
        topic, other = TOPICS[number // 3 % 6], TOPICS[(number // 3 + 1 + number % 2) % 6]
        way = WAYS[number % 4]
        second = {0: way.format(topic), 1: way.format(topic) + "，也会" + other, 2: way.format(other)}[number % 3]
        score = {0: 1, 1: 0.5, 2: 0}[number % 3]
        rows.append({"text": f"招人{topic}", "second": f"{second}{number}", "score": score, "group": str(number // 3)})
    return rows


def write(file: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Rows as JSON lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


def config(folder: Path, *words: str, stage: str = "train") -> Settings:
    """The config of a stage on the rows in `folder/rows/{train,development,test}.jsonl`."""
    data = [f"dataset.{part}=[rows/{part}.jsonl]" for part in ("train", "development", "test")]
    places = [f"{name}={folder / name}" for name in ("check_point_root", "log_root", "cache_root")]
    reader = ["reader=json_lines", "reader.spans=null", "reader.extra=[second,score,group]", f"dataset_root={folder}"]
    small = {"preprocess": SMALL, "train": SMALL, "test": ["tester.device=cpu", "tester.samples=50"]}.get(stage, [])
    said = {word.partition("=")[0] for word in words}
    said |= {"model.comparison"} if "model" in said else set()  # that of siamese_bilstm
    small = [word for word in small if word.partition("=")[0] not in said]
    task = ["task=resume_matching", f"stage={stage}"]
    if stage == "apply":
        return compose(ROOT, [*task, *places, "apply.device=cpu", *words])
    return compose(ROOT, [*task, *data, *reader, *places, *small, *words])


def new_run(folder: Path, name: str = "one") -> RunFolder:
    """A run of the task."""
    return RunFolder.create(folder / "check_point_root", seed=1, app="demo_app", task="resume_matching", name=name)


def written(folder: Path, rows: list[dict[str, Any]] | None = None, **parts: list[dict[str, Any]]) -> Path:
    """Write all three parts; gives the folder."""
    given = pairs() if rows is None else rows
    for part in ("train", "development", "test"):
        write(folder / "rows" / f"{part}.jsonl", parts.get(part, given))
    return folder


def dataset(folder: Path, *words: str) -> Dataset:
    """The encoded rows."""
    return text_matching.build_dataset(config(folder, *words), new_run(folder, "data"))
