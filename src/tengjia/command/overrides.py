"""Overrides as Hydra will see them: quoted by the type of their key, then parsed by its grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tengjia.command.arguments import Word
from tengjia.command.plan import KINDS, NONE
from tengjia.config.parameters import Parameter
from tengjia.config.quoting import is_quoted, quoted, quoted_elements, split_at_commas

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override as HydraOverride


@dataclass
class Override:
    """One override."""

    word: Word
    text: str
    """As Hydra gets it."""
    values: list[Any]
    """The value; of a sweep all of them. None when a sweep has no list of values (`interval`)."""
    sweep: bool = False
    error: str = ""
    """What Hydra's grammar has against it."""

    @property
    def key(self) -> str:
        """The key as it was typed."""
        return self.word.key


def parse_override(word: Word, parameter: Parameter | None, multirun: bool, *, inside: bool = False) -> Override:
    """Quote and parse one override.

    Args:
        word: As it was typed.
        parameter: What its key means, if anything.
        multirun: Whether a comma separates the values of a sweep (`-m`).
        inside: Whether the key leads inside the value of the parameter, a mapping: it may then be new or not.
    """
    if word.key in KINDS and word.operator != "+":
        return _choice(word)
    value = word.value
    if value is not None and parameter is not None:
        value = _quoted_value(value, parameter, multirun)
    elif value is not None:
        value = quoted_elements(value) if not value.isascii() else value
    operator = "++" if inside and word.operator != "~" else word.operator
    text = f"{operator}{word.key}" + ("" if value is None else f"={value}")
    return _parse(word, text)


def _quoted_value(value: str, parameter: Parameter, multirun: bool) -> str:
    kind = parameter.type
    structured = value.strip()[:1] in {"[", "{"} and kind.has("tuple", "dict")
    if structured:
        return quoted_elements(value)
    if not kind.has("str", "Secret") or is_quoted(value) or (value == "null" and kind.has("None")):
        return value if value.isascii() else quoted_elements(value)
    if multirun:
        return _quoted_sweep(value)
    # A list of stages without brackets is a common slip, which a check tells of: it must not become one text.
    return value if parameter.name == "stage" and "," in value else quoted(value)


def _quoted_sweep(value: str) -> str:
    if value.startswith(("choice(", "shuffle(", "sort(", "glob(", "tag(", "extend_sweep(")):
        return value
    parts = split_at_commas(value)
    return ",".join(
        part if is_quoted(part.strip()) or part.strip() == "null" else quoted(part.strip()) for part in parts
    )


def _choice(word: Word) -> Override:
    """A choice of a module. That there is none has a name of its own, because Hydra knows no choice of null."""
    value = NONE if word.operator == "~" else word.value
    if value is not None and split_at_commas(value) != [value]:
        value = ",".join(NONE if part.strip() == "null" else part.strip() for part in split_at_commas(value))
    elif value in {"null", "None"}:
        value = NONE
    if value is not None and not value.isascii():
        value = quoted_elements(value)
    return _parse(word, f"{word.key}={value}")


def _parse(word: Word, text: str) -> Override:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        parsed = OverridesParser.create().parse_override(text)
        sweep = bool(parsed.is_sweep_override())
        values = _sweep_values(parsed) if sweep else [_plain(parsed.value())]
    except (HydraException, ValueError, TypeError, OverflowError) as error:
        return Override(word, text, [], error=str(error).strip().splitlines()[0])
    return Override(word, text, values, sweep)


def _sweep_values(parsed: HydraOverride) -> list[Any]:
    if not parsed.is_discrete_sweep():
        interval: Any = parsed.value()
        return [interval.start, interval.end] if hasattr(interval, "start") else []
    from hydra.core.override_parser.types import Glob

    if isinstance(parsed.value(), Glob):
        return []
    return [_plain(value) for value in parsed.sweep_iterator()]


def _plain(value: Any) -> Any:
    """Hydra's quoted strings as texts, with what was escaped for its grammar taken back."""
    from hydra.core.override_parser.types import QuotedString

    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
