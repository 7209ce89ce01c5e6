"""Whether the parts fit one another: loss and model, metric and evaluator, corpus and disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tengjia.command.checks.effective import Effective
from tengjia.command.fits import SAID_BY, fits, fitting, said
from tengjia.command.plan import CALLBACKS
from tengjia.errors import Problem
from tengjia.registry import REGISTRIES
from tengjia.utilities.suggestions import Suggestions, suggestions


def check_base_task(effective: Effective) -> Iterator[Problem]:
    """Model, criterion and evaluator are for what the base task does (`FITS` of its `sections.py`)."""
    base_task = effective.view.base_task
    for kind in SAID_BY:
        if _fits_base_task(effective, kind):
            continue
        found, allowed = effective.choices[kind], fitting(base_task, kind)
        yield effective.choice_problem(
            "config.does_not_fit",
            kind,
            kind=kind,
            found=found,
            gives=", ".join(sorted(said(kind, effective.schema(kind)))),
            base_task=base_task.name,
            needs=", ".join(base_task.fits[kind]),
            nearest=suggestions(str(found), allowed),
            allowed=", ".join(allowed) or "-",
        )


def _fits_base_task(effective: Effective, kind: str) -> bool:
    return fits(effective.view.base_task, kind, effective.schema(kind))


def check_decoder(effective: Effective) -> Iterator[Problem]:
    """The criterion measures what the model gives (`decoder = "crf"`)."""
    model, criterion = (said(kind, effective.schema(kind)) for kind in ("model", "criterion"))
    if not model or not criterion or model & criterion:
        return
    if not (_fits_base_task(effective, "model") and _fits_base_task(effective, "criterion")):
        return  # one of them is wrong anyhow, and was told
    names = fitting(effective.view.base_task, "criterion")
    allowed = [name for name in names if said("criterion", effective.view.schema("criterion", name)) & model]
    yield effective.choice_problem(
        "config.decoder",
        "criterion",
        criterion=effective.choices["criterion"],
        needs=", ".join(sorted(criterion)),
        model=effective.choices["model"],
        found=", ".join(sorted(model)),
        allowed=", ".join(allowed) or "-",
    )


def check_monitor(effective: Effective) -> Iterator[Problem]:
    """Every metric that is watched is one that the evaluator gives, or the loss."""
    metrics = effective.attribute("evaluator", "metrics")
    if not isinstance(metrics, dict | tuple | list) or not _fits_base_task(effective, "evaluator"):
        return
    by_name = effective.attribute("evaluator", "metrics_by_name") or {}
    known = [*metrics, "loss", *(f"{metric}/NAME" for metric in by_name)]
    for key in effective.values:
        found = effective.value(*key)
        if key[-1] != "monitor" or not isinstance(found, str) or found in known:
            continue
        if key[0] == CALLBACKS and effective.value(*key[:-1], "enabled") is False:
            continue
        metric, slash, name = found.partition("/")
        if name and metric in by_name:  # which names there are, only the data know
            if effective.value("evaluator", by_name[metric]) is False:
                switch = f"evaluator.{by_name[metric]}"
                yield effective.problem("config.monitor_switched_off", *key, found=found, switch=switch)
            continue
        close = suggestions(metric, by_name if slash else known)
        nearest = Suggestions(f"{one}/{name or 'NAME'}" for one in close) if slash else close
        near = {"nearest": nearest, "allowed": ", ".join(known)}
        yield effective.problem("config.monitor", *key, found=found, evaluator=effective.choices["evaluator"], **near)


NEEDS_EVALUATION: Final = ("early_stopping",)
"""Callbacks that act on evaluations."""


def check_callbacks(effective: Effective) -> Iterator[Problem]:
    """A callback that acts on evaluations has some to act on."""
    for name in NEEDS_EVALUATION:
        wanted = effective.value(CALLBACKS, name, "enabled")
        if wanted is True and effective.value(CALLBACKS, "evaluation", "enabled") is False:
            yield effective.problem("config.no_evaluation", CALLBACKS, name, "enabled", found=name)


def check_reader(effective: Effective) -> Iterator[Problem]:
    """A corpus that needs a reader has one, and one that brings its own is given none."""
    needs = effective.attribute("dataset", "needs_reader")
    if needs is True and effective.choices.get("reader") is None:
        allowed = ", ".join(REGISTRIES["reader"].entries()) or "-"
        yield effective.choice_problem(
            "config.reader_missing", "dataset", dataset=effective.choices["dataset"], allowed=allowed
        )


PATHS: Final = {
    ("dataset", "train"): "dataset_root",
    ("dataset", "development"): "dataset_root",
    ("dataset", "test"): "dataset_root",
    ("tokenizer", "source"): "bert_model_root",
    ("tokenizer", "user_dictionaries"): "dataset_root",
    ("vectors", "file"): "word_vector_root",
    ("encoding", "stop_words"): "dataset_root",
    ("encoding", "word_dictionaries"): "dataset_root",
}
"""Parameters that name files -> the root they are relative to; a module of one's own uses the same names."""


NAMED: Final = (("vectors", "file"), ("tokenizer", "source"))
"""Those of them without which their module is nothing."""


def check_files(effective: Effective) -> Iterator[Problem]:
    """The files that are named are there, and those that must be named are."""
    for key, root_name in PATHS.items():
        if key[0] == "dataset" and not _reads_corpus(effective):
            continue
        root, files = effective.folder(root_name), effective.value(*key)
        if files == "" and key in NAMED:
            parameter = effective.view.parameter(key, effective.choices.get(key[0]))
            sentence = parameter.sentence if parameter else ""
            yield effective.problem("config.file_unnamed", *key, root=root_name, sentence=sentence)
        for name in [files] if isinstance(files, str) else files if isinstance(files, list) else []:
            if root is None or not isinstance(name, str) or not name or "${" in name or _exists(root, name):
                continue
            near = suggestions(Path(name).name, _siblings(root / name))
            yield effective.problem("config.no_file", *key, found=name, folder=root, root=root_name, nearest=near)


def check_corpus(effective: Effective) -> Iterator[Problem]:
    """A named corpus (`reads = {"train": "folder/file"}`) lies below `dataset_root`."""
    files, root = effective.attribute("dataset", "reads"), effective.folder("dataset_root")
    if not isinstance(files, dict) or root is None or not _reads_corpus(effective):
        return
    absent = [name for name in dict.fromkeys(files.values()) if not (root / name).is_file()]
    if absent:
        name = effective.choices["dataset"]
        yield effective.choice_problem(
            "config.no_corpus", "dataset", dataset=name, found=", ".join(absent), folder=root
        )


def _reads_corpus(effective: Effective) -> bool:
    """Whether a stage looks at the corpus: what was trained answers without it."""
    return set(effective.view.stages) != {"apply"}


def _exists(root: Path, name: str) -> bool:
    path = root / name
    if path.exists():
        return True
    anchor = Path(path.anchor)
    if any(sign in name for sign in "*?["):
        return any(anchor.glob(str(path.relative_to(anchor))))
    from tengjia.data.archives import exists

    return exists(path)  # a file in a zip archive


def _siblings(path: Path) -> list[str]:
    return [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
