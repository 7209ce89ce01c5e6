"""Parameters read from syntax: the same as the imported dataclass says, for every module of the library."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tengjia.config.parameters import REQUIRED, plain, read_schema
from tengjia.errors import ConfigurationError
from tengjia.registry import LIBRARY, REGISTRIES, Scope, set_scope

MODULE = '''\
"""A module."""

from dataclasses import dataclass, field

from tengjia.registry import models


@models.register("mine", override=True)
class Mine:
    """Words about it."""

    decoder = "crf"
    metrics: dict[str, str] = {"a": "max"}
    unknown = some_function()

    @dataclass(frozen=True)
    class Config:
        size: int
        """Width,
        in numbers."""
        names: tuple[str, ...] = ("a", "b")
        table: dict[str, float] = field(default_factory=dict)
        rate: float = 1
        home: str = "${dataset_root}/x"
'''


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "mine.py"
    file.write_text(text, "utf-8")
    return file


def test_reading(tmp_path: Path):
    schema = read_schema(write(tmp_path, MODULE))
    assert (schema.name, schema.registered, schema.override, schema.line) == ("Mine", "mine", True, 9)
    assert schema.documentation == "Words about it."
    assert schema.attributes == {"decoder": "crf", "metrics": {"a": "max"}}
    assert schema.defaults() == {
        "size": REQUIRED, "names": ["a", "b"], "table": {}, "rate": 1.0, "home": "${dataset_root}/x",
    }  # fmt: skip
    assert schema.parameters["size"].sentence == "Width, in numbers."
    assert schema.parameters["size"].line == 18


def test_a_change_of_the_file_is_seen(tmp_path: Path):
    assert read_schema(write(tmp_path, MODULE)).override
    assert not read_schema(write(tmp_path, MODULE.replace(", override=True", ""))).override


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("size: int", "size: int = 1 +", "config.module_unreadable", "invalid syntax"),
        ("size: int", "size: Any = 1", "config.module_parameter", "size: Any = 1"),
        ("size: int", 'size: int = "1"', "config.module_parameter", "expected int"),
        ("size: int", "size: int = width()", "config.module_parameter", "size: int = width()"),
        ('@models.register("mine", override=True)', "", "config.no_class", "register"),
    ],
)
def test_broken_modules(tmp_path: Path, old: str, new: str, code: str, words: str):
    with pytest.raises(ConfigurationError) as caught:
        read_schema(write(tmp_path, MODULE.replace(old, new, 1)))
    assert caught.value.code == code
    assert words in caught.value.message
    assert caught.value.hint


def test_a_missing_file(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="No such file"):
        read_schema(tmp_path / "nothing.py")


def modules() -> list[tuple[str, str]]:
    set_scope(Scope())
    return [(kind, name) for kind, registry in REGISTRIES.items() for name in registry.entries()]


@pytest.mark.parametrize(("kind", "name"), modules())
def test_equal_to_the_imported_dataclass(kind: str, name: str):
    schema = REGISTRIES[kind].schema(name)
    fields = dataclasses.fields(REGISTRIES[kind].load(name).Config)
    assert list(schema.parameters) == [field.name for field in fields]
    for field in fields:
        missing = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if not missing:
            made = field.default_factory() if field.default is dataclasses.MISSING else field.default
            assert schema.parameters[field.name].default == plain(made), field.name


@pytest.mark.parametrize(("kind", "name"), modules())
def test_every_parameter_has_its_sentence(kind: str, name: str):
    schema = REGISTRIES[kind].schema(name)
    assert schema.documentation
    assert [parameter.name for parameter in schema.parameters.values() if not parameter.sentence] == []
    if kind == "callbacks":
        assert next(iter(schema.parameters)) == "enabled"


BUILT_ON = '''\
"""A module that builds on a layer."""

from dataclasses import dataclass

from tengjia.layers.embedding import Embedding
from tengjia.registry import models


@models.register("built")
class Built:
    """Words about it."""

    limits = {"size": (1, None)}

    @dataclass(frozen=True)
    class Config(Embedding.Config):
        embedding_dropout: float = 0.25
        size: int = 3
        """Width."""
'''


def test_a_config_can_build_on_that_of_a_layer(tmp_path: Path):
    file = tmp_path / "built.py"
    file.write_text(BUILT_ON)
    layer = read_schema(LIBRARY / "layers/embedding.py", "Embedding")
    schema = read_schema(file)
    assert list(schema.parameters) == [*layer.parameters, "size"]
    changed = schema.parameters["embedding_dropout"]
    assert changed.default == 0.25 and changed.sentence == layer.parameters["embedding_dropout"].sentence
    assert schema.parameters["embedding_size"] == layer.parameters["embedding_size"]
    assert schema.attributes["limits"] == {**layer.attributes["limits"], "size": (1, None)}


def test_a_config_may_build_on_one_before_it_in_the_file(tmp_path: Path):
    file = tmp_path / "two.py"
    file.write_text(TWO)
    first, second = read_schema(file, "First"), read_schema(file, "Second")
    assert list(first.parameters) == ["size"] and list(second.parameters) == ["size", "by"]
    assert second.parameters["size"] == first.parameters["size"]
    assert second.attributes["limits"] == {"size": (1, None)}


TWO = '''
class First:
    limits = {"size": (1, None)}
    @dataclass(frozen=True)
    class Config:
        size: int = 3
        """How large."""

class Second(First):
    @dataclass(frozen=True)
    class Config(First.Config):
        by: Literal["this", "that"] = "this"
        """How."""

class Loop:
    class Config(Loop.Config):
        size: int = 3

class Later:
    class Config(Last.Config):
        size: int = 3

class Last:
    class Config(Later.Config):
        size: int = 3
'''


@pytest.mark.parametrize("name", ["Loop", "Later", "Last"])
def test_no_config_builds_on_itself_or_on_a_later_one(tmp_path: Path, name: str):
    file = tmp_path / "two.py"
    file.write_text(TWO)
    with pytest.raises(ConfigurationError) as caught:
        read_schema(file, name)
    assert caught.value.code == "config.foreign_base"


@pytest.mark.parametrize("base", ["Foreign.Config", "Base", "make()"])
def test_a_config_that_builds_on_what_cannot_be_followed(tmp_path: Path, base: str):
    file = tmp_path / "built.py"
    file.write_text(BUILT_ON.replace("Embedding.Config", base))
    with pytest.raises(ConfigurationError) as caught:
        read_schema(file)
    assert (
        f"class Config({base})" in caught.value.message
        and caught.value.code == "config.foreign_base"
        and "from tengjia" in caught.value.hint
    )
