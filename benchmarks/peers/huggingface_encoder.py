"""Fine-tuning an encoder for token classification with the Hugging Face Trainer."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

IGNORED = -100


class Words(NamedTuple):
    """A sentence of a column file."""

    words: list[str]
    tags: list[str]


class Outcome(NamedTuple):
    """What a run gave."""

    seconds: float
    entity_f1: float


def read(file: Path) -> list[Words]:
    """Sentences of a `word<TAB>tag` file."""
    blocks = file.read_text("utf-8").split("\n\n")
    rows = [[line.split("\t") for line in block.splitlines() if line.strip()] for block in blocks]
    return [Words([row[0] for row in sentence], [row[-1] for row in sentence]) for sentence in rows if sentence]


def fine_tune(
    encoder: Path,
    train: list[Words],
    test: list[Words],
    *,
    epochs: int,
    rate: float,
    batch_size: int,
    seed: int,
    best_settings: bool,
) -> Outcome:
    """Train with the defaults of the Trainer, or with the settings that its manual advises for speed, and score.

    Args:
        encoder: Folder of the encoder.
        train: Sentences to learn from.
        test: Sentences to score, by strict entity F1 of seqeval.
        epochs: Passes over `train`.
        rate: Peak learning rate.
        batch_size: Sentences a batch.
        seed: Of weights, order and dropout.
        best_settings: Batches of like length, no padding beyond them.
    """
    from transformers import (
        AutoModelForTokenClassification,
        AutoTokenizer,
        DataCollatorForTokenClassification,
        Trainer,
        TrainingArguments,
        set_seed,
    )

    set_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    tags = sorted({tag for sentence in train for tag in sentence.tags})
    model = AutoModelForTokenClassification.from_pretrained(encoder, num_labels=len(tags))
    encoded_train, encoded_test = (_encode(tokenizer, part, tags) for part in (train, test))
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=batch_size,
            per_device_eval_batch_size=64,
            num_train_epochs=epochs,
            learning_rate=rate,
            seed=seed,
            save_strategy="no",
            logging_strategy="no",
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
            train_sampling_strategy="group_by_length" if best_settings else "random",
        )
        trainer = Trainer(
            model=model,
            args=arguments,
            train_dataset=encoded_train,
            data_collator=DataCollatorForTokenClassification(tokenizer),
        )
        start = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - start
        return Outcome(seconds, _strict_f1(trainer, encoded_test, test, tags))


def _encode(tokenizer: Any, part: list[Words], tags: list[str]) -> list[dict[str, Any]]:
    ids = {tag: number for number, tag in enumerate(tags)}
    encoded = tokenizer([s.words for s in part], is_split_into_words=True, truncation=True, max_length=256)
    examples = []
    for number, sentence in enumerate(part):
        words = encoded.word_ids(number)
        first = [word is not None and word != before for before, word in zip([None, *words], words)]
        labels = [ids.get(sentence.tags[word], IGNORED) if one else IGNORED for one, word in zip(first, words)]
        examples.append({"input_ids": encoded["input_ids"][number], "labels": labels})
    return examples


def _strict_f1(trainer: Any, encoded: list[dict[str, Any]], test: list[Words], tags: list[str]) -> float:
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    scores = trainer.predict(encoded).predictions.argmax(-1)
    predicted = []
    for row, example, sentence in zip(scores, encoded, test):
        found = [tags[tag] for tag, label in zip(row, example["labels"]) if label != IGNORED]
        predicted.append(found + ["O"] * (len(sentence.tags) - len(found)))
    return float(f1_score([list(s.tags) for s in test], predicted, mode="strict", scheme=IOB2))
