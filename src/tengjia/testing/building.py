"""What every kind of module promises: defaults that build, and words for whoever sets them."""

from __future__ import annotations

from typing import Any

from tengjia.config.parameters import REQUIRED
from tengjia.registry import REGISTRIES
from tengjia.testing.broken import hold
from tengjia.testing.subject import Subject


def built(subject: Subject, **runtime: Any) -> Any:
    """Build the module, after looking at what `tengjia show` would tell of it."""
    schema = REGISTRIES[subject.kind].schema(subject.name)
    hold(schema.documentation, "testing.no_words", file=schema.file, found=schema.name)
    for name, parameter in schema.parameters.items():
        place = {"file": schema.file, "line": parameter.line, "found": name}
        hold(parameter.sentence, "testing.no_sentence", **place)
        hold(parameter.default != REQUIRED or name in subject.parameters, "testing.no_default", **place)
    return subject.build(**runtime)
