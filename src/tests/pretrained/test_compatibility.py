"""The odd old names are there, and nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import tengjia
import tengjia.pretrained
from tengjia.compatibility import tinyms


def test_every_name_of_the_seed():
    from tengjia.compatibility.tinyms import AutoModelPileline

    assert AutoModelPileline is tengjia.pretrained.AutoModelPipeline
    assert set(tinyms.__all__) == {"AutoModelPileline", *tengjia.pretrained.__all__}
    assert all(getattr(tinyms, name) is not None for name in tinyms.__all__)


def test_nothing_of_tengjia_imports_them():
    library = Path(tengjia.__file__).parent
    for file in library.rglob("*.py"):
        if "compatibility" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith("tengjia.compatibility")], file
