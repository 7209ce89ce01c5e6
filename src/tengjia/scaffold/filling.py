"""Templates: files of `templates/` with `{{name}}` places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tengjia import __version__

TEMPLATES: Final = Path(__file__).parent / "templates"
ENDING: Final = ".template"
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def written_by(command: str) -> str:
    """The words by which a file says which version wrote it."""
    return f"Written by tengjia {__version__}: {command}"


def filled(name: str, values: Mapping[str, str]) -> str:
    """A template with its places filled in.

    Args:
        name: File below `templates/`, without `.template`.
        values: What stands in for each place; a value for every place of the template.
    """
    template = TEMPLATES / f"{name}{ENDING}"
    return fill(template.read_text("utf-8"), values)


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its places filled in."""
    return _PLACE.sub(lambda match: values[match[1]], text)
