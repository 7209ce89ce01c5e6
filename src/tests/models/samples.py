"""Small inputs for model tests, and a tiny random encoder in a folder of its own."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch

from tengjia.contracts import Batch, Inputs
from tengjia.data.labels import LabelSet

LABELS = LabelSet("bmes", ("NAME", "ORG"))
PIECES = 30


def make_inputs(**changes: object) -> Inputs:
    """Inputs with bigrams, 30 pieces, 9 tags."""
    values: dict[str, Any] = {"pieces": PIECES, "labels": LABELS, "features": {"bigrams": 40}, **changes}
    return Inputs(**values)


def make_batch(lengths: tuple[int, ...] = (7, 3, 5), *, seed: int = 0, units: bool = False) -> Batch:
    """Random pieces and legal tags; with `units`, every second piece carries a label."""
    torch.manual_seed(seed)
    width = max(lengths)
    mask = torch.arange(width) < torch.tensor(lengths)[:, None]
    ids = torch.randint(2, PIECES, mask.shape).masked_fill(~mask, 0)
    bigrams = torch.randint(2, 40, mask.shape).masked_fill(~mask, 0)
    if not units:
        return Batch(ids, mask, labels=_tags(mask), features={"bigrams": bigrams})
    counts = torch.tensor([(length + 1) // 2 for length in lengths])
    unit_mask = torch.arange(int(counts.max())) < counts[:, None]
    places = (2 * torch.arange(unit_mask.shape[1])).expand(len(lengths), -1).masked_fill(~unit_mask, 0)
    return Batch(ids, mask, places, unit_mask, _tags(unit_mask), {"bigrams": bigrams})


def _tags(mask: torch.Tensor) -> torch.Tensor:
    single = LABELS.ids["S-NAME"], LABELS.ids["S-ORG"], 0
    return torch.tensor(single)[torch.randint(3, mask.shape)].masked_fill(~mask, 0)


def padded(batch: Batch, more: int) -> Batch:
    """The same batch with more padding, full of rubbish."""

    def wider(values: torch.Tensor | None, rubbish: int) -> torch.Tensor | None:
        return None if values is None else torch.nn.functional.pad(values, (0, more), value=rubbish)

    ids, mask = wider(batch.ids, 9), wider(batch.mask, 0)
    assert ids is not None and mask is not None
    ids = torch.where(mask, ids, 9)
    features = {name: torch.nn.functional.pad(values, (0, more), value=5) for name, values in batch.features.items()}
    return Batch(ids, mask, wider(batch.units, 0), wider(batch.unit_mask, 0), wider(batch.labels, 0), features)


def make_encoder(folder: Path, kind: str = "bert", **changes: object) -> Path:
    """Write a random encoder of two layers, as Hugging Face folders hold them."""
    import transformers

    sizes: dict[str, object] = {
        "vocab_size": 40,
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 24,
        **changes,
    }
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(kind, **sizes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers.AutoModel.from_config(config).save_pretrained(folder)
    return folder
