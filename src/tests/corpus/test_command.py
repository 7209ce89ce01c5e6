"""`tengjia data list|get` as a user types it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tengjia.command.main import main
from tengjia.data.datasets.resume_ner import ResumeNER
from tengjia.data.sources import Source, SourceFile


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A web server with a copy of a dataset_root that holds a small `resume_ner`."""
    folder = tmp_path / "mirror" / "resume_ner"
    folder.mkdir(parents=True)
    files = []
    for file in ResumeNER.source.files:
        content = f"{file.name}\n".encode() * 50
        (folder / file.name).write_bytes(content)
        files.append(SourceFile(file.name, "", hashlib.sha256(content).hexdigest(), len(content)))
    monkeypatch.setattr(
        ResumeNER, "source", Source("resume_ner", "resume_ner", "about", "from", "free", "us", tuple(files))
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder.parent)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_get_and_list(tmp_path, mirror, capsys):
    root = tmp_path / "datasets"
    assert main(["data", "--root", str(root), "get", "resume_ner", "--mirror", mirror]) == 0
    assert "all files verified" in capsys.readouterr().out
    assert main(["data", "--root", str(root), "list"]) == 0
    out = capsys.readouterr().out
    assert "resume_ner  (present" in out and "bc5cdr  (not fetched" in out and "licence   free" in out
    assert main(["data", "--root", str(root), "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["resume_ner"]["state"] == "present" and listed["cluener2020"]["state"] == "absent"


def test_the_mirror_of_the_environment_and_the_root_of_the_project(tmp_path, mirror, monkeypatch, capsys):
    (tmp_path / "config_project.yaml").write_text("app: a\ntask: t\ndataset_root: corpora\n")
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    monkeypatch.setenv("TENGJIA_MIRROR", mirror)
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert main(["data", "get", "resume_ner"]) == 0
    assert "全部文件已校验" in capsys.readouterr().out
    assert (tmp_path / "corpora/resume_ner/train.char.bmes").is_file()


def test_the_mirror_of_the_project(tmp_path, mirror, monkeypatch, capsys):
    """The file comes after the environment, which comes after the option."""
    project = tmp_path / "config_project.yaml"
    project.write_text(f"app: a\ntask: t\ndataset_root: corpora\nmirror: {mirror}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENGJIA_MIRROR", "file:///etc")
    assert main(["data", "get", "resume_ner"]) == 2
    monkeypatch.delenv("TENGJIA_MIRROR")
    assert main(["data", "get", "resume_ner"]) == 0
    assert (tmp_path / "corpora/resume_ner/train.char.bmes").is_file()
    project.write_text("app: a\ntask: t\nmirror: 5\n")
    capsys.readouterr()
    assert main(["data", "get", "resume_ner"]) == 2
    assert "config_project.yaml: mirror: `5` is no web address" in capsys.readouterr().err
    project.write_text("app: a\n\tmirror: 5\n")
    assert main(["data", "get", "resume_ner"]) == 2
    assert "indented by a tab" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "mirror_address", "code", "words"),
    [
        ("resume_nr", "http://127.0.0.1:9", 2, "nearest: resume_ner"),
        ("resume_ner", "file:///etc", 2, "is no web address"),
        ("bc5cdr", "http://127.0.0.1:9", 3, "bring the file to its place by hand"),
    ],
)
def test_what_goes_wrong_is_told_with_an_exit_code(tmp_path, capsys, monkeypatch, name, mirror_address, code, words):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert main(["data", "--root", str(tmp_path), "get", name, "--mirror", mirror_address]) == code
    assert words in capsys.readouterr().err


def test_listing_needs_nothing_heavy():
    code = (
        "import sys; from tengjia.command.main import main; main(['data', '--root', '.', 'list']);"
        "heavy = {'torch', 'numpy', 'transformers', 'pandas', 'matplotlib', 'pyarrow'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parent)
    assert done.returncode == 0, done.stderr
