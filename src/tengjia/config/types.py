"""Types of parameters, read from annotations as syntax, and whether a plain value fits one."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PLAIN: Final = ("bool", "int", "float", "str", "Secret")


@dataclass(frozen=True)
class Type:
    """A type that a parameter may have.

    Args:
        name: `bool`, `int`, `float`, `str`, `Secret`, `None`, `Literal`, `tuple`, `dict` or `|`.
        arguments: Members of a union, items of a tuple, key and value of a dictionary.
        values: Allowed values of a `Literal`.
        open_ended: Whether a tuple may have any length (`tuple[int, ...]`).
    """

    name: str
    arguments: tuple[Type, ...] = ()
    values: tuple[Any, ...] = ()
    open_ended: bool = False

    def __str__(self) -> str:
        if self.name == "|":
            return " | ".join(map(str, self.arguments))
        if self.name == "Literal":
            return " | ".join(map(str, self.values))
        if self.name == "tuple":
            return f"list[{', '.join(map(str, self.arguments))}]"
        if self.name == "dict":
            return f"mapping[{', '.join(map(str, self.arguments))}]"
        return "null" if self.name == "None" else self.name

    def members(self) -> tuple[Type, ...]:
        """The members of a union; of another type itself alone."""
        return self.arguments if self.name == "|" else (self,)

    def has(self, *names: str) -> bool:
        """Whether one of the members bears one of the names."""
        return any(member.name in names for member in self.members())

    def choices(self) -> tuple[Any, ...]:
        """All values of its `Literal` members."""
        return tuple(value for member in self.members() if member.name == "Literal" for value in member.values)


class Misfit(Exception):
    """A value does not fit a type.

    Args:
        path: Keys and indices from the value that was asked about to the part that does not fit.
        expected: The type of that part.
        found: That part.
    """

    def __init__(self, path: tuple[str | int, ...], expected: Type, found: Any) -> None:
        super().__init__(f"expected {expected}, found {found!r}")
        self.path = path
        self.expected = expected
        self.found = found


def read_type(node: ast.expr) -> Type:
    """The type that an annotation says.

    Raises:
        ValueError: It is none of those that a parameter may have.
    """
    if isinstance(node, ast.Constant) and node.value is None:
        return Type("None")
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return read_type(ast.parse(node.value, mode="eval").body)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return Type("|", (*read_type(node.left).members(), *read_type(node.right).members()))
    if isinstance(node, ast.Name) and node.id in PLAIN:
        return Type(node.id)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _subscripted(node.value.id, inner)
    raise ValueError(ast.unparse(node))


def _subscripted(name: str, inner: list[ast.expr]) -> Type:
    if name == "Literal":
        return Type("Literal", values=tuple(ast.literal_eval(item) for item in inner))
    if name in {"tuple", "list"}:
        open_ended = name == "list" or (isinstance(inner[-1], ast.Constant) and inner[-1].value is ...)
        items = inner[:1] if open_ended else inner
        return Type("tuple", tuple(map(read_type, items)), open_ended=open_ended)
    if name == "dict" and len(inner) == 2:
        return Type("dict", tuple(map(read_type, inner)))
    raise ValueError(name)


def fit(value: Any, expected: Type, path: tuple[str | int, ...] = ()) -> Any:
    """The value as the type wants it: an integer becomes a float, a list a tuple; nothing else is changed.

    Raises:
        Misfit: It does not fit.
    """
    if expected.name == "|":
        return _fit_union(value, expected, path)
    if expected.name == "tuple" and isinstance(value, list | tuple):
        if not expected.open_ended and len(value) != len(expected.arguments):
            raise Misfit(path, expected, value)
        types = expected.arguments * len(value) if expected.open_ended else expected.arguments
        return tuple(fit(item, kind, (*path, i)) for i, (item, kind) in enumerate(zip(value, types)))
    if expected.name == "dict" and isinstance(value, Mapping):
        return {
            fit(key, expected.arguments[0], path): fit(item, expected.arguments[1], (*path, str(key)))
            for key, item in value.items()
        }
    if expected.name == "float" and type(value) in (int, float) and math.isfinite(value):
        return float(value)
    if _is_exactly(value, expected):
        return value
    raise Misfit(path, expected, value)


def _fit_union(value: Any, expected: Type, path: tuple[str | int, ...]) -> Any:
    inner: list[Misfit] = []
    for member in expected.arguments:
        try:
            return fit(value, member, path)
        except Misfit as misfit:
            if misfit.path != path:
                inner.append(misfit)
    raise inner[0] if inner else Misfit(path, expected, value)


def _is_exactly(value: Any, expected: Type) -> bool:
    match expected.name:
        case "None":
            return value is None
        case "Literal":
            return any(type(value) is type(allowed) and value == allowed for allowed in expected.values)
        case "bool":
            return type(value) is bool
        case "int":
            return type(value) is int
        case "str" | "Secret":
            return isinstance(value, str)
    return False


def described(value: Any) -> str:
    """A value and its kind, as messages name it; long ones are cut."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"bool {str(value).lower()}"
    if isinstance(value, Mapping):
        return "mapping {" + ", ".join(map(str, list(value)[:6])) + "}"
    kind = "list" if isinstance(value, list | tuple) else type(value).__name__
    shown = repr(list(value) if isinstance(value, tuple) else value)
    return f"{kind} {shown if len(shown) <= 80 else shown[:77] + '...'}"
