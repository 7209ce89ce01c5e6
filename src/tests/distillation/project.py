"""A tiny corpus of questions, and the stages of `task=model_distilling` on it, each in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tengjia import distillation
from tengjia.base_tasks import text_classification
from tengjia.command.notebook import compose
from tengjia.config import Settings
from tengjia.runs import RunFolder
from tengjia.utilities.randomness import generator_for

ROOT = Path(__file__).parents[3]
COUNTS = {"train": 40, "development": 16, "test": 16}
ASKED = {"薪资": ("工资多少", "薪水几号发", "年终奖几个月"), "地点": ("公司在哪里", "在北京上班吗", "离地铁远吗")}
HEADS = ("请问", "你好，", "想问下", "麻烦问一下")


def write_corpus(folder: Path, classes: tuple[str, ...] = tuple(ASKED)) -> Path:
    """Write `train.tsv`, `development.tsv` and `test.tsv`."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, count in COUNTS.items():
        rows = []
        for number in range(count):
            random = generator_for(1, part, number)
            kind = number % 2
            text = (
                HEADS[random.integers(4)] + list(ASKED.values())[kind][random.integers(3)] + "呀？"[random.integers(2)]
            )
            rows.append(f"{text}{number}\t{classes[kind]}\n")
        (folder / f"{part}.tsv").write_text("text\tlabel\n" + "".join(rows), "utf-8")
    return folder


def words(folder: Path, *more: str) -> list[str]:
    """The command line of a small task in a folder."""
    small = "{embedding_size: 8, feature_size: 0, hidden_size: 4}"
    return [
        "task=model_distilling",
        f"dataset_root={folder / 'corpus'}",
        *(f"{name}_root={folder / name}" for name in ("check_point", "log", "cache")),
        *(f"dataset.{part}=[{part}.tsv]" for part in COUNTS),
        *("trainer.max_epochs=3", "trainer.batch_size=16", "trainer.threads=1", "optimizer.lr=0.01"),
        *("model.hidden_size=8", "model.embedding_size=8", "encoding.bigrams=false", "preprocess.workers=1"),
        *("augmentation.copies=1", "augmentation.rounds=2", f"student.parameters={small}", "golden.count=3"),
        *("distil.speed_texts=4", "callbacks.progress.enabled=false"),
        *more,
    ]


def config_of(folder: Path, stage: str, *more: str) -> Settings:
    """The effective config of a stage."""
    return compose(ROOT, [*words(folder, *more), f"stage={stage}"])


def new_run(config: Settings, name: str) -> RunFolder:
    """A run as the command would make it."""
    parent = Path(config.check_point_root) / config.app / config.task
    return RunFolder.create(parent, seed=config.seed, app=config.app, task=config.task, name=name)


def staged(run: RunFolder, stage: str, step: Any) -> Any:
    """Run a stage as the command would: its state is noted."""
    run.begin(stage)
    try:
        result = step()
    except BaseException:
        run.finish(stage, "failed")
        raise
    run.finish(stage)
    return result


def train(config: Settings, run: RunFolder) -> Any:
    """Stage `train`."""
    dataset = text_classification.build_dataset(config, run)
    model = text_classification.build_model(config, dataset)
    return staged(run, "train", lambda: distillation.train_teacher(config, run, dataset, model))


def distil(config: Settings, run: RunFolder) -> Any:
    """Stage `distil`."""
    dataset = text_classification.build_dataset(distillation.student_config(config), run)
    return staged(run, "distil", lambda: distillation.distil(config, run, dataset))
