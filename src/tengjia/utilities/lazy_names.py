"""Names of a package whose modules are heavy: each is imported when it is first asked for.

__getattr__ = lazily(__name__, {"Pipeline": ".pipeline", "train": ".training"})
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def lazily(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """What a package gives as its `__getattr__` (PEP 562).

    Args:
        package: Its `__name__`.
        homes: Name -> module that it stands in, relative to the package (`.training`, `..stages.dataset`).
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(homes[name], package), name)

    return find
