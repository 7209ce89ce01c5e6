"""An epoch with Lightning."""

from __future__ import annotations

import logging
import time
import warnings
from typing import Any

import torch

from benchmarks.peers.tagger import collate


def seconds_of_training(model: Any, examples: list[dict[str, list[int]]], *, epochs: int, rate: float) -> float:
    """Seconds for `epochs` epochs of random batches of 32, evaluation, logging and saving off."""
    import lightning

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="lightning")

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def training_step(self, batch: dict[str, torch.Tensor], _number: int) -> torch.Tensor:
            return self.model(**batch)["loss"]

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.AdamW(self.parameters(), lr=rate, weight_decay=0.01)

    loader = torch.utils.data.DataLoader(examples, batch_size=32, shuffle=True, collate_fn=collate)  # type: ignore[arg-type]
    trainer = lightning.Trainer(
        accelerator="cpu",
        max_epochs=epochs,
        gradient_clip_val=5.0,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    start = time.perf_counter()
    trainer.fit(Module(), loader)
    return time.perf_counter() - start
