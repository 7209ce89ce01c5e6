"""Repositories from servers: whole or not at all, verified, resumed, offline, by many processes at once."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import fsspec
import pytest

from tengjia.bundle.folder import Bundle
from tengjia.errors import CheckpointError, ConfigurationError, DataError, EnvironmentFault, StoreError
from tengjia.pretrained import AutoModelPipeline
from tengjia.pretrained.sources import located

from .support import COMMIT, Server, contents, listed, serving

pytestmark = pytest.mark.slow

TEXT = "林清远，男，毕业于云山市第二机械厂"
WEIGHTS = "model/weights.safetensors"
QUICK = {"wait": 0.001, "timeout": 10.0}


def loaded(cache: Path, repo: str, **options):
    return AutoModelPipeline.from_pretrained(cache, repo, **{**QUICK, **options})


def litter(cache: Path) -> list[Path]:
    return [path for path in cache.rglob(".tengjia-*")]


class TestLocal:
    def test_a_folder_is_used_where_it_stands(self, bundle, tmp_path):
        before = contents(bundle)
        for model in (
            AutoModelPipeline.from_pretrained(bundle),
            AutoModelPipeline.from_pretrained(str(bundle)),
            AutoModelPipeline.from_pretrained(tmp_path / "cache", bundle),
            AutoModelPipeline.from_pretrained(bundle.parent, bundle.name),
        ):
            assert model([TEXT]) == [model(TEXT)] and model.folder == bundle
        assert contents(bundle) == before and not (tmp_path / "cache").exists()

    def test_what_is_not_in_the_cache_is_told_with_the_nearest(self, bundle):
        with pytest.raises(CheckpointError) as caught:
            AutoModelPipeline.from_pretrained(bundle.parent, "orgin")
        assert caught.value.code == "pretrained.not_cached"
        assert "nearest: origin" in caught.value.message and "hf://OWNER/NAME" in caught.value.hint

    def test_an_expected_digest(self, bundle):
        digest = hashlib.sha256((bundle / "filelist.txt").read_bytes()).hexdigest()
        AutoModelPipeline.from_pretrained(bundle, digest=digest)
        for arguments in ((bundle,), (bundle.parent, bundle.name)):
            with pytest.raises(CheckpointError, match="pretrained.other_digest"):
                AutoModelPipeline.from_pretrained(*arguments, digest="0" * 64)

    def test_no_folder(self, tmp_path):
        with pytest.raises(CheckpointError, match="pretrained.no_folder"):
            AutoModelPipeline.from_pretrained(tmp_path / "nowhere")

    def test_a_strange_file_is_told_and_left_alone(self, bundle):
        (bundle / "notes.md").write_text("mine")
        with pytest.raises(CheckpointError, match="bundle.unlisted"):
            AutoModelPipeline.from_pretrained(bundle)
        assert (bundle / "notes.md").read_text() == "mine"

    def test_an_edited_file_is_told_and_left_alone(self, bundle):
        edited = (bundle / "model/config.json").read_bytes() + b"\n"
        (bundle / "model/config.json").write_bytes(edited)
        with pytest.raises(CheckpointError, match="bundle.changed"):
            AutoModelPipeline.from_pretrained(bundle)
        assert (bundle / "model/config.json").read_bytes() == edited


class TestWeb:
    def test_a_repository_arrives_whole(self, server, bundle, tmp_path):
        model = loaded(tmp_path / "cache", server.url)
        assert contents(model.folder) == contents(bundle)
        assert model(TEXT) == AutoModelPipeline.from_pretrained(bundle)(TEXT)
        assert model.folder.name == hashlib.sha256((bundle / "filelist.txt").read_bytes()).hexdigest()[:32]
        assert not litter(tmp_path)

    def test_the_second_time_only_the_list_is_asked_for(self, server, tmp_path):
        loaded(tmp_path / "cache", server.url)
        server.requests.clear()
        loaded(tmp_path / "cache", server.url)
        assert server.asked() == ["/filelist.txt"]

    def test_a_new_version_is_seen_and_the_old_one_stays(self, server, bundle, tmp_path):
        old = loaded(tmp_path / "cache", server.url)
        kept = contents(old.folder)
        (bundle / "README.md").write_text("new")
        files = {path: content for path, content in contents(bundle).items() if path != "filelist.txt"}
        (bundle / "filelist.txt").write_bytes(listed(files))
        new = loaded(tmp_path / "cache", server.url)
        assert new.folder != old.folder and (new.folder / "README.md").read_text() == "new"
        assert contents(old.folder) == kept

    def test_a_dropped_connection_is_continued(self, server, bundle, tmp_path):
        server.drops[WEIGHTS] = 700
        model = loaded(tmp_path / "cache", server.url)
        ranges = [headers.get("range") for _, path, headers in server.requests if path.endswith(WEIGHTS)]
        assert ranges == [None, "bytes=700-"] and contents(model.folder) == contents(bundle)

    @pytest.mark.parametrize("name", ["filelist.txt", "model/config.json", WEIGHTS])
    @pytest.mark.parametrize("share", [0.0, 0.01, 0.37, 0.5, 0.99])
    def test_lines_cut_anywhere(self, server, bundle, tmp_path, name, share):
        server.drops[name] = int((bundle / name).stat().st_size * share)
        assert contents(loaded(tmp_path / "cache", server.url).folder) == contents(bundle)

    def test_a_list_cut_between_two_lines_is_no_shorter_list(self, server, bundle, tmp_path):
        server.drops["filelist.txt"] = (bundle / "filelist.txt").read_bytes().index(b"\n") + 1
        with pytest.raises(DataError, match="closed too early"):
            loaded(tmp_path / "cache", server.url, attempts=1)
        assert not (tmp_path / "cache").exists()

    def test_an_interrupted_load_is_continued_by_the_next(self, server, bundle, tmp_path):
        server.drops[WEIGHTS] = 700
        with pytest.raises(DataError) as caught:
            loaded(tmp_path / "cache", server.url, attempts=1)
        assert caught.value.code == "pretrained.unreachable" and "goes on where it stopped" in caught.value.hint
        assert [path.name for path in (tmp_path / "cache").rglob("weights.safetensors")] == [], (
            "nothing half is ever visible"
        )
        done = set(server.asked())
        server.requests.clear()
        model = loaded(tmp_path / "cache", server.url)
        ranges = [headers.get("range") for _, path, headers in server.requests if path.endswith(WEIGHTS)]
        assert ranges == ["bytes=700-"] and contents(model.folder) == contents(bundle)
        assert not set(server.asked()) & (done - {"/filelist.txt", f"/{WEIGHTS}"}), "finished files are not asked again"
        assert not litter(tmp_path)

    def test_damage_in_what_an_earlier_load_left_is_seen(self, server, bundle, tmp_path):
        server.refuse["README.md"] = 403
        with pytest.raises(DataError):
            loaded(tmp_path / "cache", server.url)
        for file in (tmp_path / "cache").rglob("golden.jsonl"):
            file.write_bytes(b"damaged")
        for file in (tmp_path / "cache").rglob("*.part"):
            file.write_bytes(b"damaged")
        server.refuse.clear()
        assert contents(loaded(tmp_path / "cache", server.url).folder) == contents(bundle)

    def test_content_that_is_not_the_listed_one_is_never_used(self, server, bundle, tmp_path):
        size = len((bundle / WEIGHTS).read_bytes())
        server.change[WEIGHTS] = b"x" * size
        with pytest.raises(DataError) as caught:
            loaded(tmp_path / "cache", server.url)
        assert caught.value.code == "pretrained.wrong_content"
        assert not list((tmp_path / "cache").rglob("weights.safetensors"))

    def test_more_bytes_than_listed(self, server, bundle, tmp_path):
        server.change[WEIGHTS] = (bundle / WEIGHTS).read_bytes() + b"more"
        with pytest.raises(DataError, match="pretrained.wrong_content"):
            loaded(tmp_path / "cache", server.url)

    @pytest.mark.parametrize(("status", "code"), [(401, "not_served"), (403, "not_served"), (404, "not_there")])
    def test_refusals(self, server, tmp_path, status, code):
        server.refuse["filelist.txt"] = status
        with pytest.raises((DataError, CheckpointError), match=f"pretrained.{code}"):
            loaded(tmp_path / "cache", server.url)
        assert len(server.requests) == 1, "what is final is not asked again"

    def test_a_busy_server_is_asked_again(self, server, tmp_path):
        server.refuse["filelist.txt"] = 503
        with pytest.raises(DataError, match=r"answers 503 .*\[pretrained.busy\]"):
            loaded(tmp_path / "cache", server.url, attempts=3)
        assert len(server.requests) == 3

    def test_an_expected_digest(self, server, bundle, tmp_path):
        digest = hashlib.sha256((bundle / "filelist.txt").read_bytes()).hexdigest()
        with pytest.raises(CheckpointError, match="pretrained.other_digest"):
            loaded(tmp_path / "cache", server.url, digest="0" * 64)
        loaded(tmp_path / "cache", server.url, digest=digest)
        server.requests.clear()
        loaded(tmp_path / "cache", server.url, digest=digest)
        assert server.requests == [], "what is known by its digest needs no server"

    def test_a_token_goes_to_the_server_and_nowhere_else(self, server, tmp_path, caplog):
        server.token = "hunter2"
        with pytest.raises(DataError) as caught:
            loaded(tmp_path / "cache", server.url, token="wrong-secret")
        assert "wrong-secret" not in str(caught.value)
        loaded(tmp_path / "cache", server.url, token="hunter2")
        written = "".join(path.read_text("utf-8", "replace") for path in (tmp_path / "cache").rglob("*.json"))
        assert "hunter2" not in written + caplog.text + repr(located)

    def test_too_large(self, server, tmp_path):
        with pytest.raises(CheckpointError, match=r"more than the 100 that are allowed"):
            loaded(tmp_path / "cache", server.url, largest=100)

    def test_a_file_of_certificates_that_is_not_there(self, server, tmp_path):
        with pytest.raises(EnvironmentFault, match="pretrained.no_certificates"):
            loaded(tmp_path / "cache", server.url, certificates=tmp_path / "absent.pem")

    def test_a_server_that_is_gone(self, tmp_path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with pytest.raises(DataError, match="pretrained.unreachable"):
            loaded(tmp_path / "cache", f"http://127.0.0.1:{port}/x", attempts=2)

    @pytest.mark.parametrize("name", ["filelist.txt", WEIGHTS])
    def test_a_server_that_says_nothing(self, server, tmp_path, name):
        server.silent[name] = threading.Event()
        try:
            with pytest.raises(DataError, match=r"timed out \[pretrained.unreachable\]"):
                loaded(tmp_path / "cache", server.url, attempts=1, timeout=0.3)
        finally:
            server.silent[name].set()

    def test_a_disk_that_is_full(self, server, tmp_path, monkeypatch):
        def full(*args, **kwargs):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("tengjia.pretrained.sources.source.write_bytes", full)
        with pytest.raises(EnvironmentFault, match=r"No space left on device \[pretrained.cannot_write\]"):
            loaded(tmp_path / "cache", server.url)


GOOD_FILE = b"{}\n"
LISTS = {
    "escape": ["../evil.txt"],
    "deep escape": ["model/../../evil.txt"],
    "absolute": ["/tmp/evil.txt"],
    "windows drive": ["C:/evil.txt"],
    "backslash": ["model\\evil.txt"],
    "home": ["~/evil"],
    "hidden": [".ssh/authorized_keys"],
    "dot": ["./evil"],
    "empty part": ["model//evil"],
    "trailing slash": ["model/"],
    "encoded": ["%2e%2e/evil"],
    "nul": ["model/e\x00vil"],
    "control": ["model/e\x1bvil"],
    "unicode": ["model/ｅvil"],
    "right to left": ["model/\u202elive"],
    "query": ["model/a?b"],
    "fragment": ["model/a#b"],
    "star": ["model/*"],
    "quote": ["model/a'b"],
    "too long a part": ["model/" + "x" * 200],
    "too deep": ["/".join(["a"] * 20)],
    "twice": ["model/a", "model/a"],
    "case clash": ["model/a", "model/A"],
    "file and folder": ["model", "model/a"],
    "file and folder in another case": ["Model", "model/a"],
    "the list itself": ["filelist.txt"],
    "the list in capitals": ["FILELIST.TXT"],
    "staging name": [".tengjia-x"],
}
LINES = {
    "no size": b"model/a " + b"0" * 64 + b"\n",
    "negative size": b"model/a -1 " + b"0" * 64 + b"\n",
    "huge size": b"model/a 99999999999999999999 " + b"0" * 64 + b"\n",
    "short digest": b"model/a 3 abc\n",
    "upper digest": b"model/a 3 " + b"A" * 64 + b"\n",
    "blank": b"\n",
    "spaces": b"model/a b 3 " + b"0" * 64 + b"\n",
    "not utf-8": b"\xff\xfe 3 " + b"0" * 64 + b"\n",
    "html": b"<html><body>please log in</body></html>",
    "many": b"".join(b"a%d 0 " % number + b"0" * 64 + b"\n" for number in range(2000)),
    "endless": b"x" * (2 << 20),
    "empty file of another digest": b"model/a 0 " + b"0" * 64 + b"\n",
}


class TestHostileLists:
    """What a server may write into its `filelist.txt`: nothing outside the cache is ever touched."""

    @pytest.fixture(params=[*LISTS, *LINES])
    def listing(self, request):
        if request.param in LINES:
            return LINES[request.param]
        digest = hashlib.sha256(GOOD_FILE).hexdigest()
        return "".join(f"{path} {len(GOOD_FILE)} {digest}\n" for path in LISTS[request.param]).encode()

    def test_it_is_refused(self, listing, tmp_path):
        (tmp_path / "origin").mkdir()
        (tmp_path / "cache").mkdir()
        (tmp_path / "bystander.txt").write_text("mine")
        with serving(tmp_path / "origin") as server:
            server.change = dict.fromkeys(["evil.txt", "evil", "model/a", "model/A", "model", "Model", "a"], GOOD_FILE)
            server.change["filelist.txt"] = listing
            with pytest.raises((CheckpointError, DataError)) as caught:
                loaded(tmp_path / "cache", server.url)
        assert caught.value.code.startswith(("bundle.", "pretrained.")) and caught.value.hint
        assert sorted(path.name for path in tmp_path.iterdir()) == ["bystander.txt", "cache", "origin"]
        assert not [path for path in (tmp_path / "cache").rglob("*") if path.name.startswith("evil")]

    def test_there_are_forty(self):
        assert len(LISTS) + len(LINES) >= 40


class TestOffline:
    @pytest.mark.parametrize("switch", ["option", "environment"])
    def test_a_cached_repository_connects_to_nothing(self, server, tmp_path, monkeypatch, switch):
        first = loaded(tmp_path / "cache", server.url)
        server.requests.clear()
        if switch == "environment":
            monkeypatch.setenv("TENGJIA_OFFLINE", "1")
        again = loaded(tmp_path / "cache", server.url, **({"offline": True} if switch == "option" else {}))
        assert again.folder == first.folder and server.requests == []

    def test_what_is_not_cached_is_told(self, tmp_path):
        with pytest.raises(CheckpointError) as caught:
            loaded(tmp_path / "cache", "hf://acme/ner@v1", offline=True)
        assert caught.value.code == "pretrained.offline" and "hf://acme/ner@v1" in caught.value.message

    @pytest.mark.parametrize("value", ["0", "false", "no", ""])
    def test_the_switch_can_be_off(self, server, tmp_path, monkeypatch, value):
        monkeypatch.setenv("TENGJIA_OFFLINE", value)
        loaded(tmp_path / "cache", server.url)

    def test_without_a_connection_the_cache_is_used_and_that_is_told(self, server, tmp_path, caplog):
        first = loaded(tmp_path / "cache", server.url)
        server.refuse["filelist.txt"] = 503
        with caplog.at_level(logging.WARNING, "tengjia"):
            again = loaded(tmp_path / "cache", server.url, attempts=1)
        assert again.folder == first.folder and "what the cache holds is used" in caplog.text

    def test_a_server_that_refuses_is_no_missing_connection(self, server, tmp_path):
        loaded(tmp_path / "cache", server.url)
        server.refuse["filelist.txt"] = 403
        with pytest.raises(DataError, match="pretrained.not_served"):
            loaded(tmp_path / "cache", server.url)


class TestHuggingFace:
    def test_a_revision_is_pinned_to_its_commit(self, server, bundle, tmp_path):
        model = loaded(tmp_path / "cache", "hf://acme/ner@v1", endpoint=server.url)
        assert contents(model.folder) == contents(bundle)
        assert model.folder.parent == tmp_path / "cache/hf/acme/ner"
        assert server.asked()[0] == "/api/models/acme/ner/revision/v1"
        assert {path.split("/")[4] for path in server.asked()[1:]} == {COMMIT}

    def test_a_commit_that_is_cached_is_not_asked_for(self, server, tmp_path):
        loaded(tmp_path / "cache", f"hf://acme/ner@{COMMIT}", endpoint=server.url)
        server.requests.clear()
        loaded(tmp_path / "cache", f"hf://acme/ner@{COMMIT}", endpoint=server.url)
        assert server.requests == []

    @pytest.mark.parametrize("name", ["TENGJIA_HF_ENDPOINT", "HF_ENDPOINT"])
    def test_a_mirror_by_the_environment(self, server, tmp_path, monkeypatch, name):
        monkeypatch.setenv(name, f"{server.url}/")
        loaded(tmp_path / "cache", "hf://acme/ner")
        assert server.asked()[0] == "/api/models/acme/ner/revision/main"

    def test_weights_on_another_host_come_without_the_token(self, server, bundle, tmp_path, monkeypatch):
        monkeypatch.setenv("HF_TOKEN", "hunter2")
        server.token = "hunter2"
        with serving(bundle) as elsewhere:
            server.cdn = elsewhere
            model = loaded(tmp_path / "cache", "hf://acme/ner", endpoint=server.url)
        assert contents(model.folder) == contents(bundle)
        assert [("authorization" in headers) for _, _, headers in elsewhere.requests] == [False]

    def test_unknown_revision(self, server, tmp_path):
        with pytest.raises(CheckpointError, match="pretrained.not_there"):
            loaded(tmp_path / "cache", "hf://acme/ner@v9", endpoint=server.url)

    def test_a_repository_that_is_none_of_tengjia(self, server, bundle, tmp_path):
        (bundle / "filelist.txt").unlink()
        with pytest.raises(CheckpointError) as caught:
            loaded(tmp_path / "cache", "hf://acme/ner", endpoint=server.url)
        assert "there is no repository of Tengjia here" in caught.value.message

    @pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"sha": "main"}', b'{"sha": "../../x"}', b"{}", b"\xff"])
    def test_strange_answers(self, server, tmp_path, content):
        server.strange = content
        with pytest.raises(DataError, match="pretrained.strange_answer"):
            loaded(tmp_path / "cache", "hf://acme/ner", endpoint=server.url)

    @pytest.mark.parametrize(
        "endpoint", ["file:///etc", "https://user:pw@host", "http://10.0.0.1", "https://h/?x", "hf://a/b"]
    )
    def test_endpoints_that_are_none(self, endpoint, tmp_path):
        with pytest.raises(ConfigurationError, match="pretrained.bad_"):
            loaded(tmp_path / "cache", "hf://acme/ner", endpoint=endpoint)

    def test_the_server_of_these_tests_speaks_as_the_hub_does(self, server, bundle, tmp_path, monkeypatch):
        """The hub's own client understands it, so what our downloader is tested against is the protocol."""
        monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
        import huggingface_hub

        api = huggingface_hub.HfApi(endpoint=server.url, token=False)
        assert api.model_info("acme/ner", revision="v1").sha == COMMIT
        for name in ("filelist.txt", WEIGHTS):
            file = huggingface_hub.hf_hub_download(
                "acme/ner", name, revision="v1", endpoint=server.url, cache_dir=tmp_path / "cache", token=False
            )
            assert Path(file).read_bytes() == (bundle / name).read_bytes()


class TestModelScope:
    def test_a_repository(self, server, bundle, tmp_path):
        model = loaded(tmp_path / "cache", "modelscope://acme/ner", endpoint=server.url)
        assert contents(model.folder) == contents(bundle)
        assert server.asked()[0] == "/api/v1/models/acme/ner/repo?Revision=master&FilePath=filelist.txt"
        assert "/api/v1/models/acme/ner/repo?Revision=master&FilePath=model%2Fconfig.json" in server.asked()

    def test_a_token_and_an_endpoint_of_the_environment(self, server, tmp_path, monkeypatch):
        server.token = "hunter2"
        monkeypatch.setenv("MODELSCOPE_API_TOKEN", "hunter2")
        monkeypatch.setenv("MODELSCOPE_DOMAIN", server.url)
        loaded(tmp_path / "cache", "modelscope://acme/ner@v1")
        assert {headers["authorization"] for _, _, headers in server.requests} == {"Bearer hunter2"}

    def test_unknown_revision(self, server, tmp_path):
        with pytest.raises(CheckpointError, match="pretrained.not_there"):
            loaded(tmp_path / "cache", "modelscope://acme/ner@v9", endpoint=server.url)


class TestObjectStore:
    @pytest.fixture
    def system(self, bundle):
        system = fsspec.filesystem("memory")
        system.put(f"{bundle}/", "/models/ner", recursive=True)
        yield system
        system.rm("/models", recursive=True)

    def test_a_repository(self, system, bundle, tmp_path):
        model = loaded(tmp_path / "cache", "memory://models/ner")
        assert contents(model.folder) == contents(bundle) and not litter(tmp_path)
        system.rm("/models/ner/filelist.txt")
        assert loaded(tmp_path / "cache", "memory://models/ner", offline=True).folder == model.folder

    def test_changed_content_is_never_used(self, system, bundle, tmp_path):
        system.pipe(f"/models/ner/{WEIGHTS}", b"x" * (bundle / WEIGHTS).stat().st_size)
        with pytest.raises(DataError, match="pretrained.wrong_content"):
            loaded(tmp_path / "cache", "memory://models/ner")

    def test_a_partial_object_is_continued(self, system, bundle, tmp_path, monkeypatch):
        real, places = system.open, []

        class Breaking:
            """The first read of the weights ends early, the second in a broken connection."""

            def __init__(self, path: str) -> None:
                self.file, self.weights = real(path, "rb"), path.endswith(WEIGHTS)

            def __enter__(self):
                return self

            def __exit__(self, *_):
                self.file.close()

            def seek(self, place):
                if self.weights:
                    places.append(place)
                self.file.seek(place)

            def read(self, size):
                if self.weights and len(places) == 1:
                    if self.file.tell():
                        raise OSError("connection reset")
                    return self.file.read(500)
                return self.file.read(size)

        monkeypatch.setattr(type(system), "open", lambda self, path, mode: Breaking(path))
        model = loaded(tmp_path / "cache", "memory://models/ner")
        assert contents(model.folder) == contents(bundle) and places == [0, 500]

    def test_nothing_there(self, tmp_path):
        with pytest.raises(CheckpointError, match="pretrained.not_there"):
            loaded(tmp_path / "cache", "memory://models/absent")

    def test_a_package_that_is_missing(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "s3fs", None)
        with pytest.raises(EnvironmentFault) as caught:
            loaded(tmp_path / "cache", "s3://bucket/ner")
        assert caught.value.code == "pretrained.no_file_system" and "tengjia[store]" in caught.value.hint


@pytest.mark.slow
def test_the_real_protocol_of_s3(bundle, tmp_path, monkeypatch):
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        storage = {"endpoint_url": f"http://{host}:{port}", "skip_instance_cache": True}
        system = fsspec.filesystem("s3", **storage)
        system.mkdir("models")
        for path, content in contents(bundle).items():
            system.pipe(f"models/ner/{path}", content)
        model = loaded(tmp_path / "cache", "s3://models/ner", storage=storage)
        assert contents(model.folder) == contents(bundle)
        with pytest.raises(CheckpointError, match="pretrained.not_there"):
            loaded(tmp_path / "cache", "s3://models/absent", storage=storage)
    finally:
        running.stop()


class TestStore:
    @pytest.fixture
    def place(self, bundle, tmp_path):
        from tengjia.store import Store

        store = Store.open(tmp_path / "store")
        store.push("ner", "1.0", bundle)
        store.alias("ner", "production", "1.0")
        return store

    def test_by_version_alias_and_latest(self, place, bundle, tmp_path):
        for repo in ("store://ner@1.0", "store://ner@production", "store://ner"):
            model = loaded(tmp_path / "cache", repo, store=tmp_path / "store")
            assert contents(model.folder) == contents(bundle)
        assert len({path.parent for path in (tmp_path / "cache").rglob("golden.jsonl")}) == 1, "one content, one folder"

    def test_an_alias_that_moves(self, place, bundle, tmp_path):
        first = loaded(tmp_path / "cache", "store://ner@production", store=tmp_path / "store")
        shutil.rmtree(bundle)
        AutoModelPipeline.from_pretrained(first.folder).pipeline.save(bundle)
        place.push("ner", "2.0", bundle)
        place.alias("ner", "production", "2.0")
        second = loaded(tmp_path / "cache", "store://ner@production", store=tmp_path / "store")
        assert second.folder != first.folder and contents(second.folder) == contents(bundle)

    def test_offline(self, place, tmp_path):
        first = loaded(tmp_path / "cache", "store://ner@production", store=tmp_path / "store")
        shutil.rmtree(tmp_path / "store")
        again = loaded(tmp_path / "cache", "store://ner@production", store=tmp_path / "store", offline=True)
        assert again.folder == first.folder

    def test_unknown(self, place, tmp_path):
        with pytest.raises(StoreError):
            loaded(tmp_path / "cache", "store://ner@9", store=tmp_path / "store")


def _load(cache: str, url: str, start, results) -> None:
    start.wait()
    results.put(str(located(cache, url, wait=0.01)))


class TestManyAtOnce:
    def test_processes_that_load_one_repository(self, server, bundle, tmp_path):
        context = multiprocessing.get_context("spawn")
        start, results = context.Event(), context.Queue()
        workers = [
            context.Process(target=_load, args=(str(tmp_path / "cache"), server.url, start, results)) for _ in range(4)
        ]
        for worker in workers:
            worker.start()
        start.set()
        folders = {results.get(timeout=120) for _ in workers}
        for worker in workers:
            worker.join()
        assert len(folders) == 1 and contents(Path(folders.pop())) == contents(bundle)
        assert not litter(tmp_path)

    def test_threads_do_not_take_over_one_another(self, server, bundle, tmp_path):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(6) as pool:
            folders = set(pool.map(lambda _: located(tmp_path / "cache", server.url, **QUICK), range(6)))
        assert len(folders) == 1 and contents(folders.pop()) == contents(bundle)
        assert not litter(tmp_path)

    def test_a_killed_load_is_taken_over(self, server: Server, bundle, tmp_path):
        server.drops[WEIGHTS] = 700
        server.refuse["README.md"] = 503
        program = (
            "import sys, os, signal\nfrom tengjia.pretrained.sources import located\n"
            "try:\n    located(sys.argv[1], sys.argv[2], attempts=1)\n"
            "except Exception:\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        ended = subprocess.run([sys.executable, "-c", program, str(tmp_path / "cache"), server.url], check=False)
        assert ended.returncode != 0 and litter(tmp_path)
        server.refuse.clear()
        server.requests.clear()
        model = loaded(tmp_path / "cache", server.url)
        assert contents(model.folder) == contents(bundle) and not litter(tmp_path)

    def test_the_folder_of_a_living_process_is_left_to_it(self, server, bundle, tmp_path):
        shelf = tmp_path / "cache" / f"http/{server.url.removeprefix('http://').replace(':', '_')}"
        identity = hashlib.sha256((bundle / "filelist.txt").read_bytes()).hexdigest()[:32]
        from tengjia.pretrained.sources.cache import _machine

        theirs = shelf / f".tengjia-fetch-{identity}.{_machine()}.{os.getppid()}.00000000"
        abroad = shelf / f".tengjia-fetch-{identity}.elsewhere.1.00000000"
        for folder in (theirs, abroad):
            folder.mkdir(parents=True)
        loaded(tmp_path / "cache", server.url)
        assert theirs.is_dir() and abroad.is_dir()
        os.utime(abroad, (0, 0))
        shutil.rmtree(shelf / identity)
        loaded(tmp_path / "cache", server.url)
        assert theirs.is_dir() and not abroad.exists(), "what another machine left a day ago is taken over"

    def test_a_cache_that_can_only_be_read(self, server, tmp_path, monkeypatch):
        first = loaded(tmp_path / "cache", server.url)
        for file in (tmp_path / "cache").rglob("references/*.json"):
            file.unlink()

        def refuse(*args):
            raise PermissionError(13, "read-only")

        monkeypatch.setattr("tengjia.pretrained.sources.cache.write_json", refuse)
        assert loaded(tmp_path / "cache", server.url).folder == first.folder


def test_a_loaded_bundle_is_verified_again(server, tmp_path):
    model = loaded(tmp_path / "cache", server.url)
    weights = model.folder / WEIGHTS
    weights.write_bytes(bytes([weights.read_bytes()[0] ^ 1]) + weights.read_bytes()[1:])
    with pytest.raises(CheckpointError, match="bundle.changed"):
        loaded(tmp_path / "cache", server.url, offline=True)
    with pytest.raises(CheckpointError, match="bundle.changed"):
        Bundle.open(model.folder)
