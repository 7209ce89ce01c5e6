"""Bundles for the world outside: shown, verified, and exported to ONNX, answered without torch.

from tengjia.exporting import OnnxPipeline

pipeline = OnnxPipeline.load("exported")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tengjia.exporting.export import Export, export_bundle
    from tengjia.exporting.onnx_pipeline import OnnxPipeline

__all__ = ["Export", "OnnxPipeline", "export_bundle"]

_HOMES = {"Export": "export", "OnnxPipeline": "onnx_pipeline", "export_bundle": "export"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
