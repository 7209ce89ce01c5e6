"""Who is found under a name, and what is said when nobody is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tengjia import registry
from tengjia.errors import ConfigurationError
from tengjia.registry import Scope, models, schedules, set_scope

MODULE = """\
from dataclasses import dataclass

from tengjia.registry import models


@models.register("{name}"{said})
class Made:
    \"\"\"Made for a test.\"\"\"

    @dataclass(frozen=True)
    class Config:
        size: int = 1
        \"\"\"Width.\"\"\"

    def __init__(self, config, *, place="{place}"):
        self.config, self.place = config, place
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    set_scope(Scope())
    for name in [name for name in sys.modules if name.startswith("src.modules.") or "applications.shop" in name]:
        del sys.modules[name]
    registry._import.cache_clear()


def write(folder: Path, name: str, *, said: str = "", file: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file or name}.py"
    path.write_text(MODULE.format(name=name, said=said, place=folder.parts[-2]), "utf-8")
    return path


def places(root: Path) -> list[Path]:
    shop = root / "src" / "applications" / "shop"
    return [shop / "tasks" / "grade" / "models", shop / "models", root / "src" / "modules" / "models"]


def test_the_nearest_wins(root: Path):
    set_scope(Scope(root, "shop", "grade"))
    for folder, owner in reversed(list(zip(places(root), ["task", "application", "project"]))):
        write(folder, "mine", said=", override=True")
        models.forget()
        assert models.find("mine").owner == owner
    assert models.build({"name": "mine", "size": 3}).config.size == 3
    assert models.build({"name": "mine"}).place == "grade"


def test_another_task_does_not_see_it(root: Path):
    write(places(root)[0], "mine")
    set_scope(Scope(root, "shop", "other"))
    assert "mine" not in models.entries()


def test_hiding_has_to_be_said(root: Path):
    set_scope(Scope(root, "shop", "grade"))
    file = write(places(root)[2], "bilstm_crf")
    with pytest.raises(ConfigurationError, match="without saying so") as caught:
        models.find("bilstm_crf")
    assert caught.value.code == "config.override_unsaid" and "override=True" in caught.value.hint
    file.write_text(file.read_text("utf-8").replace('crf")', 'crf", override=True)'), "utf-8")
    assert models.find("bilstm_crf").file == file


def test_two_on_one_level(root: Path):
    set_scope(Scope(root))
    write(places(root)[2] / "one", "mine")
    write(places(root)[2] / "two", "mine")
    with pytest.raises(ConfigurationError, match="two files on one level") as caught:
        models.find("mine")
    assert caught.value.code == "config.duplicate_module"


def test_the_file_must_register_its_name(root: Path):
    set_scope(Scope(root))
    write(places(root)[2], "other", file="mine")
    for ask in (models.schema, models.load):
        with pytest.raises(ConfigurationError, match="registers no model `mine`"):
            ask("mine")


def test_a_file_that_is_not_python(root: Path):
    set_scope(Scope(root))
    write(places(root)[2], "mine").write_text("def (", "utf-8")
    with pytest.raises(ConfigurationError, match="cannot be read as Python"):
        models.schema("mine")


def test_nobody_of_that_name():
    with pytest.raises(ConfigurationError) as caught:
        models.find("bilstm_cfr")
    assert "did you mean `bilstm_crf`?" in caught.value.message
    assert "bilstm_softmax" in caught.value.message
    assert "src/modules/models" in caught.value.hint


def test_a_kind_inside_another_is_not_listed_there():
    from tengjia.registry import callbacks, optimizers, trainers

    assert "cosine" in schedules.entries() and "cosine" not in optimizers.entries()
    assert "ema" in callbacks.entries() and "ema" not in trainers.entries()


def test_plugins_are_listed_without_import(root: Path, monkeypatch: pytest.MonkeyPatch):
    write(root / "my_plugin", "far").with_name("__init__.py").write_text("raise RuntimeError('imported')", "utf-8")
    information = root / "my_plugin-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: my-plugin\nVersion: 1.0\n", "utf-8")
    (information / "entry_points.txt").write_text(
        "[tengjia.modules]\nmodel.far = my_plugin.far\nmodel.gone = my_plugin.gone\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(root))
    registry._plugins.cache_clear()
    set_scope(Scope(root))
    try:
        assert models.find("far").owner == "my-plugin"
        assert models.schema("far").parameters["size"].default == 1
        assert "gone" not in models.entries()
        assert "my_plugin" not in sys.modules
    finally:
        registry._plugins.cache_clear()
