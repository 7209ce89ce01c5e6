"""`README.md` of an export, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tengjia.exporting.folder import DECODER, GRAPH, MODEL_CARD

if TYPE_CHECKING:
    from tengjia.bundle.summary import Summary
    from tengjia.exporting.descriptor import Descriptor
    from tengjia.exporting.export import Export
    from tengjia.exporting.parity import Comparison

_USAGE = """```python
from tengjia.exporting import OnnxPipeline

pipeline = OnnxPipeline.load("this/folder")
for entity in pipeline("..."):
    print(entity.text, entity.type, entity.start, entity.end, entity.score, entity.status)
```

needs `pip install "tengjia[onnx]"`; torch is not imported."""


def render(export: Export, descriptor: Descriptor, summary: Summary) -> str:
    """The card as Markdown."""
    inside = (
        "**The golden examples are raw texts of the corpus: treat this folder like the corpus itself.**"
        if summary.raw_text
        else "No text of the corpus is inside."
    )
    decoder = f", `{DECODER}` the transitions" if descriptor.decoder == "crf" else ""
    sections = [
        "# An exported tagger",
        f"Exported by Tengjia {summary.tengjia} from the bundle {summary.digest[:16]} of the run `{summary.run}`; "
        f"the card of the model is [{MODEL_CARD}]({MODEL_CARD}). {inside}",
        _USAGE,
        f"`{GRAPH}` (operator set {export.opset}, {export.precision}) takes {_named(descriptor)} and gives the scores "
        f"of the tags of {len(summary.labels)} types ({summary.scheme}){decoder}; `descriptor.json` tells what stands "
        "before and after it.",
        "## Compared with the bundle when it was written",
        "\n".join(
            [
                "| | texts | entities | answered otherwise | greatest difference of a score | mean |",
                "|---|---|---|---|---|---|",
                _row("golden examples", export.passage.golden),
                _row("long texts, in windows", export.passage.long),
            ]
        ),
    ]
    return "\n\n".join(sections) + "\n"


def _named(descriptor: Descriptor) -> str:
    return ", ".join(f"`{name}`" for name in descriptor.inputs)


def _row(name: str, found: Comparison) -> str:
    counts = f"{found.texts} | {found.entities} | {len(found.disagreements)}"
    return f"| {name} | {counts} | {found.largest:.6f} | {found.mean:.6f} |"
