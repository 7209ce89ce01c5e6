"""Models and trainers by the place where they lie, whatever class they are of."""

from __future__ import annotations

from tengjia.pretrained.mixins import ConfigMixin as AutoModelPipeline
from tengjia.pretrained.mixins import TrainerConfigMixin as AutoTrainerPipeline

__all__ = ["AutoModelPipeline", "AutoTrainerPipeline"]
