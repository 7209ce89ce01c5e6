"""The words of the house, in English and Chinese.

A catalogue is a file of this folder that holds `MESSAGES: dict[str, Message]`; the code "data.bad_row" stands in
`data.py`. A project has its own in `src/messages/`, which add to those of the library and never replace one. Only the
catalogue that is needed is imported. The language comes from `TENGJIA_LANG` (`en` or `zh`), else from the locale.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

LIBRARY: Final = Path(__file__).parent
_PLACE: Final = frozenset({"file", "line", "key"})
"""Values that are told before the message."""


@dataclass(frozen=True)
class Text:
    """Words for one reader: what happened, and what to do now."""

    message: str
    hint: str = ""


@dataclass(frozen=True)
class Message:
    """One entry of a catalogue: templates with `{named}` places, the same names in both languages."""

    en: str
    zh: str
    hint_en: str = ""
    hint_zh: str = ""


def language() -> str:
    """`"zh"` or `"en"`."""
    chosen = os.environ.get("TENGJIA_LANG", "")
    if not chosen:
        chosen = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "en")
    return "zh" if chosen.lower().startswith("zh") else "en"


def set_project(root: Path | None) -> None:
    """Say which project's catalogues are looked at first; one whose code is imported as `src` is known anyhow."""
    global _project
    _project = root


def catalogue(name: str) -> dict[str, Message]:
    """The messages of a file of this folder, or of the project's; none where there is no such file."""
    if not name.isidentifier():
        return {}
    if (LIBRARY / f"{name}.py").is_file():
        module = importlib.import_module(f"tengjia.messages.{name}")
        # Importing a part binds its name here: the catalogue `text` must not hide the function.
        globals().update(_OWN)
        messages: dict[str, Message] = module.MESSAGES
        return messages
    file = next((file for folder in _folders() if (file := folder / f"{name}.py").is_file()), None)
    return {} if file is None else _read(file)


def text(code: str, **values: Any) -> Text:
    """The words for a code in the user's language, with the values filled in.

    A code without words (of a module that came without its project) is told by what it names: an error is never lost
    because nobody wrote a sentence for it.
    """
    name = code.partition(".")[0]
    entry = catalogue(name).get(code)
    if entry is None:
        shown = ", ".join(f"{key}={value}" for key, value in values.items() if key not in _PLACE)
        entry, values = catalogue("config")["config.no_words"], {"code": code, "shown": shown, "name": name}
    message, hint = (entry.zh, entry.hint_zh) if language() == "zh" else (entry.en, entry.hint_en)
    return Text(message.format_map(values), hint.format_map(values))


def _folders() -> Iterator[Path]:
    if _project is not None:
        yield _project / "src" / "messages"
    for place in getattr(sys.modules.get("src"), "__path__", ()):
        yield Path(place) / "messages"


@cache
def _read(file: Path) -> dict[str, Message]:
    """The messages of a project's catalogue; its root need not be on `sys.path`."""
    specification = importlib.util.spec_from_file_location(f"src.messages.{file.stem}", file)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    messages: dict[str, Message] = module.MESSAGES
    return messages


_project: Path | None = None
_OWN = {"text": text}
