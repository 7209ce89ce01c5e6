"""A small project with a corpus, made for one test."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.rows import Rows
from tengjia.base_tasks.stages import preparation
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.stages.preparation import Prepared
from tengjia.base_tasks.texts.encoder import TextEncoder
from tengjia.config import Settings
from tengjia.data.labels import LabelSet
from tengjia.data.vocabulary import Vocabulary
from tengjia.registry import tokenizers
from tengjia.runs import RunFolder

LETTERS = "高勇男中国籍无境外居留权本科学历曾任北京大学教授张三李四"


def write_corpus(
    file: Path, count: int, *, seed: int = 1, longest: int = 40, lines: dict[int, str] | None = None
) -> None:
    """Write a JSON-lines corpus: random texts with spans; `lines` puts texts of our own in given places."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        text = "".join(chance.choices(LETTERS, k=chance.randrange(1, longest)))
        text = (lines or {}).get(number, text)
        end = chance.randrange(1, len(text) + 1)
        spans = [[0, end, "NAME"]] + ([[end + 1, len(text), "ORG"]] if end + 1 < len(text) else [])
        rows.append(json.dumps({"text": text, "spans": spans}, ensure_ascii=False))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{row}\n" for row in rows), "utf-8")


def settings(folder: Path, **sections: Any) -> Settings:
    """The config of a task whose corpus lies in `folder/data` and whose cache in `folder/cache`."""
    values: dict[str, Any] = {
        "seed": 1,
        "dataset_root": str(folder / "data"),
        "bert_model_root": str(folder / "bert"),
        "word_vector_root": str(folder / "vectors"),
        "cache_root": str(folder / "cache"),
        "dataset": {"name": "files", "train": ["train.jsonl"], "development": ["development.jsonl"]},
        "reader": {"name": "json_lines"},
        "tokenizer": {"name": "character"},
        "model": {"name": "bilstm_crf"},
        "vectors": None,
        "split": {"test": 0.0},
        "preprocess": {"workers": 1, "chunk_size": 50},
    }
    return Settings({**values, **sections})


def corpus(folder: Path, count: int = 200, **options: Any) -> None:
    """Write both parts."""
    write_corpus(folder / "data" / "train.jsonl", count, **options)
    write_corpus(folder / "data" / "development.jsonl", 20, seed=2)


def new_run(folder: Path) -> RunFolder:
    """A run to note things in."""
    return RunFolder.create(folder / "runs", seed=1, app="a", task="b")


def sequence_encoding(config: Encoding.Config, *, labels: LabelSet, **texts: Any) -> Encoding:
    """An encoding of given parts."""
    return Encoding(config, TextEncoder(config, **texts), labels)


def encoding(text: str = LETTERS, *, tokenizer: str = "character", vocabulary: Vocabulary | None = None, **values: Any):
    """An encoding for the types NAME and ORG."""
    return sequence_encoding(
        Encoding.Config(**values),
        tokenizer=tokenizers.build({"name": tokenizer}),
        tokenizer_settings={"name": tokenizer},
        vocabulary=vocabulary or Vocabulary.counted(dict.fromkeys(text, 1)),
        labels=LabelSet(values.get("scheme", "bmes"), ("NAME", "ORG")),
    )


def prepare(config: Settings, run: RunFolder) -> Prepared:
    """Prepare the data of sequence labelling."""
    return preparation.prepare(Encoding, config, run)


def rows(dataset: Dataset, part: str) -> Rows:
    """The encoded rows of a part."""
    return Rows(dataset.prepared.encoded.file(f"{part}.arrow"))


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder but manifests and locks."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in files
        if file.name not in {"manifest.json", "hashes.json"} and file.suffix != ".lock"
    }
