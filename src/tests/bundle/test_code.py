"""The project's own code travels whole, runs only when trusted, and touches nothing around it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tengjia.bundle.code import PRIVATE_PACKAGE, collect_code, import_code
from tengjia.bundle.folder import Bundle
from tengjia.errors import CheckpointError
from tengjia.utilities.files import write_text

from .sample import write_sample_bundle

PROJECT = {
    "modules/models/mine.py": (
        "import math\n"
        "from src.modules.models import helper\n"
        "from src.utilities.words import GREETING as word\n"
        "if True:\n    from src.utilities import words; from . import helper as again\n"
        "VALUE = (word, helper.NAME, words.GREETING, again.NAME, math.floor(2.5))\n"
    ),
    "modules/models/helper.py": "NAME = __name__\n",
    "utilities/__init__.py": "STARTED = True\n",
    "utilities/words.py": "from . import STARTED\nGREETING = '你好' if STARTED else ''\n",
    "utilities/unused.py": "raise RuntimeError\n",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project's `src`."""
    for path, content in PROJECT.items():
        write_text(tmp_path / "src" / path, content)
    return tmp_path / "src"


def test_what_is_imported_comes_along(source: Path) -> None:
    collected = collect_code(source, [source / "modules/models/mine.py"])
    assert list(collected) == [
        "modules/models/helper.py",
        "modules/models/mine.py",
        "utilities/__init__.py",
        "utilities/words.py",
    ]
    assert b"from ...modules.models import helper" in collected["modules/models/mine.py"]
    assert b"    from ...utilities import words; from . import helper" in collected["modules/models/mine.py"]


def test_the_copy_runs_as_a_private_package(source: Path, tmp_path: Path) -> None:
    collected = collect_code(source, [source / "modules/models/mine.py"])
    folder = write_sample_bundle(tmp_path / "bundle", code=collected)
    for path in source.rglob("*.py"):
        path.unlink()
    before, search_path = set(sys.modules), list(sys.path)
    bundle = Bundle.open(folder)
    assert bundle.code() == collected
    module = import_code(bundle.code(), "modules/models/mine.py")
    name = PRIVATE_PACKAGE
    assert module.VALUE[0] == module.VALUE[2] == "你好"
    assert module.VALUE[1] == module.VALUE[3]
    assert module.VALUE[1].startswith(name) and module.VALUE[1].endswith(".modules.models.helper")
    assert sys.path == search_path
    assert all(new.startswith(name) for new in set(sys.modules) - before)
    assert import_code(bundle.code(), "modules/models/mine.py") is module
    Bundle.open(folder)  # nothing was compiled into it


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import src.utilities.words", "import src.utilities.words"),
        ("import src", "import src"),
        ("from src.utilities \\\n  import words", "from src.utilities \\"),
    ],
)
def test_an_import_that_cannot_travel_is_told(source: Path, line: str, found: str) -> None:
    write_text(source / "modules/models/mine.py", f"import math\n{line}\n")
    with pytest.raises(CheckpointError) as caught:
        collect_code(source, [source / "modules/models/mine.py"])
    assert caught.value.code == "bundle.uncarried_import"
    assert found in caught.value.message
    assert "mine.py:2" in str(caught.value)


def test_failing_and_missing_code_is_told() -> None:
    with pytest.raises(CheckpointError) as caught:
        import_code({"modules/bad.py": b"raise ValueError('no such card')"}, "modules/bad.py")
    assert caught.value.code == "bundle.code_fails"
    assert "ValueError: no such card" in caught.value.message
    with pytest.raises(CheckpointError) as caught:
        import_code({}, "modules/bad.py")
    assert caught.value.code == "bundle.missing"
