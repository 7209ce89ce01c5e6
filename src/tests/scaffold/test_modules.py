"""`tengjia startmodule`: for every kind a module that works at once, with a test that passes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.command.project import REPOSITORY, write_project
from tengjia import __version__
from tengjia.command.main import main
from tengjia.registry import REGISTRIES, Scope, set_scope
from tengjia.scaffold.names import checked_name, class_name

SETTINGS = '[tool.pytest.ini_options]\npythonpath = [".", "src"]\naddopts = "-p tengjia.testing --strict-markers"\nfilterwarnings = ["error"]\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    write_project(tmp_path)
    (tmp_path / "pyproject.toml").write_text(SETTINGS, "utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    set_scope(Scope())


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=root, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_kind_passes_its_own_test_and_every_check(root: Path):
    for kind in REGISTRIES:
        assert main(["startmodule", kind, f"my_{kind}"]) == 0
    assert main(["check"]) == 0
    written = sorted(file for file in (root / "src").rglob("*my_*.py"))
    assert len(written) == 2 * len(REGISTRIES)
    for file in written:
        assert f"# Written by tengjia {__version__}: tengjia startmodule " in file.read_text("utf-8"), file
        assert "# To fill in: " in file.read_text("utf-8"), file
    for command in (["check"], ["format", "--check"]):
        done = run(root, "ruff", *command, "--config", str(REPOSITORY / "pyproject.toml"), *map(str, written))
        assert done.returncode == 0, done.stdout
    strict = ["--strict", "--ignore-missing-imports", "--explicit-package-bases", "--follow-imports=silent"]
    done = run(root, "mypy", *strict, "--cache-dir", str(REPOSITORY / ".mypy_cache"), "src/modules")
    assert done.returncode == 0, done.stdout
    done = run(root, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "src/tests")
    assert done.returncode == 0 and "passed" in done.stdout, done.stdout


def test_a_module_is_found_shown_and_never_written_twice(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["startmodule", "models", "my_model", "--dry-run"]) == 0
    would = capsys.readouterr().out
    assert "would write src/modules/models/my_model.py" in would and not (root / "src/modules").exists()
    assert main(["startmodule", "models", "my_model"]) == 0
    out = capsys.readouterr().out
    assert "wrote src/modules/models/my_model.py" in out and "pytest src/tests/modules/test_model_my_model.py" in out
    assert main(["show", "model/my_model"]) == 0
    assert "model.neighbours: int = 1" in capsys.readouterr().out
    file = root / "src/modules/models/my_model.py"
    file.write_text("mine", "utf-8")
    assert main(["startmodule", "model", "my_model"]) == 2
    assert "`my_model.py` is there already; nothing was written" in capsys.readouterr().err
    assert file.read_text("utf-8") == "mine"


def test_a_test_that_is_there_keeps_the_module_away(root: Path, capsys: pytest.CaptureFixture[str]):
    test = root / "src/tests/modules/test_model_my_model.py"
    test.parent.mkdir(parents=True)
    test.write_text("mine", "utf-8")
    assert main(["startmodule", "model", "my_model"]) == 2
    assert "test_model_my_model.py" in capsys.readouterr().err
    assert not (root / "src/modules").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["modle", "x"], "did you mean `model`?"),
        (["model", "bilstm_crf"], "tengjia copy model/bilstm_crf"),
        (["model", "我的模型"], "only a to z"),
        (["model", "class"], "for instance `my_class`"),
        (["model", "BertCRFModel"], "for instance `bert_crf_model`"),
        (["model", "2fast"], "for instance `fast`"),
        (["model", "my-model"], "for instance `my_model`"),
        (["model", "../x"], "for instance `x`"),
        (["model", "x" * 41], "at most 40"),
    ],
)
def test_bad_names_are_told(root: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    before = sorted(root.rglob("*"))
    assert main(["startmodule", *words]) == 2
    assert said in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before


def test_a_chinese_name_is_explained_in_chinese(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert main(["startmodule", "model", "模型"]) == 2
    assert "请用英文或拼音" in capsys.readouterr().err


def test_names():
    assert checked_name("module", "my_model2") == "my_model2"
    assert class_name("my_model2") == "MyModel2"


def test_outside_of_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    assert main(["startmodule", "model", "my_model"]) == 2
    assert "config_project.yaml" in capsys.readouterr().err


def test_every_template_goes_into_the_wheel():
    import tomllib

    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    library = REPOSITORY / "src" / "tengjia"
    packed = {
        file for pattern in settings["tool"]["setuptools"]["package-data"]["tengjia"] for file in library.glob(pattern)
    }
    templates = {file for file in (library / "scaffold" / "templates").rglob("*") if file.is_file()}
    assert len(templates) > 25 and templates <= packed
