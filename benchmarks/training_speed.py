"""Tokens a second of training: ours against the Hugging Face Trainer, Lightning, and a loop written by hand.

The same tagger (128-wide embedding, BiLSTM of 2 x 128, CRF) on ResumeNER. The peers train it as their users do, with
pytorch-crf on random batches of 32; we with our defaults. The loop by hand has our batches and our CRF: what is left
between it and our trainer is what the trainer costs. Evaluation, saving and logging are off everywhere.

    python -m benchmarks.training_speed --dataset-root ../corpora
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import parser

QUIET = [
    f"callbacks.{name}.enabled=false" for name in ("progress", "evaluation", "checkpoint", "record", "console_log")
]
PEER_SHARE = 1280
"""Sentences of an epoch of the slow peers."""


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure all four, interleaved, and print the line."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args(arguments)
    import torch

    torch.set_num_threads(chosen.threads)
    with tempfile.TemporaryDirectory() as folder:
        candidates = {**ours(chosen.dataset_root, Path(folder), chosen.threads), **peers(chosen.dataset_root)}
        speeds: dict[str, list[float]] = {name: [] for name in candidates}
        for number in range(chosen.rounds + 1):
            for name, measure in candidates.items():
                speed = measure()
                if number:
                    speeds[name].append(speed)
    medians = {name: report.median(values) for name, values in speeds.items()}
    return report.say(
        "training_speed",
        unit="tokens/s",
        **medians,
        spread={name: report.spread(values) for name, values in speeds.items()},
        ratio_huggingface=round(medians["tengjia"] / medians["huggingface"], 2),
        ratio_lightning=round(medians["tengjia"] / medians["lightning"], 2),
        ratio_by_hand=round(medians["tengjia"] / medians["by_hand"], 3),
        demand={"huggingface": 5.0, "lightning": 5.0, "by_hand": 0.97},
        threads=chosen.threads,
        command=report.command(),
    )


def ours(dataset_root: Path, folder: Path, threads: int) -> dict[str, Callable[[], float]]:
    """Our trainer, and the same work in a loop by hand; each trains one epoch and gives tokens a second."""
    from benchmarks.tagger import default_tagger

    tagger = default_tagger(dataset_root, folder, threads, ["trainer.max_epochs=1", *QUIET])
    tokens = int(tagger.dataset.encoded["train"].weights.sum())

    def tengjia() -> float:
        trainer = tagger.trainer()
        start = time.perf_counter()
        trainer.fit()
        return tokens / (time.perf_counter() - start)

    def by_hand() -> float:
        return tokens / seconds_by_hand(tagger.model(), tagger.dataset, tagger.config)

    return {"tengjia": tengjia, "by_hand": by_hand}


def seconds_by_hand(model: Any, dataset: Any, config: Any) -> float:
    """One epoch as a careful engineer would write it: our batches, our CRF, fused AdamW, clipping, a schedule."""
    import torch

    data = dataset.training(batch_size=config.trainer.batch_size, seed=config.seed)
    steps = data.steps_in_epoch()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.optimizer.lr, weight_decay=config.optimizer.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    parameters = list(model.parameters())
    model.train()
    total = 0.0
    start = time.perf_counter()
    for step in data.steps(0):
        batch = step.batches[0]
        scores = model(batch)
        loss = model.crf.negative_log_likelihood(scores, batch.labels, batch.mask).sum() / step.weight
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, config.trainer.clip_norm)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        total += loss.item()
    return time.perf_counter() - start


def peers(dataset_root: Path) -> dict[str, Callable[[], float]]:
    """The peers, on a share of the corpus; each gives tokens a second."""
    from benchmarks.peers import corpus, huggingface_trainer, lightning_trainer
    from benchmarks.peers.tagger import PeerTagger

    encoded = corpus.encode(dataset_root / "resume_ner" / "train.char.bmes")
    rows = [{"input_ids": ids, "labels": tags} for ids, tags in zip(encoded.characters, encoded.tags)][:PEER_SHARE]
    tokens = sum(len(row["input_ids"]) for row in rows)

    def measured(peer: Any) -> Callable[[], float]:
        def measure() -> float:
            model = PeerTagger(encoded.vocabulary_size, encoded.tag_count, 128, 128, 0.5)
            return tokens / float(peer.seconds_of_training(model, rows, epochs=1, rate=2e-3))

        return measure

    return {"huggingface": measured(huggingface_trainer), "lightning": measured(lightning_trainer)}


if __name__ == "__main__":
    main()
