"""Messages of a project: found as its modules are, held to both languages, never in the place of the library's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tengjia.errors import ConfigurationError, DataError, TengjiaError
from tengjia.messages import catalogue, text
from tengjia.registry import Scope, scope, set_scope
from tengjia.testing.catalogues import faults_of_project

WORDS = """\
from tengjia.messages import Message

MESSAGES = {
    "shop.no_price": Message(
        "the row has no price (`{column}`)", "该行没有价格（`{column}`）", "add one", "请补上"
    ),
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project with a catalogue of its own."""
    before = scope()
    (tmp_path / "src" / "messages").mkdir(parents=True)
    (tmp_path / "config_project.yaml").write_text("app: shop\n", "utf-8")
    (tmp_path / "src" / "messages" / "shop.py").write_text(WORDS, "utf-8")
    set_scope(Scope(tmp_path))
    yield tmp_path
    set_scope(before)


@pytest.mark.parametrize(
    ("language", "message", "hint"),
    [("en", "the row has no price (`cost`)", "add one"), ("zh", "该行没有价格（`cost`）", "请补上")],
)
def test_an_error_of_a_project_speaks_both_languages(
    root: Path, language: str, message: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENGJIA_LANG", language)
    error = DataError("shop.no_price", file="a.csv", line=3, column="cost")
    assert (error.message, error.hint) == (message, hint)
    assert str(error) == f"a.csv:3: {message} [shop.no_price]\n    {hint}"
    rebuild, parts = error.__reduce__()[:2]
    assert str(rebuild(*parts)) == str(error)  # as it crosses from one process to another


def test_it_is_forgotten_with_its_project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert catalogue("shop")
    set_scope(Scope(tmp_path_factory.mktemp("other")))
    assert catalogue("shop") == {}


@pytest.mark.parametrize(
    ("language", "message"),
    [("en", "`shop.no_stock` (found=7, allowed=9)"), ("zh", "错误 `shop.no_stock`（found=7, allowed=9）")],
)
def test_a_code_without_words_is_told_all_the_same(
    root: Path, language: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENGJIA_LANG", language)
    error = ConfigurationError("shop.no_stock", file="x.yaml", line=2, key="shop.stock", found=7, allowed=9)
    assert error.message == message and "src/messages/shop.py" in error.hint
    assert str(error).startswith(f"x.yaml:2: shop.stock: {message} [shop.no_stock]")


@pytest.mark.parametrize("code", ["nobody.knows", "../../etc.x", "a b.c", "", ".", "os.path"])
def test_a_code_of_nobody(code: str) -> None:
    assert f"`{code}`" in TengjiaError(code, found=1).message


def test_the_library_is_never_replaced(root: Path) -> None:
    before = text("data.no_examples", file="x").message
    (root / "src" / "messages" / "data.py").write_text(
        'from tengjia.messages import Message\nMESSAGES = {"data.no_examples": Message("x", "空")}\n', "utf-8"
    )
    assert text("data.no_examples", file="x").message == before
    assert faults_of_project(root) == ["data.py: the library has a catalogue of this name"]


def test_a_broken_catalogue_is_told_with_its_place(root: Path) -> None:
    (root / "src" / "messages" / "broken.py").write_text("MESSAGES = {\n", "utf-8")
    with pytest.raises(SyntaxError, match=r"broken\.py"):
        DataError("broken.code")


FAULTS = {
    '"shop.a": Message("x", "空")': [],
    '"shop.a": Message("{x}", "空 {x}", "{y}", "{y} 空")': [],
    '"shop.a": Message("x", "")': ["shop.a: said in one language only"],
    '"shop.a": Message("x", "空", "do")': ["shop.a: said in one language only"],
    '"shop.a": Message("x", "y")': ["shop.a: the Chinese words are not Chinese"],
    '"shop.a": Message("{x}", "空 {y}")': ["shop.a: named in one language only: x, y"],
    '"shop.a": Message("x", "空", "{x}", "空")': ["shop.a: named in one language only: x"],
    '"other.a": Message("x", "空")': ["other.a: not `shop.` and a name in small letters"],
    '"shop.A": Message("x", "空")': ["shop.A: not `shop.` and a name in small letters"],
}


@pytest.mark.parametrize("entry", FAULTS)
def test_faults_of_a_catalogue(root: Path, entry: str) -> None:
    head = "from tengjia.messages import Message\n\n"
    (root / "src" / "messages" / "shop.py").write_text(f"{head}MESSAGES = {{{entry}}}\n", "utf-8")
    assert faults_of_project(root) == FAULTS[entry]


def test_codes_that_are_raised_have_words(root: Path) -> None:
    file = root / "src" / "modules" / "shop.py"
    file.parent.mkdir()
    file.write_text(
        'raise DataError("shop.no_price")\nraise DataError("shop.no_prise", key="shop.price")\nopen("shop.json")\n',
        "utf-8",
    )
    assert faults_of_project(root) == [f"{file}:2: no words for shop.no_prise"]


def test_a_project_without_catalogues(tmp_path: Path) -> None:
    assert faults_of_project(tmp_path) == []
