"""Raw text in, entities out, by onnxruntime: torch is neither needed nor imported.

    pipeline = OnnxPipeline.load("exported")
    pipeline("林清远毕业于云山大学。")       # [Entity("林清远", "NAME", 0, 3, score=0.99, ...), ...]

Everything but the net and the decoder is the code of `SequenceLabelingPipeline`, so the answers are too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy

from tengjia.base_tasks.sequence_labeling.encoded import Encoded
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entity_pipeline import EntityPipeline
from tengjia.bundle.modules import check_module, checked_parameters
from tengjia.data.cleaning import Cleaning
from tengjia.errors import CheckpointError, EnvironmentFault
from tengjia.exporting.decoding import CRFDecoder, SoftmaxDecoder
from tengjia.exporting.descriptor import Descriptor, inputs_of
from tengjia.exporting.folder import CLEANING, DECODER, ENCODING, GRAPH, Exported


class OnnxPipeline(EntityPipeline):
    """An exported model with all that stands between it and raw text (`contracts.Pipeline`). Made by `load`.

    Args:
        session: The graph, ready to run.
        decoder: Makes tags and probabilities of scores.
        encoding: What made the batches in training.
        descriptor: What was said of the graph.
        cleaning: What is done to a text first.
    """

    def __init__(
        self,
        session: Any,
        decoder: CRFDecoder | SoftmaxDecoder,
        encoding: Encoding,
        descriptor: Descriptor,
        cleaning: Cleaning,
    ) -> None:
        super().__init__(encoding, cleaning=cleaning, options=descriptor.options)
        self.descriptor = descriptor
        self._session = session
        self._decoder = decoder

    @classmethod
    def load(cls, folder: Path | str, *, threads: int | None = None) -> OnnxPipeline:
        """Read an export, every file verified first; nothing is written.

        Args:
            folder: The export.
            threads: How many threads a batch may use; `None`: as onnxruntime thinks best.

        Raises:
            CheckpointError: The export is damaged, or of another format or base task.
            EnvironmentFault: The package onnxruntime is not installed.
        """
        return cls.of(Exported.open(Path(folder)), threads=threads)

    @classmethod
    def of(cls, exported: Exported, *, threads: int | None = None) -> OnnxPipeline:
        """The pipeline of an export whose files were verified."""
        descriptor = Descriptor.read(exported)
        encoding = _encoding(exported)
        if descriptor.inputs != inputs_of(encoding):
            raise CheckpointError("exporting.unfit", file=exported.folder, found=", ".join(descriptor.inputs))
        decoder = _decoder(exported, descriptor, len(encoding.labels))
        cleaning = Cleaning(Cleaning.Config(**checked_parameters(exported, CLEANING, Cleaning)))
        session = _session(exported, descriptor, len(encoding.labels), threads)
        return cls(session, decoder, encoding, descriptor, cleaning)

    def _forward(self, windows: Sequence[Encoded]) -> numpy.ndarray:
        made = self.encoding.arrays(windows)
        given = {"ids": made.ids, "mask": made.mask, "units": made.units, "unit_mask": made.unit_mask, **made.features}
        (scores,) = self._session.run(None, {name: given[name] for name in self.descriptor.inputs})
        result: numpy.ndarray = scores
        return result

    def _decode(self, scores: numpy.ndarray, mask: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        return self._decoder(scores, mask)


def _encoding(exported: Exported) -> Encoding:
    path = f"{ENCODING}/encoding.json"
    check_module(exported, "tokenizer", exported.read_config(path).get("tokenizer"), exported.folder / path)
    return Encoding.load(exported.folder / ENCODING)


def _decoder(exported: Exported, descriptor: Descriptor, tags: int) -> CRFDecoder | SoftmaxDecoder:
    if descriptor.decoder == "softmax":
        return SoftmaxDecoder()
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    shapes = {"transitions": (tags, tags), "start": (tags,), "end": (tags,)}
    file = exported.folder / DECODER
    try:
        parts = load_file(file)
    except (OSError, SafetensorError) as error:
        raise CheckpointError("exporting.unfit", file=file, found=str(error)[:200]) from None
    found = {name: part.shape for name, part in parts.items()}
    if found != shapes or not all(
        part.dtype == numpy.float32 and numpy.isfinite(part).all() for part in parts.values()
    ):
        raise CheckpointError("exporting.unfit", file=file, found=str(found)[:200])
    return CRFDecoder(**parts)


def _session(exported: Exported, descriptor: Descriptor, tags: int, threads: int | None) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise EnvironmentFault("exporting.missing_package", found="onnxruntime") from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only: what it optimises away is nobody's concern
    if threads is not None:
        options.intra_op_num_threads = threads
    file = exported.folder / GRAPH
    try:
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no base of its own errors
        raise CheckpointError("exporting.bad_graph", file=file, found=" ".join(str(error).split())[:300]) from error
    inputs = tuple(given.name for given in session.get_inputs())
    (output, *more) = session.get_outputs()
    if set(inputs) != set(descriptor.inputs) or more or output.shape[-1] != tags:
        raise CheckpointError("exporting.unfit", file=file, found=f"{', '.join(inputs)} -> {output.shape}")
    return session
