"""Stage `train`: joins the modules that the config names, fits, and leaves the bundle of the best weights."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from tengjia.base_tasks.stages.building import build_model, build_unit
from tengjia.bundle.golden import Golden
from tengjia.bundle.record import Record
from tengjia.config import Settings
from tengjia.contracts import Evaluator
from tengjia.distributed import Ranks, joined
from tengjia.errors import TrainingError
from tengjia.registry import REGISTRIES, callbacks, evaluators, optimizers, schedules, trainers
from tengjia.reports import curves
from tengjia.runs import RunFolder, select_run
from tengjia.store.publishing import Publishing
from tengjia.training.budget import total_steps
from tengjia.training.callback import Callback
from tengjia.training.engine import AUTOCAST
from tengjia.training.environment import facts
from tengjia.training.result import Chosen, choose_weights, initial_weights, summary
from tengjia.training.snapshot import load_weights
from tengjia.utilities.files import read_json
from tengjia.utilities.nearest import nearest

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.contracts import Model

logger = logging.getLogger(__name__)


def train(task: BaseTask, config: Settings, run: RunFolder, dataset: Dataset, model: Model) -> dict[str, Any]:
    """Train a model, keep the best weights as a bundle, and give the flat results.

    Args:
        task: The base task.
        config: The effective config of the stage.
        run: Where the record goes; a run that holds checkpoints is resumed.
        dataset: The encoded corpus.
        model: Built for it.

    Raises:
        Interrupted: A stop was requested; the run can be resumed.
        TrainingError: Training cannot go on, and nothing was saved as good.
    """
    run.write("data", dataset.facts)  # the vectors were loaded for the model: now it is known whom they cover
    with joined() as ranks:
        publishing = Publishing(Publishing.Config(**config.get("publish", {})), run.id)
        if ranks.primary:
            publishing.check()
        trainer = build_trainer(task, config, run, dataset, model, ranks)
        state = trainer.fit()
        chosen = choose_weights(trainer.context)
        result = summary(trainer.context, chosen)
        if ranks.primary:
            run.describe(compute=facts(trainer.engine))
            if chosen is not None:
                save_bundle(task, config, run, dataset, chosen, result)
                run.describe(published=publishing.publish(run.bundle, lineage(config, run)))
            run.write_result("train", result)
            curves.write(run, falling=[name for name, way in _metrics(config).items() if way == "min"])
        ranks.barrier()
        if state.stop_reason:
            logger.info(state.stop_reason)
    return result


def build_trainer(
    task: BaseTask,
    config: Settings,
    run: RunFolder | None,
    dataset: Dataset,
    model: Model,
    ranks: Ranks,
    more: Iterable[Callback] = (),
) -> Any:
    """The trainer of a config with all its parts.

    Args:
        task: The base task.
        config: The effective config.
        run: Where the record goes; `None` leaves none.
        dataset: The encoded corpus.
        model: Built for it.
        ranks: Who this process is among many.
        more: Callbacks besides those of the config.
    """
    chosen, evaluation = config.trainer, config.callbacks.evaluation
    if evaluation.enabled and evaluation.part not in dataset.parts():
        raise TrainingError("trainer.nothing_to_evaluate", key="callbacks.evaluation.part", part=evaluation.part)
    if chosen.initial_weights is not None and run is not None:
        source = select_run(run.path.parent, chosen.initial_weights)
        load_weights(model, initial_weights(source), source.id)  # type: ignore[arg-type]
    training_data = dataset.training(
        batch_size=chosen.batch_size,
        batch_pieces=chosen.batch_pieces,
        accumulate=chosen.accumulate,
        average=chosen.average,
        balance=chosen.balance,
        # In half precision kernels are made for each shape of a batch: many shapes take time, and memory without end.
        few_widths=chosen.precision in AUTOCAST,
        workers=chosen.workers,
        seed=config.seed,
        rank=ranks.rank,
        world=ranks.world,
    )
    evaluator = evaluators.build(config.evaluator, labels=dataset.labels)
    require_monitored(chosen.monitor, evaluator)
    steps = total_steps(chosen.max_epochs, chosen.max_steps, training_data, even=chosen.batch_pieces is None)
    return trainers.build(
        chosen,
        unit=build_unit(task, config, model),
        data=training_data,
        optimizer=partial(_optimizer, config),
        schedule=schedules.build(config.schedule, total_steps=steps) if config.schedule else None,
        evaluator=evaluator,
        callbacks=[*build_callbacks(config.callbacks), *more],
        run=run,
        seed=config.seed,
        direction=direction(config),
        ranks=ranks,
        describe=task.describe(dataset.encoding) if task.describe is not None else None,
    )


def build_callbacks(settings: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """The callbacks that are enabled."""
    return [callbacks.build({"name": name, **values}) for name, values in settings.items() if values["enabled"]]


def direction(config: Settings) -> str:
    """Whether the monitored metric shall rise (`max`) or fall (`min`), as the evaluator says."""
    if config.trainer.monitor == "loss":
        return "min"
    return _metrics(config).get(config.trainer.monitor.partition("/")[0], "max")


def _metrics(config: Settings) -> Mapping[str, str]:
    """The metrics of the evaluator, and whether each shall rise or fall."""
    metrics: Mapping[str, str] = REGISTRIES["evaluator"].load(config.evaluator.name).metrics
    return metrics


def require_monitored(monitor: str, evaluator: Evaluator) -> None:
    """See that the type of a metric of one type (`entity_f1/NAME`) exists: only the data know which there are.

    Raises:
        TrainingError: The evaluator will give no such metric.
    """
    metric, _, name = monitor.partition("/")
    if name and metric in getattr(evaluator, "metrics_by_name", ()) and monitor not in (known := evaluator.compute()):
        allowed = [one for one in known if one.startswith(f"{metric}/")]
        near = ", ".join(nearest(monitor, allowed)) or "-"
        raise TrainingError(
            "trainer.unknown_metric", key="trainer.monitor", found=monitor, allowed=", ".join(allowed), nearest=near
        )


def save_bundle(
    task: BaseTask, config: Settings, run: RunFolder, dataset: Dataset, chosen: Chosen, result: Mapping[str, Any]
) -> None:
    """Write the bundle of the chosen weights, in a model of its own: the trained one may be sharded or compiled."""
    model = build_model(config, dataset)
    load_weights(model, chosen.weights, chosen.name)  # type: ignore[arg-type]
    pipeline = task.pipeline.of(config, dataset, model)
    golden = Golden(Golden.Config(**config.golden))
    environment, data = run.path / "environment.json", run.path / "data.json"
    record = Record(
        name=f"{config.app}/{config.task}",
        run=run.id,
        metrics={name: value for name, value in result.items() if isinstance(value, float)},
        data=read_json(data) if data.is_file() else {"fingerprint": dataset.fingerprint},
        environment=read_json(environment) if environment.is_file() else {},
        train_config=config.plain(),
        golden_source=golden.config.source,
        golden_texts=_golden_questions(task, golden, dataset, config.seed),
    )
    pipeline.save(run.bundle, record)


def _golden_questions(task: BaseTask, golden: Golden, dataset: Dataset, seed: int) -> list[Any]:
    ask = dataset.encoding.question
    chosen = golden.texts(lambda: (ask(example) for example in dataset.examples("test")), seed=seed)
    return task.pipeline.sample_questions(chosen) if golden.config.source == "sample" else chosen


def lineage(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Where the bundle of a run came from, beside what it tells itself: git state, and the version it began with."""
    environment = run.path / "environment.json"
    git = read_json(environment).get("git") if environment.is_file() else None
    known: dict[str, Any] = {"app": config.app, "task": config.task, "run": run.id, "git": git, "parents": []}
    if config.trainer.initial_weights is not None:
        source = select_run(run.path.parent, config.trainer.initial_weights)
        published = source.about().get("published") or {}
        known["parents"] = [f"{published['model']}@{published['version']}"] if "version" in published else [source.id]
    return known


def _optimizer(config: Settings, module: torch.nn.Module) -> torch.optim.Optimizer:
    from tengjia.layers.parameter_groups import parameter_groups

    values = config.optimizer
    groups = parameter_groups(module, lr=values.lr, weight_decay=values.get("weight_decay", 0.0))
    optimizer: torch.optim.Optimizer = optimizers.build(values, parameters=groups)
    return optimizer
