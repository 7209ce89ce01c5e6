"""Finds what spoils a score: texts of the test that stand in training, duplicates, and labels that contradict.

Two passes: the first keeps 24 bytes a text and 16 a span, the second fetches the few texts that are shown. Equal
digests count as equal texts; among ten million texts that goes wrong with a chance of 3 in a million.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy

from tengjia.data.example import Example
from tengjia.data.normalisation import digest, normalised

SHOWN: Final = 20
"""Texts that are shown of each kind of finding; all are counted."""
_TEXT_SHOWN: Final = 200


@dataclass
class Digests:
    """What stays of a part after the first pass: one number a text, or a span."""

    exact: array[int] = field(default_factory=lambda: array("Q"))
    loose: array[int] = field(default_factory=lambda: array("Q"))
    labels: array[int] = field(default_factory=lambda: array("Q"))
    surfaces: array[int] = field(default_factory=lambda: array("Q"))
    types: array[int] = field(default_factory=lambda: array("L"))

    def add(self, example: Example, types: dict[str, int]) -> None:
        """Take in one example.

        Args:
            example: Any.
            types: Numbers of the span types; grows.
        """
        text = example.text
        self.exact.append(_number(text))
        self.loose.append(_number(normalised(text)))
        self.labels.append(_number(repr((example.spans, example.label))))
        for span in example.spans:
            self.surfaces.append(_number(text[span.start : span.end]))
            self.types.append(types.setdefault(span.type, len(types)))


def _number(text: str) -> int:
    return int.from_bytes(digest(text), "big")


@dataclass(frozen=True)
class Findings:
    """The digests of what is to be shown, found by comparing those of all."""

    leaks: Mapping[str, dict[str, Any]]
    """Of each part but the first: counts, and the digests of texts (`exact`, `loose`) that stand in an earlier part."""
    duplicates: Mapping[str, dict[str, Any]]
    """Of each part: how many texts repeat an earlier one of the part."""
    label_conflicts: numpy.ndarray
    """Digests of texts that occur with different labels."""
    type_conflicts: numpy.ndarray
    """Digests of surfaces that occur with different types, those of the most occurrences first."""


def compare(digests: Mapping[str, Digests]) -> Findings:
    """Compare the parts, given in the order train, development, test."""
    exact = {part: numpy.frombuffer(d.exact, numpy.uint64) for part, d in digests.items()}
    loose = {part: numpy.frombuffer(d.loose, numpy.uint64) for part, d in digests.items()}
    leaks = {}
    for number, part in enumerate(digests):
        for earlier in list(digests)[:number]:
            same = numpy.isin(exact[part], exact[earlier])
            alike = numpy.isin(loose[part], loose[earlier])
            leaks[f"{part} in {earlier}"] = {
                "part": part,
                "earlier": earlier,
                "exact": int(same.sum()),
                "normalised": int(alike.sum()),
                "share": round(float(alike.mean()), 6) if len(alike) else 0.0,
                "digests": numpy.unique(loose[part][alike]),
            }
    duplicates = {part: {"exact": _repeated(exact[part]), "normalised": _repeated(loose[part])} for part in digests}
    labels = [numpy.frombuffer(d.labels, numpy.uint64) for d in digests.values()]
    surfaces = [numpy.frombuffer(d.surfaces, numpy.uint64) for d in digests.values()]
    types = [numpy.asarray(d.types, numpy.uint64) for d in digests.values()]
    return Findings(
        leaks, duplicates, _ambiguous(list(exact.values()), labels), _ambiguous(surfaces, types, frequent_first=True)
    )


def _repeated(numbers: numpy.ndarray) -> int:
    return len(numbers) - len(numpy.unique(numbers))


def _ambiguous(
    keys: list[numpy.ndarray], values: list[numpy.ndarray], *, frequent_first: bool = False
) -> numpy.ndarray:
    """The keys that occur with more than one value."""
    pairs = numpy.stack([numpy.concatenate(keys or [_NONE]), numpy.concatenate(values or [_NONE])], axis=1)
    distinct, counts = numpy.unique(pairs, axis=0, return_counts=True)
    found, first, values_of_key = numpy.unique(distinct[:, 0], return_index=True, return_counts=True)
    many = values_of_key > 1
    if not frequent_first or not many.any():
        return found[many]
    # By the second most frequent value: one slip among a thousand says less than an even split, but is shown too.
    rivals = [sorted(counts[a : a + n])[-2] for a, n in zip(first[many], values_of_key[many])]
    return found[many][numpy.argsort(rivals, kind="stable")[::-1]]


_NONE: Final = numpy.empty(0, numpy.uint64)


class Gallery:
    """The second pass: fetches what is shown of the findings. Feed it every part with `add`."""

    def __init__(self, findings: Findings, digests: Mapping[str, Digests]) -> None:
        self._digests = digests
        self._leaks: dict[str, dict[int, dict[str, Any]]] = {
            name: {int(number): {} for number in leak["digests"][:SHOWN]} for name, leak in findings.leaks.items()
        }
        self._conflicts = {int(number): list[dict[str, Any]]() for number in findings.label_conflicts[:SHOWN]}
        self._surfaces: dict[int, dict[str, Any]] = {
            int(number): {"surface": "", "types": {}} for number in findings.type_conflicts[:SHOWN]
        }
        self._findings = findings

    def add(self, part: str, examples: Iterable[Example]) -> None:
        """Look through a part, in the same order as in the first pass."""
        digests = self._digests[part]
        surfaces = iter(digests.surfaces)
        for exact, loose, example in zip(digests.exact, digests.loose, examples):
            self._meet_leak(part, loose, example)
            if exact in self._conflicts:
                self._meet_conflict(part, self._conflicts[exact], example)
            for span, surface in zip(example.spans, surfaces):
                if surface in self._surfaces:
                    shown = self._surfaces[surface]
                    shown["surface"] = example.text[span.start : span.end]
                    shown["types"][span.type] = shown["types"].get(span.type, 0) + 1

    def summary(self) -> dict[str, Any]:
        """The findings as plain values, ready for JSON."""
        return {
            "leaks": {
                name: {**{k: v for k, v in leak.items() if k != "digests"}, "shown": list(self._leaks[name].values())}
                for name, leak in self._findings.leaks.items()
            },
            "duplicates": dict(self._findings.duplicates),
            "label_conflicts": {
                "texts": len(self._findings.label_conflicts),
                "shown": list(self._conflicts.values()),
            },
            "type_conflicts": {
                "surfaces": len(self._findings.type_conflicts),
                "shown": list(self._surfaces.values()),
            },
        }

    def _meet_leak(self, part: str, loose: int, example: Example) -> None:
        for name, leak in self._findings.leaks.items():
            shown = self._leaks[name].get(loose)
            if shown is not None and part in (leak["part"], leak["earlier"]):
                shown.setdefault(part, {"place": _place(example), "text": example.text[:_TEXT_SHOWN]})

    def _meet_conflict(self, part: str, shown: list[dict[str, Any]], example: Example) -> None:
        labels = [[span.start, span.end, span.type] for span in example.spans]
        if len(shown) < SHOWN and all(other["spans"] != labels or other["label"] != example.label for other in shown):
            text = example.text[:_TEXT_SHOWN]
            shown.append(
                {"part": part, "place": _place(example), "text": text, "spans": labels, "label": example.label}
            )


def _place(example: Example) -> str:
    return f"{example.file}:{example.line}"
