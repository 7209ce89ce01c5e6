"""Fine-tuning an encoder for token classification with the Hugging Face Trainer."""

from __future__ import annotations

import tempfile
import time
from typing import Any

from benchmarks.peers.sentences import Outcome, Recipe, Sentence

IGNORED = -100


def fine_tune(recipe: Recipe, train: list[Sentence], development: list[Sentence], *, best_settings: bool) -> Outcome:
    """Train, and tag the development part.

    Args:
        recipe: What all candidates share.
        train: Sentences to learn from.
        development: Sentences to tag.
        best_settings: Batches of like length and no pinned memory, instead of the Trainer's defaults: random batches,
            each padded to its longest sentence. (The fused AdamW and `sdpa` attention are defaults already.)
    """
    from transformers import (
        AutoModelForTokenClassification,
        AutoTokenizer,
        DataCollatorForTokenClassification,
        Trainer,
        TrainingArguments,
        set_seed,
    )

    set_seed(recipe.seed)
    tags = sorted({tag for sentence in train for tag in sentence.tags})
    tokenizer = AutoTokenizer.from_pretrained(recipe.encoder)
    model = AutoModelForTokenClassification.from_pretrained(recipe.encoder, num_labels=len(tags))
    settings: dict[str, Any] = {"bf16": recipe.precision == "bf16"}
    if best_settings:
        settings |= {"train_sampling_strategy": "group_by_length", "dataloader_pin_memory": False}
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=recipe.batch_size,
            per_device_eval_batch_size=2 * recipe.batch_size,
            num_train_epochs=recipe.epochs,
            learning_rate=recipe.rate,
            weight_decay=recipe.weight_decay,
            warmup_steps=recipe.warmup_steps(len(train)),
            max_grad_norm=recipe.clip_norm,
            seed=recipe.seed,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            use_cpu=True,
            disable_tqdm=True,
            **settings,
        )
        trainer = Trainer(
            model=model,
            args=arguments,
            train_dataset=_encode(tokenizer, train, tags),
            data_collator=DataCollatorForTokenClassification(tokenizer),
        )
        start = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - start
        return Outcome(seconds, _tags(trainer, _encode(tokenizer, development, tags), tags))


def _encode(tokenizer: Any, part: list[Sentence], tags: list[str]) -> list[dict[str, Any]]:
    """The first piece of each word carries its tag."""
    ids = {tag: number for number, tag in enumerate(tags)}
    encoded = tokenizer([sentence.words for sentence in part], is_split_into_words=True, truncation=True)
    examples = []
    for number, sentence in enumerate(part):
        words = encoded.word_ids(number)
        first = [word is not None and word != before for before, word in zip([None, *words], words)]
        labels = [ids.get(sentence.tags[word], IGNORED) if one else IGNORED for one, word in zip(first, words)]
        examples.append({"input_ids": encoded["input_ids"][number], "labels": labels})
    return examples


def _tags(trainer: Any, examples: list[dict[str, Any]], tags: list[str]) -> list[list[str]]:
    trainer.args.train_sampling_strategy = "random"  # else the answers too come in the order of the lengths
    best = trainer.predict(examples).predictions.argmax(-1)
    return [
        [tags[tag] for tag, label in zip(row, example["labels"]) if label != IGNORED]
        for row, example in zip(best, examples)
    ]
