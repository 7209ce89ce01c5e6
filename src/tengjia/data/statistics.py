"""Counts a part of a corpus in one pass and little memory: lengths, labels, characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tengjia.data.example import Example

PERCENTILES: Final = (1, 5, 25, 50, 75, 95, 99, 99.9)
SHOWN: Final = 50
"""Unknown characters that are named; all are counted."""


@dataclass
class Histogram:
    """How often each length occurs: as many numbers as there are distinct lengths."""

    counts: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many lengths were counted."""
        return self.counts.total()

    @property
    def sum(self) -> int:
        """All lengths together."""
        return sum(length * count for length, count in self.counts.items())

    def percentile(self, share: float) -> int:
        """The smallest length that at least `share` percent do not exceed (nearest rank); 0 if there is none."""
        need, seen = share / 100 * self.total, 0
        for length in sorted(self.counts):
            seen += self.counts[length]
            if seen >= need:
                return length
        return 0

    def summary(self) -> dict[str, float]:
        """Smallest, mean, largest, and percentiles (`p50`)."""
        lengths = self.counts or {0: 1}
        percentiles = {f"p{share:g}": self.percentile(share) for share in PERCENTILES}
        mean = round(self.sum / max(self.total, 1), 2)
        return {"minimum": min(lengths), "mean": mean, **percentiles, "maximum": max(lengths)}


@dataclass
class Statistics:
    """What a part of a corpus holds. Feed it examples with `add`."""

    lengths: Histogram = field(default_factory=Histogram)
    """Characters of each text."""
    spans: dict[str, Histogram] = field(default_factory=dict)
    """Characters of each span, by type."""
    spans_per_example: Histogram = field(default_factory=Histogram)
    characters: Counter[str] = field(default_factory=Counter)
    """How often each character occurs."""
    labelled: int = 0
    """Characters inside of spans."""
    classes: Counter[str] = field(default_factory=Counter)
    """How often each class of whole texts occurs."""

    def add(self, example: Example) -> None:
        """Count one example."""
        self.lengths.counts[len(example.text)] += 1
        self.characters.update(example.text)
        self.spans_per_example.counts[len(example.spans)] += 1
        for span in example.spans:
            length = span.end - span.start
            self.labelled += length
            self.spans.setdefault(span.type, Histogram()).counts[length] += 1
        if example.label is not None:
            self.classes[example.label] += 1

    def summary(self) -> dict[str, Any]:
        """The counts as plain values, ready for JSON."""
        count = sum(lengths.total for lengths in self.spans.values())
        return {
            "examples": self.lengths.total,
            "characters": self.lengths.sum,
            "distinct_characters": len(self.characters),
            "spans": count,
            "examples_without_spans": self.spans_per_example.counts[0],
            "characters_outside": round(1 - self.labelled / max(self.lengths.sum, 1), 4),
            "length": self.lengths.summary(),
            "spans_per_example": self.spans_per_example.summary(),
            "types": {
                name: {
                    "spans": lengths.total,
                    "share": round(lengths.total / count, 4),
                    "length": lengths.summary(),
                }
                for name, lengths in sorted(self.spans.items())
            },
            "classes": dict(sorted(self.classes.items())),
        }


def unknown_characters(known: Mapping[str, int], met: Mapping[str, int]) -> dict[str, Any]:
    """What a model that learnt the `known` characters does not know of those it will meet.

    Args:
        known: Counts of the training part.
        met: Counts of another part.
    """
    unknown = Counter({character: count for character, count in met.items() if character not in known})
    total = sum(met.values())
    named = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    return {
        "distinct": len(unknown),
        "occurrences": unknown.total(),
        "share": round(unknown.total() / max(total, 1), 6),
        "frequent": [{"character": c, "code": f"U+{ord(c):04X}", "count": count} for c, count in named],
    }
