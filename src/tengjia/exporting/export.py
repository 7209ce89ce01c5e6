"""From a bundle to a folder that answers without torch; or to nothing, if it would answer differently.

    export_bundle(Path("data/check_points/demo_app/ner/<run>/bundle"), Path("exported"), int8=True)

The export is written under a temporary name, loaded as its users will load it, and has to pass the gate: where an
entity differs from what the bundle answers, or a score by more than the tolerance, the folder vanishes and the error
says which text it was and how.
"""

from __future__ import annotations

import importlib.util
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import CARD, TRAINER_CONFIG, Bundle, make_durable
from tengjia.bundle.golden import TOLERANCE, GoldenExample, write_golden
from tengjia.bundle.plain import without_places
from tengjia.bundle.summary import summarise
from tengjia.errors import CheckpointError, ConfigurationError, EnvironmentFault
from tengjia.exporting import card
from tengjia.exporting.descriptor import Descriptor, inputs_of
from tengjia.exporting.folder import CLEANING, DECODER, DESCRIPTOR, ENCODING, GRAPH, MODEL_CARD, Exported, is_export
from tengjia.exporting.gate import Passage, pass_gate, questions_for
from tengjia.exporting.onnx_pipeline import OnnxPipeline
from tengjia.utilities.files import read_json, write_bytes, write_json, write_text
from tengjia.utilities.folders import folder_written_atomically

PACKAGES: Final = ("onnx", "onnxscript", "onnxruntime")
OPSETS: Final = range(18, 24)
"""From what the exporter of torch writes, to what onnxruntime runs."""


@dataclass(frozen=True)
class Export:
    """What was written."""

    folder: Path
    precision: Literal["float32", "int8"]
    opset: int
    size: int
    """Bytes of the graph with its weights."""

    size_before: int
    """Bytes of the weights of the bundle."""

    passage: Passage
    """How near its answers are to those of the bundle."""


def export_bundle(
    folder: Path,
    target: Path,
    *,
    int8: bool = False,
    opset: int = OPSETS[0],
    tolerance: float | None = None,
    trust_code: bool = False,
) -> Export:
    """Write a bundle as ONNX graph with everything that stands before and after it.

    Args:
        folder: The bundle.
        target: Where the export will stand; an older export there is replaced.
        int8: Whether to store linear layers in 8 bits. Entities must be the same all the same; scores may move, and how
            far is told.
        opset: Operator set of ONNX.
        tolerance: How far a score may be off; `None`: 0.001, and with `int8` as far as it likes.
        trust_code: Whether to run the bundle's own code, if it has any.

    Raises:
        CheckpointError: The bundle is damaged or cannot be exported, or the export answers differently.
        ConfigurationError: There is no such operator set.
        EnvironmentFault: A package that exporting needs is not installed.
    """
    _check(folder, target, opset)
    bundle = Bundle.open(folder)
    if bundle.config.get("base_task") != "sequence_labeling":
        raise CheckpointError(
            "exporting.other_task", file=folder, found=bundle.config.get("base_task"), allowed="sequence_labeling"
        )
    pipeline = SequenceLabelingPipeline.load(folder, trust_code=trust_code)
    tokenizer = f"tokenizer/{pipeline.encoding.texts.tokenizer_settings['name']}"
    if tokenizer in bundle.config["code"]:
        raise CheckpointError("exporting.own_tokenizer", file=folder, found=tokenizer)
    questions = questions_for(bundle, pipeline)
    allowed = tolerance if tolerance is not None else float("inf") if int8 else TOLERANCE
    with folder_written_atomically(target) as temporary:
        descriptor = _descriptor(bundle, pipeline, "int8" if int8 else "float32", opset)
        _write_model(temporary, pipeline, descriptor)
        _write_surroundings(temporary, pipeline, descriptor)
        exported = OnnxPipeline.of(Exported.unlisted(temporary))
        passage = pass_gate(folder, pipeline, exported, questions, tolerance=allowed, entities_only=int8)
        answers = zip(questions.golden, exported.plain_answers(questions.golden), strict=True)
        write_golden(temporary, [GoldenExample(*pair) for pair in answers])
        write_bytes(temporary / MODEL_CARD, bundle.read(CARD))
        sizes = (temporary / GRAPH).stat().st_size, bundle.weights.stat().st_size
        export = Export(target, descriptor.precision, opset, *sizes, passage)
        write_text(temporary / CARD, card.render(export, descriptor, summarise(bundle)))
        write_filelist(temporary)
        Exported.open(temporary)
        make_durable(temporary)
    return export


def _check(folder: Path, target: Path, opset: int) -> None:
    """What can be told before anything is loaded."""
    if opset not in OPSETS:
        raise ConfigurationError("exporting.opset", key="--opset", found=opset, allowed=f"{OPSETS[0]} ... {OPSETS[-1]}")
    for name in PACKAGES:
        if importlib.util.find_spec(name) is None:
            raise EnvironmentFault("exporting.missing_package", found=name)
    is_empty = target.is_dir() and not any(target.iterdir())
    if target.resolve().is_relative_to(folder.resolve()):
        raise CheckpointError("exporting.inside", file=target)
    if target.exists() and not is_empty and not is_export(target):
        raise CheckpointError("exporting.occupied", file=target)


def _descriptor(
    bundle: Bundle, pipeline: SequenceLabelingPipeline, precision: Literal["float32", "int8"], opset: int
) -> Descriptor:
    run = str(bundle.read_config(TRAINER_CONFIG).get("run", ""))
    origin = without_places({"bundle": bundle.digest, "run": run, "model": pipeline.blueprint.model["name"]})
    return Descriptor(opset, precision, inputs_of(pipeline.encoding), pipeline.model.decoder, pipeline.options, origin)


def _write_model(folder: Path, pipeline: SequenceLabelingPipeline, descriptor: Descriptor) -> None:
    """The graph, and the parameters of the decoder."""
    from tengjia.exporting.graph import write_decoder, write_graph
    from tengjia.exporting.quantisation import quantise

    if descriptor.decoder == "crf":
        write_decoder(pipeline.model.crf, folder / DECODER)
    if descriptor.precision == "float32":
        write_graph(pipeline.model, folder / GRAPH, inputs=descriptor.inputs, opset=descriptor.opset)
        return
    full = folder / "float32.onnx"
    write_graph(pipeline.model, full, inputs=descriptor.inputs, opset=descriptor.opset)
    quantise(full, folder / GRAPH)
    full.unlink()


def _write_surroundings(folder: Path, pipeline: SequenceLabelingPipeline, descriptor: Descriptor) -> None:
    """What stands before and after the graph."""
    encoding = folder / ENCODING
    pipeline.encoding.save(encoding)
    # A path in the settings (a user dictionary) would lead away; what it named is in the folder.
    write_json(encoding / "encoding.json", without_places(read_json(encoding / "encoding.json")))
    write_json(folder / CLEANING, asdict(pipeline.cleaning.config))
    write_json(folder / DESCRIPTOR, descriptor.plain(pipeline.encoding))
