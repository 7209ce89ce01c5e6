"""The tags of the units and the classes of the whole text, for models that give both."""

from __future__ import annotations

from dataclasses import dataclass

from tengjia.data.classes import Classes
from tengjia.data.labels import LabelSet


@dataclass(frozen=True)
class JointLabels:
    """What is scored: tags at every unit, and classes once a text."""

    tags: LabelSet
    """The tags."""

    classes: Classes
    """The classes, one a text."""

    def __len__(self) -> int:
        return len(self.tags)
