"""The model card: `README.md` of a bundle, for people."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_MOST_LISTED: Final = 8
_SOURCES: Final = {
    "sample": "made-up sentences that come with Tengjia; no text of the corpus is inside",
    "test": "**raw texts of the test part**: treat this bundle like the corpus itself",
    "none": "none; no text of the corpus is inside",
}


@dataclass(frozen=True)
class Card:
    """What a reader of a bundle wants to know first."""

    name: str
    base_task: str
    run: str
    modules: Mapping[str, Mapping[str, Any]]
    """Kind -> registry name and parameters."""

    labels: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    """Versions, machine, git state."""

    golden_source: str = "none"
    golden_count: int = 0
    own_code: tuple[str, ...] = ()
    parameters: int = 0
    """Trainable and fixed weights together."""

    usage: str = ""
    """Python lines that load and ask the pipeline."""

    def render(self) -> str:
        """The card as Markdown."""
        code = ", ".join(f"`{path}`" for path in self.own_code)
        labels = f", {len(self.labels)} labels: {', '.join(map(_plain, self.labels))}" if self.labels else ""
        sections = [
            f"# {_plain(self.name)}",
            f"A `{self.base_task}` model trained with Tengjia, run `{_plain(self.run)}`, "
            f"{self.parameters:,} weights{labels}.",
            f"```python\n{self.usage}\n```" if self.usage else "",
            "## Metrics\n\n" + _table("metric", "value", {k: f"{v:.4f}" for k, v in self.metrics.items()}),
            "## Data\n\n" + _table("", "", _flat(self.data)),
            f"Golden examples ({self.golden_count}): {_SOURCES[self.golden_source]}.",
            "## Modules\n\n" + _modules(self.modules),
            f"Own code: {code}. It is run only with `trust_code=True`." if code else "Own code: none.",
            "## Where it was made\n\n" + _table("", "", _flat(self.environment)),
        ]
        return "\n\n".join(part for part in sections if part) + "\n"


def _modules(modules: Mapping[str, Mapping[str, Any]]) -> str:
    rows = {
        f"{kind}/{values.get('name', '')}": " ".join(
            _without_folders(f"{key}={json.dumps(value, ensure_ascii=False)}")
            for key, value in values.items()
            if key != "name"
        )
        for kind, values in modules.items()
    }
    return _table("module", "parameters", rows)


def _table(left: str, right: str, rows: Mapping[str, Any]) -> str:
    if not rows:
        return "Not recorded."
    lines = [f"| {left} | {right} |", "|---|---|"]
    return "\n".join([*lines, *(f"| {_plain(key)} | {_plain(value)} |" for key, value in rows.items())])


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, Mapping):
            result |= _flat(value, name)
        elif value not in (None, "", [], ()):
            result[name] = _listed(value) if isinstance(value, list | tuple) else value
    return result


def _listed(values: Sequence[Any]) -> str:
    """The first of many values; a path only by its last part, as people's folders are nobody's business."""
    shown = ", ".join(_without_folders(str(value)) for value in values[:_MOST_LISTED])
    return f"{shown}, ... ({len(values)})" if len(values) > _MOST_LISTED else shown


def _without_folders(value: str) -> str:
    """`key=/some/where/file` as `key=file`."""
    return re.sub(r"(^|[=\[,'\"\s])(?:~|[A-Za-z]:)?[\\/](?:[^\s,'\"\]]*[\\/])?", r"\1", value)


def _plain(value: Any) -> str:
    """Text that cannot open a tag, a table cell or a link in Markdown."""
    return re.sub(r"([\\`*\[\]|<>])", r"\\\1", " ".join(str(value).split()))[:500]
