"""A store against a dictionary: any order of calls, by several handles on one place, gives what the dictionary says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tengjia.errors import StoreError
from tengjia.store import PlacedStore
from tengjia.store.place import open_place

pytestmark = pytest.mark.slow

NAMES = st.sampled_from(["1.0", "v2-beta", "x_3"])
ALIASES = st.sampled_from(["production", "staging"])
CONTENTS = st.sampled_from([b"", b"a", b"b" * 100])


class Machine(RuleBasedStateMachine):
    """Two handles, one of which may know an older state."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        self.file, self.out = root / "file", root / "out"
        self.handles = [PlacedStore(open_place(root / "store")) for _ in range(2)]
        self.versions: dict[str, dict[str, bytes]] = {}
        self.published: set[str] = set()
        self.aliases: dict[str, str] = {}
        self.gone: set[str] = set()

    def teardown(self) -> None:
        assert self.handles[0].verify().problems == []
        self.folder.cleanup()

    @rule(handle=st.integers(0, 1), name=NAMES, path=st.sampled_from(["a", "in/b"]), content=CONTENTS)
    def push(self, handle: int, name: str, path: str, content: bytes) -> None:
        self.file.write_bytes(content)
        self.attempt(
            lambda: self.handles[handle].push("ner", name, {path: self.file}),
            name not in self.published and name not in self.gone,
            lambda: self.versions.update({name: {path: content}}),
        )

    @rule(handle=st.integers(0, 1), name=NAMES, path=st.sampled_from(["a", "in/b", "c"]), content=CONTENTS)
    def add(self, handle: int, name: str, path: str, content: bytes) -> None:
        self.file.write_bytes(content)
        self.attempt(
            lambda: self.handles[handle].add("ner", name, {path: self.file}),
            name not in self.published and name not in self.gone,
            lambda: self.versions.update({name: {**self.versions.get(name, {}), path: content}}),
        )

    @rule(handle=st.integers(0, 1), name=NAMES)
    def publish(self, handle: int, name: str) -> None:
        self.attempt(
            lambda: self.handles[handle].publish("ner", name), name in self.versions, lambda: self.published.add(name)
        )

    @rule(handle=st.integers(0, 1), alias=ALIASES, name=NAMES)
    def alias(self, handle: int, alias: str, name: str) -> None:
        self.attempt(
            lambda: self.handles[handle].alias("ner", alias, name),
            name in self.versions,
            lambda: self.aliases.update({alias: name}),
        )

    @rule(handle=st.integers(0, 1), name=NAMES, really=st.booleans())
    def remove(self, handle: int, name: str, really: bool) -> None:
        allowed = name in self.versions and name not in self.aliases.values() and (really or name not in self.published)

        def removed() -> None:
            del self.versions[name]
            if name in self.published:
                self.gone.add(name)
                self.published.discard(name)

        self.attempt(lambda: self.handles[handle].remove("ner", name, even_published=really), allowed, removed)

    @rule(handle=st.integers(0, 1))
    def collect(self, handle: int) -> None:
        self.handles[handle].gc()

    @rule(handle=st.integers(0, 1), name=NAMES)
    def pull(self, handle: int, name: str) -> None:
        if name in self.versions:
            self.handles[handle].pull("ner", name, self.out, replace=True)
            found = {
                path.relative_to(self.out).as_posix(): path.read_bytes()
                for path in self.out.rglob("*")
                if path.is_file()
            }
            assert found == self.versions[name]

    @invariant()
    def what_is_listed(self) -> None:
        for store in self.handles:
            state = store.ledger.state("ner")
            assert {version.name for version in state.versions.values()} == set(self.versions)
            assert {version.name for version in state.versions.values() if version.published} == self.published
            assert state.alias_targets() == self.aliases

    def attempt(self, call, allowed: bool, done) -> None:
        try:
            call()
        except StoreError:
            assert not allowed
            return
        assert allowed
        done()


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_many_orders() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Machine, settings=settings(max_examples=400, stateful_step_count=60, deadline=None))
