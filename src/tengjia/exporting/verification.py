"""Whether a bundle, or what was exported from one, still answers as on the day it was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.bundle.folder import Bundle
from tengjia.bundle.golden import TOLERANCE, read_golden, verify_golden
from tengjia.exporting.folder import Exported, is_export
from tengjia.exporting.onnx_pipeline import OnnxPipeline
from tengjia.exporting.parity import Disagreement, changes


@dataclass(frozen=True)
class Verification:
    """What was verified. The files were: else there is an error instead."""

    folder: Path
    digest: str
    files: int
    size: int
    """Bytes."""

    golden: int
    """Golden examples that were asked again."""

    differences: tuple[Disagreement, ...]
    """Those that are answered otherwise."""


def verify_bundle(
    folder: Path, *, tolerance: float = TOLERANCE, device: str = "cpu", trust_code: bool = False
) -> Verification:
    """Compare every file of a bundle with its list, then ask the golden questions again.

    Args:
        folder: The bundle, or what was exported from one.
        tolerance: How far a score may be off; everything else must be equal.
        device: Where to compute.
        trust_code: Whether to run the bundle's own code, if it has any.

    Raises:
        CheckpointError: The bundle is damaged, or cannot be loaded.
    """
    bundle: Bundle
    pipeline: Any
    if is_export(folder):
        bundle = exported = Exported.open(folder)
        pipeline = OnnxPipeline.of(exported)
    else:
        bundle = Bundle.open(folder)
        pipeline = load_pipeline(folder, device=device, trust_code=trust_code)
    examples = read_golden(bundle)
    differences = verify_golden(bundle, pipeline.plain_answers, tolerance=tolerance)
    return Verification(
        folder,
        bundle.digest,
        len(bundle.files),
        sum(listed.size for listed in bundle.files.values()),
        len(examples),
        tuple(Disagreement(d.line, d.text, changes(d.expected, d.found, tolerance)) for d in differences),
    )
