"""Marks in the signature of a constructor or method: what is not saved, what gets a folder, what a config may set.

def __init__(self, size: int, notes: Ignore = None, tokenizer: SubFolder = None): ...
def train(self, data, epochs: FromConfig = 3): ...

A mark stands alone or inside `Union`, `Optional`, `|`, `Annotated` or `list[...]`. Annotations that are texts (under
`from __future__ import annotations`) are read as syntax and looked up by name; nothing in them is run.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Annotated, Any, Final, ForwardRef, Literal, get_args, get_origin


@dataclass(frozen=True)
class Mark:
    """What a parameter is marked as."""

    name: str


IGNORE: Final = Mark("Ignore")
SUB_FOLDER: Final = Mark("SubFolder")
FROM_CONFIG: Final = Mark("FromConfig")

Ignore = Annotated[Any, IGNORE]
"""The argument is not saved; on loading it takes its default, or is given anew (`arguments=`)."""

SubFolder = Annotated[Any, SUB_FOLDER]
"""The argument is saved in a folder of its own, named like the parameter."""

FromConfig = Annotated[Any, FROM_CONFIG]
"""A parameter that a saved config may set (`set_from_config`)."""


def marks_of(function: Callable[..., Any]) -> dict[str, frozenset[Mark]]:
    """The marks of each parameter that has some."""
    names = _names_seen_by(function)
    found = {
        name: frozenset(_marks(parameter.annotation, names))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.annotation is not parameter.empty
    }
    return {name: marks for name, marks in found.items() if marks}


@cache
def marked(function: Callable[..., Any], mark: Mark) -> frozenset[str]:
    """The parameters that bear a mark."""
    return frozenset(name for name, marks in marks_of(function).items() if mark in marks)


def _names_seen_by(function: Callable[..., Any]) -> dict[str, Any]:
    plain = inspect.unwrap(function)
    module = sys.modules.get(getattr(plain, "__module__", ""))
    return getattr(plain, "__globals__", None) or vars(module or ModuleType("none"))


def _marks(annotation: Any, names: Mapping[str, Any]) -> Iterator[Mark]:
    if isinstance(annotation, str):
        try:
            yield from _marks_in_syntax(ast.parse(annotation, mode="eval").body, names)
        except SyntaxError:
            return
    elif isinstance(annotation, Mark):
        yield annotation
    elif isinstance(annotation, ForwardRef):
        yield from _marks(annotation.__forward_arg__, names)
    elif hasattr(annotation, "__metadata__"):
        # In `Annotated[int, "Ignore"]` and `Literal["Ignore"]` a text is only a text.
        for inner in (annotation.__origin__, *annotation.__metadata__):
            yield from _marks(inner, names) if not isinstance(inner, str) else ()
    elif get_origin(annotation) is not Literal:
        for inner in get_args(annotation):
            yield from _marks(inner, names)


def _marks_in_syntax(node: ast.expr, names: Mapping[str, Any]) -> Iterator[Mark]:
    if isinstance(node, ast.Name):
        yield from _marks_of_object(names.get(node.id, _ALIASES.get(node.id)))
    elif isinstance(node, ast.Attribute):
        yield from _marks_of_object(_attribute(node, names))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _marks(node.value, names)
    elif isinstance(node, ast.BinOp):
        yield from _marks_in_syntax(node.left, names)
        yield from _marks_in_syntax(node.right, names)
    elif isinstance(node, ast.Subscript) and _last_name(node.value) != "Literal":
        yield from _marks_in_syntax(node.slice, names)
    elif isinstance(node, ast.Tuple | ast.List):
        for inner in node.elts:
            yield from _marks_in_syntax(inner, names)


def _marks_of_object(found: Any) -> Iterator[Mark]:
    yield from (mark for mark in getattr(found, "__metadata__", ()) if isinstance(mark, Mark))


def _attribute(node: ast.Attribute, names: Mapping[str, Any]) -> Any:
    """What `pretrained.Ignore` means, if the module it stands in is known; else by its last name."""
    owner = names.get(node.value.id) if isinstance(node.value, ast.Name) else None
    return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else _ALIASES.get(node.attr)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


_ALIASES: Final = {"Ignore": Ignore, "SubFolder": SubFolder, "FromConfig": FromConfig}
