"""Whether a pretrained encoder is there, and what stands around it fits it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tengjia.command.checks.effective import Effective
from tengjia.command.plan import is_missing
from tengjia.errors import Problem
from tengjia.registry import REGISTRIES
from tengjia.utilities.suggestions import suggestions

WEIGHTS: Final = ("model.safetensors", "model.safetensors.index.json")
PICKLES: Final = ("pytorch_model.bin", "pytorch_model.bin.index.json")
ENCODER: Final = ("model", "encoder")


def check_encoder(effective: Effective) -> Iterator[Problem]:
    """A model that wants an encoder is given the folder of one, with weights that run no code."""
    root, name = effective.folder("bert_model_root"), effective.value(*ENCODER)
    if root is None or not isinstance(name, str) or is_missing(name):
        return
    known = sorted(file.parent.name for file in root.glob("*/config.json"))
    there = {"folder": root, "allowed": ", ".join(known) or "-"}
    if not name:
        yield effective.problem("config.encoder_unnamed", *ENCODER, **there)
    elif not (root / name / "config.json").is_file():
        near = suggestions(name, known)
        yield effective.problem("config.no_encoder", *ENCODER, found=name, nearest=near, **there)
    elif not _any_file(root / name, WEIGHTS):
        code = "config.encoder_pickled" if _any_file(root / name, PICKLES) else "config.encoder_empty"
        yield effective.problem(code, *ENCODER, folder=root / name)


def check_encoder_tokenizer(effective: Effective) -> Iterator[Problem]:
    """Text goes into an encoder in pieces of the encoder's vocabulary, not in counted ones."""
    schema = effective.schema("tokenizer")
    if (
        ENCODER not in effective.values
        or schema is None
        or _brings_vocabulary(effective, effective.choices["tokenizer"])
    ):
        return
    fitting = [name for name in REGISTRIES["tokenizer"].entries() if _brings_vocabulary(effective, name)]
    yield effective.choice_problem(
        "config.encoder_tokenizer",
        "tokenizer",
        model=effective.choices["model"],
        tokenizer=effective.choices["tokenizer"],
        allowed=", ".join(fitting) or "-",
    )


def check_encoder_rate(effective: Effective) -> Iterator[Problem]:
    """The learning rate is one that pretrained weights bear (`greatest_rate` of the model)."""
    rate, greatest = effective.value("optimizer", "lr"), effective.attribute("model", "greatest_rate")
    if isinstance(rate, int | float) and isinstance(greatest, int | float) and rate > greatest:
        yield effective.problem("config.encoder_rate", "optimizer", "lr", found=rate, allowed=greatest)


def _any_file(folder: Path, names: tuple[str, ...]) -> bool:
    return any((folder / name).is_file() for name in names)


def _brings_vocabulary(effective: Effective, tokenizer: str | None) -> bool:
    schema = effective.view.schema("tokenizer", tokenizer)
    return schema is not None and schema.attributes.get("brings_vocabulary") is True
