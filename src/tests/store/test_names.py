"""At least 120 hostile names, at every door: each is refused, and nothing outside the store or the target is touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.errors import StoreError
from tengjia.store import ModelFile, PlacedStore
from tengjia.store import names as checks
from tengjia.store.manifest import File, make_manifest, read_manifest
from tengjia.store.sealed import digest_of, seal

from .conftest import files_of

EVERYWHERE = [
    "", " ", ".", "..", "...", "~", "~root", "-", "-rf", "--help",
    "../x", "../../x", "..\\x", "..\\..\\x", "a/../b", "a/../../b", "a/..", "./a", "a/./b", "a//b", "a/", "/a", "//a", "///etc/passwd",
    "/etc/passwd", "\\etc\\passwd", "\\\\server\\share", "//server/share", "C:", "C:x", "C:\\x", "C:/x", "c:/windows/system32", "\\\\?\\C:\\x",
    "\\\\.\\PhysicalDrive0", "file:///etc/passwd", "http://host/x", "s3://bucket/x",
    "%2e%2e", "%2e%2e%2f", "%2e%2e/x", "..%2fx", "..%5cx", "%252e%252e%252f", "%25252e", "%c0%ae%c0%ae/", "%uff0e%uff0e", "..%00/x", "%00", "a%0ab",
    "..;/x", "a;b", "a|b", "a&b", "a`id`", "$(id)", "${HOME}", "$HOME", "a>b", "a<b", "a*b", "a?b", "a[b]", "{a,b}", "a'b", 'a"b', "!a", "a#b", "#", "a#../../x",
    "?", "a?x=1", "a?../../x", "a:b", "a:$DATA", "a::$INDEX_ALLOCATION", "a\\b",
    "a\x00b", "\x00", "a\nb", "a\rb", "a\r\nSet-Cookie: x", "a\tb", "\x1b[2J", "a\x7fb", "a\x85b", "\u2028", "a\u202eb", "a\u200bb", "\ufeffa", "a\u2215b", "a\uff0fb",
    "\uff0e\uff0e/x", "\u2025", "a\u2044b", "\ud800", "e\u0301/..", "cafe\u0301/../x",
    "CON", "con", "NUL", "nul.txt", "PRN", "AUX", "aux.json", "COM1", "com9.tar.gz", "LPT1", "lpt9.x", "CONIN$", "CLOCK$", "COM\u00b9",
    "a.", "a..", "a ", " a", ".hidden", ".git", ".git/config", ".ssh/authorized_keys", ".bashrc", ".tengjia-x.1.00000000",
    "x" * 300, "x/" * 600 + "x", "\u4e91" * 100, "a" * 201, "/".join("abcdefghijklmnopqrst"),
    "a/CON/b", "a/nul", "a/.hidden", "a/ b", "a/b ", "a/b.", "a/-x", "a/..b/../../c", "dir/%2e%2e/x", "dir/#/x", "dir/?/x", "a/\x00/b",
]  # fmt: skip
"""Refused as model, version, alias, tag, path, and sub-folder."""

ONLY_NAMES = ["a/b", "a b", "名称", "a@b", "a,b", "a=b", "é", "a..b", "a" * 101, "(a)"]
"""Fine as a path, but not as the name of a model, version, alias or tag (except `..` and `+`, see below)."""

STRANGE = [None, 1, 1.0, True, b"a", ["a"], {"a": 1}, Path("a")]


def test_the_corpus_is_large_enough() -> None:
    assert len(set(EVERYWHERE) | set(ONLY_NAMES)) >= 120


@pytest.mark.parametrize(
    "check",
    [checks.check_model, checks.check_version, checks.check_alias, checks.check_tag, checks.check_reference],
    ids=lambda f: f.__name__,
)
def test_names(check: Callable[[object], str]) -> None:
    for name in [*EVERYWHERE, *ONLY_NAMES, *STRANGE]:
        with pytest.raises(StoreError) as error:
            check(name)
        assert error.value.code == "store.bad_name", name
        assert str(error.value).isprintable() or "\n    " in str(error.value)
        assert "\x1b" not in str(error.value) and "\x00" not in str(error.value)


def test_paths() -> None:
    for path in [*EVERYWHERE, *STRANGE]:
        with pytest.raises(StoreError, match="cannot be the path"):
            checks.check_path(path)
    for path in ["a/b", "a b", "模型 说明.txt", "a@b", "a,b", "a=b+c", "é", "a..b", "(a)", "x" * 200, "_x/y-z"]:
        assert checks.check_path(path) == path


@pytest.mark.parametrize(
    "name", ["1.0", "v2-beta", "2026.11.21", "1.0+cpu", "model_name", "model_version", "_x", "A" * 100, "0"]
)
def test_sane_versions_are_fine(name: str) -> None:
    assert checks.check_version(name) == checks.check_reference(name) == checks.check_tag(name) == name


@pytest.mark.parametrize("digest", ["", "a" * 63, "A" * 64, "g" * 64, "../" + "a" * 61, "a" * 64 + "\n", None, 1])
def test_digests(digest: object) -> None:
    with pytest.raises(StoreError, match="is no SHA-256"):
        checks.check_digest(digest)


@pytest.mark.parametrize(
    "paths",
    [["a", "A"], ["straße", "strasse"], ["a", "a/b"], ["a/b", "A/c"], ["A/x/1", "a/y/2"], ["é", "É"], ["a", "a"], ["x/y", "X"], ["ſ", "s"]],
    ids=str,
)  # fmt: skip
def test_paths_that_are_one_file_elsewhere(paths: list[str]) -> None:
    with pytest.raises(StoreError) as error:
        checks.check_distinct(paths)
    assert error.value.code == "store.case_clash"


def surroundings(folder: Path) -> dict[str, bytes]:
    return {path: content for path, content in files_of(folder).items() if not path.startswith(("store/", "cache/"))}


@pytest.mark.parametrize("number", range(0, len(EVERYWHERE), 8))
def test_at_every_door(number: int, store: PlacedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file.txt"
    file.write_text("content")
    store.push("ner", "1.0", {"file.txt": file})
    (tmp_path / "workspace").mkdir()
    monkeypatch.chdir(tmp_path / "workspace")
    before, inside = surroundings(tmp_path), store.state("ner").number
    pipe = ModelFile("ner", "2.0", tmp_path / "store").filepipe()
    for name in EVERYWHERE[number : number + 8]:
        doors: list[Callable[[str], object]] = [
            lambda name: store.push(name, "1.0", file),
            lambda name: store.push("ner", name, file),
            lambda name: store.push("ner", "3.0", {name: file}),
            lambda name: store.add("ner", "3.0", {name: file}),
            lambda name: store.drop("ner", "1.0", [name]),
            lambda name: store.alias("ner", name, "1.0"),
            lambda name: store.alias("ner", "live", name),
            lambda name: store.tag("ner", "1.0", add=[name]),
            lambda name: store.publish("ner", name),
            lambda name: store.remove("ner", name),
            lambda name: store.resolve("ner", name),
            lambda name: store.pull("ner", name, tmp_path / "out"),
            lambda name: store.pull(name, "1.0", tmp_path / "out"),
            lambda name: store.pull_files("ner", "1.0", [name], tmp_path / "out"),
            lambda name: store.versions(name),
            lambda name: ModelFile(name, "1.0", tmp_path / "store").filepipe(),
            lambda name: ModelFile("ner", name, tmp_path / "store").filepipe(),
            lambda name: pipe.pull_file(name, tmp_path / "out"),
            lambda name: pipe.delete_files_local([name], confirm=False),
        ]
        if name not in {"", "a/"}:  # as a sub-folder, these are none and `a`
            doors.append(lambda name: pipe.import_file(file, subdir=name))
        for door in doors:
            with pytest.raises(StoreError):
                pytest.fail(f"{name!r} gives {door(name)!r}")
    assert surroundings(tmp_path) == before
    assert store.models() == ["ner"] and store.state("ner").number == inside


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_strangers_manifest(path: str) -> None:
    rows = [[path, 1, "0" * 64, 0, ""]]
    try:
        content = seal({"format": 1, "files": rows, "lineage": {}, "raw_text": False})
    except UnicodeEncodeError:
        return  # no JSON file can say this
    with pytest.raises(StoreError):
        read_manifest(content, digest_of(content))


@pytest.mark.parametrize(
    "value",
    [
        {"format": 2, "files": [], "lineage": {}, "raw_text": False},
        {"format": 1, "files": {}, "lineage": {}, "raw_text": False},
        {"format": 1, "files": [["a", -1, "0" * 64, 0, ""]], "lineage": {}, "raw_text": False},
        {"format": 1, "files": [["a", True, "0" * 64, 0, ""]], "lineage": {}, "raw_text": False},
        {"format": 1, "files": [["a", 1, "0" * 64, 0, "../x"]], "lineage": {}, "raw_text": False},
        {"format": 1, "files": [["a", 1, "../x", 0, ""]], "lineage": {}, "raw_text": False},
        {"format": 1, "files": [["a", 1, "0" * 64, 0]], "lineage": {}, "raw_text": False},
        {
            "format": 1,
            "files": [["a", 1, "0" * 64, 0, ""], ["A", 1, "0" * 64, 0, ""]],
            "lineage": {},
            "raw_text": False,
        },
        {"format": 1, "files": [], "lineage": [], "raw_text": False},
        {"format": 1, "files": [], "lineage": {}},
        {},
    ],
    ids=str,
)
def test_manifests_that_make_no_sense(value: dict[str, object]) -> None:
    content = seal(value)
    with pytest.raises(StoreError):
        read_manifest(content, digest_of(content))


@given(st.lists(st.text(max_size=20), max_size=6))
def test_a_path_that_passes_stays_inside(parts: list[str]) -> None:
    path = "/".join(parts)
    try:
        checks.check_path(path)
    except StoreError:
        return
    assert os.path.normpath(f"/root/of/all/{path}") == f"/root/of/all/{path}"
    assert path.isprintable() and "\\" not in path


@given(st.binary(max_size=300))
def test_no_bytes_make_a_manifest(content: bytes) -> None:
    with pytest.raises(StoreError):
        read_manifest(content, digest_of(content))


def test_a_manifest_is_the_same_for_the_same_files() -> None:
    files = [File("b", 1, "1" * 64, 5), File("a", 2, "2" * 64, 6)]
    one = make_manifest(files, {"run": "x"}, raw_text=False)
    other = make_manifest(files[::-1], {"run": "x"}, raw_text=False)
    assert one.digest == other.digest and read_manifest(one.encoded(), one.digest) == one


class TestLinksInAStore:
    """Who may write to the folder of a store by hand could plant links there."""

    @pytest.mark.parametrize("key", ["objects", "models", "models/ner", "models/ner/log", "temporary"])
    def test_folders(self, key: str, store: PlacedStore, tmp_path: Path) -> None:
        file, outside = tmp_path / "file.txt", tmp_path / "outside"
        file.write_text("content")
        outside.mkdir()
        (tmp_path / "store" / key).parent.mkdir(parents=True)
        from tengjia.store.sealed import seal

        (tmp_path / "store/store.json").write_bytes(seal({"format": 1, "grace": 1.0}))
        (tmp_path / "store" / key).symlink_to(outside)
        with pytest.raises(StoreError, match="only a plain file can be"):
            store.push("ner", "1.0", file)
        assert files_of(outside) == {}

    def test_files(self, store: PlacedStore, tmp_path: Path) -> None:
        file = tmp_path / "file.txt"
        file.write_text("content")
        store.push("ner", "1.0", {"file.txt": file})
        digest = store.manifest("ner").files[0].sha256
        path = tmp_path / f"store/objects/{digest[:2]}/{digest}"
        path.unlink()
        path.symlink_to(file)  # even the right content
        with pytest.raises(StoreError, match="only a plain file can be"):
            store.pull("ner", "1.0", tmp_path / "out")
        os.mkfifo(tmp_path / "pipe")
        path.unlink()
        (tmp_path / "pipe").rename(path)
        with pytest.raises(StoreError, match="only a plain file can be"):
            store.pull("ner", "1.0", tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_what_a_message_shows_of_a_strangers_value():
    assert checks.shown(Path("/数据/模型")) == "/数据/模型", "a path is told as people write it"
    assert checks.shown("a\x1b[31m\u202eb\udc80\n") == "a\\x1b[31m\\u202eb\\udc80\\n"
    assert checks.shown(3) == "3" and len(checks.shown("x" * 500)) == 120
