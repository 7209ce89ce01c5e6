"""The program of the seed's tutorial, with only its import changed (and its placeholder `/your/path`, which is the reader's)."""

from __future__ import annotations

import runpy
from datetime import datetime
from hashlib import md5, sha256
from pathlib import Path

import pytest

from tengjia.errors import StoreError
from tengjia.store import APILocal, ModelFile, ModelPipe, PlacedStore, Store, list_profiles

from .conftest import files_of, write_model

PROGRAM = """
from tengjia.store import ModelFile,list_profiles,APILocal

test = ModelFile(model_name = "model_name",version = "model_version",center_path=None)
pipe=test.filepipe()

pipe.import_file("model.db",subdir=None,move=False)
pipe.import_dir("local_model_workspace",subdir=None,move=False)

pipe.scan_local(include="*.py",sortby='mod',attributes=True)
pipe.dir
pipe.filerepo

pipe.pull_file("center_file","model_workspace_path")
pipe.pull_dir("model_workspace_path")
pipe.delete_files_local(files=['model_files'], confirm=False, delete_all=None, ignore_errors=False)
pipe.config

APILocal(profile="model_name",filecfg="/your/path/cfg.json").list_local_pipes()

list_profiles()
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    (folder / "local_model_workspace" / "code").mkdir(parents=True)
    (folder / "model.db").write_bytes(b"database")
    for name in ("center_file", "model_files", "setup.py", "code/train.py"):
        (folder / "local_model_workspace" / name).write_text(f"# {name}\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return folder


def test_the_program_of_the_tutorial(workspace: Path, tmp_path: Path) -> None:
    center = tmp_path / "home/.tengjia/store"
    program = PROGRAM.replace("/your/path", str(center))
    (tmp_path / "tutorial.py").write_text(program, "utf-8")
    pipe = runpy.run_path(str(tmp_path / "tutorial.py"))["pipe"]
    assert isinstance(pipe, ModelPipe)
    assert files_of(workspace / "model_workspace_path").keys() == {
        "center_file",
        "model.db",
        "model_files",
        "setup.py",
        "code/train.py",
    }
    assert pipe.scan_local() == ["center_file", "code/train.py", "model.db", "setup.py"]
    assert APILocal("model_name", center / "cfg.json").list_local_pipes() == ["model_version"]
    assert list_profiles().keys() == {"model_name"}
    assert set(list_profiles()["model_name"]) == {"filerepo", "server", "filereporoot", "filedb", "key"}
    assert list_profiles()["model_name"] == pipe.config
    assert (workspace / "model.db").exists(), "copied, not moved"


@pytest.fixture
def pipe(workspace: Path, tmp_path: Path) -> ModelPipe:
    return ModelFile("model_name", "1.0", tmp_path / "center").filepipe()


def test_scan_tells_what_the_tutorial_shows(pipe: ModelPipe) -> None:
    pipe.import_file("model.db")
    pipe.import_dir("local_model_workspace")
    rows, names = pipe.scan_local(include="*.py", sortby="mod", attributes=True)
    assert names == [row["filename"] for row in rows] == ["setup.py", "code/train.py"]
    content = Path("local_model_workspace/setup.py").read_bytes()
    found = Path("local_model_workspace/setup.py").stat()
    assert rows[0] == {
        "filename": "setup.py",
        "modified_at": datetime.fromtimestamp(found.st_mtime_ns / 1e9),
        "size": len(content),
        "crc": md5(content).hexdigest(),
        "sha256": sha256(content).hexdigest(),
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["a/b.txt", "c.py", "d.json"]),
        ({"sortby": "name"}, ["a/b.txt", "c.py", "d.json"]),
        ({"sortby": "size"}, ["d.json", "c.py", "a/b.txt"]),
        ({"sortby": "mod"}, ["c.py", "d.json", "a/b.txt"]),
        ({"include": "*.py|*.json"}, ["c.py", "d.json"]),
        ({"exclude": "a/*"}, ["c.py", "d.json"]),
        ({"include": "*.zip"}, []),
    ],
    ids=str,
)
def test_scan_chooses_and_sorts(options: dict[str, str], expected: list[str], pipe: ModelPipe, tmp_path: Path) -> None:
    import os

    folder = tmp_path / "some"
    (folder / "a").mkdir(parents=True)
    for path, size, time in (("a/b.txt", 30, 3), ("c.py", 20, 1), ("d.json", 10, 2)):
        (folder / path).write_bytes(bytes(size))
        os.utime(folder / path, (time, time))
    pipe.import_dir(folder)
    assert pipe.scan_local(**options) == expected
    with pytest.raises(StoreError, match="is no order of files; there are: name, mod, size"):
        pipe.scan_local(sortby="modified")


def test_folders_and_moves(pipe: ModelPipe, tmp_path: Path) -> None:
    pipe.import_file("model.db", subdir="data/old", move=True)
    assert not Path("model.db").exists()
    pipe.import_dir("local_model_workspace", subdir="code", move=True)
    pipe.import_dir(write_model(tmp_path / "m"), subdir="code")
    pipe.import_dir(tmp_path / "m", subdir="code")  # a second time: replaced, not broken
    assert not Path("local_model_workspace").exists()
    assert "data/old/model.db" in pipe.scan_local() and "code/code/train.py" in pipe.scan_local()


@pytest.mark.parametrize("version", ["1.0", "v2-beta", "model_version", "2026.11"])
def test_any_sane_version(version: str, workspace: Path, tmp_path: Path) -> None:
    pipe = ModelFile("my_model", version, tmp_path / "center").filepipe()
    pipe.import_file("model.db")
    assert (Path(pipe.dir) / "model.db").read_bytes() == b"database"
    assert pipe.dir.startswith(pipe.filerepo) and pipe.dir.endswith("/")


def test_the_folder_follows_the_version(pipe: ModelPipe) -> None:
    assert files_of(Path(pipe.dir)) == {}
    pipe.import_file("model.db")
    first = pipe.dir
    Path("model.db").write_bytes(b"newer")
    pipe.import_file("model.db")
    assert files_of(Path(pipe.dir)) == {"model.db": b"newer"}
    assert files_of(Path(first)) == {"model.db": b"database"}


class TestDefectsOfTheSeed:
    """Section 3.6 of the inventory: each is impossible here."""

    def test_deleting_says_what(self, pipe: ModelPipe) -> None:
        pipe.import_dir("local_model_workspace")
        everything = pipe.scan_local()
        for options, code in (
            ({"confirm": False}, "store.delete_what"),
            ({"files": ["setup.py"], "delete_all": True, "confirm": False}, "store.delete_what"),
            ({"files": ["setup.py"]}, "store.not_confirmed"),
            ({"files": ["setup.py", "nothing"], "confirm": False}, "store.no_such_file"),
        ):
            with pytest.raises(StoreError) as error:
                pipe.delete_files_local(**options)
            assert error.value.code == code
            assert pipe.scan_local() == everything
        pipe.delete_files_local(["setup.py", "nothing"], confirm=False, ignore_errors=True)
        assert pipe.scan_local() == [name for name in everything if name != "setup.py"]
        pipe.delete_files_local(delete_all=True, confirm=False)
        assert pipe.scan_local() == []

    def test_deleting_every_file_removes_the_version(self, pipe: ModelPipe) -> None:
        pipe.import_file("model.db")
        pipe.delete_files_local(["model.db"], confirm=False)
        assert pipe.scan_local() == [] and pipe.store.versions("model_name") == []

    def test_two_models_do_not_mix(self, workspace: Path, tmp_path: Path) -> None:
        one, other = (ModelFile(name, "1", tmp_path / "center").filepipe() for name in ("one", "other"))
        one.import_file("model.db")
        assert other.scan_local() == [] and one.scan_local() == ["model.db"]

    def test_a_published_version_cannot_be_overwritten(self, pipe: ModelPipe) -> None:
        pipe.import_file("model.db")
        pipe.store.publish("model_name", "1.0")
        Path("model.db").write_bytes(b"other")
        with pytest.raises(StoreError, match="is published and cannot change"):
            pipe.import_file("model.db", move=True)
        assert Path("model.db").exists(), "moved only what is safely in the store"

    def test_a_scan_reads_contents_once(self, pipe: ModelPipe, monkeypatch: pytest.MonkeyPatch) -> None:
        pipe.import_dir("local_model_workspace")
        first = pipe.scan_local(attributes=True)
        monkeypatch.setattr(pipe.store.objects, "open", None)
        assert pipe.scan_local(attributes=True)[0] == first[0]  # manifests and MD5 are remembered

    def test_pull_dir_into_a_folder_with_folders(self, pipe: ModelPipe) -> None:
        pipe.import_dir("local_model_workspace")
        Path("target/code").mkdir(parents=True)
        Path("target/code/mine.py").write_text("mine")
        pipe.pull_dir("target")
        pipe.pull_dir("target")
        assert Path("target/code/mine.py").read_text() == "mine" and Path("target/code/train.py").exists()

    def test_pull_with_move(self, pipe: ModelPipe) -> None:
        pipe.import_dir("local_model_workspace")
        pipe.pull_file("code/train.py", "target", move=True)
        assert files_of(Path("target")).keys() == {"train.py"} and "code/train.py" not in pipe.scan_local()
        pipe.pull_dir("rest", move=True)
        assert len(files_of(Path("rest"))) == 3 and pipe.scan_local() == []

    def test_nothing_is_printed_or_asked(self, pipe: ModelPipe, capsys: pytest.CaptureFixture[str]) -> None:
        pipe.import_dir("local_model_workspace")
        pipe.pull_dir("target")
        list_profiles(pipe.store.url)
        assert capsys.readouterr() == ("", "")

    def test_an_unknown_model_makes_nothing(self, workspace: Path, tmp_path: Path) -> None:
        (tmp_path / "center").mkdir()
        with pytest.raises(StoreError, match="there is no model `nothing`"):
            APILocal("nothing", tmp_path / "center" / "cfg.json").list_local_pipes()
        with pytest.raises(StoreError, match="there is no folder"):
            APILocal("nothing", tmp_path / "nowhere" / "cfg.json")
        assert list((tmp_path / "center").iterdir()) == [] and not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("how", ["environment", "project", "home"])
def test_where_the_store_is(how: str, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = tmp_path / "home/.tengjia/store"
    if how == "environment":
        expected = tmp_path / "said"
        monkeypatch.setenv("TENGJIA_STORE", str(expected))
    elif how == "project":
        (workspace / "config_project.yaml").write_text("store: data/store\n")
        (workspace / "inner").mkdir()
        monkeypatch.chdir(workspace / "inner")
        expected = workspace / "data/store"
    store = Store.open()
    assert isinstance(store, PlacedStore) and store.url == str(expected)
