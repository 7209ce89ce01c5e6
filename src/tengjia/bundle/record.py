"""Where a bundle comes from: its training config, its golden examples, its card."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tengjia
from tengjia.bundle.card import Card
from tengjia.bundle.folder import CARD, TRAIN_CONFIG, TRAINER_CONFIG
from tengjia.bundle.golden import GoldenExample, write_golden
from tengjia.bundle.plain import without_places
from tengjia.utilities.files import write_json, write_text


@dataclass(frozen=True)
class Record:
    """What is known of the making of a model; everything may be missing."""

    name: str = "model"
    """Name of the model: application and task."""

    run: str = ""
    """The run that trained it."""

    base_task: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Flat names, fractions."""

    data: Mapping[str, Any] = field(default_factory=dict)
    """Fingerprint and counts of the data."""

    environment: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, git state."""

    train_config: Mapping[str, Any] = field(default_factory=dict)
    """The effective config of the training."""

    golden_source: str = "none"
    golden_texts: Sequence[Any] = ()
    """Texts, or tuples of texts."""


def write_record(
    folder: Path,
    record: Record,
    pipeline: Any,
    *,
    modules: Mapping[str, Mapping[str, Any]],
    code: tuple[str, ...],
    usage: str = "",
) -> None:
    """Write the parts of a bundle that tell of its making.

    Args:
        folder: The bundle that is being written.
        record: What is known.
        pipeline: Answers the golden texts, and knows its labels and, if one was trained, its model.
        modules: Kind -> name and parameters, of the modules that the bundle needs.
        code: `kind/name` of those whose code it brings.
        usage: Python lines for the card.
    """
    metrics = {name: float(value) for name, value in record.metrics.items() if math.isfinite(value)}
    write_json(
        folder / TRAINER_CONFIG,
        without_places(
            {
                "run": record.run,
                "base_task": record.base_task,
                "tengjia": tengjia.__version__,
                "metrics": metrics,
                "data": dict(record.data),
                "golden": record.golden_source,
                "labels": list(pipeline.labels),
            }
        ),
    )
    write_json(folder / TRAIN_CONFIG, without_places(dict(record.train_config)))
    texts = list(record.golden_texts)
    write_golden(folder, [GoldenExample(*pair) for pair in zip(texts, pipeline.plain_answers(texts))])
    model = getattr(pipeline, "model", None)  # none where nothing was trained
    card = Card(
        name=record.name,
        base_task=record.base_task,
        run=record.run,
        modules={**_chosen(record.train_config), **modules},
        labels=pipeline.labels,
        metrics=metrics,
        data=record.data,
        environment={"tengjia": tengjia.__version__, **record.environment},
        golden_source=record.golden_source if texts else "none",
        golden_count=len(texts),
        own_code=code,
        parameters=sum(weight.numel() for weight in model.parameters()) if model is not None else 0,
        usage=usage,
    )
    write_text(folder / CARD, card.render())


def _chosen(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The modules that a training config names: kind -> name and parameters."""
    return {str(key): value for key, value in config.items() if isinstance(value, Mapping) and "name" in value}
