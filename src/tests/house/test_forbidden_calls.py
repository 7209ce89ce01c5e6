"""No call that turns data into code, anywhere in what we ship."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = sorted(
    file
    for folder in ("src", "benchmarks", "examples")
    for file in (ROOT / folder).rglob("*.py")
    if "tests" not in file.parts
) + sorted(ROOT.glob("*.py"))

MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "torch.load",
    "torch.save",
    "yaml.load",
    "yaml.unsafe_load",
    "yaml.full_load",
    "os.system",
    "os.popen",
    "numpy.load",
    "np.load",
}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value) or '?'}.{node.attr}"
    return ""


def offences(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"{node.lineno}: import {a.name}" for a in node.names if a.name.split(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(f"{node.lineno}: from {node.module}")
        elif isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in CALLS or name.endswith(".extractall"):
                found.append(f"{node.lineno}: {name}")
            for keyword in node.keywords:
                risky = keyword.arg == "shell" or keyword.arg == "allow_pickle"
                if risky and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False):
                    found.append(f"{node.lineno}: {name}({keyword.arg}=...)")
    return found


def test_there_is_something_to_look_at():
    assert len(FILES) > 50


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_turns_data_into_code(file: Path):
    assert offences(ast.parse(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from pickle import loads",
        "torch.load('x')",
        "eval('1')",
        "exec('1')",
        "yaml.load(x)",
        "subprocess.run('ls', shell=True)",
        "archive.extractall('x')",
        "numpy.load(f, allow_pickle=True)",
    ],
)
def test_the_walk_finds_each(code: str):
    assert offences(ast.parse(code))
