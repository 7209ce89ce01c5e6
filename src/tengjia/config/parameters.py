"""Parameters of a module, read from the syntax tree of its file: nothing is imported, so torch is not either."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tengjia.config.types import Misfit, Type, fit, read_type
from tengjia.errors import ConfigurationError, Problem

REQUIRED: Final = "???"
"""Stands where a parameter has no default (OmegaConf's sign for a missing value)."""

_LIBRARY: Final = Path(__file__).parents[1]

Limits = dict[str, tuple[float | None, float | None]]
"""What a module may declare as `limits`: parameter -> least and greatest number, both allowed; `None` for no limit."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: a field of a `Config`."""

    name: str
    type: Type
    default: Any
    """A plain value (lists for tuples), or `REQUIRED`."""
    file: Path
    line: int
    sentence: str
    """The words that stand under it."""


@dataclass(frozen=True)
class Schema:
    """What can be known of a module without importing it."""

    file: Path
    name: str
    """Name of the class."""
    line: int
    documentation: str
    parameters: dict[str, Parameter]
    attributes: dict[str, Any] = field(default_factory=dict)
    """Class attributes that are literals (`decoder`, `metrics`)."""
    registered: str | None = None
    override: bool = False
    """Whether the registration says `override=True`."""

    def defaults(self) -> dict[str, Any]:
        """Parameter -> default."""
        return {parameter.name: parameter.default for parameter in self.parameters.values()}


def read_schema(file: Path, class_name: str | None = None) -> Schema:
    """Read the class that a module file registers, or the class of a given name.

    Raises:
        ConfigurationError: The file is not there, is not Python, holds no such class, or its `Config` has a parameter
            whose type or default cannot be read as syntax.
    """
    try:
        status = file.stat()
        return _read(file, class_name, status.st_mtime_ns, status.st_size)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError("config.module_unreadable", file=file, found=reason) from None


@lru_cache(maxsize=1024)
def _read(file: Path, class_name: str | None, modified: int, size: int) -> Schema:
    try:
        tree = ast.parse(file.read_bytes(), str(file))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        raise ConfigurationError("config.module_unreadable", file=file, line=line, found=str(error)) from None
    owner = _owner(tree, class_name)
    if owner is None:
        wanted = class_name or "@....register(...) class"
        raise ConfigurationError("config.no_class", file=file, found=wanted)
    registered, override = _registration(owner)
    config = _config(owner)
    parents = [read_schema(*_home(tree, file, base)) for base in (config.bases if config is not None else [])]
    parameters, attributes = _parameters(file, config), _attributes(owner)
    for parent in reversed(parents):
        own = {name: _told(parameter, parent.parameters.get(name)) for name, parameter in parameters.items()}
        parameters = {**parent.parameters, **own}
        attributes["limits"] = {**parent.attributes.get("limits", {}), **attributes.get("limits", {})}
    return Schema(
        file,
        owner.name,
        owner.lineno,
        ast.get_docstring(owner) or ast.get_docstring(tree) or "",
        parameters,
        attributes,
        registered,
        override,
    )


def _told(parameter: Parameter, inherited: Parameter | None) -> Parameter:
    """A parameter with the words of the one that it gives another default."""
    if parameter.sentence or inherited is None:
        return parameter
    return replace(parameter, sentence=inherited.sentence)


def _home(tree: ast.Module, file: Path, base: ast.expr) -> tuple[Path, str]:
    """File and name of the class whose `Config` another builds on: `class Config(Owner.Config)`, the owner being
    imported from the library, or ending before that line in the same file."""
    if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name) and base.attr == "Config":
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name == base.value.id and _end(node) < base.lineno:
                return file, node.name
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tengjia."):
                for name in node.names:
                    if (name.asname or name.name) == base.value.id:
                        return _LIBRARY.parent.joinpath(*str(node.module).split(".")).with_suffix(".py"), name.name
    raise ConfigurationError("config.foreign_base", file=file, line=base.lineno, found=ast.unparse(base))


def _end(node: ast.ClassDef) -> int:
    return node.end_lineno or node.lineno


def _owner(tree: ast.Module, class_name: str | None) -> ast.ClassDef | None:
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if class_name is not None:
        return next((node for node in classes if node.name == class_name), None)
    registered = [node for node in classes if _registration(node)[0] is not None]
    return registered[0] if registered else None


def _registration(owner: ast.ClassDef) -> tuple[str | None, bool]:
    for decorator in owner.decorator_list:
        if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
            continue
        if decorator.func.attr == "register" and decorator.args and isinstance(decorator.args[0], ast.Constant):
            said = {keyword.arg: _literal(keyword.value) for keyword in decorator.keywords}
            return str(decorator.args[0].value), said.get("override") is True
    return None, False


def _config(owner: ast.ClassDef) -> ast.ClassDef | None:
    """The nested `Config`; the class itself if it is a dataclass."""
    for node in owner.body:
        if isinstance(node, ast.ClassDef) and node.name == "Config":
            return node
    return owner if any("dataclass" in ast.unparse(decorator) for decorator in owner.decorator_list) else None


def _parameters(file: Path, config: ast.ClassDef | None) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    problems: list[Problem] = []
    body = config.body if config is not None else []
    for node, following in zip(body, [*body[1:], None]):
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)):
            continue
        name = node.target.id
        try:
            kind = read_type(node.annotation)
            default = _default(node.value, kind)
        except (ValueError, SyntaxError, Misfit) as error:
            values = {"found": ast.unparse(node), "reason": str(error)}
            problems.append(Problem("config.module_parameter", str(file), node.lineno, name, values))
            continue
        parameters[name] = Parameter(name, kind, default, file, node.lineno, _sentence(following))
    if problems:
        raise ConfigurationError(problems)
    return parameters


def _default(node: ast.expr | None, kind: Type) -> Any:
    if node is None:
        return REQUIRED
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "field":
        default = _field_default({keyword.arg: keyword.value for keyword in node.keywords})
    else:
        default = ast.literal_eval(node)
    if default is REQUIRED or (isinstance(default, str) and "${" in default):
        return default
    return plain(fit(default, kind))


def _field_default(said: dict[str | None, ast.expr]) -> Any:
    if "default" in said:
        return ast.literal_eval(said["default"])
    factory = said.get("default_factory")
    if isinstance(factory, ast.Lambda):
        return ast.literal_eval(factory.body)
    if isinstance(factory, ast.Name) and factory.id in {"dict", "tuple", "list"}:
        return {} if factory.id == "dict" else []
    if factory is None:
        return REQUIRED
    raise ValueError(ast.unparse(factory))


def plain(value: Any) -> Any:
    """A value with lists for tuples, as YAML would give it."""
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def between(least: float | None, most: float | None) -> str:
    """Limits in words: `>= 0.0, <= 1.0`."""
    both = (f">= {least}" if least is not None else "", f"<= {most}" if most is not None else "")
    return ", ".join(filter(None, both))


def written(value: Any) -> str:
    """A value as one would write it in YAML."""
    return json.dumps(plain(value), ensure_ascii=False)


def _sentence(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""


def _attributes(owner: ast.ClassDef) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for node in owner.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for target in targets:
            if isinstance(target, ast.Name) and value is not None and (literal := _literal(value)) is not None:
                attributes[target.id] = literal
    return attributes


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
