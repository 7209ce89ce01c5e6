"""What a server refuses: tokens that do not allow it, requests of strangers, raw text, open lines."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import subprocess
import time
from pathlib import Path
from typing import ClassVar

import pytest

from tengjia.store import PlacedStore
from tengjia.store.http.client import open_remote
from tengjia.store.http.server import Options, StoreServer
from tengjia.store.tokens import SCOPES, add_token, remove_token, tokens

from .conftest import files_of
from .serving import code_of, remote, serving
from .test_names import EVERYWHERE


class TestTokens:
    NEEDED: ClassVar = {
        "read": lambda there, model, out: there.pull("ner", "1", out, replace=True),
        "write": lambda there, model, out: there.push("ner", "2", model),
        "publish": lambda there, model, out: there.alias("ner", "live", "1"),
        "admin": lambda there, model, out: there.set_quota("ner", 10**9),
    }

    @pytest.mark.parametrize("scope", SCOPES)
    def test_scopes(self, scope: str, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1", model)
        there = remote(server, scope)
        for needed, call in self.NEEDED.items():
            if SCOPES.index(needed) <= SCOPES.index(scope):
                call(there, model, tmp_path / "out")
            else:
                assert code_of(lambda call=call: call(there, model, tmp_path / "out")) == "store.forbidden"

    def test_without_a_token_only_what_is_public(
        self, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path
    ) -> None:
        store.push("ner", "1", model)
        store.push("open", "1", model)
        store.set_visibility("open", True)
        there = remote(server, None)
        assert there.models() == ["open"]
        there.pull("open", "1", tmp_path / "out")
        assert code_of(lambda: there.pull("ner", "1", tmp_path / "no")) == "store.no_model"
        assert code_of(lambda: there.push("open", "2", model)) == "store.unauthorized"
        assert code_of(lambda: there.push("new", "2", model)) in {"store.unauthorized", "store.no_model"}

    def test_for_some_models_only(self, server: StoreServer, store: PlacedStore, model: Path) -> None:
        store.push("ner_a", "1", model)
        store.push("other", "1", model)
        there = remote(server, "admin", models=["ner*"])
        assert there.models() == ["ner_a"]
        there.push("ner_b", "1", model)
        assert code_of(lambda: there.versions("other")) == "store.no_model"
        assert code_of(lambda: there.push("other", "2", model)) == "store.forbidden"

    def test_what_is_not_valid(self, server: StoreServer, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1", model)
        token, secret = add_token(store, "read", days=1e-9)
        _, other = add_token(store, "read")
        for wrong in (
            "",
            "x",
            secret,
            other[:-1] + ("0" if other[-1] != "0" else "1"),
            f"tj_{'0' * 16}_{'0' * 64}",
            "tj_../../x_" + "0" * 64,
        ):
            there = open_remote(server.url, token=wrong, attempts=1)
            assert code_of(there.models) == "store.unauthorized"
        there = open_remote(server.url, token=other, attempts=1)
        assert there.models() == ["ner"]
        remove_token(store, next(t.id for t in tokens(store) if t != token))
        assert code_of(there.models) == "store.unauthorized"
        assert code_of(lambda: remove_token(store, "../../store")) == "store.no_token"

    def test_secrets_are_nowhere(
        self, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        secret = add_token(store, "admin", note="me")[1]
        there = open_remote(server.url, token=secret)
        there.push("ner", "1", model)
        there.pull("ner", "1", tmp_path / "out")
        code_of(lambda: there.versions("nothing"))
        connection = http.client.HTTPConnection(*server.server_address[:2])
        connection.request("GET", f"/v1/models?token={secret}", headers={"Authorization": f"Bearer {secret}"})
        assert connection.getresponse().status == 404
        connection.close()
        key = secret.split("_")[2]
        lines = [record.getMessage() for record in caplog.records if "?token=" not in record.getMessage()]
        assert any("/v1/models/ner/log" in line for line in lines) and not any(key in line for line in lines)
        for path in (tmp_path / "store").rglob("*"):
            assert not path.is_file() or key.encode() not in path.read_bytes()
        assert key not in repr(there._connection) and key not in json.dumps(list(there.history("ner")))

    def test_bad_wishes(self, store: PlacedStore) -> None:
        assert code_of(lambda: add_token(store, "root")) == "store.bad_scope"
        assert code_of(lambda: add_token(store, "read", models=["../*"])) == "store.bad_pattern"
        assert code_of(lambda: add_token(store, "read", models=[])) == "store.bad_pattern"

    def test_a_token_does_not_go_over_an_open_line(self) -> None:
        assert code_of(lambda: open_remote("http://192.0.2.1:8000", token="x")) == "store.open_line"


class TestStrangers:
    """Raw requests that no client of ours sends."""

    def ask(self, server: StoreServer, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        with socket.create_connection(server.server_address[:2], timeout=5) as line:
            lines = {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Connection": "close"}
            lines |= {name.replace("_", "-"): value for name, value in headers.items()}
            head = f"{method} {path} HTTP/1.1\r\n" + "".join(
                f"{name}: {value}\r\n" for name, value in lines.items() if value
            )
            line.sendall(head.encode("utf-8", "surrogateescape") + b"\r\n" + body)
            answer = b""
            while block := line.recv(65536):
                answer += block
        status = int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0
        return status, answer

    @pytest.mark.parametrize("number", range(0, len(EVERYWHERE), 16))
    def test_paths(self, number: int, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1", model)
        store.set_visibility("ner", True)
        secret = add_token(store, "admin")[1]
        before = {path: content for path, content in files_of(tmp_path).items()}
        manifest = store.resolve("ner").manifest
        for name in EVERYWHERE[number : number + 16]:
            said = name.encode("utf-8", "surrogateescape" if "\ud800" not in name else "replace").decode("latin-1")
            for path in (
                f"/v1/models/{said}/state",
                f"/v1/models/ner/objects/{said}/{manifest}",
                f"/v1/models/ner/objects/{manifest}/{said}",
                f"/{said}",
                f"/v1/{said}",
                f"/v1/models/ner/{said}",
            ):
                for method in ("GET", "PUT", "POST"):
                    status, answer = self.ask(
                        server,
                        method,
                        path.encode("latin-1", "replace").decode("latin-1"),
                        b"{}" if method != "GET" else b"",
                        Authorization=f"Bearer {secret}",
                    )
                    assert status == 0 or 400 <= status < 500, (path, answer)
                    assert b"Traceback" not in answer and str(tmp_path).encode() not in answer
        assert files_of(tmp_path) == before

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Origin": "null"}, 403),
            ({"Origin": "http://evil.example"}, 403),
            ({"Host": "evil.example"}, 403),
            ({"Host": "evil.example:8443"}, 403),
            ({"Host": ""}, 403),
            ({"Host": "[::1"}, 403),
            ({"Host": "[::1]"}, 200),
            ({"Host": "localhost:1"}, 200),
            ({"Transfer_Encoding": "chunked"}, 404),
            ({"Authorization": "Basic eDp5"}, 401),
            ({"Authorization": "Bearer x\u00e9"}, 401),
            ({"Content_Length": "-1"}, 200),
            ({}, 200),
        ],
        ids=str,
    )  # fmt: skip
    def test_headers(self, headers: dict[str, str], status: int, server: StoreServer) -> None:
        assert self.ask(server, "GET", "/v1/models", **headers)[0] == status

    @pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "HEAD", "get", "X" * 1000])
    def test_other_methods(self, method: str, server: StoreServer) -> None:
        assert self.ask(server, method, "/v1/models")[0] in {400, 404, 414, 501}

    @pytest.mark.parametrize(
        "body",
        [b"", b"x", b"[]", b"{}", b"[" * 100_000, b'{"change": 1, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "push"}, "id": "aaaaaaaa", "after": 1}', b'{"change": {"event": "nothing"}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "alias", "alias": "a", "version": "1", "by": "root"}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "alias", "alias": "../x", "version": "1"}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "note", "version": "1", "note": 7}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "tag", "version": "1", "tags": "x"}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "quota", "quota": -1}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "visibility", "visibility": "x"}, "id": "aaaaaaaa", "after": 1}',
         b'{"change": {"event": "publish", "version": "1"}, "id": "a", "after": 1}',
         b'{"change": {"event": "publish", "version": "1"}, "id": "aaaaaaaa", "after": 0}'],
        ids=lambda body: str(body[:60]),
    )  # fmt: skip
    def test_events(self, body: bytes, server: StoreServer, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1", model)
        before = store.state("ner")
        secret = add_token(store, "admin")[1]
        status, answer = self.ask(server, "POST", "/v1/models/ner/log", body, Authorization=f"Bearer {secret}")
        assert 400 <= status < 500 and b"Traceback" not in answer
        assert store.state("ner") == before

    def test_a_body_that_is_announced_too_large(self, server: StoreServer) -> None:
        assert self.ask(server, "POST", "/v1/models/ner/log", b"", Content_Length=str(1 << 40))[0] == 413

    @pytest.mark.parametrize("length", ["x", "-5", "", "1" * 30])
    def test_an_upload_without_a_length(self, length: str, server: StoreServer, store: PlacedStore) -> None:
        secret = add_token(store, "write")[1]
        status, _ = self.ask(
            server,
            "PUT",
            f"/v1/models/ner/objects/{'0' * 64}",
            b"x",
            Content_Length=length,
            Authorization=f"Bearer {secret}",
        )
        assert status == 404

    def test_an_upload_of_something_else(self, server: StoreServer, store: PlacedStore) -> None:
        secret = add_token(store, "write")[1]
        digest = "0" * 64
        status, answer = self.ask(
            server, "PUT", f"/v1/models/ner/objects/{digest}", b"content", Authorization=f"Bearer {secret}"
        )
        assert status == 422 and b"store.upload_differs" in answer
        assert list(store.place.entries("objects")) == [] and list(store.place.entries("temporary")) == []

    def test_an_upload_that_stops(self, server: StoreServer, store: PlacedStore) -> None:
        secret = add_token(store, "write")[1]
        with socket.create_connection(server.server_address[:2], timeout=5) as line:
            line.sendall(
                f"PUT /v1/models/ner/objects/{'0' * 64} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\nAuthorization: Bearer {secret}\r\n\r\nhalf".encode()
            )
        time.sleep(0.3)
        assert list(store.place.entries("objects")) == [] and list(store.place.entries("temporary")) == []

    def test_an_upload_over_the_limit(self, store: PlacedStore, model: Path) -> None:
        with serving(store, largest=10) as server:
            assert code_of(lambda: remote(server, "write").push("ner", "1", model)) == "store.too_large"

    def test_a_digest_alone_opens_nothing(
        self, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path
    ) -> None:
        """Who knows the digest of a secret content can neither read it nor put it into a version of his own."""
        (tmp_path / "secret").write_text("secret")
        store.push("hidden", "1", tmp_path / "secret")
        digest = store.manifest("hidden").files[0].sha256
        there = remote(server, "write", models=["mine"])
        there.push("mine", "1", model)
        objects = there.writing("mine")
        assert not objects.secured(digest, 6)
        mine = there.resolve("mine").manifest
        assert code_of(lambda: there.reading("mine", mine).read(digest)) == "store.missing_object"
        hidden = store.resolve("hidden").manifest
        assert code_of(lambda: there.reading("mine", hidden).read(digest)) == "store.missing_object"
        from tengjia.store.manifest import File, make_manifest

        forged = make_manifest([File("x", 6, digest, 0)], {}, raw_text=False)
        objects.put(forged.digest, lambda: [forged.encoded()], len(forged.encoded()))
        change = {
            "event": "push",
            "version": "2",
            "manifest": forged.digest,
            "size": 6,
            "files": 1,
            "raw_text": False,
            "raw_text_allowed": False,
            "base": None,
        }
        assert code_of(lambda: there.ledger.append("mine", lambda state: change)) == "store.missing_object"
        assert [version.name for version in store.versions("mine")] == ["1"]

    def test_more_connections_than_allowed(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1", model)
        with serving(store, connections=2) as server:
            idle = [socket.create_connection(server.server_address[:2]) for _ in range(2)]
            time.sleep(0.2)
            there = open_remote(server.url, attempts=2, timeout=2, wait=0.01)
            assert code_of(there.models) == "store.unreachable"
            for line in idle:
                line.close()
            time.sleep(0.2)
            assert open_remote(server.url, attempts=5).models() == []

    @pytest.mark.parametrize(
        ("said", "status", "expected"),
        [("bytes=0-", 200, "1000"), ("bytes=0-9", 206, "10"), ("bytes=990-", 206, "10"), ("bytes=990-5000", 206, "10"), ("bytes=1000-", 416, "0"), ("bytes=-5", 200, "1000"), ("bytes=5-2", 416, "0"), ("lines=1-", 200, "1000"), ("bytes=0-1,3-4", 200, "1000")],
    )  # fmt: skip
    def test_ranges(
        self, said: str, status: int, expected: str, server: StoreServer, store: PlacedStore, tmp_path: Path
    ) -> None:
        (tmp_path / "x").write_bytes(bytes(range(250)) * 4)
        store.push("ner", "1", tmp_path / "x")
        store.set_visibility("ner", True)
        path = f"/v1/models/ner/objects/{store.manifest('ner').files[0].sha256}/{store.resolve('ner').manifest}"
        found, answer = self.ask(server, "GET", path, Range=said)
        assert found == status and f"Content-Length: {expected}\r\n".encode() in answer


class TestRawText:
    def bundle(self, folder: Path, golden: str, text: str = "机密文字") -> Path:
        (folder / "trainer").mkdir(parents=True)
        (folder / "trainer/config.json").write_text(json.dumps({"run": "r", "golden": golden}))
        (folder / "golden.jsonl").write_text(json.dumps({"text": text, "answer": []}, ensure_ascii=False) + "\n")
        return folder

    def test_does_not_become_public_unasked(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        bundle = self.bundle(tmp_path / "bundle", "test")
        store.push("ner", "1", model)
        store.set_visibility("ner", True)
        assert code_of(lambda: store.push("ner", "2", bundle)) == "store.raw_text"
        assert code_of(lambda: store.add("ner", "1", {"in/golden.jsonl": bundle / "golden.jsonl"})) == "store.raw_text"
        assert store.push("ner", "2", bundle, raw_text=True).raw_text
        store.push("private", "1", bundle)
        assert code_of(lambda: store.set_visibility("private", True)) == "store.raw_text"
        store.set_visibility("private", True, raw_text=True)

    @pytest.mark.parametrize("golden", ["sample", "none", "else"])
    def test_a_bundle_is_not_taken_at_its_word(self, golden: str, store: PlacedStore, tmp_path: Path) -> None:
        store.push("ner", "1", self.bundle(tmp_path / "bundle", golden))
        assert store.resolve("ner").raw_text

    def test_made_up_sentences_are_no_raw_text(self, store: PlacedStore, tmp_path: Path) -> None:
        from tengjia.bundle.golden import SAMPLE

        text = json.loads(SAMPLE.read_text("utf-8"))[0]
        store.push("ner", "1", self.bundle(tmp_path / "bundle", "sample", text))
        assert not store.resolve("ner").raw_text

    def test_a_server_looks_itself(
        self, server: StoreServer, store: PlacedStore, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.push("ner", "1", model)
        store.set_visibility("ner", True)
        monkeypatch.setattr("tengjia.store.pushing.holds_raw_text", lambda *_: False)
        there = remote(server, "write")
        bundle = self.bundle(tmp_path / "bundle", "test")
        assert code_of(lambda: there.push("ner", "2", bundle)) == "store.bad_event"
        monkeypatch.undo()
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        assert code_of(lambda: there.push("ner", "2", bundle)) == "store.raw_text"


class TestCertificates:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        file = tmp_path / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(tmp_path / "key.pem"), "-out", str(file)],
            check=True, capture_output=True,
        )  # fmt: skip
        return file

    def test_tls(
        self, certificate: Path, store: PlacedStore, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = add_token(store, "write")[1]
        with serving(store, certificate=certificate, key=tmp_path / "key.pem") as server:
            assert server.url.startswith("https://")
            stranger = open_remote(server.url, token=secret, attempts=2)
            assert code_of(stranger.models) == "store.bad_certificate"
            monkeypatch.setenv("TENGJIA_STORE_CA", str(certificate))
            there = open_remote(server.url, token=secret)
            there.push("ner", "1", model)
            there.pull("ner", "1", tmp_path / "out")
            assert files_of(tmp_path / "out") == files_of(model)
            open_line = open_remote(server.url.replace("https", "http"), token=secret, attempts=2, timeout=3, wait=0.01)
            assert code_of(open_line.models) == "store.unreachable"

    def test_other_machines_only_with_a_certificate(self, store: PlacedStore, tmp_path: Path) -> None:
        assert code_of(lambda: StoreServer(store, Options(host="0.0.0.0", port=0))) == "store.no_certificate"
        StoreServer(store, Options(host="0.0.0.0", port=0, insecure=True)).server_close()
        (tmp_path / "x.pem").write_text("nothing")
        assert (
            code_of(lambda: StoreServer(store, Options(port=0, certificate=tmp_path / "x.pem")))
            == "store.bad_certificate"
        )
