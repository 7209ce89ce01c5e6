"""`descriptor.json`: what stands before and after the graph, for us and for whoever rebuilds it in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import tengjia
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entity_pipeline import Options
from tengjia.errors import CheckpointError
from tengjia.exporting.folder import CLEANING, DECODER, DESCRIPTOR, ENCODING, GRAPH, Exported

FORMAT: Final = 1
BASE_TASK: Final = "sequence_labeling"
AXES: Final = {
    "ids": ("batch", "pieces"),
    "mask": ("batch", "pieces"),
    "units": ("batch", "units"),
    "unit_mask": ("batch", "units"),
}
"""Names of the axes of each input; features are as `ids`."""


@dataclass(frozen=True)
class Descriptor:
    """What the pipeline needs to know of a graph, besides its encoding."""

    opset: int
    """Operator set of ONNX."""

    precision: Literal["float32", "int8"]
    """Of the weights of linear layers."""

    inputs: tuple[str, ...]
    """Names, in their order."""

    decoder: Literal["crf", "softmax"]
    """How scores become tags."""

    options: Options
    """How tags become entities."""

    origin: Mapping[str, Any]
    """The bundle and its run."""

    def plain(self, encoding: Encoding) -> dict[str, Any]:
        """The document.

        Args:
            encoding: What stands before the graph.
        """
        labels = encoding.labels
        units = "units" if "units" in self.inputs else "pieces"
        return {
            "format": FORMAT,
            "tengjia": tengjia.__version__,
            "base_task": BASE_TASK,
            "graph": {
                "file": GRAPH,
                "opset": self.opset,
                "precision": self.precision,
                "inputs": [
                    {"name": name, "type": "bool" if name.endswith("mask") else "int64", "shape": _shape(name)}
                    for name in self.inputs
                ],
                "outputs": [{"name": "scores", "type": "float32", "shape": ["batch", units, len(labels)]}],
            },
            "preprocessing": {
                "cleaning": CLEANING,
                "encoding": ENCODING,
                "tokenizer": str(encoding.texts.tokenizer_settings["name"]),
                "vocabulary": f"{ENCODING}/vocabulary.json",
                "padding": 0,
                "unknown": 1,
                "frame": None if encoding.texts.frame is None else list(encoding.texts.frame),
                "features": sorted(encoding.texts.features),
                "maximum_length": encoding.config.maximum_length,
                "room": encoding.texts.room,
                "overlap": encoding.config.overlap,
            },
            "postprocessing": {
                "decoder": self.decoder,
                "parameters": DECODER if self.decoder == "crf" else None,
                "scheme": labels.scheme,
                "types": list(labels.types),
                "tags": list(labels.tags),
                "repair": self.options.repair,
                "least_score": self.options.least_score,
            },
            "origin": dict(self.origin),
        }

    @classmethod
    def read(cls, exported: Exported) -> Descriptor:
        """Take back what `plain` gave, every value checked.

        Raises:
            CheckpointError: The document is of another format or base task, or a value is not what it must be.
        """
        file, values = exported.folder / DESCRIPTOR, exported.config
        if values.get("base_task") != BASE_TASK:
            raise CheckpointError("bundle.other_task", file=file, found=values.get("base_task"), allowed=BASE_TASK)
        if values.get("format") != FORMAT:
            raise CheckpointError("bundle.other_format", file=file, found=values.get("format"), allowed=FORMAT)
        try:
            graph, after = values["graph"], values["postprocessing"]
            inputs = tuple(entry["name"] for entry in graph["inputs"])
            least_score = float(after["least_score"])
            known = (
                isinstance(graph["opset"], int)
                and graph["precision"] in ("float32", "int8")
                and after["decoder"] in ("crf", "softmax")
                and after["repair"] in ("strict", "begun", "lenient")
                and all(isinstance(name, str) for name in inputs)
                and {"ids", "mask"} <= set(inputs)
                and isinstance(values["origin"], Mapping)
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError("exporting.bad_descriptor", file=file, found=repr(error)[:200]) from None
        if not known:
            raise CheckpointError("exporting.bad_descriptor", file=file, found=str({**graph, **after})[:200])
        options = Options(after["repair"], least_score)
        return cls(graph["opset"], graph["precision"], inputs, after["decoder"], options, values["origin"])


def _shape(name: str) -> list[str]:
    return list(AXES.get(name, AXES["ids"]))


def inputs_of(encoding: Encoding) -> tuple[str, ...]:
    """The inputs of a graph that reads what an encoding makes."""
    units = ("units", "unit_mask") if encoding.texts.frame is not None or encoding.has_units else ()
    return ("ids", "mask", *units, *sorted(encoding.texts.features))
