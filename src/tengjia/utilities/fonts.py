"""Words in pictures: a font that has their signs, or an honest spelling of what no font here can draw."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

LATIN: Final = "DejaVu Sans"
"""Comes with matplotlib."""

# By name: the usual fonts with Chinese signs on Linux, Windows and macOS, the plain ones first.
CHINESE: Final = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "SimSun",
    "Arial Unicode MS",
)


def font_for(texts: Iterable[str]) -> str | None:
    """The family of a font that has every sign of `texts`; `None` when no known font here has."""
    signs = frozenset(ord(sign) for text in texts for sign in text)
    return next((family for family in (LATIN, *CHINESE) if signs <= _signs_of(family)), None)


def drawable(text: str, family: str = LATIN) -> str:
    """The text with every sign that the font lacks written as its code (`\\u4eba`), never as an empty box."""
    known = _signs_of(family)
    return "".join(sign if ord(sign) in known else ascii(sign)[1:-1] for sign in text)


def labels(texts: Iterable[str]) -> tuple[str, dict[str, str]]:
    """A font for several texts, and how each is written in it."""
    distinct = list(dict.fromkeys(texts))
    family = font_for(distinct) or LATIN
    return family, {text: drawable(text, family) for text in distinct}


@cache
def _signs_of(family: str) -> frozenset[int]:
    """The characters that an installed font can draw; none if it is not installed."""
    from matplotlib import font_manager, ft2font

    known = [entry.fname for entry in font_manager.fontManager.ttflist if entry.name == family]
    return frozenset(ft2font.FT2Font(known[0]).get_charmap()) if known else frozenset()
