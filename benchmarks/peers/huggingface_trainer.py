"""An epoch with the Hugging Face Trainer."""

from __future__ import annotations

import tempfile
import time
from typing import Any

from benchmarks.peers.tagger import collate


def seconds_of_training(model: Any, examples: list[dict[str, list[int]]], *, epochs: int, rate: float) -> float:
    """Seconds for `epochs` epochs of random batches of 32, evaluation and saving off."""
    from transformers import Trainer, TrainingArguments

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=32,
            num_train_epochs=epochs,
            learning_rate=rate,
            max_grad_norm=5.0,
            weight_decay=0.01,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
            remove_unused_columns=False,
            logging_strategy="no",
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=examples, data_collator=collate)
        start = time.perf_counter()
        trainer.train()
        return time.perf_counter() - start
