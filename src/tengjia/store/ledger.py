"""The log of each model: numbered events, each written once, by the one writer who was first.

    models/<model in lower case>/log/0000000001.json         what happened, sealed; names its forerunner's digest
    models/<model in lower case>/snapshots/0000000064.json   the state after that event: only a shortcut
    models/<model in lower case>/hint.json                   where the newest snapshot is: only a shortcut

There is no lock. Who wants to change a model reads its state after event n, and creates event n+1; who comes second
finds it there, reads it, and tries n+2. So an event is there once, whole, or not at all, whenever its writer dies.
"""

from __future__ import annotations

import getpass
import logging
import random
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Protocol

from tengjia.errors import StoreError
from tengjia.messages import text
from tengjia.store.names import check_model, folded
from tengjia.store.place import Place
from tengjia.store.sealed import digest_of, seal, unsealed
from tengjia.store.state import FORMAT, Event, State, decoded, encoded

SNAPSHOT_EVERY: Final = 64
_ATTEMPTS: Final = 1000
logger = logging.getLogger(__name__)

Change = dict[str, Any]
"""What an event says, before it has a number: `{"event": "alias", "alias": "production", "version": "1.0"}`."""


class Ledger(Protocol):
    """The logs of all models."""

    def models(self) -> list[str]:
        """Names of the models that can be seen, sorted."""

    def state(self, model: str) -> State:
        """A model as it is now; one that was never heard of is empty."""

    def append(self, model: str, build: Callable[[State], Change | None]) -> State:
        """Add one event.

        Args:
            model: Its name.
            build: Makes the change for the state it is given; called again when another writer was first; `None`
                when nothing is to be changed.

        Raises:
            StoreError: The rules forbid the change.
        """

    def history(self, model: str) -> Iterator[Event]:
        """All events, the oldest first."""


class PlaceLedger:
    """Logs in a place.

    Args:
        place: Where they lie.
        by: Who makes changes, as the events say.
    """

    def __init__(self, place: Place, by: str | None = None) -> None:
        self._place = place
        self._by = by
        self._states: dict[str, State] = {}
        self._names: dict[str, str] = {}

    def models(self) -> list[str]:
        """Names of all models.

        Raises:
            StoreError: The first event of one is damaged or lost.
        """
        return sorted(name for name in map(self.name, self.folders()) if name)

    def folders(self) -> list[str]:
        """Names of the folders that can be those of models."""
        found = []
        for folder in self._place.folders("models"):
            with suppress(StoreError):  # somebody else's folder
                found.append(check_model(folder))
        return found

    def state(self, model: str) -> State:
        """A model as it is now."""
        key = check_model(model).lower()
        state = self._advanced(self._states.get(key) or self._shortcut(key) or State(self.name(key) or model))
        if state.model != model:
            raise StoreError("store.case_clash", found=model, other=state.model)
        self._states[key] = state
        return state

    def complete_state(self, model: str) -> State:
        """A model as it is now, and surely nothing newer: should an event be lost, the log would seem to end there.

        Raises:
            StoreError: Events stand behind a gap.
        """
        key = check_model(model).lower()
        newest = max(_numbers(self._place, f"models/{key}/log"), default=0)
        state = self.state(model)
        if state.number < newest:
            raise StoreError("store.damaged", found=log_key(key, state.number + 1))
        return state

    def append(self, model: str, build: Callable[[State], Change | None], *, by: str = "", id: str = "") -> State:
        """Add one event; `by` and `id` are those of a writer on the other side of a server."""
        mine = id or secrets.token_hex(12)
        for attempt in range(_ATTEMPTS):
            state = self.state(model)
            if mine in state.recent:
                return state
            if (change := build(state)) is None:
                return state
            written = self._write(state, change, by or self._by or whoami(), mine)
            if written is not None:
                return written
            time.sleep(random.uniform(0, min(0.001 * 2**attempt, 0.05)))
        raise StoreError("store.busy", model=model)

    def history(self, model: str) -> Iterator[Event]:
        """All events, the oldest first."""
        return (event for event, _ in self.events(model))

    def events(self, model: str) -> Iterator[tuple[Event, str]]:
        """All events with their digests, the oldest first."""
        number = 1
        while (found := self._event(check_model(model).lower(), number)) is not None:
            yield found
            number += 1

    def event(self, model: str, number: int) -> Event:
        """One event.

        Raises:
            StoreError: There is none of that number.
        """
        found = self._event(check_model(model).lower(), number)
        if found is None:
            raise StoreError("store.damaged", found=log_key(model.lower(), number))
        return found[0]

    def event_time(self, model: str, number: int) -> float:
        """When an event was written, by the clock of the place."""
        entry = self._place.stat(log_key(check_model(model).lower(), number))
        return entry.modified if entry else 0.0

    def _write(self, state: State, change: Change, by: str, id: str) -> State | None:
        former = state.versions.get(folded(str(change.get("version"))))
        event = {
            "by": by,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            **change,
            "format": FORMAT,
            "id": id,
            "model": state.model,
            "number": state.number + 1,
            "previous": state.head,
            "replaced": former.manifest if former and change.get("event") in {"push", "remove"} else "",
        }
        after = state.copy()
        after.apply(event)
        content = seal(event)
        key = state.model.lower()
        if not self._place.create(log_key(key, after.number), content):
            return None
        after.head = digest_of(content)
        self._states[key] = after
        if after.number % SNAPSHOT_EVERY == 0:
            self._take_snapshot(key, after)
        return after

    def _advanced(self, state: State) -> State:
        """The state with the events that came after it; another object, if there were any."""
        key = state.model.lower()
        after = state
        while (found := self._event(key, after.number + 1)) is not None:
            if after is state:
                after = state.copy()
            after.apply(found[0])
            after.head = found[1]
        return after

    def _event(self, key: str, number: int) -> tuple[Event, str] | None:
        where = log_key(key, number)
        try:
            content = self._place.read(where)
        except FileNotFoundError:
            return None
        return unsealed(content, where), digest_of(content)

    def name(self, key: str) -> str:
        """The name of a model as it was first written; empty if nothing ever happened to it.

        Raises:
            StoreError: Its first event is damaged or lost: it must not be taken for no model at all.
        """
        if key not in self._names:
            found = self._event(check_model(key), 1)
            if found is None:
                if not _numbers(self._place, f"models/{key}/log"):
                    return ""
                raise StoreError("store.damaged", found=log_key(key, 1))
            name = found[0].get("model")
            if check_model(name).lower() != key:
                raise StoreError("store.damaged", found=log_key(key, 1))
            self._names[key] = str(name)
        return self._names[key]

    def _shortcut(self, key: str) -> State | None:
        """The state of the newest snapshot that can be read."""
        numbers: list[int] = []
        with suppress(FileNotFoundError, StoreError, KeyError):
            numbers = [int(unsealed(self._place.read(f"models/{key}/hint.json"), "hint")["snapshot"])]
        for number in numbers or sorted(_numbers(self._place, f"models/{key}/snapshots"), reverse=True):
            where = _snapshot_key(key, number)
            try:
                return decoded(unsealed(self._place.read(where), where))
            except FileNotFoundError:
                continue
            except StoreError as error:  # the log itself tells everything again
                logger.warning("%s", error)
        return None

    def _take_snapshot(self, key: str, state: State) -> None:
        """Write a state down. Should that fail, the event stands all the same."""
        try:
            self._place.create(_snapshot_key(key, state.number), seal(encoded(state)))
            self._place.replace(f"models/{key}/hint.json", seal({"snapshot": state.number}))
            for number in _numbers(self._place, f"models/{key}/snapshots"):
                if number < state.number - SNAPSHOT_EVERY:
                    self._place.delete(_snapshot_key(key, number))
        except OSError as error:
            logger.warning(text("store.no_snapshot", model=state.model, reason=error).message)


def log_key(key: str, number: int) -> str:
    """Where an event lies."""
    return f"models/{key}/log/{number:010d}.json"


def _numbers(place: Place, folder: str) -> list[int]:
    """Numbers of the files of a folder."""
    names = (entry.key.rpartition("/")[2].removesuffix(".json") for entry in place.entries(folder))
    return [int(name) for name in names if name.isascii() and name.isdigit()]


def _snapshot_key(key: str, number: int) -> str:
    return f"models/{key}/snapshots/{number:010d}.json"


@cache
def whoami() -> str:
    """User and machine, for the record; nothing is decided by it."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "unknown"
    name = f"{user}@{socket.gethostname()}"
    return "".join(letter for letter in name if letter.isprintable())[:100]
