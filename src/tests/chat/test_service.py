"""The outside service: asked as the config says, and never trusted."""

from __future__ import annotations

import http.server
import json
import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from src.modules import chat
from src.modules.chat.service import Service
from tengjia.config import Settings
from tengjia.errors import ConfigurationError
from tengjia.runs import RunFolder


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the path says."""

    seen: ClassVar[list[dict[str, Any]]] = []

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.answer(None)

    def do_POST(self) -> None:
        self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def answer(self, body: Any) -> None:
        self.seen.append({"path": self.path, "body": body, "secret": self.headers.get("Authorization")})
        kind = self.path.strip("/").split("/")[0].split("?")[0]
        contents = {
            "good": '{"answer": " 您好 "}',
            "deep": '{"data": [{"info": {"text": "深"}}]}',
            "null": '{"answer": null}',
            "blank": '{"answer": "  "}',
            "number": '{"answer": 3}',
            "other": '{"text": "x"}',
            "list": "[]",
            "html": "<html>404</html>",
            "nested": "[" * 50_000,
            "control": '{"answer": "a\\u0000\\u001b[31mb\\nc\\ud800"}',
            "huge": '{"answer": "' + "x" * 200_000 + '"}',
            "cut": '{"answer": "abc',
        }
        try:
            if kind == "redirect":
                self.send_response(302)
                self.send_header("Location", "/good")
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif kind == "error":
                self.send_error(500)
            elif kind == "slow":
                time.sleep(1.0)
            elif kind == "drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                for _ in range(100):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.02)
            elif kind == "headers":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000)
            elif kind == "garbage":
                self.wfile.write(b"\xff\xfe not http\r\n\r\n")
            elif kind == "lying":
                self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{"answer": "x"}')
            elif kind != "silent":
                content = contents[kind].encode("utf-8")
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
        except OSError:
            self.close_connection = True  # the robot has left


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    Handler.seen = []
    http.server.ThreadingHTTPServer.daemon_threads = True
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


LIMIT = 0.4
"""Seconds, where it is the time that is tested; elsewhere a busy machine may take its time."""


def asked(address: str, **options: Any) -> str | None:
    return Service(Service.Config(address=address, **{"time_limit": 10.0, **options})).ask("怎么 投&简历?")


def test_posted_as_json(server: str):
    assert asked(f"{server}/good") == "您好"
    assert Handler.seen[-1] == {"path": "/good", "body": {"question": "怎么 投&简历?"}, "secret": None}
    assert asked(f"{server}/good", question_key="q") == "您好" and "q" in Handler.seen[-1]["body"]


def test_asked_in_the_address(server: str):
    assert asked(f"{server}/good?q={{question}}&x=1") == "您好"
    assert Handler.seen[-1]["path"] == "/good?q=%E6%80%8E%E4%B9%88+%E6%8A%95%26%E7%AE%80%E5%8E%86%3F&x=1"


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("deep", "data.0.info.text", "深"),
        ("null", "answer", None),
        ("blank", "answer", None),
        ("control", "answer", "a[31mb\nc"),
    ],
)
def test_answers(server: str, kind: str, path: str, expected: str | None):
    assert asked(f"{server}/{kind}", answer_path=path) == expected


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("number", "not as it must be"),
        ("other", "not as it must be"),
        ("list", "not as it must be"),
        ("html", "not as it must be"),
        ("nested", "not as it must be"),
        ("cut", "not as it must be"),
        ("huge", "more than 65536 bytes"),
        ("redirect", "status 302"),
        ("error", "status 500"),
        ("slow", "within 0.4 s"),
        ("drip", "within 0.4 s"),
        ("headers", "could not be asked"),
        ("garbage", "could not be asked"),
        ("lying", "could not be asked"),
        ("silent", "could not be asked"),
    ],
)
def test_what_cannot_be_trusted_is_no_answer(server: str, kind: str, told: str, caplog: pytest.LogCaptureFixture):
    before = time.monotonic()
    late = "within" in told
    with caplog.at_level(logging.WARNING):
        assert asked(f"{server}/{kind}", **({"time_limit": LIMIT} if late else {})) is None
    assert time.monotonic() - before < 5.0
    assert told in caplog.text and server.removeprefix("http://") in caplog.text
    assert kind != "redirect" or Handler.seen[-1]["path"] == "/redirect"


def test_nobody_there(caplog: pytest.LogCaptureFixture):
    assert asked("http://127.0.0.1:9/x") is None
    assert "could not be asked" in caplog.text


def test_given_up_after_failures(server: str, caplog: pytest.LogCaptureFixture):
    service = Service(Service.Config(address=f"{server}/error", failures=2))
    before = len(Handler.seen)
    assert [service.ask("x") for _ in range(5)] == [None] * 5
    assert len(Handler.seen) - before == 2 and "is not asked any more" in caplog.text


def test_the_secret_comes_from_the_environment(server: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHAT_SECRET", "s3cret")
    assert asked(f"{server}/good", secret="CHAT_SECRET") == "您好"
    assert Handler.seen[-1]["secret"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("address", "secret", "value", "code"),
    [
        ("", None, "", "chat.bad_address"),
        ("ftp://host/x", None, "", "chat.bad_address"),
        ("file:///etc/passwd", None, "", "chat.bad_address"),
        ("http://", None, "", "chat.bad_address"),
        ("http://host:99999/", None, "", "chat.bad_address"),
        ("http://user:password@host/", None, "", "chat.bad_address"),
        ("http://例子/", None, "", "chat.bad_address"),
        ("https://host/", "CHAT_SECRET", "", "chat.no_secret"),
        ("https://host/", "CHAT_SECRET", "a\r\nb", "chat.no_secret"),
        ("http://host/", "CHAT_SECRET", "x", "chat.open_secret"),
    ],
)
def test_bad_settings(address: str, secret: str | None, value: str, code: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHAT_SECRET", value)
    with pytest.raises(ConfigurationError) as error:
        Service(Service.Config(address=address, secret=secret))
    assert error.value.code == code and "password" not in str(error.value).replace("and password", "")


def test_the_robot_asks_it_last(server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    run = RunFolder.create(tmp_path / "runs", seed=1, app="demo_app2", task="chat")
    (tmp_path / "templates.yaml").write_text("unknown: [不知道]\n", "utf-8")
    (tmp_path / "c.csv").write_text("question,answer\n怎么投简历,点投递\n", "utf-8")
    common = {"app": "demo_app2", "task": "chat", "seed": 1, "dataset_root": str(tmp_path)}
    chat.build(Settings({**common, "build": {"corpus": ("c.csv",)}}), run, folder=tmp_path)

    def said(question: str, **service: Any) -> str:
        chat.apply(Settings({**common, "apply": {"text": question}, "service": service}), run, folder=tmp_path)
        return capsys.readouterr().out.strip()

    before = len(Handler.seen)
    assert said("天气", address=f"{server}/good") == "您好" and said("怎么投简历", address=f"{server}/good") == "点投递"
    assert said("天气", address=f"{server}/error") == "不知道" and said("天气") == "不知道"
    assert [seen["path"] for seen in Handler.seen[before:]] == ["/good", "/error"]
