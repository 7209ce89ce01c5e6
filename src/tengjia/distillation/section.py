"""What `stage=distil` is asked to do: the sections `distil` and `student`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits


class Distil:
    """The section `distil`."""

    limits: ClassVar[Limits] = {
        "temperature": (0.1, None),
        "soft_weight": (0.0, 1.0),
        "hidden_weight": (0.0, None),
        "attention_weight": (0.0, None),
        "layer_map": (0, None),
        "teacher_batch_size": (1, None),
        "speed_texts": (1, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Who teaches, what is learnt from the teacher, and what is compared."""

        teacher: str | None = None
        """The teacher: a run of this task (latest, best, its name), the folder of a run or of a bundle, or an address
        (`store://MODEL@ALIAS`, `https://...`); null: what `stage=train` left in this run, else in the latest."""

        students: tuple[Literal["alone", "distilled"], ...] = ("alone", "distilled")
        """Which students are trained: one by the labels alone, to compare with, and one by the teacher. The last of
        them is the model of the run."""

        temperature: float = 2.0
        """What scores are divided by before they are compared (`soft_loss=kl`)."""

        soft_loss: Literal["kl", "mse"] = "kl"
        """How the scores of student and teacher are compared: divergence of the softened distributions times the square
        of the temperature, or mean square of the differences."""

        soft_weight: float = 0.9
        """How much that counts; the loss of the labels counts the rest. A changed text has no label."""

        hidden_weight: float = 0.0
        """How much the hidden states of matched layers count besides; for a transformer taught by a transformer."""

        attention_weight: float = 0.0
        """How much the attention of matched layers counts besides, likewise; both have as many heads then."""

        layer_map: tuple[int, ...] = ()
        """Of the embeddings (0) and of each layer of the student, the layer of the teacher that is matched (0: its
        embeddings); empty: evenly spread."""

        teacher_batch_size: int = 64
        """Texts that the teacher answers at once."""

        part: Literal["development", "test"] = "development"
        """Part of the corpus that the table at the end is about."""

        speed_texts: int = 200
        """Texts of this part by which speed is measured, on one thread."""


class Student:
    """The section `student`."""

    limits: ClassVar[Limits] = {"lr": (0, None), "max_epochs": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """The model that learns, and what of its training is not as the teacher's."""

        model: str = "bilstm_attention"
        """A model that scores classes (`tengjia list model`)."""

        parameters: dict[str, bool | int | float | str | None] = field(default_factory=dict)
        """Its parameters, those that are not as by default: `{hidden_size: 64}`; null: as by default after all."""

        lr: float | None = None
        """Learning rate; null: `optimizer.lr`."""

        max_epochs: int | None = None
        """Passes over the training data; null: `trainer.max_epochs`."""
