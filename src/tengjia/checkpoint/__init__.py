"""Checkpoints: complete or absent, verified before use."""

from tengjia.checkpoint.store import Checkpoint, CheckpointStore
from tengjia.checkpoint.writer import BackgroundWriter

__all__ = ["BackgroundWriter", "Checkpoint", "CheckpointStore"]
