"""The words of the house, in English and Chinese.

A catalogue is a file of this folder that holds `MESSAGES: dict[str, Message]`; the code "data.bad_row" stands in
`data.py`. Only the catalogue that is needed is imported. The language comes from `TENGJIA_LANG` (`en` or `zh`), else
from the locale.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from typing import Any


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


def catalogue(name: str) -> dict[str, Message]:
    """The messages of a file of this folder."""
    module = importlib.import_module(f"tengjia.messages.{name}")
    # Importing a part binds its name here: the catalogue `text` must not hide the function.
    globals().update(_OWN)
    messages: dict[str, Message] = module.MESSAGES
    return messages


def text(code: str, **values: Any) -> Text:
    """The words for a code in the user's language, with the values filled in."""
    entry = catalogue(code.partition(".")[0])[code]
    message, hint = (entry.zh, entry.hint_zh) if language() == "zh" else (entry.en, entry.hint_en)
    return Text(message.format_map(values), hint.format_map(values))


_OWN = {"text": text}
