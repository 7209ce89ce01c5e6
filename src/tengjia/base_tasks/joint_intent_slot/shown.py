"""A text with its intent and its slots for a terminal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tengjia.base_tasks.joint_intent_slot.answers import Understanding
from tengjia.base_tasks.joint_intent_slot.words import said
from tengjia.base_tasks.sequence_labeling.shown import shown as shown_entities
from tengjia.reports.terminal import coloured, printable


def shown(question: str, answer: Understanding, pipeline: Any, *, colours: bool) -> str:
    """An answer in words.

    Args:
        question: The text.
        answer: What it wants.
        pipeline: Who said so: the order of its intents and slots chooses their colours.
        colours: Whether the terminal has any.
    """
    name = said("no_intent_found") if answer.intent is None else printable(answer.intent)
    if colours and answer.intent in pipeline.labels:
        name = coloured(name, pipeline.labels.index(answer.intent), bold=True)
    head = f"{name}  {answer.score:.4f}"
    if not answer.slots:
        return head
    types = SimpleNamespace(labels=pipeline.encoding.slots.labels.types)
    return f"{head}\n{shown_entities(question, answer.slots, types, colours=colours)}"
