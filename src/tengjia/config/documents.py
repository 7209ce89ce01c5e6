"""A YAML file as plain values, with the line and column of every key; mistakes are collected, not raised.

The scalar rules are those of YAML 1.2, because the older ones surprise: there `no` is false, `12:30` is 750 and `010`
is 8. Here they are the texts that were written, while `1e-3` is a number.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from tengjia.errors import Problem

MAXIMUM_BYTES: Final = 1_000_000
MAXIMUM_NODES: Final = 50_000
MAXIMUM_DEPTH: Final = 40

Path_ = tuple[Hashable, ...]
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z")
_FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))\Z|\.(?:nan|NaN|NAN)\Z"
)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_PLAIN_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.MappingNode: "tag:yaml.org,2002:map",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
}


@dataclass(frozen=True)
class Position:
    """Where something stands in a file; both count from 1."""

    line: int
    column: int


@dataclass
class Document:
    """A YAML file that was read."""

    file: Path
    name: str
    """The file as messages name it."""
    data: dict[str, Any] = field(default_factory=dict)
    positions: dict[Path_, Position] = field(default_factory=dict)
    """Path of keys and list indices -> position of the key or item."""
    problems: list[Problem] = field(default_factory=list)

    def line(self, *path: Hashable) -> int:
        """Line of a key; of the nearest key above it that is known."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions[path].line if path else 1

    def report(self, code: str, line: int, key: str = "", **values: Any) -> None:
        """Add a mistake."""
        self.problems.append(Problem(code, self.name, line, key, values))


def read_document(file: Path, name: str = "") -> Document:
    """Read a YAML file whose root is a mapping.

    Args:
        file: The file.
        name: How messages name it; its path when empty.

    Returns:
        The values that could be read, and every mistake found: syntax, tabs, keys that stand twice, tags, too many
        aliases, a file that is too large, is not UTF-8, or is not there.
    """
    document = Document(file, name or str(file))
    text = _text(document)
    if text is None:
        return document
    text = _without_tabs(document, text)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        _report_syntax(document, text, error)
        return document
    if root is not None:
        data = _Walk(document).value(root, (), ())
        if isinstance(data, dict):
            document.data = data
        elif data is not None:
            document.report("config.not_a_mapping", 1, found=_kind(root))
    return document


def _text(document: Document) -> str | None:
    try:
        content = document.file.read_bytes()
        if len(content) > MAXIMUM_BYTES:
            document.report("config.file_too_large", 0, found=len(content), allowed=MAXIMUM_BYTES)
            return None
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        document.report("config.not_utf8", line, found=f"0x{content[error.start]:02x}")
    except OSError as error:
        document.report("config.unreadable_file", 0, found=error.strerror or str(error))
    return None


def _without_tabs(document: Document, text: str) -> str:
    """Report every line that is indented by a tab, and go on as if it were spaces, to find the other mistakes too."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        indentation = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indentation and line.strip():
            document.report("config.tab", number, column=indentation.index("\t") + 1)
            lines[number - 1] = indentation.replace("\t", "  ") + line.lstrip(" \t")
    return "\n".join(lines)


def _report_syntax(document: Document, text: str, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    else:
        before = text[: getattr(error, "position", 0)]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    # A tab that stood in the indentation was told already and may be the cause.
    if not any(problem.code == "config.tab" for problem in document.problems):
        document.report("config.syntax", line, column=column, reason=reason)


class _Walk:
    """Turns nodes to values, noting positions and mistakes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes = 0
        self.full = False

    def value(self, node: yaml.Node, path: Path_, above: tuple[yaml.Node, ...]) -> Any:
        self.nodes += 1
        line = node.start_mark.line + 1
        if node in above or len(above) > MAXIMUM_DEPTH or self.nodes > MAXIMUM_NODES:
            if not self.full:
                self.document.report("config.too_many_nodes", line, allowed=MAXIMUM_NODES, depth=MAXIMUM_DEPTH)
            self.full = True
            return None
        if not _is_plain(node):
            self.document.report("config.tag", line, _dotted(path), found=node.tag)
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self.items(node, path, (*above, node)))
        if isinstance(node, yaml.SequenceNode):
            return [self.item(item, (*path, index), (*above, node)) for index, item in enumerate(node.value)]
        return scalar(node.value) if getattr(node, "style", None) is None else node.value

    def item(self, node: yaml.Node, path: Path_, above: tuple[yaml.Node, ...]) -> Any:
        self.document.positions[path] = _position(node)
        return self.value(node, path, above)

    def items(self, node: yaml.MappingNode, path: Path_, above: tuple[yaml.Node, ...]) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            if self.full:
                return
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                self.document.report("config.bad_key", line, _dotted(path), found=_kind(key_node))
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in seen:
                self.document.report("config.duplicate_key", line, _dotted(here), first=self.document.line(*here))
                continue
            seen.add(key)
            self.document.positions[here] = _position(key_node)
            yield key, self.value(value_node, here, above)


def scalar(text: str) -> Any:
    """The value of an unquoted scalar by the rules of this house."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.match(text):
        return int(text.replace("_", ""))
    if _FLOAT.match(text):
        return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _is_plain(node: yaml.Node) -> bool:
    # An explicit tag shows as one that the resolver would not have given.
    if isinstance(node, yaml.ScalarNode):
        return node.tag.startswith("tag:yaml.org,2002:") and node.tag.rpartition(":")[2] not in {
            "binary",
            "set",
            "omap",
        }
    return bool(node.tag == _PLAIN_TAGS[type(node)])


def _position(node: yaml.Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return f"`{node.value}`"
    return "list" if isinstance(node, yaml.SequenceNode) else "mapping"


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path))
