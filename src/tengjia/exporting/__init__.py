"""Bundles for the world outside: shown, verified, and exported to ONNX, answered without torch.

from tengjia.exporting import OnnxPipeline

pipeline = OnnxPipeline.load("exported")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.utilities.lazy_names import lazily

if TYPE_CHECKING:
    from tengjia.exporting.export import Export, export_bundle
    from tengjia.exporting.onnx_pipeline import OnnxPipeline

__all__ = ["Export", "OnnxPipeline", "export_bundle"]

__getattr__ = lazily(__name__, {"Export": ".export", "OnnxPipeline": ".onnx_pipeline", "export_bundle": ".export"})
