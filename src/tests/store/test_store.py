"""Push, pull, publish, alias, tag, note, diff, remove: what a store promises."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tengjia.errors import StoreError
from tengjia.store import PlacedStore, Store
from tengjia.store.digest_index import SMALLEST
from tengjia.store.hashing import Digests
from tengjia.store.place import open_place

from .conftest import files_of, write_model


def code_of(error: pytest.ExceptionInfo[StoreError]) -> str:
    return error.value.code


class TestPushAndPull:
    def test_what_went_in_comes_out(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        pushed = store.push("ner", "1.0", model)
        assert (pushed.name, pushed.revision, pushed.files, pushed.published) == ("1.0", 1, 4, False)
        assert pushed.size == sum(len(content) for content in files_of(model).values())
        assert store.pull("ner", "1.0", tmp_path / "out") == pushed
        assert files_of(tmp_path / "out") == files_of(model)
        assert (tmp_path / "out/config.json").stat().st_mtime_ns == (model / "config.json").stat().st_mtime_ns

    def test_an_empty_place_is_a_store_without_models(self, store: PlacedStore, tmp_path: Path) -> None:
        assert store.models() == []
        assert not (tmp_path / "store").exists(), "looking writes nothing"
        with pytest.raises(StoreError, match="there is no model `ner`"):
            store.versions("ner")

    def test_contents_are_kept_once(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1.0", model)
        objects = {entry.key for entry in store.place.entries("objects")}
        store.push("ner", "1.1", model)
        store.push("other", "7", model)
        assert {entry.key for entry in store.place.entries("objects")} == objects

    def test_pushing_the_same_again_changes_nothing(self, store: PlacedStore, model: Path) -> None:
        first = store.push("ner", "1.0", model)
        assert store.push("ner", "1.0", model) == first
        assert store.state("ner").number == 1

    def test_a_draft_gets_revisions(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1.0", model)
        second = store.push("ner", "1.0", write_model(model, "two"))
        assert second.revision == 2
        (model / "config.json").unlink()
        assert store.push("ner", "1.0", model, expected=2).revision == 3
        store.pull("ner", "1.0", tmp_path / "out")
        assert files_of(tmp_path / "out") == files_of(model)
        with pytest.raises(StoreError) as error:
            store.push("ner", "1.0", write_model(model, "four"), expected=2)
        assert code_of(error) == "store.conflict"

    def test_add_and_drop(self, store: PlacedStore, model: Path) -> None:
        store.add("ner", "1.0", {"a/x.json": model / "config.json"})
        store.add("ner", "1.0", {"b.bin": model / "weights.bin"})
        assert list(store.manifest("ner", "1.0").by_path) == ["a/x.json", "b.bin"]
        store.drop("ner", "1.0", ["a/x.json"])
        assert list(store.manifest("ner", "1.0").by_path) == ["b.bin"]
        for paths, code in ((["nothing"], "store.no_such_file"), (["b.bin"], "store.nothing_left")):
            with pytest.raises(StoreError) as error:
                store.drop("ner", "1.0", paths)
            assert code_of(error) == code

    def test_files_can_be_left_out(self, store: PlacedStore, model: Path) -> None:
        (model / ".hidden").write_text("x")
        (model / ".git").mkdir()
        (model / ".git" / "config").write_text("x")
        with pytest.raises(StoreError, match="cannot be the path of a file"):
            store.push("ner", "1.0", model)
        store.push("ner", "1.0", model, exclude=[".*", "*.txt"])
        assert list(store.manifest("ner").by_path) == ["config.json", "weights.bin"]

    @pytest.mark.parametrize("name", ["link", "folder link", "pipe", "socket"])
    def test_only_plain_files_go_in(self, name: str, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        import socket

        secret = tmp_path / "secret"
        secret.mkdir()
        (secret / "key").write_text("secret")
        with socket.socket(socket.AF_UNIX) as server:
            match name:
                case "link":
                    (model / "x").symlink_to(secret / "key")
                case "folder link":
                    (model / "x").symlink_to(secret)
                case "pipe":
                    os.mkfifo(model / "x")
                case "socket":
                    here = Path.cwd()
                    os.chdir(model)  # the address of a socket is short
                    server.bind("x")
                    os.chdir(here)
            with pytest.raises(StoreError, match="only a plain file can be"):
                store.push("ner", "1.0", model)
        assert store.models() == []

    def test_a_missing_source_is_told(self, store: PlacedStore, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="there is no file"):
            store.push("ner", "1.0", tmp_path / "nowhere")
        (tmp_path / "empty" / "inner").mkdir(parents=True)
        with pytest.raises(StoreError, match="no file to push"):
            store.push("ner", "1.0", tmp_path / "empty")


class TestPulling:
    def test_a_folder_that_holds_it_is_left_alone(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1.0", model)
        store.pull("ner", "1.0", tmp_path / "out")
        before = (tmp_path / "out").stat().st_ino
        store.pull("ner", "1.0", tmp_path / "out")
        assert (tmp_path / "out").stat().st_ino == before

    def test_a_folder_with_something_else_is_in_the_way(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1.0", model)
        target = tmp_path / "out"
        target.mkdir()
        (target / "mine").write_text("mine")
        with pytest.raises(StoreError) as error:
            store.pull("ner", "1.0", target)
        assert code_of(error) == "store.folder_in_the_way" and files_of(target) == {"mine": b"mine"}
        store.pull("ner", "1.0", target, replace=True)
        assert files_of(target) == files_of(model)

    def test_nothing_goes_through_a_link(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1.0", model)
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StoreError, match="is no plain folder"):
            store.pull("ner", "1.0", tmp_path / "out", replace=True)
        (tmp_path / "workspace").mkdir()
        (tmp_path / "workspace" / "inner").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StoreError, match="is no plain folder"):
            store.pull_files("ner", "1.0", None, tmp_path / "workspace")
        assert files_of(tmp_path / "elsewhere") == {}

    @pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
    def test_a_damaged_object_is_never_seen(self, damage: str, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "1.0", model)
        digest = store.manifest("ner").by_path["weights.bin"].sha256
        file = store.place.path(f"objects/{digest[:2]}/{digest}")
        assert file is not None
        content = bytearray(file.read_bytes())
        if damage == "flip":
            content[100] ^= 1
            file.write_bytes(content)
        elif damage == "cut":
            file.write_bytes(content[:-1])
        else:
            file.unlink()
        with pytest.raises(StoreError) as error:
            store.pull("ner", "1.0", tmp_path / "out")
        assert code_of(error) == ("store.missing_object" if damage == "gone" else "store.damaged")
        assert not (tmp_path / "out").exists()
        with pytest.raises(StoreError):
            store.pull_files("ner", "1.0", None, tmp_path / "workspace")
        assert files_of(tmp_path / "workspace") == {}
        (problem,) = store.verify().problems
        assert problem.code == code_of(error)
        store.push("ner", "1.1", model)  # brings back what is gone or cut
        assert bool(store.verify().problems) == (damage == "flip")


class TestNames:
    def test_publish_is_for_ever(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1.0", model)
        assert store.publish("ner", "1.0").published
        number = store.state("ner").number
        assert store.publish("ner", "1.0").published and store.state("ner").number == number
        attempts = [
            lambda: store.push("ner", "1.0", write_model(model, "two")),
            lambda: store.add("ner", "1.0", {"x": model / "config.json"}),
            lambda: store.drop("ner", "1.0", ["config.json"]),
            lambda: store.remove("ner", "1.0"),
        ]
        for attempt in attempts:
            with pytest.raises(StoreError) as error:
                attempt()
            assert code_of(error) == "store.published"
        store.remove("ner", "1.0", even_published=True)
        with pytest.raises(StoreError) as error:
            store.push("ner", "1.0", model)
        assert code_of(error) == "store.name_used"

    def test_aliases_move_with_history(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1.0", model)
        store.push("ner", "1.1", write_model(model, "two"))
        assert store.alias("ner", "production", "1.0") == "1.0"
        assert store.alias("ner", "staging", "latest") == "1.1"
        assert store.alias("ner", "production", "staging") == "1.1"
        assert store.aliases("ner") == {"production": "1.1", "staging": "1.1"}
        assert [move.version for move in store.alias_history("ner", "production")] == ["1.0", "1.1"]
        assert store.resolve("ner", "production").name == "1.1"
        with pytest.raises(StoreError, match="is what the alias production, staging points at"):
            store.remove("ner", "1.1")
        store.alias("ner", "production", None)
        assert store.aliases("ner") == {"staging": "1.1"}
        with pytest.raises(StoreError, match="has no version or alias `production`"):
            store.resolve("ner", "production")

    @pytest.mark.parametrize(
        ("first", "then", "code"),
        [
            ("push v1", "push V1", "store.case_clash"),
            ("push v1", "alias v1", "store.name_is_version"),
            ("alias live", "push live", "store.name_is_alias"),
            ("alias live", "alias LIVE", "store.case_clash"),
            ("push v1", "push latest", "store.reserved_name"),
            ("push v1", "alias Latest", "store.reserved_name"),
        ],
    )
    def test_names_that_cannot_stand_together(
        self, first: str, then: str, code: str, store: PlacedStore, model: Path
    ) -> None:
        store.push("ner", "0", model)

        def do(words: str) -> None:
            kind, name = words.split()
            store.push("ner", name, model) if kind == "push" else store.alias("ner", name, "0")

        do(first)
        with pytest.raises(StoreError) as error:
            do(then)
        assert code_of(error) == code

    def test_a_model_has_one_spelling(self, store: PlacedStore, model: Path) -> None:
        store.push("NER", "1.0", model)
        for call in (lambda: store.push("ner", "2", model), lambda: store.versions("ner")):
            with pytest.raises(StoreError) as error:
                call()
            assert code_of(error) == "store.case_clash"
        assert store.models() == ["NER"]

    def test_a_near_name_is_suggested(self, store: PlacedStore, model: Path) -> None:
        store.push("resume_ner", "1.0", model)
        with pytest.raises(StoreError, match="did you mean `resume_ner`|resume_ner"):
            store.versions("resum_ner")

    def test_tags_and_notes(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1.0", model)
        assert store.tag("ner", "1.0", add=["a", "b", "a"]).tags == ("a", "b")
        assert store.tag("ner", "1.0", add=["c"], remove=["a"]).tags == ("b", "c")
        assert store.note("ner", "1.0", "更好\n的模型").note == "更好\n的模型"
        assert store.push("ner", "1.0", write_model(model, "two")).tags == ("b", "c")
        for bad in ("x" * 10_001, "\x1b[31m", "\x00"):
            with pytest.raises(StoreError, match="a note is a text"):
                store.note("ner", "1.0", bad)

    def test_removed_drafts_are_gone(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1.0", model)
        store.push("ner", "1.1", model)
        store.remove("ner", "1.1")
        assert [version.name for version in store.versions("ner")] == ["1.0"]
        assert store.resolve("ner").name == "1.0"
        store.push("ner", "1.1", model)


class TestDifferences:
    def test_of_two_versions(self, store: PlacedStore, model: Path) -> None:
        store.push("ner", "1", model, lineage={"run": "a", "data": {"rows": 3}})
        (model / "config.json").rename(model / "settings.json")
        (model / "weights.bin").write_bytes(b"other")
        (model / "new").write_text("new")
        (model / "inner/words.txt").unlink()
        store.push("ner", "2", model, lineage={"run": "b", "data": {"rows": 3}})
        found = store.diff("ner", "1", "2")
        assert [file.path for file in found.added] == ["new"]
        assert [file.path for file in found.removed] == ["inner/words.txt"]
        assert [(a.path, b.path) for a, b in found.moved] == [("config.json", "settings.json")]
        assert [a.path for a, _ in found.changed] == ["weights.bin"]
        assert found.same == 1 and found.lineage == {"run": ("a", "b")}
        assert found and not store.diff("ner", "1", "1")


class TestLimits:
    def test_a_quota_holds(self, store: PlacedStore, model: Path) -> None:
        size = store.push("ner", "1", model).size
        store.set_quota("ner", 2 * size)
        store.push("ner", "2", model)
        with pytest.raises(StoreError, match=f"its quota is {2 * size}"):
            store.push("ner", "3", model)
        store.set_quota("ner", None)
        store.push("ner", "3", model)

    def test_a_strange_folder_is_not_taken(self, tmp_path: Path, model: Path) -> None:
        home = tmp_path / "home"
        home.mkdir()
        (home / "letters.txt").write_text("dear")
        with pytest.raises(StoreError, match="is not empty and holds no store"):
            Store.open(home).push("ner", "1.0", model)
        assert files_of(home) == {"letters.txt": b"dear"}

    def test_another_format_is_told(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        from tengjia.store.sealed import seal

        store.push("ner", "1", model)
        (tmp_path / "store" / "store.json").write_bytes(seal({"format": 2, "grace": 1}))
        with pytest.raises(StoreError, match="has format 2; this version of Tengjia reads 1"):
            Store.open(tmp_path / "store")

    def test_a_file_is_no_place(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("x")
        with pytest.raises(StoreError, match="there is no folder"):
            open_place(tmp_path / "file")


class TestLogs:
    def test_snapshots_are_only_shortcuts(self, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        store.push("ner", "0", model)
        for number in range(200):
            store.note("ner", "0", str(number))
        folder = tmp_path / "store/models/ner"
        assert [path.name for path in sorted((folder / "snapshots").iterdir())] == [
            "0000000128.json",
            "0000000192.json",
        ]
        expected = store.state("ner")
        damages = [
            lambda: None,
            lambda: (folder / "hint.json").write_bytes(b""),
            lambda: (folder / "snapshots/0000000192.json").write_bytes(b"{}"),
            lambda: (folder / "hint.json").unlink(),
            lambda: (folder / "snapshots/0000000128.json").unlink(),
        ]
        for damage in damages:
            damage()
            again = Store.open(tmp_path / "store")
            assert again.state("ner") == expected
        assert len(list(store.history("ner"))) == 201

    @pytest.mark.parametrize("damage", ["flip", "swap", "gone", "chain"])
    def test_a_damaged_log_is_told(self, damage: str, store: PlacedStore, model: Path, tmp_path: Path) -> None:
        from tengjia.store.sealed import seal, unsealed

        store.push("ner", "0", model)
        for number in range(4):
            store.note("ner", "0", str(number))
        log = tmp_path / "store/models/ner/log"
        second, third = log / "0000000002.json", log / "0000000003.json"
        if damage == "flip":
            second.write_bytes(second.read_bytes().replace(b'"0"', b'"7"'))
        elif damage == "swap":
            content = second.read_bytes()
            second.write_bytes(third.read_bytes())
            third.write_bytes(content)
        elif damage == "gone":
            second.unlink()
        else:
            second.write_bytes(seal({**unsealed(second.read_bytes(), ""), "note": "forged"}))
        again = Store.open(tmp_path / "store")
        assert isinstance(again, PlacedStore)
        if damage == "gone":
            with pytest.raises(StoreError):  # the log seems to end; who goes on meets what comes after
                again.note("ner", "0", "new")
                again.note("ner", "0", "newer")
        else:
            with pytest.raises(StoreError):
                again.state("ner")
            assert again.verify().problems

    def test_the_order_is_that_of_events_not_of_clocks(
        self, store: PlacedStore, model: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import tengjia.store.ledger as ledger

        class Slow(ledger.datetime):
            @classmethod
            def now(cls, tz: object = None) -> ledger.datetime:  # type: ignore[override]
                return cls(1999, 1, 1, tzinfo=tz)  # type: ignore[arg-type]

        store.push("ner", "a", model)
        monkeypatch.setattr(ledger, "datetime", Slow)
        store.push("ner", "b", model)
        assert store.resolve("ner", "b").pushed.startswith("1999")
        assert store.resolve("ner", "latest").name == "b"


class TestLineage:
    def test_a_bundle_tells_of_its_making(self, store: PlacedStore, tmp_path: Path) -> None:
        from src.tests.bundle.sample import write_sample_bundle

        bundle = write_sample_bundle(tmp_path / "bundle")
        store.push("ner", "1", bundle, lineage={"git": {"commit": "abc"}, "parents": ["ner@0"]})
        found = store.lineage("ner", "1")
        assert found["run"] == "a-run" and found["git"] == {"commit": "abc"} and found["parents"] == ["ner@0"]
        assert len(found["bundle"]) == 64


class TestDigestIndex:
    def big(self, folder: Path) -> Path:
        folder.mkdir()
        (folder / "weights.bin").write_bytes(os.urandom(SMALLEST + 1))
        return folder / "weights.bin"

    def test_an_unchanged_file_is_not_read_again(
        self, store: PlacedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = self.big(tmp_path / "big")
        store.push("ner", "1", file.parent)
        monkeypatch.setattr("tengjia.store.gathering._hashed", None)
        store.push("ner", "2", file.parent)
        assert len(store.versions("ner")) == 2

    def test_a_change_is_seen_though_size_and_time_are_the_same(self, store: PlacedStore, tmp_path: Path) -> None:
        file = self.big(tmp_path / "big")
        found = file.stat()
        store.push("ner", "1", file.parent)
        with open(file, "r+b") as handle:
            handle.write(b"other")
        os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
        store.push("ner", "2", file.parent)
        assert store.diff("ner", "1", "2").changed

    def test_edits_within_a_tick_are_seen(self, store: PlacedStore, tmp_path: Path) -> None:
        file = self.big(tmp_path / "big")
        for number in range(30):
            with open(file, "r+b") as handle:
                handle.write(number.to_bytes(4, "big"))
            version = store.push("ner", f"v{number}", file.parent)
            assert version.revision == 1
            pulled = store.manifest("ner", f"v{number}").by_path["weights.bin"].sha256
            import hashlib

            assert pulled == hashlib.sha256(file.read_bytes()).hexdigest()

    def test_a_lying_index_cannot_put_wrong_bytes(self, store: PlacedStore, tmp_path: Path) -> None:
        file = self.big(tmp_path / "big")
        store.index.remember(file, file.stat(), Digests("0" * 64, ""))
        with pytest.raises(StoreError, match="changed while it was read"):
            store.push("ner", "1", file.parent)


class TestChangesDuringAPush:
    @pytest.mark.parametrize("change", ["content", "size", "gone", "replaced"])
    def test_are_told(
        self, change: str, store: PlacedStore, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.push("ner", "1", model)
        weights = model / "weights.bin"
        real = store.placed_objects.secured

        def secured(digest: str, size: int) -> bool:
            match change:
                case "content":
                    weights.write_bytes(b"x" * weights.stat().st_size)
                case "size":
                    weights.write_bytes(b"longer" * 1000)
                case "gone":
                    weights.unlink(missing_ok=True)
                case "replaced":
                    other = tmp_path / "other"
                    other.write_bytes(b"x" * 3000)
                    other.replace(weights)
            return real(digest, size)

        write_model(model, "two")
        monkeypatch.setattr(store.placed_objects, "secured", secured)
        with pytest.raises(StoreError) as error:
            store.push("ner", "2", model)
        assert code_of(error) in {"store.changed_meanwhile", "store.no_file"}
        monkeypatch.undo()
        assert [version.name for version in store.versions("ner")] == ["1"]
        assert store.verify().problems == []


def test_ten_thousand_versions_are_quick(store: PlacedStore, model: Path, tmp_path: Path) -> None:
    """Not timed here (see `benchmarks/store.py`): what is read does not grow with the log."""
    store.push("ner", "0", model)
    for number in range(150):
        store.note("ner", "0", str(number))
    reads = []
    again = Store.open(tmp_path / "store")
    assert isinstance(again, PlacedStore)
    real = again.place.read
    again.place.read = lambda key: reads.append(key) or real(key)  # type: ignore[method-assign,func-returns-value]
    assert len(again.versions("ner")) == 1
    assert len(reads) < 30


def test_the_history_names_every_event(store: PlacedStore, model: Path) -> None:
    store.push("ner", "1", model)
    store.publish("ner", "1")
    store.alias("ner", "live", "1")
    found = [(event["number"], event["event"]) for event in store.history("ner")]
    assert found == [(1, "push"), (2, "publish"), (3, "alias")]
    assert all("@" in event["by"] and event["time"].startswith(time.strftime("%Y")) for event in store.history("ner"))
    assert json.dumps(list(store.history("ner")))
