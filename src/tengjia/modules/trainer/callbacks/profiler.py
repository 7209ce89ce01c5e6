"""Measures where the time of some steps goes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, ClassVar

import torch

from tengjia.config.parameters import Limits
from tengjia.registry import callbacks
from tengjia.training.callback import Callback
from tengjia.training.context import Context
from tengjia.training.limits import require

logger = logging.getLogger("tengjia.training")


@callbacks.register("profiler")
class Profiler(Callback):
    """Profiles a few steps with `torch.profiler`, on rank 0.

    Logs the dearest operations, and writes a trace for chrome://tracing to `reports/profile.json` of the run.
    """

    limits: ClassVar[Limits] = {"start": (1, None), "steps": (1, None), "rows": (1, None)}

    @dataclass(frozen=True)
    class Config:
        enabled: bool = False
        """Whether to profile."""
        start: int = 10
        """Steps to let pass first, counted from where this process begins."""
        steps: int = 10
        """Steps to profile."""
        rows: int = 20
        """Operations to log."""

    order = 10
    essential = False

    def __init__(self, config: Config) -> None:
        require("callbacks.profiler", self.limits, config)
        self.config = config
        self._seen = 0
        self._profile: Any = None

    def on_step_end(self, context: Context) -> None:
        """Begin and end at the right steps."""
        self._seen += 1
        if not context.ranks.primary:
            return
        if self._seen == self.config.start:
            kinds = [torch.profiler.ProfilerActivity.CPU]
            if context.engine.device.type == "cuda":
                kinds.append(torch.profiler.ProfilerActivity.CUDA)
            self._profile = torch.profiler.profile(activities=kinds)
            self._profile.start()
        elif self._seen == self.config.start + self.config.steps:
            self._finish(context)

    def on_close(self, context: Context) -> None:
        """End what a short training left open."""
        self._finish(context)

    def _finish(self, context: Context) -> None:
        if self._profile is None:
            return
        profile, self._profile = self._profile, None
        profile.stop()
        column = "self_cuda_time_total" if context.engine.device.type == "cuda" else "self_cpu_time_total"
        logger.info("%s", profile.key_averages().table(sort_by=column, row_limit=self.config.rows))
        if context.run is not None:
            context.run.reports.mkdir(parents=True, exist_ok=True)
            profile.export_chrome_trace(str(context.run.reports / "profile.json"))
