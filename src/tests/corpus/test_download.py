"""Downloads against a real server on this machine that misbehaves in every way we could think of."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tengjia.data import download
from tengjia.data.datasets.resume_ner import ResumeNER
from tengjia.data.download import Options, fetch, get, sources, state
from tengjia.data.sources import Source, SourceFile
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault

CONTENT = bytes(range(256)) * 1200
OPTIONS = Options(timeout=5, wait=0.001)


class Server(ThreadingHTTPServer):
    """Serves `content` at every path, as its switches say."""

    content = CONTENT
    tag = '"one"'
    ranges = True
    drop_after: int | None = None
    """Close the connection after so many bytes of a body ..."""
    drops = 0
    """... so many times."""
    answers: list[int]
    """Statuses to give before a proper answer."""
    redirect: str | None = None
    wrong_range = False
    endless = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        server = self.server
        server.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        if server.answers:
            return self.plain(server.answers.pop(0))
        if server.redirect:
            return self.plain(302, Location=server.redirect)
        start = self.start()
        if start is not None and start >= len(server.content):
            return self.plain(416)
        self.send_response(200 if start is None else 206)
        body = server.content[start or 0 :]
        if start is not None:
            told = start + 1 if server.wrong_range else start
            self.send_header("Content-Range", f"bytes {told}-{len(server.content) - 1}/{len(server.content)}")
        if not server.endless:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", server.tag)
        self.send_header("Content-Disposition", 'attachment; filename="../../evil"')
        self.end_headers()
        if server.drops:
            server.drops -= 1
            body = body[: server.drop_after]
        self.wfile.write(body)

    def start(self) -> int | None:
        asked = self.headers.get("Range")
        if not asked or not self.server.ranges or self.headers.get("If-Range", self.server.tag) != self.server.tag:
            return None
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def plain(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    running.answers, running.requests = [], []
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def wanted(content: bytes = CONTENT, name: str = "data.txt") -> SourceFile:
    return SourceFile(name, "http://127.0.0.1:9/unused", hashlib.sha256(content).hexdigest(), len(content))


def ranges(server: Server) -> list[str | None]:
    return [headers.get("Range") for _, headers in server.requests]


def listing(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_file_arrives_whole_and_alone(server, tmp_path):
    fetch(wanted(), tmp_path / "corpus", server.url, OPTIONS)
    assert (tmp_path / "corpus/data.txt").read_bytes() == CONTENT
    assert listing(tmp_path / "corpus") == ["data.txt"]
    assert listing(tmp_path) == ["corpus"], "the server's own name for the file is not heeded"


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    for _ in range(2):
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert len(server.requests) == 1


def test_a_dropped_connection_is_continued_where_it_broke(server, tmp_path):
    server.drops, server.drop_after = 3, 70_000
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert (tmp_path / "data.txt").read_bytes() == CONTENT
    assert ranges(server) == [None, "bytes=70000-", "bytes=140000-", "bytes=210000-"]
    assert server.requests[1][1]["If-Range"] == '"one"'


def test_a_later_call_continues_what_an_earlier_one_kept(server, tmp_path):
    server.drops, server.drop_after = 1, 1000
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, Options(attempts=1))
    assert caught.value.code == "corpus.unreachable"
    assert f"1000 of {len(CONTENT)} bytes are there and kept" in caught.value.message
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert ranges(server) == [None, "bytes=1000-"]
    assert listing(tmp_path) == ["data.txt"]


def test_another_version_on_the_server_is_fetched_from_its_beginning(server, tmp_path):
    server.content, server.tag = CONTENT[::-1], '"other"'
    server.drops, server.drop_after = 1, 1000
    with pytest.raises(DataError):
        fetch(wanted(), tmp_path, server.url, Options(attempts=1))
    server.content, server.tag = CONTENT, '"one"'
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert (tmp_path / "data.txt").read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_a_mixture_of_two_versions_is_found_out_and_fetched_anew(server, tmp_path):
    part = tmp_path / ".tengjia-data.txt.part"
    part.write_bytes(b"other" * 100)
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert (tmp_path / "data.txt").read_bytes() == CONTENT
    assert ranges(server) == ["bytes=500-", None]


@pytest.mark.parametrize("notes", ["", "{", "[]", '{"url": 1}', '{"url": "elsewhere", "validator": "x"}'])
def test_damaged_notes_do_no_harm(server, tmp_path, notes):
    (tmp_path / ".tengjia-data.txt.part").write_bytes(CONTENT[:10])
    (tmp_path / ".tengjia-data.txt.part.json").write_text(notes)
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert ranges(server) == ["bytes=10-"]
    assert listing(tmp_path) == ["data.txt"]


def test_a_server_without_ranges_starts_over(server, tmp_path):
    server.ranges, server.drops, server.drop_after = False, 2, 1000
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert (tmp_path / "data.txt").read_bytes() == CONTENT


def test_a_server_that_always_drops_is_given_up(server, tmp_path):
    server.ranges, server.drops, server.drop_after = False, 99, 1000
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.unreachable"
    assert len(server.requests) <= OPTIONS.attempts + 1


def test_a_partial_file_longer_than_the_file_is_dropped(server, tmp_path):
    (tmp_path / ".tengjia-data.txt.part").write_bytes(CONTENT + b"more")
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert (tmp_path / "data.txt").read_bytes() == CONTENT


def test_a_shorter_file_on_the_server_is_not_taken(server, tmp_path):
    (tmp_path / ".tengjia-data.txt.part").write_bytes(CONTENT[:2000])
    server.content = CONTENT[:1000]
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.unreachable"
    assert not (tmp_path / "data.txt").exists()


def test_a_wrong_range_is_not_joined(server, tmp_path):
    (tmp_path / ".tengjia-data.txt.part").write_bytes(CONTENT[:2000])
    server.wrong_range = True
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert (tmp_path / "data.txt").read_bytes() == CONTENT
    assert ranges(server) == ["bytes=2000-", None]


def test_a_wrong_hash_is_refused_and_nothing_kept(server, tmp_path):
    server.content = b"x" * len(CONTENT)
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.wrong_content"
    assert wanted().sha256 in caught.value.message
    assert len(server.requests) == 2
    assert listing(tmp_path) == []


@pytest.mark.parametrize("endless", [False, True])
def test_more_than_the_file_has_is_not_swallowed(server, tmp_path, endless):
    server.content, server.endless = CONTENT * 2, endless
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.too_long"
    assert (tmp_path / ".tengjia-data.txt.part").stat().st_size <= len(CONTENT)


def test_a_busy_server_is_asked_again(server, tmp_path):
    server.answers = [503, 429, 500]
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_is_told_at_once(server, tmp_path, status):
    server.answers = [status]
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.not_served"
    assert f"answers {status} for {server.url}" in caught.value.message
    assert "TENGJIA_MIRROR" in caught.value.hint
    assert len(server.requests) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/"])
def test_redirects_to_another_protocol_are_refused(server, tmp_path, target):
    server.redirect = target
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.bad_redirect"
    assert target in caught.value.message
    assert not (tmp_path / "data.txt").exists()


def test_redirects_within_the_protocol_are_followed(server, tmp_path):
    second = Server(("127.0.0.1", 0), Handler)
    second.answers, second.requests, second.redirect = [], [], server.url
    thread = threading.Thread(target=second.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fetch(wanted(), tmp_path, second.url, OPTIONS)
    second.shutdown()
    thread.join()
    second.server_close()
    assert (tmp_path / "data.txt").read_bytes() == CONTENT


def test_redirects_in_a_circle_end(server, tmp_path):
    server.redirect = server.url
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.not_served"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://host/x", "/etc/passwd", "data:text/plain,x", "http:///x"]
)
def test_only_web_addresses_are_opened(tmp_path, address):
    with pytest.raises(ConfigurationError) as caught:
        fetch(wanted(), tmp_path, address, OPTIONS)
    assert caught.value.code == "corpus.bad_address"


def test_without_a_network_it_says_what_to_do(tmp_path):
    closed = Server(("127.0.0.1", 0), Handler)
    url = closed.url
    closed.server_close()
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, url, Options(attempts=2, wait=0.001, timeout=2))
    assert caught.value.code == "corpus.unreachable"
    assert "TENGJIA_MIRROR" in caught.value.hint
    assert "by hand" in caught.value.hint


def test_another_file_in_the_way_is_left_alone(server, tmp_path):
    (tmp_path / "data.txt").write_text("mine")
    with pytest.raises(DataError) as caught:
        fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.other_content"
    assert (tmp_path / "data.txt").read_text() == "mine"
    assert server.requests == []


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../b", "a//b", "a/", "..", ".", "", "a\\b", "C:evil"])
def test_names_that_lead_elsewhere_are_refused(server, tmp_path, name):
    with pytest.raises(DataError) as caught:
        fetch(wanted(name=name), tmp_path, server.url, OPTIONS)
    assert caught.value.code == "corpus.bad_name"


def test_a_folder_that_cannot_be_made_is_no_traceback(server, tmp_path):
    (tmp_path / "corpus").write_text("a file")
    with pytest.raises(EnvironmentFault) as caught:
        fetch(wanted(), tmp_path / "corpus", server.url, OPTIONS)
    assert caught.value.code == "corpus.cannot_write"


def test_a_full_disk_keeps_what_came(server, tmp_path, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(download.os, "fsync", full)
        with pytest.raises(EnvironmentFault, match="No space left on device"):
            fetch(wanted(), tmp_path, server.url, OPTIONS)
    fetch(wanted(), tmp_path, server.url, OPTIONS)
    assert listing(tmp_path) == ["data.txt"]


@pytest.fixture
def small_corpus(monkeypatch) -> Source:
    """`resume_ner`, but its three files are ours and small."""
    files = tuple(wanted(f"content of {f.name}".encode(), f.name) for f in ResumeNER.source.files)
    source = Source("resume_ner", "resume_ner", "", "", "", "", files)
    monkeypatch.setattr(ResumeNER, "source", source)
    return source


class PathHandler(Handler):
    """Serves the name of the file that was asked for."""

    def do_GET(self) -> None:
        self.server.content = f"content of {self.path.rpartition('/')[2]}".encode()
        super().do_GET()


def test_get_takes_all_files_from_the_mirror(server, tmp_path, small_corpus, monkeypatch):
    server.RequestHandlerClass = PathHandler
    monkeypatch.setenv("TENGJIA_MIRROR", f"http://127.0.0.1:{server.server_port}/mirror/")
    assert state(small_corpus, tmp_path) == "absent"
    folder = get("resume_ner", tmp_path, OPTIONS)
    assert folder == tmp_path / "resume_ner"
    assert listing(folder) == ["dev.char.bmes", "test.char.bmes", "train.char.bmes"]
    assert [path for path, _ in server.requests] == [f"/mirror/resume_ner/{f.name}" for f in small_corpus.files]
    assert state(small_corpus, tmp_path) == "present"
    (folder / "dev.char.bmes").unlink()
    assert state(small_corpus, tmp_path) == "partial"


def test_two_at_once_do_not_spoil_each_other(server, tmp_path, small_corpus, monkeypatch):
    server.RequestHandlerClass = PathHandler
    monkeypatch.setenv("TENGJIA_MIRROR", f"http://127.0.0.1:{server.server_port}/")
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(lambda _: get("resume_ner", tmp_path, OPTIONS), range(4)))
    assert state(small_corpus, tmp_path) == "present"
    assert listing(folders[0]) == ["dev.char.bmes", "test.char.bmes", "train.char.bmes"]
    assert len(server.requests) == 3


def test_an_unknown_corpus_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        get("resume_nre", tmp_path)
    assert caught.value.code == "corpus.no_source"
    assert "nearest: resume_ner" in caught.value.message


def test_every_source_is_complete():
    found = sources()
    assert {"resume_ner", "cluener2020", "bc5cdr"} <= set(found)
    for name, source in found.items():
        assert source.name == name
        assert source.origin.startswith("https://") and source.licence and source.citation and source.about
        for file in source.files:
            assert file.url.startswith("https://") and len(file.sha256) == 64 and file.size > 0
