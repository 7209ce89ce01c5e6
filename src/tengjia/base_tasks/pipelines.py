"""Which pipeline answers for a base task: raw input in, structured result out.

A project has pipelines of its own in `src/modules/pipelines/`, each registered under the name that its bundles bear:

    @pipelines.register("chat")                    # in .../pipelines/chat.py
    class ChatPipeline(AnsweringPipeline):
        @classmethod
        def load(cls, folder, *, device="cpu", trust_code=False): ...

A bundle only names one: what is imported is a file of the library or of the project around (`registry.set_scope`).
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, Final

from tengjia.bundle.folder import MODEL_CONFIG, Bundle
from tengjia.errors import CheckpointError
from tengjia.registry import pipelines

PIPELINES: Final = {
    "sequence_labeling": ("tengjia.base_tasks.sequence_labeling.pipeline", "SequenceLabelingPipeline"),
    "text_classification": ("tengjia.base_tasks.text_classification.pipeline", "TextClassificationPipeline"),
    "joint_intent_slot": ("tengjia.base_tasks.joint_intent_slot.pipeline", "JointIntentSlotPipeline"),
    "text_matching": ("tengjia.base_tasks.text_matching.pipeline", "TextMatchingPipeline"),
    "sequence_to_sequence": ("tengjia.base_tasks.sequence_to_sequence.pipeline", "SequenceToSequencePipeline"),
    "knowledge_graph": ("tengjia.graph.pipeline", "GraphPipeline"),
}
"""Base task -> module and class. Imported when first used: they are heavy."""

_LONGEST: Final = 4 << 20


def load_pipeline(folder: Path, *, device: str = "cpu", trust_code: bool = False) -> Any:
    """The pipeline of a bundle, whatever its base task (`contracts.Pipeline`).

    Args:
        folder: The bundle; every file is verified.
        device: Where to compute.
        trust_code: Whether to run the bundle's own code, if it has any.

    Raises:
        CheckpointError: The bundle is damaged, of an unknown base task, or brings code that is not trusted.
    """
    base_task = _base_task(folder)
    if base_task in PIPELINES:
        module, name = PIPELINES[base_task]
        return getattr(importlib.import_module(module), name).load(folder, device=device, trust_code=trust_code)
    if base_task in (own := pipelines.entries()):
        return pipelines.load(base_task).load(folder, device=device, trust_code=trust_code)
    found = Bundle.open(folder).config.get("base_task")  # tells what is wrong with the bundle, if something is
    raise CheckpointError("bundle.other_task", file=folder, found=found, allowed=", ".join([*PIPELINES, *own]))


def _base_task(folder: Path) -> str:
    """What a bundle says of itself, before it is verified: it chooses the class, which verifies every file."""
    try:
        with open(folder / MODEL_CONFIG, "rb") as file:
            values = json.loads(file.read(_LONGEST))
    except (OSError, ValueError, RecursionError):
        return ""
    found = values.get("base_task") if isinstance(values, dict) else None
    return found if isinstance(found, str) else ""
