"""Stores behind fsspec: `memory://`, and the real protocol of S3 against a server of moto."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tengjia.errors import EnvironmentFault, StoreError
from tengjia.store import PlacedStore, Store
from tengjia.store.fsspec_place import FsspecPlace

from .conftest import files_of, write_model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings(
        "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server on this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["memory", "s3"])
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = f"store-{secrets.token_hex(6)}"
    if request.param == "memory":
        yield f"memory://{name}"
        return
    endpoint = request.getfixturevalue("endpoint")
    settings = {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
    }
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    import fsspec

    fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True).mkdir(name)
    yield f"s3://{name}/models"


@pytest.fixture
def bucket(url: str) -> PlacedStore:
    store = Store.open(url)
    assert isinstance(store, PlacedStore)
    return store


def test_everything_as_in_a_folder(bucket: PlacedStore, model: Path, tmp_path: Path) -> None:
    assert bucket.models() == []
    bucket.push("ner", "1.0", model)
    bucket.push("ner", "1.0", write_model(model, "two"))
    bucket.push("ner", "1.1", model)
    bucket.publish("ner", "1.1")
    bucket.alias("ner", "production", "1.1")
    again = Store.open(bucket.url)
    assert again.pull("ner", "production", tmp_path / "out").name == "1.1"
    assert files_of(tmp_path / "out") == files_of(model)
    assert [version.revision for version in again.versions("ner")] == [2, 1]
    with pytest.raises(StoreError, match="is published and cannot change"):
        again.push("ner", "1.1", write_model(model, "three"))
    assert bucket.verify().problems == []
    assert Store.open(bucket.url).models() == ["ner"]


def test_only_one_creates_a_key(bucket: PlacedStore) -> None:
    created: list[int] = []

    def create(number: int) -> None:
        if bucket.place.create("models/x", bytes([number])):
            created.append(number)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(created) == 1 and bucket.place.read("models/x") == bytes(created)


@pytest.mark.slow
def test_many_writers(bucket: PlacedStore, model: Path) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            mine = Store.open(bucket.url)
            for number in range(3):
                mine.push("ner", f"{writer}.{number}", {"config.json": model / "config.json"})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {version.name for version in bucket.versions("ner")} == {f"{w}.{n}" for w in range(4) for n in range(3)}
    assert bucket.state("ner").number == 12 and bucket.verify().problems == []


@pytest.mark.slow
def test_gc_of_a_bucket(url: str, model: Path) -> None:
    from tengjia.store.place import open_place

    grace = 2.0 if url.startswith("s3") else 0.3  # S3 stamps whole seconds
    store = PlacedStore(open_place(url), grace=grace)
    store.push("ner", "1", model)
    store.push("ner", "2", {"only": model / "weights.bin"})
    store.remove("ner", "1")
    time.sleep(grace + 1.1)
    assert len(store.gc(dry_run=True).trashed) == 4
    trashed: dict[str, int] = {}
    while len(trashed) < 4:  # what a slow machine does not get done in half of the grace, the next gc does
        trashed |= store.gc().trashed
    assert len(trashed) == 4
    assert store.verify().problems == []
    time.sleep(grace + 1.1)
    freed: dict[str, int] = {}
    while len(freed) < 4:
        freed |= store.gc().freed
    assert freed == trashed
    assert store.verify().problems == []
    assert {entry.key.split("/")[0] for entry in store.place.entries("objects")} == {"objects"}
    assert len(list(store.place.entries("objects"))) == 2


def test_a_pull_that_is_cut_leaves_nothing(
    bucket: PlacedStore, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.push("ner", "1", model)

    def cut(key: str, start: int = 0) -> Any:
        raise ConnectionError("gone")

    bucket.manifest("ner", "1")  # remembered from before the line was cut
    monkeypatch.setattr(bucket.place, "open", cut)
    with pytest.raises(EnvironmentFault, match="gone"):
        bucket.pull("ner", "1", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_server_without_conditional_writes_is_refused(
    bucket: PlacedStore, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = bucket.place
    assert isinstance(place, FsspecPlace)
    system = place._system._system
    real = system.pipe_file
    monkeypatch.setattr(
        system, "pipe_file", lambda path, value, mode="overwrite", **options: real(path, value), raising=False
    )
    with pytest.raises(EnvironmentFault, match="it is read only here"):
        bucket.push("ner", "1", model)


def test_a_protocol_without_conditional_writes_is_refused(model: Path) -> None:
    place = FsspecPlace(f"memory://{secrets.token_hex(4)}")
    place._protocol = "ftp"
    with pytest.raises(EnvironmentFault) as error:
        PlacedStore(place).push("ner", "1", model)
    assert error.value.code == "store.no_exclusive_write"


def test_an_unknown_protocol_is_told() -> None:
    with pytest.raises(EnvironmentFault, match="needs a package"):
        Store.open("nothing://x")


def test_a_bucket_that_cannot_be_had_is_told(endpoint: str, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(EnvironmentFault, match="the system refuses"):
        Store.open(f"s3://{secrets.token_hex(6)}").push("ner", "1", model)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with pytest.raises(EnvironmentFault):
        Store.open(f"s3://absent-{secrets.token_hex(6)}/x").push("ner", "1", model)
