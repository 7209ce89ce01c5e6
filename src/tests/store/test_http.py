"""A store behind a server: everything as in a folder, lines that are cut, strangers, tokens, certificates."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tengjia.errors import StoreError
from tengjia.store import PlacedStore, Store
from tengjia.store.http.client import open_remote
from tengjia.store.http.server import StoreServer
from tengjia.store.tokens import add_token

from .conftest import files_of, write_model
from .serving import code_of, remote

pytestmark = pytest.mark.slow


class TestAsInAFolder:
    def test_push_publish_alias_pull(
        self, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path
    ) -> None:
        there = remote(server, note="张三")
        assert there.models() == []
        pushed = there.push("ner", "1.0", model)
        assert pushed.by.startswith("张三 (") and pushed == store.resolve("ner", "1.0")
        assert there.push("ner", "1.0", model) == pushed
        there.push("ner", "1.0", write_model(model, "two"))
        there.add("ner", "1.1", {"a/b.json": model / "config.json"})
        there.publish("ner", "1.0")
        there.alias("ner", "production", "1.0")
        there.tag("ner", "1.0", add=["a"])
        there.note("ner", "1.0", "好")
        assert there.pull("ner", "production", tmp_path / "out").tags == ("a",)
        assert files_of(tmp_path / "out") == files_of(model)
        assert code_of(lambda: there.push("ner", "1.0", write_model(model, "three"))) == "store.published"
        assert code_of(lambda: there.resolve("ner", "2")) == "store.no_version"
        assert code_of(lambda: there.versions("other")) == "store.no_model"
        assert [event["event"] for event in there.history("ner")] == [event["event"] for event in store.history("ner")]
        assert there.diff("ner", "1.0", "1.1")
        there.remove("ner", "1.1")
        assert store.verify().problems == [] and there.models() == ["ner"]
        assert there.state("ner") == store.state("ner")

    def test_the_calls_of_the_seed(
        self, server: StoreServer, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tengjia.store import APILocal, ModelFile, list_profiles

        monkeypatch.setenv("TENGJIA_STORE_TOKEN", add_token(server.service.store, "write")[1])
        pipe = ModelFile("model_name", "1.0", server.url).filepipe()
        pipe.import_dir(model)
        assert len(pipe.scan_local(attributes=True)[0]) == 4
        pipe.pull_dir(tmp_path / "out")
        assert files_of(tmp_path / "out") == files_of(Path(pipe.dir)) == files_of(model)
        assert list(list_profiles(server.url)) == ["model_name"]
        assert APILocal("model_name", server.url).list_local_pipes() == ["1.0"]

    def test_a_bundle_changed_through_a_server(self, server: StoreServer, store: PlacedStore, tmp_path: Path) -> None:
        """Whether raw text is inside is looked at again, in files that are not sent."""
        from src.tests.bundle.sample import write_sample_bundle

        there = remote(server, "write")
        there.push("ner", "1", write_sample_bundle(tmp_path / "bundle"))
        (tmp_path / "notes.txt").write_text("notes")
        there.add("ner", "1", {"notes.txt": tmp_path / "notes.txt"})
        assert there.drop("ner", "1", ["notes.txt"]).raw_text
        assert store.verify().problems == []

    def test_many_writers(self, server: StoreServer, store: PlacedStore, model: Path) -> None:
        failures: list[BaseException] = []

        def write(writer: int) -> None:
            try:
                there = remote(server, "write")
                for number in range(6):
                    there.push("ner", f"{writer}.{number}", {"c": model / "config.json"})
                    there.tag("ner", "0.0", add=[f"t{writer}.{number}"]) if writer == 0 else None
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(store.versions("ner")) == 24 and len(store.resolve("ner", "0.0").tags) == 6
        assert store.verify().problems == []


class Proxy:
    """Stands between client and server, and cuts the line after so many bytes of answers (0: never)."""

    def __init__(self, target: int, cuts: list[int]) -> None:
        self.cuts = cuts
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            cut = self.cuts.pop(0) if self.cuts else 0
            threading.Thread(target=self._pump, args=(client, server, 0), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, cut), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, cut: int) -> None:
        sent = 0
        with suppress(OSError):  # the other direction was cut
            while block := source.recv(65536):
                if cut and sent + len(block) >= cut:
                    sink.sendall(block[: cut - sent])
                    break
                sink.sendall(block)
                sent += len(block)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class TestLinesThatBreak:
    def test_a_download_goes_on_where_it_was_cut(self, server: StoreServer, store: PlacedStore, tmp_path: Path) -> None:
        (tmp_path / "big").mkdir()
        (tmp_path / "big/weights.bin").write_bytes(os.urandom(3_000_000))
        store.push("ner", "1", tmp_path / "big")
        store.set_visibility("ner", True)
        proxy = Proxy(server.server_address[1], [0, 700_000, 800_000, 900_000, 50, 500_000])
        there = open_remote(proxy.url, timeout=5.0, wait=0.01, attempts=3)
        there.manifest("ner")
        there.close()
        there.pull("ner", "1", tmp_path / "out")
        assert files_of(tmp_path / "out") == files_of(tmp_path / "big")
        assert proxy.connections >= 5
        assert list((tmp_path / "cache/tengjia/store/parts").glob("*[0-9a-f]")) == []

    def test_another_process_goes_on_too(self, server: StoreServer, store: PlacedStore, tmp_path: Path) -> None:
        content = os.urandom(2_000_000)
        (tmp_path / "big").mkdir()
        (tmp_path / "big/weights.bin").write_bytes(content)
        store.push("ner", "1", tmp_path / "big")
        store.set_visibility("ner", True)
        digest = store.manifest("ner").files[0].sha256
        proxy = Proxy(server.server_address[1], [0, 600_000, 1, 1, 1, 1])
        there = open_remote(proxy.url, timeout=5.0, wait=0.01, attempts=2)
        there.manifest("ner")
        there.close()
        assert code_of(lambda: there.pull("ner", "1", tmp_path / "out")) == "store.unreachable"
        assert not (tmp_path / "out").exists()
        part = tmp_path / "cache/tengjia/store/parts" / digest
        assert content.startswith(part.read_bytes()) and part.stat().st_size > 500_000
        asked: list[int] = []
        direct = open_remote(server.url, timeout=5.0, wait=0.01)
        real = direct._connection.headers
        direct._connection.headers = lambda start: asked.append(start) or real(start)  # type: ignore[method-assign,func-returns-value]
        direct.pull("ner", "1", tmp_path / "out")
        assert files_of(tmp_path / "out") == {"weights.bin": content} and max(asked) > 500_000

    @pytest.mark.parametrize("part", ["wrong", "longer", "whole"])
    def test_a_strange_part_does_no_harm(
        self, part: str, server: StoreServer, store: PlacedStore, tmp_path: Path
    ) -> None:
        content = os.urandom(200_000)
        (tmp_path / "weights.bin").write_bytes(content)
        store.push("ner", "1", tmp_path / "weights.bin")
        store.set_visibility("ner", True)
        file = tmp_path / "cache/tengjia/store/parts" / store.manifest("ner").files[0].sha256
        file.parent.mkdir(parents=True)
        file.write_bytes({"wrong": b"x" * 1000, "longer": content + b"x", "whole": content}[part])
        there = remote(server, None)
        if part == "wrong":
            assert code_of(lambda: there.pull("ner", "1", tmp_path / "out")) == "store.damaged"
        there.pull("ner", "1", tmp_path / "out")
        assert files_of(tmp_path / "out") == {"weights.bin": content}

    def test_a_push_survives_cut_answers(self, server: StoreServer, store: PlacedStore, model: Path) -> None:
        secret = add_token(store, "write")[1]
        for cut in range(1, 400, 111):
            proxy = Proxy(server.server_address[1], [cut, 0, cut, 0, 0, cut])
            there = open_remote(proxy.url, token=secret, timeout=5.0, wait=0.01, attempts=4)
            there.push("ner", f"v{cut}", model)
        pushed = [event["version"] for event in store.history("ner")]
        assert pushed == [f"v{cut}" for cut in range(1, 400, 111)], "each once, though answers were lost"
        assert store.verify().problems == []

    def test_an_absent_server_is_told(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert code_of(open_remote(url, attempts=2).models) == "store.unreachable"

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"tengjia_store": 2}', b"[" * 100_000])
    def test_another_server_is_told(self, body: bytes) -> None:
        with answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)) as url:
            there = open_remote(url, attempts=2, timeout=5, wait=0.01)
            assert code_of(lambda: there.objects.patience) == "store.strange_answer"
            assert code_of(lambda: there.versions("ner")) in {"store.damaged", "store.other_format"}

    @pytest.mark.parametrize(
        "body",
        [
            b'{"code": "bundle.absent", "values": {}}',
            b'{"code": "store.published", "values": {"found": {"a": 1}}}',
            b'{"code": "store.published", "values": {}}',
            b'{"code": "store.published", "values": {"found": "\\u001b[2J", "model": "x"}}',
            b"not json",
        ],
    )
    def test_what_a_server_tells_is_not_trusted(self, body: bytes) -> None:
        with answering(b"HTTP/1.1 422 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)) as url:
            with pytest.raises(StoreError) as error:
                open_remote(url, attempts=2, timeout=5, wait=0.01).models()
            assert error.value.code in {"store.strange_answer", "store.published"}
            assert "\x1b" not in str(error.value)

    def test_a_redirect_is_not_followed(self) -> None:
        with answering(b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") as url:
            assert code_of(open_remote(url, attempts=2, timeout=5, wait=0.01).models) == "store.strange_answer"


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that says one thing."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.recv(65536)
                client.sendall(answer)

    threading.Thread(target=run, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def test_addresses_that_are_none() -> None:
    for url in (
        "http://",
        "https:///x",
        "http://host/path",
        "http://host?x=1",
        "http://host#x",
        "https://user:secret@host",
        "http://\n",
    ):
        assert code_of(lambda url=url: Store.open(url)) == "store.bad_place"
