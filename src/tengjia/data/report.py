"""The report on a corpus: what is in it, and what would spoil a score. Written by stage `preprocess`.

<folder>/data_report.json     all figures
<folder>/data_report.png      lengths and labels
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tengjia.data.example import Example
from tengjia.data.picture import draw
from tengjia.data.quality import Digests, Gallery, compare
from tengjia.data.statistics import Statistics, unknown_characters
from tengjia.messages import text
from tengjia.utilities.files import write_json

JSON = "data_report.json"
PICTURE = "data_report.png"
FEW_VECTORS = 0.5
"""Share of the vocabulary with a pretrained vector below which something is probably wrong."""


def report(
    parts: Mapping[str, Iterable[Example]],
    folder: Path,
    *,
    vectors: Mapping[str, Any] | None = None,
    check: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Look through a corpus twice and write the report.

    Args:
        parts: Examples of each part, train first; each can be gone through more than once.
        folder: Where the report goes.
        vectors: How much of the vocabulary the pretrained vectors cover, if there are any.
        check: Called often; raises to stop.

    Returns:
        What stands in the JSON file: `parts`, `unknown_characters`, `leaks`, `duplicates`, `label_conflicts`,
        `type_conflicts`, `vectors` if there are any, `warnings`.
    """
    types: dict[str, int] = {}
    statistics = {part: Statistics() for part in parts}
    digests = {part: Digests() for part in parts}
    for part, examples in parts.items():
        for example in _watched(examples, f"look at {part}", check):
            statistics[part].add(example)
            digests[part].add(example, types)
    gallery = Gallery(compare(digests), digests)
    for part, examples in parts.items():
        gallery.add(part, _watched(examples, f"compare {part}", check))
    result: dict[str, Any] = {
        "parts": {part: counted.summary() for part, counted in statistics.items()},
        "unknown_characters": _unknown(statistics),
        **gallery.summary(),
        **({"vectors": dict(vectors)} if vectors is not None else {}),
    }
    result["warnings"] = warnings(result)
    write_json(folder / JSON, result)
    draw(statistics, folder / PICTURE)
    return result


def warnings(result: Mapping[str, Any]) -> list[str]:
    """What a person should know of a report: a message and what to do, each."""
    found = [text("corpus.leak", **leak) for leak in result["leaks"].values() if leak["normalised"]]
    for part, repeated in result["duplicates"].items():
        if repeated["exact"]:
            found.append(text("corpus.duplicates", part=part, count=repeated["exact"]))
    if texts := result["label_conflicts"]["texts"]:
        found.append(text("corpus.label_conflicts", count=texts))
    known = result["parts"].get("train", {}).get("types", {})
    for part, summary in result["parts"].items():
        if part != "train" and (strange := sorted(set(summary["types"]) - set(known))):
            found.append(text("corpus.strange_types", part=part, types=", ".join(strange)))
    vectors = result.get("vectors")
    if vectors and vectors["share"] < FEW_VECTORS:
        missing = " ".join(vectors["missing_pieces"][:10])
        found.append(text("corpus.few_vectors", share=f"{vectors['share']:.1%}", missing=missing))
    return [f"{words.message} ({words.hint})" for words in found]


def _unknown(statistics: Mapping[str, Statistics]) -> dict[str, Any]:
    if "train" not in statistics:
        return {}
    known = statistics["train"].characters
    return {
        part: unknown_characters(known, counted.characters) for part, counted in statistics.items() if part != "train"
    }


def _watched(examples: Iterable[Example], task: str, check: Callable[[], None]) -> Iterable[Example]:
    for number, example in enumerate(tqdm(examples, task, unit=" texts", disable=None)):
        if number % 1000 == 0:
            check()
        yield example
